// A list to choose one of, with a field above it that narrows it down.
import { useId, useState, type ReactNode } from 'react';
import { TextField } from '../../../../ui';
import styles from './questions.module.css';

export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly note?: string;
  readonly icon?: ReactNode;
  /** Why it cannot be chosen. */
  readonly why?: string | null;
  readonly current?: boolean;
}

interface ChoicesProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (key: string) => void;
  /** From so many on there is a search field. */
  readonly searchFrom?: number;
}

const SHOWN = 200;

export function Choices({ label, choices, onChoose, searchFrom = 8 }: ChoicesProps) {
  const [wanted, setWanted] = useState('');
  const id = useId();
  const words = wanted.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = choices.filter((choice) => words.every((word) => choice.label.toLocaleLowerCase().includes(word)));
  const shown = found.slice(0, SHOWN);
  return (
    <>
      {choices.length >= searchFrom ? (
        <TextField label="Search in this list" type="search" autoComplete="off" value={wanted} onChange={setWanted} />
      ) : null}
      <p id={id} className={words.length > 0 ? styles.count : 'vh'} role="status">
        {words.length > 0 ? `${found.length} of ${choices.length}` : label}
        {found.length > SHOWN ? `, the first ${SHOWN} shown` : ''}
      </p>
      <ul className={styles.choices} aria-label={label}>
        {shown.map((choice) => (
          <li key={choice.key}>
            <button
              type="button"
              className={styles.choice}
              aria-current={choice.current || undefined}
              aria-disabled={choice.why ? true : undefined}
              onClick={() => {
                if (!choice.why) onChoose(choice.key);
              }}
            >
              {choice.icon}
              <span className={styles.choiceLabel}>{choice.label}</span>
              {(choice.why ?? choice.note) ? <span className={styles.note}>{choice.why ?? choice.note}</span> : null}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className={styles.note}>Nothing here has these words.</p> : null}
    </>
  );
}
