/** How far along, in steps that have names. The words carry it; the boxes only draw it. */
import { names } from './names';
import styles from './Progress.module.css';

export interface ProgressProps {
  /** The step being worked on, from 0. */
  index: number;
  total: number;
  label: string;
  /** What one step is called: "Stage" gives "Stage 1 of 3". */
  unit?: string;
}

export function Progress({ index, total, label, unit = 'Stage' }: ProgressProps) {
  return (
    <div className={styles.progress}>
      <p className={styles.label}>
        <b>{label}</b>{' '}
        <span>
          {unit} {index + 1} of {total}
        </span>
      </p>
      <div className={styles.steps} aria-hidden="true">
        {Array.from({ length: total }, (_, step) => (
          <i key={step} className={names(step < index && styles.done, step === index && styles.now)} />
        ))}
      </div>
    </div>
  );
}
