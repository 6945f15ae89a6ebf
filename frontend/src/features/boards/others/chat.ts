// Cursor chat: a few words beside one's pointer. Also kept in a list, for those who see no pointers.
import type { Hearing } from './hearing';
import { CHAT_LENGTH } from './state';
import type { Telling } from './telling';

/** An open field into which nothing is typed closes after so long. */
export const CHAT_IDLE = 5_000;
export const CHAT_LOG = 100;

export interface Said {
  readonly name: string;
  readonly text: string;
  readonly at: number;
  readonly mine: boolean;
}

export interface CursorChat {
  /** Null: the field is closed. */
  draft(): string | null;
  open(): void;
  type(text: string): void;
  /** What was typed stays to be read for a moment. */
  close(): void;
  /** Oldest first; of this visit only, it is not kept. */
  log(): readonly Said[];
  subscribe(listener: () => void): () => void;
  destroy(): void;
}

export function cursorChat(telling: Telling, hearing: Hearing, me: string, now: () => number = Date.now): CursorChat {
  const listeners = new Set<() => void>();
  let draft: string | null = null;
  let log: readonly Said[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What each client said last, as far as it was heard. */
  const last = new Map(hearing.heard().map(({ client, chat }) => [client, chat]));

  function changed(): void {
    for (const listener of listeners) listener();
  }
  function keep(said: Omit<Said, 'at'>): void {
    log = [...log.slice(1 - CHAT_LOG), { ...said, at: now() }];
  }
  function close(): void {
    clearTimeout(timer);
    if (draft === null) return;
    const text = draft.trim();
    draft = null;
    telling.chat(text === '' ? null : { text, open: false });
    if (text !== '') keep({ name: 'You', text, mine: true });
    changed();
  }
  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(close, CHAT_IDLE);
  }

  const stop = hearing.subscribe(() => {
    let more = false;
    const heard = new Map(hearing.heard().map((each) => [each.client, each]));
    for (const client of last.keys()) if (!heard.has(client)) last.delete(client);
    for (const { client, person, name, chat } of heard.values()) {
      const before = last.get(client);
      last.set(client, chat);
      // Of a quick line only its end may arrive. Whoever comes with one said it before they were heard.
      if (!chat || chat.open || before === undefined || (before?.open === false && before.text === chat.text)) continue;
      keep({ name: person === me ? 'You' : name, text: chat.text, mine: person === me });
      more = true;
    }
    if (more) changed();
  });

  return {
    draft: () => draft,
    open() {
      if (draft !== null) return;
      draft = '';
      wait();
      changed();
    },
    type(text) {
      draft = text.slice(0, CHAT_LENGTH);
      telling.chat(draft === '' ? null : { text: draft, open: true });
      wait();
      changed();
    },
    close,
    log: () => log,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy() {
      clearTimeout(timer);
      stop();
      listeners.clear();
    },
  };
}
