// The catalogue: every object as a snapshot, brought up to date key by key as the document changes.
//
// Nothing here walks the whole document after opening it: a change costs what it touches.
import type * as Y from 'yjs';
import { type Facets, goneOf, isLive, type Reader, readObject, splitKey, splitReaction, writtenEnd, writtenParent } from './facets';
import { LONG_KEY } from './order';
import { readingOrder } from './reading';
import type { BoardObject, Box, ObjectId } from './types';
import { isTag, same } from './values';
import { wireBox } from './wire';

interface Entry {
  /** What the document has under this object's keys: asking the document itself each time would cost most of it all. */
  readonly values: Map<string, unknown>;
  readonly tags: Set<string>;
  readonly reactions: Map<string, Set<string>>;
  /** As the document says it, gone or not. */
  object: BoardObject | undefined;
  live: boolean;
  parent: ObjectId | null;
  ends: readonly ObjectId[];
  /** Rises: what was removed later has the higher one. */
  gone: number;
}

const MOST_REMOVED = 100;

export class Catalogue {
  readonly #entries = new Map<ObjectId, Entry>();
  readonly #stale = new Set<ObjectId>();
  /** By the parent that is written, and by the objects that are written as ends: whether or not those are there. */
  readonly #children = new Map<ObjectId, Set<ObjectId>>();
  readonly #fixed = new Map<ObjectId, Set<ObjectId>>();
  #changed = new Set<ObjectId>();
  readonly #long = new Set<ObjectId>();
  #removals = 0;
  #top = '';
  #order: ObjectId[] = [];
  #unsorted = false;
  #all: readonly BoardObject[] | null = null;
  readonly #members = new Map<ObjectId | null, readonly BoardObject[]>();
  readonly #connectors = new Map<ObjectId, readonly BoardObject[]>();

  readonly read: Reader = (id, facet) => this.#entries.get(id)?.values.get(facet);

  constructor(private readonly facets: Facets) {
    for (const key of facets.keys()) this.touch(key);
    this.#settle();
    this.#changed.clear();
  }

  /** This key has been written or deleted. */
  touch(key: string): void {
    const parts = splitKey(key);
    if (parts === null) return;
    const [id, facet] = parts;
    const entry = this.#entry(id);
    const value = this.facets.get(key);
    if (facet.startsWith('tag/')) {
      const tag = facet.slice('tag/'.length);
      if (value === true && isTag(tag)) entry.tags.add(tag);
      else entry.tags.delete(tag);
    } else if (facet.startsWith('reaction/')) this.#react(entry, facet, value === true);
    else if (value === undefined) entry.values.delete(facet);
    else entry.values.set(facet, value);
    this.#stale.add(id);
  }

