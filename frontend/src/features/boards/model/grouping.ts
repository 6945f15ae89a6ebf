// Clustering by what things have in common: labelled groups side by side. Plain geometry, nothing is guessed.
import { grid } from './arrange';
import { around } from './catalogue';
import { readingOrder } from './reading';
import { type Board, type BoardObject, type Colour, type Edit, GAP, type ObjectId, type Point } from './types';

export type GroupBy = 'colour' | 'tag' | 'author' | 'area';

export interface Group {
  readonly title: string;
  readonly ids: readonly ObjectId[];
}

/** Words for what has no words of its own. */
export interface Naming {
  colour(colour: Colour): string;
  author(person: string): string;
  readonly noTag: string;
  readonly noAuthor: string;
  readonly noArea: string;
}

export interface GroupPlan extends Group {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly places: readonly Point[];
}

/** Room inside a group's edge; its title stands at the top. */
const EDGE = { top: 52, side: 16 };
const BETWEEN = 40;
const PER_ROW = 4;

/** The largest group first; what has nothing in common with others last. A thing with several tags goes with its commonest. */
export function groups(board: Board, ids: Iterable<ObjectId>, by: GroupBy, naming: Naming): Group[] {
  const things = readingOrder([...ids].map((id) => board.get(id)).filter((each) => each !== undefined && groupable(each)) as BoardObject[]);
  const common = new Map<string, number>();
  for (const { tags } of things) for (const tag of tags) common.set(tag, (common.get(tag) ?? 0) + 1);
  const found = new Map<string, { title: string; ids: ObjectId[]; rest: boolean }>();
  for (const thing of things) {
    const key = keyOf(board, thing, by, common);
    const group = found.get(key ?? '') ?? { title: titleOf(board, key, by, naming), ids: [], rest: key === null };
    group.ids.push(thing.id);
    found.set(key ?? '', group);
  }
  return [...found.values()]
    .sort((a, b) => Number(a.rest) - Number(b.rest) || b.ids.length - a.ids.length || (a.title < b.title ? -1 : 1))
    .map(({ title, ids: members }) => ({ title, ids: members }));
}

/** Side by side from this corner on, in rows about as wide as they are high. */
export function planGroups(board: Board, wanted: readonly Group[], at: Point): GroupPlan[] {
  const blocks = wanted.map((group) => {
    const boxes = group.ids.map((id) => board.box(id) ?? { x: 0, y: 0, w: 0, h: 0 });
    const places = grid(boxes, { x: EDGE.side, y: EDGE.top }, { perRow: PER_ROW });
    const all = around(places.map((place, index) => ({ ...boxes[index]!, ...place })))!;
    return { group, places, w: all.w + 2 * EDGE.side, h: EDGE.top + all.h + EDGE.side };
  });
  const perRow = Math.max(1, Math.ceil(Math.sqrt(blocks.length)));
  const corners = grid(blocks, at, { perRow, gap: BETWEEN });
  return blocks.map(({ group, places, w, h }, index) => {
    const { x, y } = corners[index]!;
    return { ...group, x, y, w, h, places: places.map((place) => ({ x: x + place.x, y: y + place.y })) };
  });
}

/**
 * Makes the groups, as areas, or as clusters within `area`. Returns their ids. One edit: one undo brings back how it was.
 */
export function makeGroups(edit: Edit, plan: readonly GroupPlan[], as: 'area' | 'cluster', area: ObjectId | null = null): ObjectId[] {
  return plan.map(({ title, ids, places, x, y, w, h }) => {
    const group = as === 'area' ? edit.add({ kind: 'area', text: title, x, y, w, h }) : edit.add({ kind: 'cluster', text: title, parent: area });
    for (const [index, id] of ids.entries()) edit.set(id, { ...places[index]!, parent: group });
    return group;
  });
}

/** Below everything: a place for groups where they cover nothing. */
export function freeCorner(board: Board): Point {
  const all = around(board.all().map(({ id }) => board.box(id)!));
  return all === null ? { x: 0, y: 0 } : { x: all.x, y: all.y + all.h + 4 * GAP };
}

function groupable({ kind }: BoardObject): boolean {
  return kind !== 'area' && kind !== 'cluster' && kind !== 'connector';
}

function keyOf(board: Board, thing: BoardObject, by: GroupBy, common: ReadonlyMap<string, number>): string | null {
  switch (by) {
    case 'colour':
      return thing.colour;
    case 'tag':
      return [...thing.tags].sort((a, b) => common.get(b)! - common.get(a)! || (a < b ? -1 : 1))[0] ?? null;
    case 'author':
      return thing.by;
    case 'area': {
      const parent = thing.parent === null ? undefined : board.get(thing.parent);
      return parent?.kind === 'cluster' ? parent.parent : (parent?.id ?? null);
    }
  }
}

function titleOf(board: Board, key: string | null, by: GroupBy, naming: Naming): string {
  switch (by) {
    case 'colour':
      return board.legend().get(key as Colour) ?? naming.colour(key as Colour);
    case 'tag':
      return key ?? naming.noTag;
    case 'author':
      return key === null ? naming.noAuthor : naming.author(key);
    case 'area':
      return (key === null ? '' : board.get(key)?.text) || naming.noArea;
  }
}
