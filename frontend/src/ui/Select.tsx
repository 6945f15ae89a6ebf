/** One of a few. The browser's own list: it is the one every screen reader and every phone knows. */
import { ChevronDown } from 'lucide-react';
import { useId, type ComponentProps } from 'react';
import styles from './Field.module.css';
import { names } from './names';

export interface SelectProps<Key extends string>
  extends Omit<ComponentProps<'select'>, 'onChange' | 'value' | 'className' | 'children'> {
  label: string;
  hideLabel?: boolean;
  hint?: string;
  value: Key;
  onChange: (value: Key) => void;
  options: readonly { value: Key; label: string; disabled?: boolean }[];
}

export function Select<Key extends string>(props: SelectProps<Key>) {
  const { label, hideLabel, hint, value, onChange, options, ...rest } = props;
  const id = useId();
  return (
    <div className={names(styles.field, hideLabel && styles.compact)}>
      <label htmlFor={id} className={hideLabel ? 'vh' : styles.label}>
        {label}
      </label>
      {hint ? (
        <span id={`${id}-hint`} className={styles.hint}>
          {hint}
        </span>
      ) : null}
      <span className={styles.selectBox}>
        <select
          {...rest}
          id={id}
          className={styles.input}
          value={value}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onChange={(event) => onChange(event.target.value as Key)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden />
      </span>
    </div>
  );
}
