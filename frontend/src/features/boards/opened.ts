// A board opened over its room: document, view, and the others, tied together once and let go together.
import { announce } from '../../ui';
import type { Room } from '../../realtime';
import type { Authors } from './canvas/types';
import { openBoard } from './model';
import { type CursorChat, cursorChat, type Following, followOthers, type Hearing, hearOthers, tellNews, type Telling, tellOthers } from './others';
import { type Interest, personal } from './personal';
import { areaOf } from './view/places';
import type { BoardView, Permit } from './view/types';
import { createView } from './view/view';

export interface Opened {
  readonly board: ReturnType<typeof openBoard>;
  readonly view: BoardView;
  readonly hearing: Hearing;
  readonly telling: Telling;
  readonly following: Following;
  readonly chat: CursorChat;
  /** Undefined: nobody is named. Set by the screen, which knows who is who. */
  name: (person: string) => string | undefined;
  close(): void;
}

export interface OpenOptions {
  /** Of the board. */
  readonly id: string;
  readonly me: string;
  readonly permit: Permit;
  /** Asked again whenever something is made. */
  authors(): Authors;
  /** The same board as it was open until now, over a document that held the same and is given up. */
  readonly former?: Opened | null;
}

export function openView(room: Pick<Room, 'doc' | 'awareness'>, { id, me, permit, authors, former = null }: OpenOptions): Opened {
  const person = {
    id: me,
    get authors() {
      return authors();
    },
  };
  const board = openBoard(room.doc, person, {}, former?.board);
  const view = createView(board, { id, permit, say: announce, storage: storage(), former: former?.view });
  const hearing = hearOthers(room.awareness, me, { cursors: () => view.state().cursors && !view.state().calm });
  const telling = tellOthers(room.awareness, view);
  const following = followOthers(view, hearing, telling, { still: () => view.state().calm || wantsStill() });
  const chat = cursorChat(telling, hearing, me);
  const opened: Opened = {
    board,
    view,
    hearing,
    telling,
    following,
    chat,
    name: () => undefined,
    close() {
      stopNews();
      chat.destroy();
      following.destroy();
      telling.destroy();
      hearing.destroy();
      view.destroy();
      board.destroy();
    },
  };
  const stopNews = tellNews(board, {
    me,
    interest: (): Interest => personal().news,
    area: () => {
      const { focused, calm, calmArea } = view.state();
      return focused === null ? (calm ? calmArea : null) : areaOf(board, focused);
    },
    selection: () => view.state().selection,
    busy: isTyping,
    name: (person) => opened.name(person),
    say: announce,
  });
  return opened;
}

/** A person who types is not talked to. */
function isTyping(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.matches('textarea, input:not([type=checkbox]):not([type=radio])') || at.isContentEditable);
}

export function wantsStill(): boolean {
  return globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
}

/** Null where storage is forbidden. */
export function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
