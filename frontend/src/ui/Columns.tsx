/**
 * The workspace beside its rail: the paper in the middle and, when there is one, the column at its right.
 * Each scrolls by itself on a desktop. Holds the page's `main` and `aside` landmarks, so pages bring none.
 * On a phone the column comes under the paper, with a button at the thumb's edge that leads there and back.
 */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from './Button';
import styles from './Columns.module.css';
import { names } from './names';

export interface ColumnsProps {
  children: ReactNode;
  side?: ReactNode;
  /** Names the side for screen readers and on the phone's button, e.g. "Comments". */
  sideLabel?: string;
}

export function Columns({ children, side, sideLabel = 'More' }: ColumnsProps) {
  const main = useRef<HTMLElement>(null);
  const aside = useRef<HTMLElement>(null);
  const hasSide = side != null;
  const sideSeen = useSeen(aside, hasSide);

  function lead() {
    const to = sideSeen ? main.current : aside.current;
    to?.scrollIntoView({ block: 'start' });
    to?.focus({ preventScroll: true });
  }

  return (
    <div className={names(styles.columns, hasSide && styles.withSide)}>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {hasSide ? (
        <aside className={styles.side} ref={aside} tabIndex={-1} aria-label={sideLabel}>
          {side}
          <Button
            className={styles.lead}
            icon={sideSeen ? <ArrowUp aria-hidden /> : <ArrowDown aria-hidden />}
            onPress={lead}
          >
            {sideSeen ? 'Back to the text' : sideLabel}
          </Button>
        </aside>
      ) : null}
    </div>
  );
}

/** Whether any of the element is on the screen. */
function useSeen(ref: { readonly current: HTMLElement | null }, watch: boolean): boolean {
  const [seen, setSeen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `watch` says that another element may be there
  useEffect(() => {
    const element = ref.current;
    if (!element || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(([entry]) => setSeen(entry?.isIntersecting ?? false), {
      rootMargin: '0px 0px -25% 0px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, watch]);
  return seen;
}
