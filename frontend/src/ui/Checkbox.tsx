/** Yes or no, and one of a few with room to explain each. The browser's own controls in our colour. */
import { useId, type ReactNode } from 'react';
import styles from './Field.module.css';

export interface CheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: ReactNode;
  disabled?: boolean;
  children: ReactNode;
}

export function Checkbox({ checked, onChange, hint, disabled, children }: CheckboxProps) {
  const id = useId();
  return (
    <label className={styles.choice}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? id : undefined}
        aria-labelledby={`${id}-label`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <span id={`${id}-label`}>{children}</span>
        {hint ? (
          <span id={id} className={styles.hint}>
            {hint}
          </span>
        ) : null}
      </span>
    </label>
  );
}

export interface RadioGroupProps<Key extends string> {
  label: string;
  value: Key;
  onChange: (value: Key) => void;
  options: readonly { value: Key; label: string; hint?: string }[];
}

export function RadioGroup<Key extends string>({ label, value, onChange, options }: RadioGroupProps<Key>) {
  const id = useId();
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.choice}>
          <input
            type="radio"
            name={id}
            checked={option.value === value}
            aria-labelledby={`${id}-${option.value}`}
            aria-describedby={option.hint ? `${id}-${option.value}-hint` : undefined}
            onChange={() => onChange(option.value)}
          />
          <span>
            <span id={`${id}-${option.value}`}>{option.label}</span>
            {option.hint ? (
              <span id={`${id}-${option.value}-hint`} className={styles.hint}>
                {option.hint}
              </span>
            ) : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
