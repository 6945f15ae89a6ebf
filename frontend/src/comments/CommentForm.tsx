/** Writing a comment: a text field in which `@` finds people. */
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { api } from '../api/client';
import type { Member, Page } from '../api/types';
import { announce, Button, FormError, names } from '../ui';
import styles from './comments.module.css';

interface CommentFormProps {
  challenge: string;
  label: string;
  action: string;
  text?: string;
  mentioned?: readonly { id: string; name: string }[];
  autoFocus?: boolean;
  onSend: (text: string, mentions: string[]) => Promise<void>;
  onCancel: () => void;
}

const LONGEST = 5000;

export function CommentForm({ challenge, label, action, text: before = '', mentioned = [], autoFocus, onSend, onCancel }: CommentFormProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(before);
  const [caret, setCaret] = useState(0);
  const [lit, setLit] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [known, setKnown] = useState(mentioned);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);

  const asked = /(?:^|\s)@([\p{L}\p{N}' -]{0,30})$/u.exec(text.slice(0, caret));
  const from = asked ? caret - (asked[1]?.length ?? 0) - 1 : null;
  const people = useQuery({
    queryKey: ['challenge', challenge, 'members', 'mention'],
    queryFn: ({ signal }) => api.get<Page<Member>>(`/api/challenges/${challenge}/members`, signal),
    enabled: from !== null,
    staleTime: 60_000,
  });
  const wanted = (asked?.[1] ?? '').toLowerCase();
  const found =
    from === null || from === closedAt
      ? []
      : (people.data?.items ?? [])
          .filter(({ person }) => person.name.toLowerCase().split(/\s+/).some((part) => part.startsWith(wanted)) || person.name.toLowerCase().startsWith(wanted))
          .slice(0, 6);
  const open = found.length > 0;
  const at = Math.min(lit, found.length - 1);
  const count = found.length;
  // Said, not marked up: a text area may not be a combobox.
  useEffect(() => {
    if (count > 0) announce(`${count === 1 ? '1 person' : `${count} people`}, up and down to choose, Enter to take`);
  }, [count]);

  function take(member: Member): void {
    if (from === null) return;
    const name = `@${member.person.name} `;
    const next = text.slice(0, from) + name + text.slice(caret);
    const place = from + name.length;
    // At once: the next letter may be on its way.
    flushSync(() => {
      setText(next);
      setKnown((all) => [...all.filter((each) => each.id !== member.person.id), member.person]);
      setCaret(place);
    });
    field.current?.focus();
    field.current?.setSelectionRange(place, place);
  }

  async function send(): Promise<void> {
    const said = text.trim();
    if (said === '' || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSend(said, known.filter(({ name }) => said.includes(`@${name}`)).map((each) => each.id));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (open && ['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape'].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      const member = found[at];
      if (event.key === 'ArrowDown') setLit((at + 1) % found.length);
      else if (event.key === 'ArrowUp') setLit((at - 1 + found.length) % found.length);
      else if (event.key === 'Escape') setClosedAt(from);
      else if (member) take(member);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (text.trim() === before.trim()) onCancel();
    }
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id}>{label}</label>
      <div className={styles.field}>
        <textarea
          id={id}
          ref={field}
          rows={3}
          maxLength={LONGEST}
          value={text}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={open ? `${id}-people` : undefined}
          aria-activedescendant={open ? `${id}-${at}` : undefined}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            setText(event.target.value);
            setCaret(event.target.selectionStart);
            setLit(0);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        {open ? (
          <div id={`${id}-people`} role="listbox" aria-label="People to mention" className={styles.people} onMouseDown={(event) => event.preventDefault()}>
            {found.map((member, index) => (
              <div
                key={member.person.id}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className={names(styles.person, index === at && styles.lit)}
                onClick={() => take(member)}
                onKeyDown={() => undefined}
              >
                {member.person.name}
              </div>
            ))}
          </div>
        ) : null}
      </div>
      <p id={`${id}-hint`} className={styles.meta}>
        @ and a name tells that person.
      </p>
      <FormError error={error} />
      <div className={styles.actions}>
        <Button type="submit" size="small" variant="primary" busy={busy} isDisabled={text.trim() === ''}>
          {action}
        </Button>
        <Button size="small" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
