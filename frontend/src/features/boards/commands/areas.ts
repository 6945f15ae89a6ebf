// New areas: drawn, or made by a key.
import { between } from '../model/order';
import type { Box, Point } from '../model/types';
import type { BoardView } from '../view/types';
import { writeNew } from './fresh';

/** Below everything; what lies in it and in no other area is its own from now on. */
export function newArea(view: BoardView, box: Box): void {
  const { board } = view;
  const permit = view.permit();
  const inside = board.members(null).filter(({ id, kind }) => {
    const other = kind === 'area' ? undefined : board.box(id);
    return other !== undefined && contains(box, { x: other.x + other.w / 2, y: other.y + other.h / 2 }) && permit.why('move', id) === null;
  });
  writeNew(view, { kind: 'area', ...box, z: between(null, board.all()[0]?.z ?? null) }, 'Add area', (edit, area) => {
    for (const { id } of inside) edit.set(id, { parent: area });
  });
}

function contains(box: Box, { x, y }: Point): boolean {
  return x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
}
