// Telling the others where one is: gathered, and sent at most every 80 ms, the first of a pause at once.
import type { Awareness } from 'y-protocols/awareness';
import type { ObjectId, Point } from '../model/types';
import type { BoardView } from '../view/types';
import { CHAT_LENGTH, type Chat, MOST_IDS, NOTHING, type Told } from './state';

export const TELL_EVERY = 80;

export interface Telling {
  /** Null: the pointer left the board. */
  cursor(at: Point | null): void;
  /** Moved so far, from where the document has them. No ids: let go. */
  hold(ids: Iterable<ObjectId>, dx: number, dy: number): void;
  chat(chat: Chat | null): void;
  follow(client: number | null): void;
  /** Nothing but the name is told from now on: private writing, calm mode. */
  hide(hidden: boolean): void;
  told(): Told;
  destroy(): void;
}

export function tellOthers(awareness: Awareness, view: BoardView, now: () => number = Date.now): Telling {
  let told: Told = NOTHING;
  let hidden = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function send(): void {
    timer = undefined;
    sentAt = now();
    awareness.setLocalStateField('board', hidden ? NOTHING : told);
  }
  function change(part: Partial<Told>): void {
    told = { ...told, ...part };
    if (timer === undefined) timer = setTimeout(send, Math.max(0, sentAt + TELL_EVERY - now()));
  }
  function look(): void {
    const { w, h } = view.viewport();
    if (w < 1 || h < 1) return;
    const { zoom, x, y } = view.camera();
    change({ view: { x: Math.round(x), y: Math.round(y), w: Math.ceil(w / zoom), h: Math.ceil(h / zoom) } });
  }
  function choose(): void {
    const { selection, editing, focused } = view.state();
    if (editing === told.editing && same(selection, told.selection)) return;
    const focusedObject = focused === null ? undefined : view.board.get(focused);
    change({
      selection: [...selection].slice(0, MOST_IDS),
      editing,
      area: focusedObject?.kind === 'area' ? focusedObject.id : (focusedObject?.parent ?? null),
    });
  }

  const stop = [view.onCamera(look), view.subscribe(choose)];
  look();
  choose();
  send();

  return {
    cursor: (at) => change({ cursor: at && { x: Math.round(at.x), y: Math.round(at.y) } }),
    hold(ids, dx, dy) {
      const held = [...ids];
      const listed = held.slice(0, MOST_IDS);
      const moved = { ids: listed, dx: Math.round(dx), dy: Math.round(dy), more: held.length - listed.length };
      change({ hold: listed.length > 0 ? moved : null });
    },
    chat: (chat) => change({ chat: chat && { ...chat, text: chat.text.slice(0, CHAT_LENGTH) } }),
    follow: (follows) => change({ follows }),
    hide(hide) {
      hidden = hide;
      change({});
    },
    told: () => told,
    destroy() {
      clearTimeout(timer);
      for (const each of stop) each();
      awareness.setLocalStateField('board', null);
    },
  };
}

function same(chosen: ReadonlySet<ObjectId>, told: readonly ObjectId[]): boolean {
  return Math.min(chosen.size, MOST_IDS) === told.length && told.every((id) => chosen.has(id));
}
