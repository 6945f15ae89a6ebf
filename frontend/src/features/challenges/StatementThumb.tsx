/**
 * A statement seen from afar: as many lines as its words fill, a mark in the margin for each comment, a dot for
 * each of the first people in it. Nothing here is invented: no words yet is a dashed line where they will stand.
 */
import type { PersonRef } from '../../api/types';
import styles from './StatementThumb.module.css';

const WORDS_PER_LINE = 14;
const LINES_PER_PAGE = 10;
const PAGES = 3;
const WIDTHS = [1, 0.94, 0.98, 0.9, 1, 0.96, 0.88, 1, 0.93, 0.97];

interface StatementThumbProps {
  words: number;
  comments: number;
  people: readonly PersonRef[];
}

export function StatementThumb({ words, comments, people }: StatementThumbProps) {
  const lines = Math.min(Math.ceil(words / WORDS_PER_LINE), LINES_PER_PAGE * PAGES);
  const pages = Math.max(1, Math.ceil(lines / LINES_PER_PAGE));
  const width = pages === 1 ? 74 : 43.3;
  const gap = 5;
  const left = (152 - pages * width - (pages - 1) * gap) / 2;
  return (
    <svg className={styles.thumb} viewBox="0 0 152 104" aria-hidden="true">
      <rect width="152" height="104" rx="6" fill="var(--board)" />
      {Array.from({ length: pages }, (_, page) => {
        const x = left + page * (width + gap);
        const here = Math.max(0, Math.min(LINES_PER_PAGE, lines - page * LINES_PER_PAGE));
        return (
          <g key={page}>
            <rect x={x} y="6" width={width} height="92" rx="3" fill="var(--surface)" stroke="var(--line-ctl)" strokeWidth=".75" />
            {page === 0 ? <rect x={x + 6} y="13" width={(width - 12) * 0.6} height="4.5" rx="1" fill="var(--ink-3)" /> : null}
            {Array.from({ length: here }, (_, line) => (
              <rect
                key={line}
                x={x + 6}
                y={24 + line * 6.1}
                width={(width - 12) * (line === here - 1 && page === pages - 1 ? 0.55 : (WIDTHS[line] ?? 1))}
                height="2.2"
                rx="1"
                fill="var(--line-ctl)"
                opacity=".6"
              />
            ))}
            {page === 0 && lines === 0 ? (
              <rect x={x + 6} y="24" width={width - 12} height="9" rx="1.5" fill="none" stroke="var(--line-ctl)" strokeDasharray="2 1.5" strokeWidth=".75" />
            ) : null}
          </g>
        );
      })}
      {Array.from({ length: Math.min(comments, 8) }, (_, index) => (
        <rect key={index} x={left + pages * (width + gap) - gap - 3} y={24 + index * 7.6} width="6" height="5" rx="1.2" fill="var(--act)" />
      ))}
      {people.slice(0, 5).map((person, index) => (
        <circle key={person.id} className={person.colour} cx={left + 9 + index * 7.5} cy="91" r="2.6" fill="var(--pc)" />
      ))}
    </svg>
  );
}
