// For tests of this folder: a view that only has a camera, a board that only has objects, pages in one room.
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Board, BoardObject, Changes, ObjectId, Whose } from '../model/types';
import type { BoardView, Camera, ViewState } from '../view/types';

export interface Looking {
  readonly view: BoardView;
  choose(change: Partial<ViewState>): void;
}

export function looking(size = { w: 1000, h: 500 }, board?: Board): Looking {
  let camera: Camera = { x: 0, y: 0, zoom: 1 };
  let state = { selection: new Set<ObjectId>(), editing: null, focused: null } as unknown as ViewState;
  const onCamera = new Set<(camera: Camera) => void>();
  const onState = new Set<() => void>();
  const view = {
    board: board ?? ({ get: () => undefined } as unknown as Board),
    camera: () => camera,
    viewport: () => size,
    look(next: Camera) {
      camera = next;
      for (const listener of onCamera) listener(camera);
    },
    onCamera(listener: (camera: Camera) => void) {
      onCamera.add(listener);
      return () => onCamera.delete(listener);
    },
    state: () => state,
    subscribe(listener: () => void) {
      onState.add(listener);
      return () => onState.delete(listener);
    },
  } as unknown as BoardView;
  return {
    view,
    choose(change) {
      state = { ...state, ...change };
      for (const listener of onState) listener();
    },
  };
}

/** Somebody's awareness, stamped as the server would; what is told reaches the others given. */
export function page(id: string, name: string): Awareness {
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalStateField('user', { id, name, colour: 'p2' });
  return awareness;
}

export function reach(from: Awareness, to: Awareness): void {
  applyAwarenessUpdate(to, encodeAwarenessUpdate(from, [from.clientID]), 'room');
}

export function leave(who: Awareness, to: Awareness): void {
  who.setLocalState(null);
  applyAwarenessUpdate(to, encodeAwarenessUpdate(who, [who.clientID]), 'room');
}

export interface SomeBoard {
  readonly board: Board;
  put(object: Partial<BoardObject> & { readonly id: ObjectId }, whose?: Whose): void;
  drop(id: ObjectId, whose?: Whose): void;
}

export function someBoard(): SomeBoard {
  const objects = new Map<ObjectId, BoardObject>();
  const listeners = new Set<(changes: Changes) => void>();
  const tell = (id: ObjectId, whose: Whose) => {
    for (const listener of listeners) listener({ ids: new Set([id]), whose, legend: false });
  };
  return {
    board: {
      get: (id: ObjectId) => objects.get(id),
      all: () => [...objects.values()],
      subscribe(listener: (changes: Changes) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    } as unknown as Board,
    put(object, whose = 'others') {
      objects.set(object.id, { kind: 'note', by: null, parent: null, text: '', ...objects.get(object.id), ...object } as BoardObject);
      tell(object.id, whose);
    },
    drop(id, whose = 'others') {
      objects.delete(id);
      tell(id, whose);
    },
  };
}
