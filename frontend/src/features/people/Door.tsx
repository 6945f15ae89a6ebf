/** What sign-in and joining share: a heading, one paper, and the question whose computer this is. */
import type { ReactNode } from 'react';
import { Checkbox, PageHeading } from '../../ui';
import styles from './Door.module.css';

export const door = styles;

export function Door({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.door}>
      <PageHeading>{title}</PageHeading>
      {lead ? <p className={styles.lead}>{lead}</p> : null}
      {children}
    </div>
  );
}

export function SharedDevice({ checked, onChange }: { checked: boolean; onChange: (shared: boolean) => void }) {
  return (
    <Checkbox
      checked={checked}
      onChange={onChange}
      hint="Keeps nothing of what you write on it, and signs you out when the browser closes."
    >
      This is a shared computer
    </Checkbox>
  );
}
