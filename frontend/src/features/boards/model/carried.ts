// Objects on their way: cut loose from one board, put down on another or the same, with what they were to each other.
import { grid } from './arrange';
import { around } from './catalogue';
import { readObject } from './facets';
import { inOrder } from './search';
import { type Board, type BoardObject, type Colour, type Edit, NOTE_HEIGHT, NOTE_WIDTH, type ObjectId, type Point } from './types';
import { isId, isKind, isTag, record } from './values';

/** Who made it and who reacted stays behind. */
export type Carried = Omit<BoardObject, 'by' | 'at' | 'reactions' | 'merged'>;

interface Envelope {
  readonly lab: 'board-objects';
  readonly version: 1;
  readonly board: string;
  readonly objects: readonly Carried[];
}

export interface Taken {
  readonly json: string;
  /** What is written on them, in reading order. */
  readonly lines: readonly string[];
}

/** These, what is in those of them that are areas or clusters, and the connectors between any two of them. */
export function carry(board: Board, ids: Iterable<ObjectId>, boardId: string): Taken {
  const wanted = new Set<ObjectId>();
  const take = (id: ObjectId) => {
    if (wanted.has(id) || board.get(id) === undefined) return;
    wanted.add(id);
    for (const member of board.members(id)) take(member.id);
  };
  for (const id of ids) take(id);
  for (const { id, kind, start, end } of board.all()) {
    if (kind === 'connector' && start?.object && end?.object && wanted.has(start.object) && wanted.has(end.object)) wanted.add(id);
  }
  const objects = board.all().filter(({ id }) => wanted.has(id));
  const envelope: Envelope = { lab: 'board-objects', version: 1, board: boardId, objects: objects.map(loose) };
  const lines = inOrder(board).filter(({ id, text }) => wanted.has(id) && text.trim() !== '');
  return { json: JSON.stringify(envelope), lines: lines.map(({ text }) => text.trim()) };
}

function loose({ by: _by, at: _at, reactions: _reactions, merged: _merged, ...object }: BoardObject): Carried {
  return object;
}

/** Null: not ours. A text: ours, but refused, and why. Every object comes out whole, whatever was written there. */
export function wholeObjects(json: string, most: number): { objects: Carried[]; board: string } | string | null {
  let envelope: ReturnType<typeof record>;
  try {
    envelope = record(JSON.parse(json));
  } catch {
    return null;
  }
  if (envelope?.lab !== 'board-objects' || !Array.isArray(envelope.objects)) return null;
  if (envelope.version !== 1) return 'This was copied from a newer version of the lab. Load this page again, then paste.';
  if (envelope.objects.length > most) {
    return `This has ${envelope.objects.length.toLocaleString('en-GB')} objects; at most ${most.toLocaleString('en-GB')} can be pasted at once.`;
  }
  const board = typeof envelope.board === 'string' ? envelope.board.slice(0, 26) : '';
  const seen = new Set<ObjectId>();
  const objects = envelope.objects.map(record).flatMap((raw) => {
    if (raw === null || !isId(raw.id) || !isKind(raw.kind) || seen.has(raw.id)) return [];
    seen.add(raw.id);
    return [whole(raw, raw.id)];
  });
  return { objects, board };
}

/** Read like an object of a document, so that the same bounds hold. */
function whole(raw: Readonly<Record<string, unknown>>, id: ObjectId): Carried {
  const made = { kind: raw.kind };
  const [place, size, style] = [{ x: raw.x, y: raw.y }, { w: raw.w, h: raw.h }, { colour: raw.colour }];
  const facets: Readonly<Record<string, unknown>> = { ...raw, made, place, size, style, parent: null, gone: undefined, text: undefined };
  const reader = (of: ObjectId, facet: string) => (of === id && Object.hasOwn(facets, facet) ? facets[facet] : undefined);
  const tags = new Set(Array.isArray(raw.tags) ? raw.tags.filter((tag): tag is string => typeof tag === 'string' && isTag(tag)) : []);
  const read = readObject(reader, id, { tags, reactions: new Map() })!;
  return {
    ...loose(read),
    text: typeof raw.text === 'string' ? raw.text : '',
    parent: isId(raw.parent) ? raw.parent : null,
    start: keptEnd(raw.start, read.start),
    end: keptEnd(raw.end, read.end),
  };
}

