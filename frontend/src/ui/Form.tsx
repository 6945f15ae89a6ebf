/** A form that checks itself: when it is sent with something missing, focus goes to the first field that says so. */
import { useEffect, useRef, useState, type ReactNode } from 'react';

export interface FormProps {
  /** Check and send; what is wrong is told by the fields' `problem`. */
  onSubmit: () => void;
  className?: string;
  children: ReactNode;
}

export function Form({ onSubmit, className, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  return (
    <form
      ref={form}
      className={className}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
        setTries((before) => before + 1);
      }}
    >
      {children}
    </form>
  );
}
