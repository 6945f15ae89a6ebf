// The line of a connector: a curve that leaves one thing at right angles and meets the other so.
import type { BoardObject, Box, End, ObjectId, Point } from './types';

export type Side = 'left' | 'right' | 'top' | 'bottom';

/** A cubic curve, and what is drawn along it. */
export interface Wire {
  readonly from: Point;
  readonly bendFrom: Point;
  readonly bendTo: Point;
  readonly to: Point;
  readonly fromSide: Side;
  readonly toSide: Side;
  /** Where the middle of the label lies. */
  readonly label: Point;
}

/** How far the curve goes straight before it bends, at least and at most. */
const STRAIGHT = [24, 160] as const;

export function wireBetween(from: Box, to: Box): Wire {
  const across = Math.max(to.x - (from.x + from.w), from.x - (to.x + to.w));
  const along = Math.max(to.y - (from.y + from.h), from.y - (to.y + to.h));
  const level = across >= along;
  const forward = level ? middle(to).x >= middle(from).x : middle(to).y >= middle(from).y;
  const fromSide: Side = level ? (forward ? 'right' : 'left') : forward ? 'bottom' : 'top';
  const toSide: Side = level ? (forward ? 'left' : 'right') : forward ? 'top' : 'bottom';
  const a = at(from, fromSide);
  const b = at(to, toSide);
  const length = Math.min(STRAIGHT[1], Math.max(STRAIGHT[0], Math.abs(level ? b.x - a.x : b.y - a.y) / 2));
  const wire = { from: a, bendFrom: beside(a, fromSide, length), bendTo: beside(b, toSide, length), to: b, fromSide, toSide };
  return { ...wire, label: pointOn(wire, 0.5) };
}

/** Between what its ends are fixed to, or the places they have. `boxOf`: undefined for what is not there. */
export function wireOf(connector: BoardObject, boxOf: (id: ObjectId) => Box | undefined): Wire {
  const lower = { object: null, x: connector.x + connector.w, y: connector.y };
  const spot = (end: End): Box => (end.object === null ? undefined : boxOf(end.object)) ?? { x: end.x, y: end.y, w: 0, h: 0 };
  return wireBetween(spot(connector.start ?? { object: null, x: connector.x, y: connector.y }), spot(connector.end ?? lower));
}

/** The box round the curve: no smaller, and hardly larger. */
export function wireBox(connector: BoardObject, boxOf: (id: ObjectId) => Box | undefined): Box {
  const wire = wireOf(connector, boxOf);
  const points = Array.from({ length: 17 }, (_, step) => pointOn(wire, step / 16));
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, w: Math.max(...xs) - left, h: Math.max(...ys) - top };
}

/** 0 at its start, 1 at its end. */
export function pointOn({ from, bendFrom, bendTo, to }: Pick<Wire, 'from' | 'bendFrom' | 'bendTo' | 'to'>, t: number): Point {
  const u = 1 - t;
  const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return {
    x: a * from.x + b * bendFrom.x + c * bendTo.x + d * to.x,
    y: a * from.y + b * bendFrom.y + c * bendTo.y + d * to.y,
  };
}

/** How far a point is from the curve: for pointing at it. */
export function distanceFrom(wire: Wire, point: Point): number {
  let least = Infinity;
  let before = wire.from;
  for (let step = 1; step <= 16; step++) {
    const next = pointOn(wire, step / 16);
    least = Math.min(least, fromSegment(point, before, next));
    before = next;
  }
  return least;
}

function fromSegment(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const long = dx * dx + dy * dy;
  const t = long === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / long));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}

function middle({ x, y, w, h }: Box): Point {
  return { x: x + w / 2, y: y + h / 2 };
}

function at(box: Box, side: Side): Point {
  const centre = middle(box);
  switch (side) {
    case 'left':
      return { x: box.x, y: centre.y };
    case 'right':
      return { x: box.x + box.w, y: centre.y };
    case 'top':
      return { x: centre.x, y: box.y };
    case 'bottom':
      return { x: centre.x, y: box.y + box.h };
  }
}

function beside({ x, y }: Point, side: Side, by: number): Point {
  switch (side) {
    case 'left':
      return { x: x - by, y };
    case 'right':
      return { x: x + by, y };
    case 'top':
      return { x, y: y - by };
    case 'bottom':
      return { x, y: y + by };
  }
}
