// Moving things: what goes with what, and the edit that puts everything where it goes.
import type { Board, BoardObject, Box, Edit, ObjectId, Point } from '../model/types';
import { areaOf, around } from './places';
import type { Permit } from './types';

/**
 * What moves when these move: an area takes what lies in it, a cluster is its members. Only what may be moved, and
 * with `pointer` nothing that is locked in its place, whoever points. Places are those of now.
 */
export function carried(board: Board, permit: Permit, ids: Iterable<ObjectId>, pointer = false): ReadonlyMap<ObjectId, BoardObject> {
  const found = new Map<ObjectId, BoardObject>();
  const take = (id: ObjectId, depth: number) => {
    const object = board.get(id);
    if (!object || found.has(id) || depth > 3) return;
    if (permit.why('move', id) !== null || (pointer && heldInPlace(permit, id))) return;
    found.set(id, object);
    if (object.kind === 'area' || object.kind === 'cluster') for (const member of board.members(id)) take(member.id, depth + 1);
  };
  for (const id of ids) take(id, 0);
  return found;
}

export function heldInPlace(permit: Permit, id: ObjectId): boolean {
  const lock = permit.lock(id);
  return lock !== null && lock.level !== 'content';
}

/** To where they were plus `by`. Connectors move their free ends; the fixed ones follow their objects. */
export function putAt(edit: Edit, objects: ReadonlyMap<ObjectId, BoardObject>, by: Point): void {
  for (const [id, object] of objects) {
    if (object.kind === 'cluster') continue;
    if (object.kind === 'connector') {
      const shift = (end: BoardObject['start']) => (end && end.object === null ? { ...end, x: end.x + by.x, y: end.y + by.y } : end);
      edit.set(id, { start: shift(object.start), end: shift(object.end) });
    } else edit.set(id, { x: Math.round(object.x + by.x), y: Math.round(object.y + by.y) });
  }
}

export function putInto(edit: Edit, parents: ReadonlyMap<ObjectId, ObjectId | null>): void {
  for (const [id, parent] of parents) edit.set(id, { parent });
}

export interface Landing {
  /** Of those that come to belong elsewhere. */
  readonly parents: ReadonlyMap<ObjectId, ObjectId | null>;
  /** Why it may not lie there; null: it may. */
  readonly refused: string | null;
}

/** What these belong to where they lie now (or will, by `by`): a cluster they are put into, else the area below them. */
export function landing(board: Board, permit: Permit, moved: ReadonlyMap<ObjectId, BoardObject>, by: Point = { x: 0, y: 0 }): Landing {
  const parents = new Map<ObjectId, ObjectId | null>();
  let refused: string | null = null;
  for (const [id, before] of moved) {
    // What came along with its area or cluster stays in it.
    if (before.kind === 'area' || before.kind === 'connector' || (before.parent !== null && moved.has(before.parent))) continue;
    const box = board.box(id);
    if (!box) continue;
    const parent = parentAt(board, { x: box.x + by.x + box.w / 2, y: box.y + by.y + box.h / 2 }, moved, before.kind !== 'cluster');
    if (parent === before.parent) continue;
    parents.set(id, parent);
    if (parent !== null && areaOf(board, parent) !== areaOf(board, id)) refused ??= permit.why('add', areaOf(board, parent));
  }
  return { parents, refused };
}

/** The cluster or area at this point, without those that are moving. */
export function parentAt(board: Board, point: Point, moving: ReadonlyMap<ObjectId, unknown>, clusters: boolean): ObjectId | null {
  if (clusters)
    for (const { id, kind } of [...board.all()].reverse()) {
      if (kind !== 'cluster' || moving.has(id)) continue;
      // Without the moving ones: a cluster goes round its members wherever they are.
      const rest = around(board, board.members(id).map((member) => member.id).filter((member) => !moving.has(member)));
      if (rest && within(point, rest, CLUSTER_EDGE)) return id;
    }
  let found: ObjectId | null = null;
  for (const { id, kind } of board.all()) {
    const box = kind === 'area' && !moving.has(id) ? board.box(id) : undefined;
    if (box && within(point, box, 0)) found = id;
  }
  return found;
}

/** How far a cluster's frame reaches beyond its members. */
const CLUSTER_EDGE = 12;

function within({ x, y }: Point, box: Box, edge: number): boolean {
  return x >= box.x - edge && x <= box.x + box.w + edge && y >= box.y - edge && y <= box.y + box.h + edge;
}