  /** What changed since this was last asked. */
  changed(): Set<ObjectId> {
    this.#settle();
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  get(id: ObjectId): BoardObject | undefined {
    this.#settle();
    const entry = this.#entries.get(id);
    return entry?.live ? entry.object : undefined;
  }

  all(): readonly BoardObject[] {
    this.#settle();
    if (this.#unsorted) {
      const z = (id: ObjectId) => this.#entries.get(id)!.object!.z;
      this.#order = [...new Set(this.#order)].filter((id) => this.#entries.get(id)!.live).sort((a, b) => compare(z(a), z(b)) || compare(a, b));
      this.#unsorted = false;
    }
    this.#all ??= this.#order.map((id) => this.#entries.get(id)!.object!);
    return this.#all;
  }

  members(parent: ObjectId | null): readonly BoardObject[] {
    this.#settle();
    let members = this.#members.get(parent);
    if (members === undefined) {
      const found = this.#inside(parent).filter(({ kind }) => kind !== 'connector');
      const boxes = found.map((object) => ({ ...(this.box(object.id) ?? object), object }));
      members = readingOrder(boxes).map(({ object }) => object);
      this.#members.set(parent, members);
    }
    return members;
  }

  connectors(id: ObjectId): readonly BoardObject[] {
    this.#settle();
    let connectors = this.#connectors.get(id);
    if (connectors === undefined) {
      connectors = this.#living(this.#fixed.get(id)).filter(({ start, end }) => start?.object === id || end?.object === id);
      this.#connectors.set(id, connectors);
    }
    return connectors;
  }

  box(id: ObjectId): Box | undefined {
    const object = this.get(id);
    if (object === undefined) return undefined;
    if (object.kind === 'connector') return wireBox(object, (end) => this.box(end));
    if (object.kind !== 'cluster') return object;
    const boxes = this.#inside(id)
      .filter(({ kind }) => kind !== 'connector')
      .map((member) => this.box(member.id)!);
    return around(boxes) ?? object;
  }

  /** Keys of its tags and reactions. */
  marks(id: ObjectId): string[] {
    const entry = this.#entries.get(id);
    if (entry === undefined) return [];
    const reactions = [...entry.reactions].flatMap(([emoji, who]) => [...who].map((person) => `${id}/reaction/${emoji}/${person}`));
    return [...[...entry.tags].map((tag) => `${id}/tag/${tag}`), ...reactions];
  }

  /** Gone ones too: connectors that are written as fixed to it, and what is written as its member. */
  around(id: ObjectId): { readonly connectors: readonly ObjectId[]; readonly members: readonly ObjectId[] } {
    this.#settle();
    return { connectors: [...(this.#fixed.get(id) ?? [])], members: [...(this.#children.get(id) ?? [])] };
  }

  /** No key is higher. */
  top(): string | null {
    this.#settle();
    return this.#top || null;
  }

  /** Has somebody's key grown long, by being put between others again and again? */
  isCrowded(): boolean {
    this.#settle();
    return this.#long.size > 0;
  }

  removed(): readonly BoardObject[] {
    this.#settle();
    const when = (id: ObjectId) => goneOf(this.read, id)?.at ?? '';
    return [...this.#entries]
      .filter(([, { live, object }]) => !live && object !== undefined && saysSomething(object))
      .sort(([a, one], [b, two]) => compare(when(b), when(a)) || two.gone - one.gone)
      .slice(0, MOST_REMOVED)
      .map(([, { object }]) => object!);
  }

  #entry(id: ObjectId): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = { values: new Map(), tags: new Set(), reactions: new Map(), object: undefined, live: false, parent: null, ends: [], gone: 0 };
      this.#entries.set(id, entry);
    }
    return entry;
  }

  #react(entry: Entry, facet: string, on: boolean): void {
    const parts = splitReaction(facet);
    if (parts === null) return;
    const [emoji, person] = parts;
    if (on) put(entry.reactions, emoji, person);
    else take(entry.reactions, emoji, person);
  }

  #settle(): void {
    // What is found stale on the way (members of an area that went) is appended to the set, and so comes after.
    for (const id of this.#stale) this.#refresh(id, this.#entries.get(id)!);
    this.#stale.clear();
  }

  #refresh(id: ObjectId, entry: Entry): void {
    this.#file(id, entry);
    const before = entry.object;
    const wasLive = entry.live;
    const after = readObject(this.read, id, entry);
    entry.live = isLive(this.read, id);
    if (before !== undefined && after !== undefined && sameObject(before, after)) {
      if (entry.live === wasLive) return;
    } else entry.object = after;
    if (wasLive && !entry.live) entry.gone = ++this.#removals;
    if (entry.live !== wasLive || before?.kind !== after?.kind) {
      for (const member of this.#children.get(id) ?? []) this.#again(member);
      for (const connector of this.#fixed.get(id) ?? []) this.#again(connector);
    }
    if (!wasLive && !entry.live) return;
    if (after !== undefined && after.z > this.#top) this.#top = after.z;
    if (entry.live && after!.z.length > LONG_KEY) this.#long.add(id);
    else this.#long.delete(id);
    if (!wasLive) this.#order.push(id);
    if (entry.live !== wasLive || before?.z !== after?.z) this.#unsorted = true;
    this.#all = null;
    this.#changed.add(id);
    this.#forget(id, before);
    this.#forget(id, after);
  }

  /** Once more, even if its turn was already. */
  #again(id: ObjectId): void {
    this.#stale.delete(id);
    this.#stale.add(id);
  }

  #forget(id: ObjectId, object: BoardObject | undefined): void {
    this.#connectors.delete(id);
    if (object === undefined) return;
    this.#members.delete(object.parent);
    // A cluster lies where its members lie, and so has its own place in the order of its area.
    if (object.parent !== null) this.#members.delete(this.#entries.get(object.parent)?.object?.parent ?? null);
    for (const end of [object.start, object.end]) if (end?.object) this.#connectors.delete(end.object);
  }

  /** Under the parent and the ends that are written now. */
  #file(id: ObjectId, entry: Entry): void {
    const parent = writtenParent(this.read, id);
    if (parent !== entry.parent) {
      if (entry.parent !== null) take(this.#children, entry.parent, id);
      if (parent !== null) put(this.#children, parent, id);
      entry.parent = parent;
    }
    const ends = [writtenEnd(this.read, id, 'start')?.object, writtenEnd(this.read, id, 'end')?.object].filter((end) => end != null);
    if (same(ends, entry.ends)) return;
    for (const end of entry.ends) take(this.#fixed, end, id);
    for (const end of ends) put(this.#fixed, end, id);
    entry.ends = ends;
  }

  #inside(parent: ObjectId | null): BoardObject[] {
    if (parent !== null) return this.#living(this.#children.get(parent)).filter((object) => object.parent === parent);
    return this.all().filter((object) => object.parent === null);
  }

  #living(ids: Iterable<ObjectId> | undefined): BoardObject[] {
    return [...(ids ?? [])].map((id) => this.get(id)).filter((object) => object !== undefined);
  }
}

export function around(boxes: Iterable<Box>): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, w, h } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return left === Infinity ? null : { x: left, y: top, w: right - left, h: bottom - top };
}

/** Which keys of the document an event is about. */
export function keysOf(event: Y.YEvent<Y.AbstractType<unknown>>): readonly string[] {
  if (event.path.length > 0) return [String(event.path[0])];
  return [...((event as Y.YMapEvent<unknown>).keysChanged ?? [])].filter((key): key is string => key !== null);
}

function saysSomething(object: BoardObject): boolean {
  return object.text.trim() !== '' || object.picture !== null || object.source !== null || object.evidence !== null || object.kind === 'connector';
}

function sameObject(a: BoardObject, b: BoardObject): boolean {
  for (const key of Object.keys(a) as (keyof BoardObject)[]) {
    if (key === 'reactions') {
      if (!same([...a.reactions], [...b.reactions])) return false;
    } else if (!same(a[key], b[key])) return false;
  }
  return true;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function put<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function take<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set?.delete(value) && set.size === 0) sets.delete(key);
}
