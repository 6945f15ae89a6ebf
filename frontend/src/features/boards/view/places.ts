// What lies where, as somebody who walks the board sees it: its areas in order, what is next to what.
import { around as aroundBoxes } from '../model/catalogue';
import type { Board, BoardObject, Box, ObjectId } from '../model/types';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The area an object lies in, through its cluster if it has one. An area lies in itself. */
export function areaOf(board: Board, id: ObjectId): ObjectId | null {
  let at: BoardObject | undefined = board.get(id);
  // A circle of parents can come from anywhere; three steps are as deep as it soundly goes.
  for (let depth = 0; at && depth < 3; depth += 1) {
    if (at.kind === 'area') return at.id;
    at = at.parent === null ? undefined : board.get(at.parent);
  }
  return null;
}

/** In reading order; after them null stands for what is in no area. */
export function areasInOrder(board: Board): readonly (ObjectId | null)[] {
  const areas = board.members(null).filter(({ kind }) => kind === 'area');
  return [...areas.map(({ id }) => id), null];
}

/** Everything in an area (null: in none) one can stand on, in reading order; clusters before their members. */
export function walk(board: Board, area: ObjectId | null): readonly ObjectId[] {
  const order: ObjectId[] = [];
  const visit = (parent: ObjectId | null, depth: number) => {
    for (const { id, kind } of board.members(parent)) {
      if (kind === 'area') continue;
      order.push(id);
      if (kind === 'cluster' && depth < 3) visit(id, depth + 1);
    }
  };
  visit(area, 0);
  return order;
}

/** The whole board: each area and what is in it, then the rest. */
export function walkAll(board: Board): readonly ObjectId[] {
  return areasInOrder(board).flatMap((area) => (area === null ? walk(board, null) : [area, ...walk(board, area)]));
}

/**
 * What an arrow key leads to: along it, and as little beside it as can be. Looked for in the same area first,
 * then everywhere. Frames that hold the starting point are not neighbours of it.
 */
export function neighbour(board: Board, from: ObjectId, direction: Direction, only?: (id: ObjectId) => boolean): ObjectId | null {
  const start = board.box(from);
  if (!start) return null;
  const area = areaOf(board, from);
  const near = area === null ? walk(board, null) : [area, ...walk(board, area)];
  const wanted = (id: ObjectId) => id !== from && (only?.(id) ?? true);
  return best(board, near.filter(wanted), start, direction) ?? best(board, walkAll(board).filter(wanted), start, direction);
}

/** The nearest of these to a place, whatever the direction. */
export function nearest(board: Board, ids: Iterable<ObjectId>, to: Box): ObjectId | null {
  let found: ObjectId | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const box = board.box(id);
    if (!box) continue;
    const far = Math.hypot(middle(box).x - middle(to).x, middle(box).y - middle(to).y);
    if (far < least) [found, least] = [id, far];
  }
  return found;
}

function best(board: Board, ids: readonly ObjectId[], start: Box, direction: Direction): ObjectId | null {
  const from = middle(start);
  const sideways = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  let found: ObjectId | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const box = board.box(id);
    if (!box || holds(box, start)) continue;
    const to = middle(box);
    const along = (sideways ? to.x - from.x : to.y - from.y) * sign;
    if (along <= 0) continue;
    const across = sideways ? apart(start.y, start.h, box.y, box.h) : apart(start.x, start.w, box.x, box.w);
    const off = Math.abs(sideways ? to.y - from.y : to.x - from.x);
    // Mostly to the side: that is what another arrow is for.
    if (across > 0 && off > along * 3) continue;
    const cost = along + 2 * off;
    if (cost < least) [found, least] = [id, cost];
  }
  return found;
}

/** The box round everything. */
export function wholeBoard(board: Board): Box | null {
  return around(board, board.all().map(({ id }) => id));
}

export function around(board: Board, ids: Iterable<ObjectId>): Box | null {
  return aroundBoxes([...ids].map((id) => board.box(id)).filter((box): box is Box => box !== undefined));
}

export function middle({ x, y, w, h }: Box): { x: number; y: number } {
  return { x: x + w / 2, y: y + h / 2 };
}

function holds(outer: Box, inner: Box): boolean {
  return outer.x <= inner.x && outer.y <= inner.y && outer.x + outer.w >= inner.x + inner.w && outer.y + outer.h >= inner.y + inner.h;
}

/** The gap between two stretches of one axis; 0 where they overlap. */
function apart(a: number, aLong: number, b: number, bLong: number): number {
  return Math.max(0, b - (a + aLong), a - (b + bLong));
}
