/** The plain pages (account, settings, people): a heading, sections between rules, rows in them. */
import { useId, type ReactNode } from 'react';
import { names } from './names';
import { PageHeading } from './PageTitle';
import styles from './Panel.module.css';

export const panel = styles;

export function Panel({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.page}>
      <PageHeading>{title}</PageHeading>
      {lead ? <p className={styles.lead}>{lead}</p> : null}
      {children}
    </div>
  );
}

export interface SectionProps {
  title: string;
  lead?: ReactNode;
  /** At the right of the heading. */
  action?: ReactNode;
  children: ReactNode;
}

export function Section({ title, lead, action, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className={styles.heading}>
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {lead ? <p className={styles.sectionLead}>{lead}</p> : null}
      {children}
    </section>
  );
}

export function Rows({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul className={styles.rows} aria-label={label}>
      {children}
    </ul>
  );
}

export interface RowProps {
  face?: ReactNode;
  title: ReactNode;
  tags?: ReactNode;
  meta?: ReactNode;
  actions?: ReactNode;
}

export function Row({ face, title, tags, meta, actions }: RowProps) {
  return (
    <li>
      {face}
      <div className={styles.grow}>
        <p className={styles.name}>
          {title} {tags}
        </p>
        {meta ? <p className={styles.meta}>{meta}</p> : null}
      </div>
      {actions ? <div className={styles.rowActions}>{actions}</div> : null}
    </li>
  );
}

export function FormRow({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={names(styles.buttons, className)}>{children}</div>;
}
