// Where things are, by cells of 400 units: what is in view is found without looking at everything.
import type { Box, ObjectId } from '../model/types';

const CELL = 400;
/** What covers more cells than this (a large area) is looked at every time instead. */
const MOST_CELLS = 64;

export class Grid {
  private readonly cells = new Map<number, Set<ObjectId>>();
  private readonly boxes = new Map<ObjectId, Box>();
  private readonly large = new Set<ObjectId>();

  get size(): number {
    return this.boxes.size;
  }

  box(id: ObjectId): Box | undefined {
    return this.boxes.get(id);
  }

  put(id: ObjectId, box: Box): void {
    const before = this.boxes.get(id);
    this.boxes.set(id, box);
    const now = span(box);
    if (before) {
      const old = span(before);
      if (old.left === now.left && old.top === now.top && old.right === now.right && old.bottom === now.bottom) return;
      this.leave(id, old);
    }
    if (cellsOf(now) > MOST_CELLS) this.large.add(id);
    else {
      each(now, (key) => {
        const cell = this.cells.get(key);
        if (cell) cell.add(id);
        else this.cells.set(key, new Set([id]));
      });
    }
  }

  remove(id: ObjectId): void {
    const box = this.boxes.get(id);
    if (!box) return;
    this.boxes.delete(id);
    this.leave(id, span(box));
  }

  /** What touches the box, in no particular order. */
  find(box: Box, found: Set<ObjectId> = new Set()): Set<ObjectId> {
    const cells = span(box);
    const look = (id: ObjectId) => {
      if (!found.has(id) && meet(this.boxes.get(id)!, box)) found.add(id);
    };
    for (const id of this.large) look(id);
    if (cellsOf(cells) > this.cells.size) {
      for (const cell of this.cells.values()) for (const id of cell) look(id);
    } else {
      each(cells, (key) => {
        for (const id of this.cells.get(key) ?? []) look(id);
      });
    }
    return found;
  }

  private leave(id: ObjectId, cells: Span): void {
    if (this.large.delete(id)) return;
    each(cells, (key) => {
      const cell = this.cells.get(key);
      cell?.delete(id);
      if (cell?.size === 0) this.cells.delete(key);
    });
  }
}

interface Span {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function span(box: Box): Span {
  return {
    left: Math.floor(box.x / CELL),
    top: Math.floor(box.y / CELL),
    right: Math.floor((box.x + box.w) / CELL),
    bottom: Math.floor((box.y + box.h) / CELL),
  };
}

function cellsOf(cells: Span): number {
  return (cells.right - cells.left + 1) * (cells.bottom - cells.top + 1);
}

function each(cells: Span, visit: (key: number) => void): void {
  for (let column = cells.left; column <= cells.right; column += 1) {
    for (let row = cells.top; row <= cells.bottom; row += 1) visit(column * 1_048_576 + row);
  }
}

export function meet(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

export function contains(outer: Box, inner: Box): boolean {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w && inner.y + inner.h <= outer.y + outer.h;
}

/** The box round all of them; undefined when there are none. */
export function around(boxes: Iterable<Box>): Box | undefined {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.w);
    bottom = Math.max(bottom, box.y + box.h);
  }
  return left === Number.POSITIVE_INFINITY ? undefined : { x: left, y: top, w: right - left, h: bottom - top };
}

export function grown(box: Box, by: number): Box {
  return { x: box.x - by, y: box.y - by, w: box.w + 2 * by, h: box.h + 2 * by };
}
