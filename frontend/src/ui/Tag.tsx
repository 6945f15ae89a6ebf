/** A word or two of status. The colour repeats what the words say, never more. */
import type { ReactNode } from 'react';
import { names } from './names';
import styles from './Tag.module.css';

export type TagTone = 'act' | 'good' | 'warn' | 'bad' | 'facilitator' | 'time';

export function Tag({ tone, icon, children }: { tone?: TagTone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={names(styles.tag, tone && styles[tone])}>
      {icon}
      {children}
    </span>
  );
}
