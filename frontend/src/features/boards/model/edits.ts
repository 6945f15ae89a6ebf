// The edits themselves: each checks, writes and notes what it wrote, within one step.
import * as Y from 'yjs';
import type { Catalogue } from './catalogue';
import { difference } from './difference';
import { type Facets, goneOf, isLive, kindOf, MOST_ALT, MOST_PROMPT, mergedOf, originOf, pictureOf, sourceOf, textOf } from './facets';
import { between, LONG_KEY, sortKey, spread } from './order';
import type { Person } from './person';
import { type Step, type Writer, write } from './steps';
import { type BoardObject, type Colour, type Edit, type End, type Kind, LONGEST, MOST_TAGS, MOST_TEXT, type NewObject, NOTE_HEIGHT, NOTE_WIDTH, type ObjectId } from './types';
import { asTag, coordinate, cut, isColour, isEmoji, isId, isKind, isName, isRelation, length, minute, rounded, same, within } from './values';

/** Of what is made without saying how large. */
export const SIZES: Readonly<Record<Kind, { readonly w: number; readonly h: number }>> = {
  note: { w: NOTE_WIDTH, h: NOTE_HEIGHT },
  heading: { w: 400, h: 48 },
  area: { w: 680, h: 500 },
  cluster: { w: NOTE_WIDTH, h: NOTE_HEIGHT },
  connector: { w: NOTE_WIDTH, h: NOTE_HEIGHT },
  image: { w: 320, h: 240 },
  source: { w: 260, h: 120 },
  evidence: { w: 260, h: 180 },
};
const LONGEST_MEANING = 40;

type Change = Parameters<Edit['set']>[1];

export class Edits implements Edit {
  constructor(
    private readonly writer: Writer,
    private readonly facets: Facets,
    private readonly catalogue: Catalogue,
    private readonly person: Person,
    private readonly outside: { readonly now: () => number; readonly newId: () => ObjectId },
    readonly step: Step,
    /** Texts of older objects that were changed here. */
    readonly texts: Map<Y.Text, ObjectId>,
  ) {}

  add(object: NewObject): ObjectId {
    const id = this.outside.newId();
    this.#make(id, object, this.#by(), minute(this.outside.now()));
    return id;
  }

  /** In another's name nobody can write: what somebody else made has then no maker. */
  remake(id: ObjectId, object: NewObject, made: Pick<BoardObject, 'by' | 'at'>): boolean {
    if (!isId(id) || this.facets.has(`${id}/made`)) return false;
    this.#make(id, object, made.by === this.person.id ? this.#by() : null, made.at);
    return true;
  }

  set(id: ObjectId, change: Change): void {
    if (isLive(this.writer.read, id)) this.#write(id, change);
  }

  setText(id: ObjectId, text: string): void {
    const { read } = this.writer;
    if (!isLive(read, id)) return;
    let shared = textOf(read, id);
    if (shared === undefined) {
      shared = new Y.Text();
      this.facets.set(`${id}/text`, shared);
    }
    const splices = difference(shared.toString(), cut(text.replaceAll('\r\n', '\n'), MOST_TEXT));
    if (splices.length === 0) return;
    if (!this.step.born.has(id)) this.texts.set(shared, id);
    // From the end, so that the places before it stay where they are.
    for (const { at, remove, insert } of splices.toReversed()) {
      if (remove > 0) shared.delete(at, remove);
      if (insert !== '') shared.insert(at, insert);
    }
    this.catalogue.touch(`${id}/text`);
  }

  react(id: ObjectId, emoji: string, on: boolean): void {
    if (!isLive(this.writer.read, id) || !isEmoji(emoji) || !isName(this.person.id)) return;
    this.#put(`${id}/reaction/${emoji}/${this.person.id}`, on ? true : undefined);
  }

  remove(id: ObjectId): void {
    const { read } = this.writer;
    const kind = kindOf(read, id);
    if (kind === null || goneOf(read, id) !== null) return;
    const gone = this.writer.goneValue();
    const { connectors, members } = this.catalogue.around(id);
    // Members of an area are outside once it is gone; those of a cluster stay in the area that it was in.
    const above = kind === 'cluster' ? this.catalogue.get(id)?.parent : null;
    if (above) for (const member of members) if (isLive(read, member)) this.#put(`${member}/parent`, above);
    for (const connector of connectors) if (isLive(read, connector)) this.#put(`${connector}/gone`, gone);
    this.#put(`${id}/gone`, gone);
  }

  bringBack(id: ObjectId): void {
    const { read } = this.writer;
    const gone = goneOf(read, id);
    if (kindOf(read, id) === null || gone === null) return;
    this.#put(`${id}/gone`, undefined);
    for (const connector of this.catalogue.around(id).connectors) {
      const whole = (['start', 'end'] as const).every((which) => this.#holds(connector, which));
      if (whole && same(goneOf(read, connector), gone)) this.#put(`${connector}/gone`, undefined);
    }
  }

  setLegend(colour: Colour, meaning: string): void {
    if (!isColour(colour)) return;
    const text = cut(meaning.trim(), LONGEST_MEANING);
    const key = `board:legend/${colour}`;
    if ((this.writer.slots.get(key) ?? '') !== text) write(this.writer, this.step, key, text || undefined);
  }

  #make(id: ObjectId, object: NewObject, by: string | null, at: string | null): void {
    const kind = isKind(object.kind) ? object.kind : 'note';
    const { kind: _, text = '', z, ...rest } = object;
    this.facets.set(`${id}/made`, { kind, by, at });
    this.step.born.set(id, '');
    this.catalogue.touch(`${id}/made`);
    this.#write(id, { x: 0, y: 0, ...SIZES[kind], ...rest, z: sortKey(z) || this.#top() });
    this.facets.set(`${id}/text`, new Y.Text(cut(text.replaceAll('\r\n', '\n'), MOST_TEXT)));
  }

