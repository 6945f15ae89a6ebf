/** A secret shown once: selectable, and copied with one press. */
import { Check, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { announce } from './announce';
import { Button } from './Button';
import styles from './CopyField.module.css';

export function CopyField({ label, value, hint }: { label: string; value: string; hint?: string }) {
  const id = useId();
  const [copied, setCopied] = useState(false);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
      announce('Copied');
    } catch {
      // Not allowed here (plain http, an old browser): select it, so that Ctrl+C does the rest.
      const field = document.getElementById(id);
      if (field instanceof HTMLInputElement) field.select();
      announce('Selected. Press Control and C to copy.');
    }
  }

  return (
    <div className={styles.copy}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.line}>
        <input
          id={id}
          className={styles.value}
          readOnly
          value={value}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          variant="primary"
          // It takes the place of the form that asked for it, and of the focus that was there.
          autoFocus
          icon={copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          onPress={() => void copy()}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      {hint ? (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}
