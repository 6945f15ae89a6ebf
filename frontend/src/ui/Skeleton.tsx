/** The shape of what is coming, while it comes. Screen readers hear only that it is loading. */
import type { CSSProperties } from 'react';
import styles from './Skeleton.module.css';

export function Skeleton({ width, height }: { width?: CSSProperties['width']; height?: CSSProperties['height'] }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}

const WIDTHS = ['92%', '78%', '85%', '64%'];

/** `what` completes the sentence "Loading …". */
export function Loading({ what, lines = 4 }: { what: string; lines?: number }) {
  return (
    <div className={styles.lines} role="status">
      <span className="vh">Loading {what}</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} width={WIDTHS[line % WIDTHS.length]} />
      ))}
    </div>
  );
}