  /** A key above all others. Keys that have grown long are dealt out anew on this occasion. */
  #top(): string {
    const key = between(this.catalogue.top(), null);
    if (key.length <= LONG_KEY && !this.catalogue.isCrowded()) return key;
    const all = this.catalogue.all();
    const keys = spread(all.length + 1);
    for (const [at, { id }] of all.entries()) this.#put(`${id}/z`, keys[at]);
    return keys.at(-1)!;
  }

  #write(id: ObjectId, change: Change): void {
    const { x, y, w, h, tags } = change;
    if (x !== undefined || y !== undefined) {
      const was = this.#record(id, 'place');
      this.#put(`${id}/place`, { x: rounded(coordinate(x ?? was.x)), y: rounded(coordinate(y ?? was.y)) });
    }
    if (w !== undefined || h !== undefined) {
      const was = this.#record(id, 'size');
      this.#put(`${id}/size`, { w: side(w ?? was.w, NOTE_WIDTH), h: side(h ?? was.h, NOTE_HEIGHT) });
    }
    if (change.z !== undefined && sortKey(change.z) !== '') this.#put(`${id}/z`, change.z);
    if (change.parent !== undefined) this.#put(`${id}/parent`, isId(change.parent) && change.parent !== id ? change.parent : this.#none(id, 'parent'));
    if (isColour(change.colour)) this.#put(`${id}/style`, { colour: change.colour });
    if (tags !== undefined) this.#tag(id, tags);
    if (change.start !== undefined) this.#put(`${id}/start`, ending(change.start));
    if (change.end !== undefined) this.#put(`${id}/end`, ending(change.end));
    if (isRelation(change.relation)) this.#put(`${id}/relation`, change.relation);
    if (change.picture !== undefined) this.#put(`${id}/picture`, pictureOf(change.picture) ?? undefined);
    if (change.alt !== undefined) this.#put(`${id}/alt`, cut(change.alt, MOST_ALT) || this.#none(id, 'alt', ''));
    if (change.source !== undefined) this.#put(`${id}/source`, sourceOf(change.source) ?? undefined);
    if (change.evidence !== undefined) this.#put(`${id}/evidence`, isName(change.evidence) ? change.evidence : undefined);
    if (change.prompt !== undefined) this.#put(`${id}/prompt`, cut(change.prompt, MOST_PROMPT) || this.#none(id, 'prompt', ''));
    if (change.origin !== undefined) this.#put(`${id}/origin`, originOf(change.origin) ?? undefined);
    if (change.merged !== undefined) this.#merge(id, change.merged);
  }

  /** What says "nothing" where something may be written already: a value, so that the last one to write is right. */
  #none(id: ObjectId, facet: string, nothing: unknown = null): unknown {
    return this.facets.has(`${id}/${facet}`) ? nothing : undefined;
  }

  #tag(id: ObjectId, tags: readonly string[]): void {
    const wanted = new Set(tags.map(asTag).filter(Boolean).slice(0, MOST_TAGS));
    for (const key of this.catalogue.marks(id)) {
      const tag = key.slice(`${id}/tag/`.length);
      if (key.startsWith(`${id}/tag/`) && !wanted.has(tag)) this.#put(key, undefined);
    }
    for (const tag of wanted) this.#put(`${id}/tag/${tag}`, true);
  }

  #merge(id: ObjectId, merged: readonly ObjectId[]): void {
    const ids = mergedOf(id, merged);
    this.#put(`${id}/merged`, ids.length > 0 ? [...ids] : this.#none(id, 'merged', []));
  }

  #put(key: string, value: unknown): void {
    write(this.writer, this.step, key, value);
    this.catalogue.touch(key);
  }

  #record(id: ObjectId, facet: string): Partial<Record<'x' | 'y' | 'w' | 'h', number>> {
    const value = this.writer.read(id, facet);
    return typeof value === 'object' && value !== null ? value : {};
  }

  #holds(connector: ObjectId, which: 'start' | 'end'): boolean {
    const end = this.writer.read(connector, which) as End | undefined;
    return end?.object == null || isLive(this.writer.read, end.object);
  }

  #by(): string | null {
    return this.person.authors === 'hidden' ? null : this.person.id;
  }
}

function side(value: unknown, otherwise: number): number {
  return within(rounded(length(value, otherwise)), 1, LONGEST, otherwise);
}

function ending(end: BoardObject['start']): unknown {
  if (end === null) return undefined;
  return { object: isId(end.object) ? end.object : null, x: rounded(coordinate(end.x)), y: rounded(coordinate(end.y)) };
}
