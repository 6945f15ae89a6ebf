// Cursor chat: a few words that stand beside one's pointer for a moment. They are listed under "Activity" too.
import { useEffect, useRef, useState } from 'react';
import { CHAT_LENGTH } from '../others/state';
import { useScope } from '../scope';
import styles from './panels.module.css';

/** `alone`: no board is drawn, so there is no pointer to stand beside. */
export function ChatField({ alone = false }: { alone?: boolean }) {
  const { opened: { chat } } = useScope();
  const field = useRef<HTMLInputElement>(null);
  const back = useRef<Element | null>(null);
  const [draft, setDraft] = useState(() => chat.draft());
  useEffect(() => chat.subscribe(() => setDraft(chat.draft())), [chat]);
  const open = draft !== null;
  useEffect(() => {
    if (open) {
      back.current = document.activeElement;
      field.current?.focus();
    } else if (back.current instanceof HTMLElement && document.activeElement === document.body) back.current.focus({ preventScroll: true });
  }, [open]);
  if (draft === null) return null;
  return (
    <div className={`${styles.float} ${styles.chat}`} data-alone={alone || undefined}>
      <label>
        <span className="vh">Say something to those who are here</span>
        <input
          ref={field}
          value={draft}
          maxLength={CHAT_LENGTH}
          placeholder="Say something"
          onChange={(event) => chat.type(event.target.value)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key !== 'Enter' && event.key !== 'Escape') return;
            event.preventDefault();
            if (event.key === 'Escape') chat.type('');
            chat.close();
          }}
          onBlur={() => chat.close()}
        />
      </label>
    </div>
  );
}
