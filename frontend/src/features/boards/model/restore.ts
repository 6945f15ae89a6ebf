// Bringing a board, or one area of it, back to how a version has it: as one edit like any other, so that it can be
// undone, and so that nothing is lost that others write meanwhile.
import { type Board, type BoardObject, type Colour, COLOURS, type Edit, type ObjectId } from './types';
import { same } from './values';

/** A version as the server sends it. Lists and objects instead of sets and maps. */
export interface BoardContent {
  readonly title: string;
  readonly legend: Readonly<Partial<Record<Colour, string>>>;
  readonly objects: readonly (Omit<BoardObject, 'reactions'> & { readonly reactions: Readonly<Record<string, readonly string[]>> })[];
}

type Then = BoardContent['objects'][number];

export interface Restored {
  /** Made again or brought back. */
  readonly back: readonly ObjectId[];
  readonly changed: readonly ObjectId[];
  readonly removed: readonly ObjectId[];
}

const FIELDS = [
  'x', 'y', 'w', 'h', 'z', 'parent', 'colour', 'tags', 'start', 'end', 'relation', 'picture', 'alt', 'source', 'evidence', 'prompt', 'origin', 'merged',
] as const;

/**
 * `area`: only that area, with what was in it then and what is in it now. Reactions stay as they are: each is somebody's own.
 */
export function restore(board: Board, content: BoardContent, { area = null, label = 'Restore' }: { area?: ObjectId | null; label?: string } = {}): Restored {
  const then = new Map(content.objects.map((object) => [object.id, object]));
  const wanted = scope(board, then, area);
  const here = new Set(board.all().map(({ id }) => id));
  const back: ObjectId[] = [];
  const changed: ObjectId[] = [];
  const removed: ObjectId[] = [];
  board.edit(label, (edit) => {
    // What others refer to comes before them.
    for (const object of [...then.values()].sort((a, b) => rank(a) - rank(b))) {
      if (!wanted(object.id)) continue;
      const now = board.get(object.id);
      const different = now === undefined ? bringBack(edit, board, object) : bringLevel(edit, now, object);
      if (!here.has(object.id)) back.push(object.id);
      else if (different) changed.push(object.id);
    }
    for (const { id } of board.all()) {
      if (then.has(id) || !wanted(id)) continue;
      edit.remove(id);
      removed.push(id);
    }
    if (area === null) for (const colour of COLOURS) edit.setLegend(colour, content.legend[colour] ?? '');
  });
  return { back, changed, removed };
}

/** Of an area: itself, its members then and now, theirs, and connectors between any two of those. */
function scope(board: Board, then: ReadonlyMap<ObjectId, Then>, area: ObjectId | null): (id: ObjectId) => boolean {
  if (area === null) return () => true;
  const inside = new Set([area]);
  const grow = (objects: Iterable<Pick<BoardObject, 'id' | 'parent'>>) => {
    // Twice: members of clusters may come before their cluster.
    for (const _ of [1, 2]) for (const { id, parent } of objects) if (parent !== null && inside.has(parent)) inside.add(id);
  };
  grow(then.values());
  grow(board.all());
  const between = ({ kind, start, end }: Pick<BoardObject, 'kind' | 'start' | 'end'>) =>
    kind === 'connector' && start?.object != null && end?.object != null && inside.has(start.object) && inside.has(end.object);
  for (const object of [...then.values(), ...board.all()]) if (between(object)) inside.add(object.id);
  return (id) => inside.has(id);
}

function bringBack(edit: Edit, board: Board, object: Then): boolean {
  const { id, reactions: _, by, at, ...rest } = object;
  if (edit.remake(id, rest, { by, at })) return true;
  edit.bringBack(id);
  const now = board.get(id);
  if (now !== undefined) bringLevel(edit, now, object);
  return now !== undefined;
}

/** True when anything was otherwise. */
function bringLevel(edit: Edit, now: BoardObject, then: Then): boolean {
  const different = FIELDS.filter((field) => !same(now[field], then[field]));
  if (different.length > 0) edit.set(then.id, Object.fromEntries(different.map((field) => [field, then[field]])));
  if (now.text !== then.text) edit.setText(then.id, then.text);
  return different.length > 0 || now.text !== then.text;
}

function rank({ kind }: Then): number {
  return kind === 'area' ? 0 : kind === 'cluster' ? 1 : kind === 'connector' ? 3 : 2;
}
