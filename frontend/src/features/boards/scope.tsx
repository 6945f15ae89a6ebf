// What every part of a board's screen shares: the opened board, what the server says of it, and how to ask a question.
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PersonRef } from '../../api/types';
import type { Keymap } from './commands/keys';
import type { Command, Context } from './commands/types';
import type { Board, BoardObject, ObjectId } from './model/types';
import type { Opened } from './opened';
import type { BoardWhole } from './served';
import type { BoardView, ViewState } from './view/types';

export interface Scope {
  readonly opened: Opened;
  readonly view: BoardView;
  readonly board: Board;
  readonly context: Context;
  readonly commands: readonly Command[];
  readonly keymap: Keymap;
  readonly served: BoardWhole;
  readonly me: PersonRef;
  /** Undefined: somebody the challenge does not know any more. */
  person(id: string): PersonRef | undefined;
  /** Open threads about this object. */
  comments(id: ObjectId): number;
}

const ScopeContext = createContext<Scope | null>(null);
export const BoardScope = ScopeContext.Provider;

export function useScope(): Scope {
  const scope = useContext(ScopeContext);
  if (scope === null) throw new Error('This belongs inside a board.');
  return scope;
}

export function useViewState(view: BoardView): ViewState {
  return useSyncExternalStore(view.subscribe, view.state);
}

/** One thing read from the view; renders again only when it changes. */
export function useViewPart<T>(view: BoardView, read: (view: BoardView) => T): T {
  return useSyncExternalStore(view.subscribe, () => read(view));
}

export function usePermit(view: BoardView) {
  return useSyncExternalStore(view.subscribe, view.permit);
}

/** Others' changes are shown at most so often where each one costs a look at the whole board. */
const EVERY = 250;

/** Everything on the board, lowest first. Own changes are seen at once. */
export function useObjects(board: Board, every = EVERY): readonly BoardObject[] {
  const [objects, setObjects] = useState(() => board.all());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shownAt = 0;
    const show = () => {
      clearTimeout(timer);
      timer = undefined;
      shownAt = Date.now();
      setObjects(board.all());
    };
    show();
    const stop = board.subscribe(({ whose }) => {
      if (whose === 'mine' || Date.now() - shownAt >= every) show();
      else timer ??= setTimeout(show, shownAt + every - Date.now());
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [board, every]);
  return objects;
}

export function useObject(board: Board, id: ObjectId | null): BoardObject | undefined {
  const subscribe = useCallback((changed: () => void) => board.subscribe(({ ids }) => void (id !== null && ids.has(id) && changed())), [board, id]);
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : board.get(id)));
}

/** The legend changes seldom; its object is new when it does. */
export function useLegend(board: Board): ReturnType<Board['legend']> {
  const subscribe = useCallback((changed: () => void) => board.subscribe(({ legend }) => void (legend && changed())), [board]);
  return useSyncExternalStore(subscribe, () => board.legend());
}

/** The newest value, for what lives longer than one render. */
export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value);
  ref.current = value;
  return ref;
}
