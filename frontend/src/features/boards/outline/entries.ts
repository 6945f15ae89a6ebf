// The board as a nested document: areas, in them clusters, in them notes; connectors read from the note they leave.
import { plain } from '../canvas/markdown';
import { shortName } from '../canvas/naming';
import type { Board, BoardObject, ObjectId, Relation } from '../model/types';

export const SUPPORT = '👍';

export type Order = 'placed' | 'support';

/** "leads to “Text the ward”", with the label the connector has, if it has one. */
export interface Linked {
  readonly connector: ObjectId;
  readonly other: ObjectId;
  /** It begins here: here it can be worked on; at its other end it is only read. */
  readonly away: boolean;
  readonly words: string;
  readonly name: string;
  readonly label: string;
}

export interface Entry {
  readonly object: BoardObject;
  readonly links: readonly Linked[];
  /** Of a cluster: its members. */
  readonly inside: readonly Entry[];
}

/** A run of lines that the page lays out, and draws again, together. */
export interface Slice {
  readonly key: string;
  readonly entries: readonly Entry[];
}

export interface Section {
  /** Null: what lies in no area. */
  readonly area: BoardObject | null;
  readonly entries: readonly Entry[];
  readonly slices: readonly Slice[];
  /** Notes in it, those in clusters too; before any filter. */
  readonly notes: number;
}

export interface OutlineOptions {
  readonly order: Order;
  /** Only what carries this tag. */
  readonly tag: string | null;
}

const GOING: Record<Relation, string> = { plain: 'connected to', supports: 'supports', challenges: 'challenges', leads_to: 'leads to' };
const COMING: Record<Relation, string> = { plain: 'connected from', supports: 'supported by', challenges: 'challenged by', leads_to: 'follows' };

/**
 * Each area in reading order, what is in none at the end. A circle of parents shows each of its members once.
 * What is as it was in `before` is the same thing again: who draws thousands of lines need not look at them all.
 */
export function outlineOf(board: Board, { order, tag }: OutlineOptions, before: readonly Section[] = []): readonly Section[] {
  const linked = linksOf(board);
  const known = entriesOf(before);
  const loose: BoardObject[] = [];
  const areas: BoardObject[] = [];
  for (const object of board.members(null)) (object.kind === 'area' ? areas : loose).push(object);
  const entry = (object: BoardObject, depth: number): Entry | null => {
    const inside = object.kind === 'cluster' && depth < 2 ? entries(board.members(object.id), depth + 1) : [];
    if (tag !== null && !object.tags.includes(tag) && inside.length === 0) return null;
    const made = { object, links: linked.get(object.id) ?? NONE, inside };
    const was = known.get(object.id);
    return was && sameEntry(was, made) ? was : made;
  };
  const entries = (objects: readonly BoardObject[], depth: number): Entry[] => {
    const found = objects.map((object) => entry(object, depth)).filter((each) => each !== null);
    return order === 'support' ? mostFirst(found) : found;
  };
  const earlier = new Map(before.map((section) => [section.area?.id ?? null, section]));
  const section = (area: BoardObject | null, objects: readonly BoardObject[]): Section => {
    const found = entries(objects, 0);
    return { area, entries: found, slices: slicesOf(found, earlier.get(area?.id ?? null)?.slices), notes: countNotes(board, objects) };
  };
  const sections = areas.map((area) => section(area, board.members(area.id)));
  const rest = section(null, [...loose, ...looseConnectors(board)]);
  const shown = tag === null ? sections : sections.filter(({ entries: some }) => some.length > 0);
  return rest.entries.length > 0 || shown.length === 0 ? [...shown, rest] : shown;
}

const NONE: readonly Linked[] = [];
/** About so many lines make a slice. */
const SLICE = 48;

