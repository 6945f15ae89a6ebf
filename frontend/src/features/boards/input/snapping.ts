// Snapping: while something is dragged, its edges and middle meet those of what is in view, and gaps become equal
// to gaps that are there. Pure but for the view it reads once, at the start.
import type { Guide } from '../canvas/types';
import type { Box, ObjectId, Point } from '../model/types';
import { seen } from '../view/sight';
import type { BoardView } from '../view/types';

/** Screen pixels within which something snaps. */
export const NEAR = 8;
/** More objects than this are not compared: the nearest ones are. */
const MOST = 400;

export interface Snapped {
  readonly by: Point;
  readonly guides: readonly Guide[];
}

export function createSnapping(view: BoardView, moving: ReadonlySet<ObjectId>, box: Box): (by: Point) => Snapped {
  const sight = seen(view.camera(), view.viewport());
  const others: Box[] = [];
  for (const { id, kind } of view.board.all()) {
    if (moving.has(id) || kind === 'connector' || kind === 'cluster') continue;
    const other = view.board.box(id);
    if (other && touches(other, sight)) others.push(other);
  }
  if (others.length > MOST) {
    const far = (other: Box) => Math.hypot(other.x - box.x, other.y - box.y);
    others.sort((a, b) => far(a) - far(b)).length = MOST;
  }
  return (by) => snap({ ...box, x: box.x + by.x, y: box.y + by.y }, others, NEAR / view.camera().zoom, by);
}

/** `moved`: the box where the pointer has it. The two axes snap each for themselves; edges before gaps. */
export function snap(moved: Box, others: readonly Box[], near: number, by: Point): Snapped {
  const dx = bestShift(moved, others, near, 'x', 'w', 'y', 'h');
  const dy = bestShift(moved, others, near, 'y', 'h', 'x', 'w');
  const at = { ...moved, x: moved.x + (dx ?? 0), y: moved.y + (dy ?? 0) };
  const guides = [
    ...(dx === null ? [] : [...lines(at, others, 'x', 'w', 'y', 'h'), ...gaps(at, others, 'x', 'w', 'y', 'h')]),
    ...(dy === null ? [] : [...lines(at, others, 'y', 'h', 'x', 'w'), ...gaps(at, others, 'y', 'h', 'x', 'w')]),
  ];
  return { by: { x: by.x + (dx ?? 0), y: by.y + (dy ?? 0) }, guides };
}

type Axis = 'x' | 'y';
type Long = 'w' | 'h';

function bestShift(moved: Box, others: readonly Box[], near: number, axis: Axis, long: Long, across: Axis, wide: Long): number | null {
  let best: number | null = null;
  const offer = (shift: number) => {
    if (Math.abs(shift) <= near && (best === null || Math.abs(shift) < Math.abs(best))) best = shift;
  };
  for (const other of others) for (const place of places(other, axis, long)) for (const own of places(moved, axis, long)) offer(place - own);
  const edge: number | null = best;
  // An equal gap wins over a line only when it is clearly nearer: two rules pulling at once make a hand shake.
  const spots = gapSpots(moved, others, axis, long, across, wide);
  for (const spot of spots) {
    const shift = spot - moved[axis];
    if (Math.abs(shift) <= near && (edge === null || Math.abs(shift) < Math.abs(edge) / 2)) offer(shift);
  }
  return best;
}

function places(box: Box, axis: Axis, long: Long): readonly number[] {
  return [box[axis], box[axis] + box[long] / 2, box[axis] + box[long]];
}

const SAME = 0.5;

/** Every line on which an edge or middle now lies with that of another. */
function lines(at: Box, others: readonly Box[], axis: Axis, long: Long, across: Axis, wide: Long): Guide[] {
  const found: Guide[] = [];
  for (const own of places(at, axis, long)) {
    const level = others.filter((other) => places(other, axis, long).some((place) => Math.abs(place - own) < SAME));
    if (level.length === 0) continue;
    const low = Math.min(at[across], ...level.map((other) => other[across]));
    const high = Math.max(at[across] + at[wide], ...level.map((other) => other[across] + other[wide]));
    found.push(axis === 'x' ? { from: { x: own, y: low }, to: { x: own, y: high } } : { from: { x: low, y: own }, to: { x: high, y: own } });
  }
  return found;
}

/** Those that stand in a row with it, in order. */
function row(moved: Box, others: readonly Box[], axis: Axis, across: Axis, wide: Long): Box[] {
  return others.filter((other) => other[across] < moved[across] + moved[wide] && moved[across] < other[across] + other[wide]).sort((a, b) => a[axis] - b[axis]);
}

/** Where its beginning would make a gap equal to one that is there: at either end of a pair, or between two. */
function gapSpots(moved: Box, others: readonly Box[], axis: Axis, long: Long, across: Axis, wide: Long): number[] {
  const beside = row(moved, others, axis, across, wide);
  const spots: number[] = [];
  for (const [at, left] of beside.entries()) {
    const right = beside[at + 1];
    if (!right) break;
    const gap = right[axis] - (left[axis] + left[long]);
    if (gap <= 0) continue;
    spots.push(right[axis] + right[long] + gap, left[axis] - gap - moved[long]);
    if (gap > moved[long]) spots.push(left[axis] + left[long] + (gap - moved[long]) / 2);
  }
  return spots;
}

/** All the gaps of the row that equal one beside it. */
function gaps(at: Box, others: readonly Box[], axis: Axis, long: Long, across: Axis, wide: Long): Guide[] {
  const beside = row(at, others, axis, across, wide);
  const all = [...beside, at].sort((a, b) => a[axis] - b[axis]);
  const between = all.slice(1).map((right, index) => ({ left: all[index]!, right, gap: right[axis] - (all[index]![axis] + all[index]![long]) }));
  const own = between.filter(({ left, right, gap }) => gap > 0 && (left === at || right === at));
  const found = new Set<(typeof between)[number]>();
  for (const mine of own) {
    const equal = between.filter(({ gap }) => Math.abs(gap - mine.gap) < SAME);
    if (equal.length > 1) for (const each of equal) found.add(each);
  }
  return [...found].map(({ left, right, gap }) => {
    const low = Math.max(left[across], right[across]);
    const high = Math.min(left[across] + left[wide], right[across] + right[wide]);
    const level = (low + high) / 2;
    const [from, to] = [left[axis] + left[long], right[axis]];
    return axis === 'x' ? { from: { x: from, y: level }, to: { x: to, y: level }, gap } : { from: { x: level, y: from }, to: { x: level, y: to }, gap };
  });
}

function touches(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
