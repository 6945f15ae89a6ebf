/** One line or several of text with its label, its hint before and its problem after, all tied together. */
import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { useId, useState, type ComponentProps, type Ref } from 'react';
import styles from './Field.module.css';
import { IconButton } from './IconButton';
import { names } from './names';

type Native = Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'ref' | 'className' | 'size'>;

export interface TextFieldProps extends Native {
  label: string;
  hideLabel?: boolean;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  /** What is wrong with it and how to put it right. */
  problem?: string | null;
  /** Written after the label of a field that may stay empty. */
  optional?: boolean;
  /** This many rows instead of one line. */
  rows?: number;
  /** People's own words are set in the serif. */
  voice?: boolean;
  ref?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

export function TextField(props: TextFieldProps) {
  const { label, hideLabel, value, onChange, hint, problem, optional, rows, voice, ref, type, ...rest } = props;
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = type === 'password';
  const common = {
    ...rest,
    id,
    ref,
    value,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': names(hint && `${id}-hint`, problem && `${id}-problem`) || undefined,
    'aria-required': rest.required || undefined,
    required: undefined,
    className: names(styles.input, voice && styles.voice),
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'vh' : styles.label}>
        {label} {optional ? <span className={styles.optional}>(optional)</span> : null}
      </label>
      {hint ? (
        <span id={`${id}-hint`} className={styles.hint}>
          {hint}
        </span>
      ) : null}
      {rows ? (
        <textarea
          {...(common as ComponentProps<'textarea'>)}
          rows={rows}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <div className={secret ? styles.withAction : undefined}>
          <input {...common} type={secret && shown ? 'text' : type} onChange={(event) => onChange(event.target.value)} />
          {secret ? (
            <IconButton
              className={styles.action}
              label={shown ? 'Hide password' : 'Show password'}
              icon={shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              onPress={() => setShown(!shown)}
            />
          ) : null}
        </div>
      )}
      <span id={`${id}-problem`}>
        {problem ? (
          <span className={styles.problem}>
            <CircleAlert aria-hidden />
            <span>{problem}</span>
          </span>
        ) : null}
      </span>
    </div>
  );
}
