// One object read from the document's keys. Whatever lies there, an object comes out that keeps to the rules, or none.
import * as Y from 'yjs';
import { sortKey } from './order';
import { type BoardObject, type End, type Kind, MOST_TAGS, MOST_TEXT, NOTE_HEIGHT, NOTE_WIDTH, type ObjectId } from './types';
import { coordinate, isColour, isEmoji, isId, isKind, isName, isRelation, length, record, words } from './values';

export const MOST_PROMPT = 500;
export const MOST_ALT = 500;
const MOST_MERGED = 500;
const MOST_REACTIONS = 50;
const MINUTE = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/;

export type Facets = Y.Map<unknown>;

/** What lies under `<object>/<facet>`. */
export type Reader = (id: ObjectId, facet: string) => unknown;

export function readerOf(facets: { get(key: string): unknown }): Reader {
  return (id, facet) => facets.get(`${id}/${facet}`);
}

/** Keys whose names vary are counted while they come and go; the others are looked up. */
export interface Marks {
  readonly tags: ReadonlySet<string>;
  readonly reactions: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Gone {
  readonly by: string | null;
  readonly at: string;
}

/** `<object>/<facet>`, or null for a key that is none. */
export function splitKey(key: string): readonly [id: ObjectId, facet: string] | null {
  const slash = key.indexOf('/');
  const id = key.slice(0, slash);
  return slash > 0 && isId(id) ? [id, key.slice(slash + 1)] : null;
}

/** `reaction/<emoji>/<person>` without its first word. */
export function splitReaction(facet: string): readonly [emoji: string, person: string] | null {
  const [, emoji = '', ...rest] = facet.split('/');
  const person = rest.join('/');
  return isEmoji(emoji) && isName(person) ? [emoji, person] : null;
}

export function kindOf(read: Reader, id: ObjectId): Kind | null {
  const made = record(read(id, 'made'));
  return made !== null && isKind(made.kind) ? made.kind : null;
}

/** Null: it is there. */
export function goneOf(read: Reader, id: ObjectId): Gone | null {
  const gone = record(read(id, 'gone'));
  return gone === null ? null : { by: name(gone.by), at: time(gone.at) ?? '' };
}

export function isLive(read: Reader, id: ObjectId): boolean {
  return kindOf(read, id) !== null && goneOf(read, id) === null;
}

export function textOf(read: Reader, id: ObjectId): Y.Text | undefined {
  const text = read(id, 'text');
  return text instanceof Y.Text && !(text instanceof Y.XmlText) ? text : undefined;
}

/** As written, whether or not it can be so. */
export function writtenParent(read: Reader, id: ObjectId): ObjectId | null {
  const parent = read(id, 'parent');
  return isId(parent) && parent !== id ? parent : null;
}

export function writtenEnd(read: Reader, id: ObjectId, which: 'start' | 'end'): End | null {
  const end = record(read(id, which));
  if (end === null) return null;
  return { object: isId(end.object) && end.object !== id ? end.object : null, x: coordinate(end.x), y: coordinate(end.y) };
}

/** An area lies in nothing and a cluster in areas only: so there is no way round in a circle. */
function parentOf(read: Reader, id: ObjectId, kind: Kind): ObjectId | null {
  const parent = writtenParent(read, id);
  if (parent === null || kind === 'area' || goneOf(read, parent) !== null) return null;
  const its = kindOf(read, parent);
  return its === 'area' || (its === 'cluster' && kind !== 'cluster') ? parent : null;
}

function endOf(read: Reader, id: ObjectId, which: 'start' | 'end'): End | null {
  const end = writtenEnd(read, id, which);
  if (end === null || end.object === null) return end;
  const held = isLive(read, end.object) && kindOf(read, end.object) !== 'connector';
  return held ? end : { object: null, x: end.x, y: end.y };
}

const NO_TAGS: readonly string[] = [];
const NO_REACTIONS: BoardObject['reactions'] = new Map();
const NO_IDS: readonly ObjectId[] = [];

/** Undefined when nobody said what it is. Whether it is gone makes no difference here. */
export function readObject(read: Reader, id: ObjectId, marks: Marks): BoardObject | undefined {
  const kind = kindOf(read, id);
  if (kind === null) return undefined;
  const of = (facet: string) => read(id, facet);
  const made = record(of('made'));
  const place = record(of('place'));
  const size = record(of('size'));
  const colour = record(of('style'))?.colour;
  const relation = of('relation');
  const connects = kind === 'connector';
  return {
    id,
    kind,
    by: name(made?.by),
    at: time(made?.at),
    x: coordinate(place?.x),
    y: coordinate(place?.y),
    w: length(size?.w, NOTE_WIDTH),
    h: length(size?.h, NOTE_HEIGHT),
    z: sortKey(of('z')),
    parent: parentOf(read, id, kind),
    colour: isColour(colour) ? colour : 'butter',
    text: words(textOf(read, id)?.toString(), MOST_TEXT),
    tags: marks.tags.size === 0 ? NO_TAGS : [...marks.tags].sort().slice(0, MOST_TAGS),
    start: connects ? endOf(read, id, 'start') : null,
    end: connects ? endOf(read, id, 'end') : null,
    relation: isRelation(relation) ? relation : 'plain',
    picture: pictureOf(of('picture')),
    alt: words(of('alt'), MOST_ALT),
    source: sourceOf(of('source')),
    evidence: name(of('evidence')),
    prompt: words(of('prompt'), MOST_PROMPT),
    reactions:
      marks.reactions.size === 0
        ? NO_REACTIONS
        : new Map([...marks.reactions.keys()].sort().slice(0, MOST_REACTIONS).map((emoji) => [emoji, [...marks.reactions.get(emoji)!].sort()])),
    origin: originOf(of('origin')),
    merged: mergedOf(id, of('merged')),
  };
}

function name(value: unknown): string | null {
  return isName(value) ? value : null;
}

function time(value: unknown): string | null {
  return typeof value === 'string' && MINUTE.test(value) ? value : null;
}

export function pictureOf(value: unknown): BoardObject['picture'] {
  const picture = record(value);
  if (picture === null || !isName(picture.file)) return null;
  return { file: picture.file, width: Math.trunc(length(picture.width, 1)), height: Math.trunc(length(picture.height, 1)) };
}

/** Only addresses that a browser opens as a page: everything else would be a trap under a card. */
export function sourceOf(value: unknown): BoardObject['source'] {
  const source = record(value);
  if (source === null || typeof source.url !== 'string' || source.url.length > 2_000 || !/^https?:\/\/\S+$/i.test(source.url)) return null;
  return { url: source.url, title: words(source.title, 300), site: words(source.site, 100) };
}

export function originOf(value: unknown): BoardObject['origin'] {
  const origin = record(value);
  return origin !== null && isId(origin.object) && isName(origin.board) ? { board: origin.board, object: origin.object } : null;
}

export function mergedOf(id: ObjectId, value: unknown): readonly ObjectId[] {
  const ids = Array.isArray(value) ? value.filter((each): each is ObjectId => isId(each) && each !== id) : NO_IDS;
  return ids.length === 0 ? NO_IDS : [...new Set(ids)].slice(0, MOST_MERGED);
}
