// Where a new object goes when nobody pointed: beside the one that has the focus, else in the middle of the view,
// on a place that is free.
import { SIZES } from '../model/edits';
import { GAP, type Board, type Box, type Kind, type ObjectId, type Point } from '../model/types';
import { areaOf } from './places';

export interface Spot {
  readonly at: Point;
  readonly parent: ObjectId | null;
}

/** Room inside an area's edge; its title is at the top. */
export const AREA_EDGE = { top: 52, side: 16 };
const TRIES = 60;

export function spotBeside(board: Board, beside: ObjectId, kind: Kind): Spot | null {
  const box = board.box(beside);
  const object = board.get(beside);
  if (!box || !object) return null;
  const size = SIZES[kind];
  if (kind === 'area') return { at: free(board, { x: box.x + box.w + 4 * GAP, y: box.y, ...size }, Number.POSITIVE_INFINITY, box.x), parent: null };
  if (object.kind === 'area') return spotInArea(board, beside, kind);
  const area = areaOf(board, beside);
  const frame = area === null ? undefined : board.box(area);
  const first = { x: box.x + box.w + GAP, y: box.y, ...size };
  const right = frame ? frame.x + frame.w - AREA_EDGE.side : first.x + 6 * (size.w + GAP);
  const left = frame ? frame.x + AREA_EDGE.side : box.x;
  // A cluster goes round its members: what stands beside one of them joins it only when asked to.
  return { at: free(board, first, right, left), parent: area };
}

/** The first free place in reading order; below everything when the area is full. */
export function spotInArea(board: Board, area: ObjectId, kind: Kind): Spot | null {
  const frame = board.box(area);
  if (!frame) return null;
  const size = SIZES[kind];
  const left = frame.x + AREA_EDGE.side;
  const at = free(board, { x: left, y: frame.y + AREA_EDGE.top, ...size }, frame.x + frame.w - AREA_EDGE.side, left);
  return { at, parent: area };
}

export function spotAround(board: Board, middle: Point, kind: Kind): Spot {
  const size = SIZES[kind];
  const first = { x: Math.round(middle.x - size.w / 2), y: Math.round(middle.y - size.h / 2), ...size };
  const parent = kind === 'area' ? null : areaAt(board, middle);
  const frame = parent === null ? undefined : board.box(parent);
  const right = frame ? frame.x + frame.w - AREA_EDGE.side : first.x + 3 * (size.w + GAP);
  return { at: free(board, first, right, frame ? frame.x + AREA_EDGE.side : first.x), parent };
}

/** The topmost area that holds this point. */
export function areaAt(board: Board, { x, y }: Point): ObjectId | null {
  let found: ObjectId | null = null;
  for (const { id, kind } of board.all()) {
    if (kind !== 'area') continue;
    const box = board.box(id);
    if (box && x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h) found = id;
  }
  return found;
}

/** From `start` to the right until `right`, then row by row from `left`. Past many tries it may lie on something. */
function free(board: Board, start: Box, right: number, left: number): Point {
  const taken = board
    .all()
    .filter(({ kind }) => kind !== 'area' && kind !== 'cluster' && kind !== 'connector')
    .map(({ id }) => board.box(id))
    .filter((box): box is Box => box !== undefined);
  let { x, y } = start;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (x + start.w > right && x > left) {
      x = left;
      y += start.h + GAP;
    }
    const inTheWay = taken.find((box) => x < box.x + box.w && x + start.w > box.x && y < box.y + box.h && y + start.h > box.y);
    if (!inTheWay) return { x, y };
    x = inTheWay.x + inTheWay.w + GAP;
  }
  return { x, y };
}
