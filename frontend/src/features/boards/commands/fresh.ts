// A note that was just made and is being written for the first time. Making it and its first words are one step;
// left empty, it was never there.
import type { Edit, NewObject, ObjectId } from '../model/types';
import type { BoardView } from '../view/types';

interface Fresh {
  readonly id: ObjectId;
  edit<T>(change: (edit: Edit) => T): T;
  /** The first words are in: what follows is a step of its own. */
  settle(): void;
}

/** What is nothing without words. */
const DISCARDED: readonly string[] = ['note', 'heading'];

const FRESH = new WeakMap<BoardView, Fresh>();

/** Makes it, with the text open. The gesture ends when the text is left. `and`: done in the same step. */
export function writeNew(view: BoardView, object: NewObject, label: string, and?: (edit: Edit, id: ObjectId) => void): ObjectId {
  view.edit(null);
  const gesture = view.board.gesture(label);
  const before = view.state().focused;
  const id = gesture.edit((edit) => {
    const made = edit.add(object);
    and?.(edit, made);
    return made;
  });
  const end = () => {
    FRESH.delete(view);
    unsubscribe();
  };
  const fresh: Fresh = {
    id,
    edit: (change) => gesture.edit(change),
    settle() {
      if (FRESH.get(view) !== fresh) return;
      end();
      gesture.done();
    },
  };
  const unsubscribe = view.subscribe(() => {
    if (FRESH.get(view) !== fresh || view.state().editing === id) return;
    const made = view.board.get(id);
    if (!made || made.text.trim() || !DISCARDED.includes(made.kind)) return fresh.settle();
    end();
    if (view.state().focused === id) view.focus(before !== null && view.board.get(before) ? before : null, { still: true });
    gesture.cancel();
  });
  FRESH.set(view, fresh);
  view.edit(id);
  // Refused, and that was said: then there is nobody who would ever write in it.
  if (view.state().editing !== id) {
    end();
    if (DISCARDED.includes(object.kind)) gesture.cancel();
    else gesture.done();
  }
  return id;
}

/** The note that is written for the first time, when it is this one. */
export function freshly(view: BoardView, id: ObjectId): Fresh | undefined {
  const fresh = FRESH.get(view);
  return fresh?.id === id ? fresh : undefined;
}
