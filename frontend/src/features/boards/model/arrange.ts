// Arranging what lies about: pure geometry. Every function says where things are to go and moves nothing itself;
// members of a cluster or an area are moved along by whoever applies it.
import { around } from './catalogue';
import { readingOrder, rows } from './reading';
import { type Box, GAP, type ObjectId, type Point } from './types';

export interface Placed extends Box {
  readonly id: ObjectId;
}

/** New upper left corners; what stays where it is is left out. */
export type Moves = ReadonlyMap<ObjectId, Point>;

export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';

/** Edges or middles to those of the box round them all. */
export function align(things: readonly Placed[], how: Alignment): Moves {
  const all = around(things);
  if (all === null) return new Map();
  const to = (thing: Placed): Point => {
    switch (how) {
      case 'left':
        return { x: all.x, y: thing.y };
      case 'centre':
        return { x: all.x + (all.w - thing.w) / 2, y: thing.y };
      case 'right':
        return { x: all.x + all.w - thing.w, y: thing.y };
      case 'top':
        return { x: thing.x, y: all.y };
      case 'middle':
        return { x: thing.x, y: all.y + (all.h - thing.h) / 2 };
      case 'bottom':
        return { x: thing.x, y: all.y + all.h - thing.h };
    }
  };
  return moves(things.map((thing) => [thing, to(thing)]));
}

/** Equal gaps between them; the outermost two stay. Too little room gives equal overlaps. */
export function distribute(things: readonly Placed[], direction: 'across' | 'down'): Moves {
  const all = around(things);
  if (all === null || things.length < 3) return new Map();
  const across = direction === 'across';
  const start = (box: Box) => (across ? box.x : box.y);
  const long = (box: Box) => (across ? box.w : box.h);
  const ordered = [...things].sort((a, b) => start(a) + long(a) / 2 - (start(b) + long(b) / 2) || (a.id < b.id ? -1 : 1));
  const [first, last] = [ordered[0]!, ordered.at(-1)!];
  const inner = ordered.slice(1, -1);
  const room = start(last) - (start(first) + long(first)) - inner.reduce((sum, thing) => sum + long(thing), 0);
  const gap = room / (ordered.length - 1);
  let at = start(first) + long(first) + gap;
  return moves(
    inner.map((thing) => {
      const to = across ? { x: at, y: thing.y } : { x: thing.x, y: at };
      at += long(thing) + gap;
      return [thing, to];
    }),
  );
}

/**
 * In rows, in the order in which they are read, with equal gaps; sizes stay. A row that is wider than all of them
 * lay before (or than `width`) goes on in the next. Tidying what is tidy moves nothing.
 */
export function tidy(things: readonly Placed[], { gap = GAP, width, rightToLeft = false }: { gap?: number; width?: number; rightToLeft?: boolean } = {}): Moves {
  const all = around(things);
  if (all === null) return new Map();
  const area = things.reduce((sum, { w, h }) => sum + (w + gap) * (h + gap), 0);
  const widest = Math.max(...things.map(({ w }) => w));
  const most = Math.max(widest, width ?? Math.max(all.w, Math.sqrt(area * 1.5)));
  const placed: [Placed, Point][] = [];
  let y = all.y;
  for (const row of rows(things, { rightToLeft })) {
    for (const line of wrapped(row, most, gap)) {
      let x = rightToLeft ? all.x + all.w : all.x;
      for (const thing of line) {
        if (rightToLeft) x -= thing.w;
        placed.push([thing, { x, y }]);
        x += rightToLeft ? -gap : thing.w + gap;
      }
      y += Math.max(...line.map(({ h }) => h)) + gap;
    }
  }
  return moves(placed);
}

/** Places of things in a grid whose columns are as wide and whose rows as high as what is in them. */
export function grid(sizes: readonly { readonly w: number; readonly h: number }[], at: Point, { perRow = 5, gap = GAP }: { perRow?: number; gap?: number } = {}): Point[] {
  const widths: number[] = [];
  const heights: number[] = [];
  sizes.forEach(({ w, h }, index) => {
    const [column, row] = [index % perRow, Math.floor(index / perRow)];
    widths[column] = Math.max(widths[column] ?? 0, w);
    heights[row] = Math.max(heights[row] ?? 0, h);
  });
  const xs = starts(widths, at.x, gap);
  const ys = starts(heights, at.y, gap);
  return sizes.map((_, index) => ({ x: xs[index % perRow]!, y: ys[Math.floor(index / perRow)]! }));
}

/** As `tidy`, but anywhere: in reading order, so many in a row, from this corner on. */
export function inGrid(things: readonly Placed[], at: Point, how: { perRow?: number; gap?: number } = {}): Moves {
  const ordered = readingOrder(things);
  const places = grid(ordered, at, how);
  return moves(ordered.map((thing, index) => [thing, places[index]!]));
}

function wrapped(row: readonly Placed[], most: number, gap: number): Placed[][] {
  const lines: Placed[][] = [];
  let used = Infinity;
  for (const thing of row) {
    // Half a unit: sums of fractions must not push out what fitted.
    if (used + gap + thing.w > most + 0.5) {
      lines.push([]);
      used = -gap;
    }
    lines.at(-1)!.push(thing);
    used += gap + thing.w;
  }
  return lines;
}

function starts(lengths: readonly number[], from: number, gap: number): number[] {
  let at = from;
  return lengths.map((length) => {
    const start = at;
    at += length + gap;
    return start;
  });
}

function moves(placed: readonly (readonly [Placed, Point])[]): Moves {
  return new Map(placed.filter(([thing, { x, y }]) => Math.abs(thing.x - x) > 0.005 || Math.abs(thing.y - y) > 0.005).map(([{ id }, to]) => [id, to]));
}
