// Hearing the others: their awareness, read once per change, with what has gone quiet left out.
import type { Awareness } from 'y-protocols/awareness';
import type { Other } from '../canvas/types';
import { hear, type Heard } from './state';

/** A cursor that has not moved for so long is not shown. */
export const CURSOR_RESTS = 3_000;
/** What was said stays so long after it is finished. */
export const CHAT_STAYS = 2_000;

export interface Hearing {
  /** Everybody else, also the other devices of this person. The same array until something changes. */
  heard(): readonly Heard[];
  /** For the canvas: other people only, idle cursors left out. */
  others(): readonly Other[];
  subscribe(listener: () => void): () => void;
  destroy(): void;
}

interface Seen {
  heard: Heard;
  movedAt: number;
  saidAt: number;
}

export function hearOthers(
  awareness: Awareness,
  me: string,
  options: { readonly cursors: () => boolean; readonly now?: () => number },
): Hearing {
  const now = options.now ?? Date.now;
  const seen = new Map<number, Seen>();
  const listeners = new Set<() => void>();
  let heard: readonly Heard[] = [];
  let others: readonly Other[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function read(clients: Iterable<number>): void {
    const states = awareness.getStates();
    const at = now();
    for (const client of clients) {
      if (client === awareness.clientID) continue;
      const next = hear(client, states.get(client));
      const before = seen.get(client);
      if (next === null) seen.delete(client);
      else {
        const moved = !before || before.heard.cursor?.x !== next.cursor?.x || before.heard.cursor?.y !== next.cursor?.y;
        const said = !before || next.chat?.open || before.heard.chat?.text !== next.chat?.text || before.heard.chat?.open;
        seen.set(client, {
          heard: next,
          movedAt: moved ? at : before.movedAt,
          saidAt: said ? at : before.saidAt,
        });
      }
    }
    show();
  }

  function show(): void {
    clearTimeout(timer);
    timer = undefined;
    const at = now();
    let wake = Number.POSITIVE_INFINITY;
    heard = [...seen.values()].map((each) => each.heard);
    others = [...seen.values()].flatMap(({ heard: other, movedAt, saidAt }) => {
      if (other.person === me) return [];
      const talking = other.chat !== null && (other.chat.open || at < saidAt + CHAT_STAYS);
      const moving = options.cursors() && other.cursor !== null && (talking || at < movedAt + CURSOR_RESTS);
      if (talking && !other.chat?.open) wake = Math.min(wake, saidAt + CHAT_STAYS);
      else if (moving && !talking) wake = Math.min(wake, movedAt + CURSOR_RESTS);
      const { client, name, colour, selection, editing, hold } = other;
      return [{
        client, name, colour, selection, editing, hold,
        cursor: moving ? other.cursor : null,
        chat: talking ? (other.chat?.text ?? null) : null,
      }];
    });
    if (Number.isFinite(wake)) timer = setTimeout(show, Math.max(1, wake - at));
    for (const listener of listeners) listener();
  }

  function changed(change: { added: number[]; updated: number[]; removed: number[] }): void {
    read([...change.added, ...change.updated, ...change.removed]);
  }
  awareness.on('change', changed);
  read(awareness.getStates().keys());

  return {
    heard: () => heard,
    others: () => others,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy() {
      clearTimeout(timer);
      awareness.off('change', changed);
      listeners.clear();
    },
  };
}