/** The reader looks for the object in a document; here it is looked for among those that travel, when they are put down. */
function keptEnd(raw: unknown, read: BoardObject['start']): BoardObject['start'] {
  const object = record(raw)?.object;
  return read === null ? null : { ...read, object: isId(object) ? object : null };
}

export interface PutDown {
  readonly ids: readonly ObjectId[];
  /** Images whose files are with another board: left out. */
  readonly images: number;
}

/**
 * The upper left corner of them all comes to `at`. `parent`: for what was in nothing that travels too. `here`: id of
 * this board: what comes from another leaves its images there.
 */
export function putDown(edit: Edit, { objects, board }: { objects: readonly Carried[]; board: string }, at: Point, { parent, here }: { parent: ObjectId | null; here: string }): PutDown {
  const coming = objects.filter(({ picture }) => picture === null || board === here);
  const places = coming.filter(({ kind }) => kind !== 'connector' && kind !== 'cluster');
  const from = around(places.length > 0 ? places : coming.flatMap(points)) ?? { x: 0, y: 0 };
  const by = { x: at.x - from.x, y: at.y - from.y };
  const ids = new Map<ObjectId, ObjectId>();
  // What others refer to comes before them: areas, clusters, things, connectors.
  const turn = ['area', 'cluster'] as const;
  const rank = ({ kind }: Carried) => (kind === 'connector' ? 3 : turn.indexOf(kind as 'area') === -1 ? 2 : turn.indexOf(kind as 'area'));
  const ordered = coming.map((object, index) => ({ object, index })).sort((a, b) => rank(a.object) - rank(b.object) || a.index - b.index);
  for (const { object } of ordered) {
    const { id, z: _, ...rest } = object;
    const end = (one: BoardObject['start']) =>
      one && { object: one.object === null ? null : (ids.get(one.object) ?? null), x: one.x + by.x, y: one.y + by.y };
    const into = object.kind === 'area' ? null : ((object.parent === null ? undefined : ids.get(object.parent)) ?? parent);
    const made = edit.add({ ...rest, x: object.x + by.x, y: object.y + by.y, parent: into, start: end(object.start), end: end(object.end), origin: { board, object: id } });
    ids.set(id, made);
  }
  return { ids: coming.map(({ id }) => ids.get(id)!), images: objects.length - coming.length };
}

function points({ start, end }: Carried): { x: number; y: number; w: number; h: number }[] {
  return [start, end].flatMap((one) => (one === null ? [] : [{ x: one.x, y: one.y, w: 0, h: 0 }]));
}

/** A note for each text, at most five in a row, from `at` on. */
export function putLines(edit: Edit, lines: readonly string[], at: Point, { parent, colour, perRow = 5 }: { parent: ObjectId | null; colour: Colour; perRow?: number }): ObjectId[] {
  const places = grid(lines.map(() => ({ w: NOTE_WIDTH, h: NOTE_HEIGHT })), at, { perRow });
  return lines.map((text, index) => edit.add({ kind: 'note', text, colour, parent, ...places[index]! }));
}

/** A note for each cell that is not empty, where it stands in the table. */
export function putTable(edit: Edit, rows: readonly (readonly string[])[], at: Point, { parent, colour }: { parent: ObjectId | null; colour: Colour }): ObjectId[] {
  const columns = Math.max(...rows.map(({ length }) => length));
  const flat = rows.flatMap((row) => Array.from({ length: columns }, (_, index) => row[index] ?? ''));
  const places = grid(flat.map(() => ({ w: NOTE_WIDTH, h: NOTE_HEIGHT })), at, { perRow: columns });
  return flat.flatMap((text, index) => (text === '' ? [] : [edit.add({ kind: 'note', text, colour, parent, ...places[index]! })]));
}