/** Cut where a line's own id says so: what is added or taken away elsewhere leaves every other slice as it is. */
function slicesOf(entries: readonly Entry[], before: readonly Slice[] = []): readonly Slice[] {
  const known = new Map(before.map((slice) => [slice.key, slice]));
  const slices: Slice[] = [];
  const add = (key: string, made: readonly Entry[]) => {
    const was = known.get(key);
    slices.push(was && sameList(was.entries, made) ? was : { key, entries: made });
  };
  let key = '';
  let from = 0;
  if (entries.length > 2 * SLICE) {
    entries.forEach(({ object }, at) => {
      if (at === from || !beginsSlice(object.id)) return;
      add(key, entries.slice(from, at));
      key = object.id;
      from = at;
    });
  }
  add(key, entries.slice(from));
  return slices;
}

function beginsSlice(id: ObjectId): boolean {
  let sum = 7;
  for (let at = 0; at < id.length; at += 1) sum = (Math.imul(sum, 31) + id.charCodeAt(at)) >>> 0;
  return (sum ^ (sum >>> 15)) % SLICE === 0;
}

function entriesOf(sections: readonly Section[]): ReadonlyMap<ObjectId, Entry> {
  const found = new Map<ObjectId, Entry>();
  const add = (entry: Entry) => {
    found.set(entry.object.id, entry);
    for (const each of entry.inside) add(each);
  };
  for (const { entries } of sections) for (const entry of entries) add(entry);
  return found;
}

function sameEntry(a: Entry, b: Entry): boolean {
  return a.object === b.object && sameList(a.inside, b.inside) && sameList(a.links, b.links, sameLink);
}

function sameLink(a: Linked, b: Linked): boolean {
  return a.connector === b.connector && a.other === b.other && a.away === b.away && a.words === b.words && a.name === b.name && a.label === b.label;
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean = Object.is): boolean {
  return a.length === b.length && a.every((each, at) => same(each, b[at] as T));
}

export function supportOf({ reactions }: BoardObject): number {
  return reactions.get(SUPPORT)?.length ?? 0;
}

export function countNotes(board: Board, objects: readonly BoardObject[], depth = 0): number {
  let count = 0;
  for (const { id, kind } of objects) {
    if (kind === 'note') count += 1;
    else if (kind === 'cluster' && depth < 2) count += countNotes(board, board.members(id), depth + 1);
  }
  return count;
}

/** Most support first; among equals as placed. A cluster counts what its members have together. */
function mostFirst(entries: readonly Entry[]): Entry[] {
  const weight = ({ object, inside }: Entry): number => supportOf(object) + inside.reduce((sum, each) => sum + supportOf(each.object), 0);
  return entries
    .map((entry, at) => ({ entry, at, support: weight(entry) }))
    .sort((a, b) => b.support - a.support || a.at - b.at)
    .map(({ entry }) => entry);
}

function linksOf(board: Board): ReadonlyMap<ObjectId, readonly Linked[]> {
  const found = new Map<ObjectId, Linked[]>();
  const add = (from: ObjectId, link: Linked) => {
    const list = found.get(from);
    if (list) list.push(link);
    else found.set(from, [link]);
  };
  for (const wire of board.all()) {
    if (wire.kind !== 'connector') continue;
    const [start, end] = [wire.start?.object, wire.end?.object];
    if (!start || !end) continue;
    const label = plain(wire.text);
    add(start, { connector: wire.id, other: end, away: true, words: GOING[wire.relation], name: shortName(board.get(end)), label });
    add(end, { connector: wire.id, other: start, away: false, words: COMING[wire.relation], name: shortName(board.get(start)), label });
  }
  return found;
}

/** Every tag in use, with how many carry it. */
export function tagsOf(board: Board): readonly { readonly tag: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { tags } of board.all()) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].map(([tag, count]) => ({ tag, count })).sort((a, b) => a.tag.localeCompare(b.tag));
}

/** Connectors with an end that is fixed to nothing are in no note's list. */
function looseConnectors(board: Board): readonly BoardObject[] {
  return board.all().filter((object) => object.kind === 'connector' && (!object.start?.object || !object.end?.object));
}
