/** Says what went wrong and what to do, above the button that was pressed. Read out as soon as it appears. */
import { CircleAlert } from 'lucide-react';
import styles from './FormError.module.css';

export function FormError({ error }: { error: unknown }) {
  return <div role="alert">{error ? <Message text={inWords(error)} /> : null}</div>;
}

function Message({ text }: { text: string }) {
  return (
    <p className={styles.error}>
      <CircleAlert aria-hidden />
      <span>{text}</span>
    </p>
  );
}

function inWords(error: unknown): string {
  if (typeof error === 'string') return error;
  if (error instanceof Error && error.message) return error.message;
  return 'Something went wrong. Try again; if it happens again, tell the lab’s staff.';
}
