/**
 * The workspace beside its rail: the paper in the middle and, when there is one, the column at its right.
 * Each scrolls by itself on a desktop. Holds the page's `main` and `aside` landmarks, so pages bring none.
 * On a phone the column is a sheet that comes up over the foot of the page: the text behind it keeps its place.
 */
import { MessageSquareText, X } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { Button } from './Button';
import styles from './Columns.module.css';
import { IconButton } from './IconButton';
import { names } from './names';

export interface ColumnsProps {
  children: ReactNode;
  side?: ReactNode;
  /** Names the side for screen readers and on the phone's button, e.g. "Comments". */
  sideLabel?: string;
  /** What the side is wanted for now, if anything: with each new one the sheet comes up by itself. */
  sideFor?: string | null;
}

export function Columns({ children, side, sideLabel = 'More', sideFor = null }: ColumnsProps) {
  const aside = useRef<HTMLElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const hasSide = side != null;
  if (sideFor === null && done !== null) setDone(null);
  const up = asked || (sideFor !== null && sideFor !== done);

  function close() {
    setAsked(false);
    setDone(sideFor);
  }

  return (
    <div className={names(styles.columns, hasSide && styles.withSide)}>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {hasSide ? (
        <>
          <aside
            className={names(styles.side, up && styles.up)}
            ref={aside}
            tabIndex={-1}
            aria-label={sideLabel}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && event.currentTarget.contains(event.target as Node)) close();
            }}
          >
            <IconButton
              className={styles.close}
              label="Back to the text"
              icon={<X aria-hidden />}
              onPress={() => {
                flushSync(close);
                opener.current?.focus({ preventScroll: true });
              }}
            />
            {side}
          </aside>
          <Button
            ref={opener}
            className={names(styles.lead, up && styles.away)}
            icon={<MessageSquareText aria-hidden />}
            aria-expanded={up}
            onPress={() => {
              flushSync(() => setAsked(true));
              aside.current?.focus({ preventScroll: true });
            }}
          >
            {sideLabel}
          </Button>
        </>
      ) : null}
    </div>
  );
}
