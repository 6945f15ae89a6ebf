// Order: how the board is read — area by area, clusters within, rows within those — and each one's number in it.
import type { Board, BoardObject, ObjectId } from '../model/types';

export interface Place {
  /** Running number over the whole board. */
  readonly at: number;
  /** The area whose group it is in; null: none. */
  readonly area: ObjectId | null;
  readonly position: number;
  readonly of: number;
}

export function readingOrder(board: Board): ReadonlyMap<ObjectId, Place> {
  const places = new Map<ObjectId, Place>();
  const top = board.members(null);
  const loose = flat(board, top);
  loose.forEach((object, index) => {
    places.set(object.id, { at: places.size, area: null, position: index + 1, of: loose.length });
    if (object.kind !== 'area') return;
    const inside = flat(board, board.members(object.id)).filter((each) => !places.has(each.id));
    inside.forEach((member, index) => {
      places.set(member.id, { at: places.size, area: object.id, position: index + 1, of: inside.length });
    });
  });
  return places;
}

/** A cluster, then what is in it. */
function flat(board: Board, members: readonly BoardObject[]): BoardObject[] {
  const found: BoardObject[] = [];
  for (const member of members) {
    if (member.kind === 'connector') continue;
    found.push(member);
    if (member.kind === 'cluster') found.push(...board.members(member.id).filter((each) => each.kind !== 'connector' && each.kind !== 'cluster' && each.kind !== 'area'));
  }
  return found;
}
