// The (+) handles: round the note under the pointer, else round the one that is selected alone.
import type { BoardCanvas } from '../canvas/types';
import type { ObjectId, Point } from '../model/types';
import type { BoardView } from '../view/types';

/** Handles stand outside the note; on the way to them it is not lost. */
const REACH = 44;

export interface Hover {
  /** Null: the pointer is somewhere else. */
  over(at: Point | null): void;
  shown(): ObjectId | null;
  refresh(): void;
}

export function createHover(view: BoardView, canvas: BoardCanvas, busy: () => boolean): Hover {
  let shown: ObjectId | null = null;
  let last: Point | null = null;
  const show = (id: ObjectId | null) => {
    if (id === shown) return;
    shown = id;
    canvas.showHandles(id);
  };
  const wanted = (): ObjectId | null => {
    const { editing, moving, tool, selection, connecting } = view.state();
    if (!view.permit().writes || busy() || editing !== null || moving || connecting !== null || (tool !== 'select' && tool !== 'connect')) return null;
    if (last) {
      const under = canvas.at(last).find(({ id }) => view.board.get(id)?.kind === 'note');
      if (under) return under.id;
      const box = shown === null ? undefined : canvas.box(shown);
      if (box) {
        const a = view.toScreen(box);
        const b = view.toScreen({ x: box.x + box.w, y: box.y + box.h });
        if (last.x > a.x - REACH && last.x < b.x + REACH && last.y > a.y - REACH && last.y < b.y + REACH) return shown;
      }
    }
    const [only] = selection;
    return selection.size === 1 && only !== undefined && view.board.get(only)?.kind === 'note' ? only : null;
  };
  const refresh = () => show(wanted());
  return {
    over(at) {
      last = at;
      refresh();
    },
    shown: () => shown,
    refresh,
  };
}
