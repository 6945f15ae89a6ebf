/**
 * The workspace beside its rail: the paper in the middle and, when there is one, the column at its right.
 * Each scrolls by itself on a desktop. Holds the page's `main` and `aside` landmarks, so pages bring none.
 */
import type { ReactNode } from 'react';
import styles from './Columns.module.css';
import { names } from './names';

export interface ColumnsProps {
  children: ReactNode;
  side?: ReactNode;
  /** Names the side for screen readers, e.g. "Comments". */
  sideLabel?: string;
}

export function Columns({ children, side, sideLabel }: ColumnsProps) {
  return (
    <div className={names(styles.columns, side != null && styles.withSide)}>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {side != null ? (
        <aside className={styles.side} aria-label={sideLabel}>
          {side}
        </aside>
      ) : null}
    </div>
  );
}
