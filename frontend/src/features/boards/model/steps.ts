// What one person did, step by step, and how a step is taken back without touching what others did since.
import * as Y from 'yjs';
import { goneOf, isLive, type Reader, splitKey, textOf, writtenParent } from './facets';
import type { ObjectId } from './types';
import { same } from './values';
import type { Slots, Versions } from './versions';

/** A value written by a step. Undefined: there was, or is now, none. */
interface Put {
  readonly before: unknown;
  readonly beforeVersion: string;
  readonly after: unknown;
  readonly afterVersion: string;
}

/** What became of texts in one transaction. `scope`: the texts it is about; others in the same transaction stay. */
interface Typed {
  readonly item: Y.UndoManager['undoStack'][number];
  readonly scope: ReadonlyMap<Y.Text, ObjectId>;
}

export interface Step {
  readonly label: string;
  readonly puts: Map<string, Put>;
  readonly typed: Typed[];
  /**
   * Made in this step: undone by a flag, whatever else was written to them on the way. The version that the flag's
   * place must still have: otherwise somebody has brought it back.
   */
  readonly born: Map<ObjectId, string>;
  /** Undone creations: these keys say so. */
  readonly unborn: Map<ObjectId, ReadonlyMap<string, Put>>;
}

export interface Reverted {
  readonly inverse: Step;
  readonly ids: Set<ObjectId>;
  readonly kept: Set<ObjectId>;
  /** Is there anything to say of it? (The legend has no object.) */
  told: boolean;
}

export interface Writer {
  /** Of the document as it is at this moment. */
  readonly read: Reader;
  readonly slots: Slots;
  readonly versions: Versions;
  /** Is this client this page, now or earlier? */
  isMine(client: number): boolean;
  goneValue(): unknown;
  /** Keys of its tags and reactions. */
  marks(id: ObjectId): Iterable<string>;
  /** Connectors that are fixed to it, and what has it as its parent. */
  around(id: ObjectId): { readonly connectors: readonly ObjectId[]; readonly members: readonly ObjectId[] };
}

export function newStep(label: string): Step {
  return { label, puts: new Map(), typed: [], born: new Map(), unborn: new Map() };
}

export function isEmpty(step: Step): boolean {
  return step.puts.size === 0 && step.typed.length === 0 && step.born.size === 0 && step.unborn.size === 0;
}

/** The same step over another document that holds the same items; null when nothing of it can be taken back there. */
export function inherited(doc: Y.Doc, step: Step, texts: (id: ObjectId) => Y.Text | undefined): Step | null {
  const puts = (from: ReadonlyMap<string, Put>) => new Map([...from].filter(([, { afterVersion }]) => isHeld(doc, afterVersion)));
  const typed: Typed[] = [];
  for (const { item, scope } of step.typed) {
    if (item.deletions.clients.size > 0) return null;
    const here = [...scope.values()].flatMap((id) => {
      const text = texts(id);
      return text ? [[text, id] as const] : [];
    });
    if (here.length > 0) typed.push({ item, scope: new Map(here) });
  }
  const unborn = new Map([...step.unborn].map(([id, from]) => [id, puts(from)] as const));
  const same: Step = { label: step.label, puts: puts(step.puts), typed, born: new Map(step.born), unborn };
  return isEmpty(same) ? null : same;
}

/** The one place where values are written. What belongs to an object made in this step is not taken note of. */
export function write(writer: Writer, step: Step, key: string, after: unknown): void {
  const { slots, versions } = writer;
  const before = slots.get(key);
  if (same(before, after)) return;
  const beforeVersion = versions.of(key);
  slots.set(key, after);
  const [id = '', facet] = splitKey(key) ?? [];
  if (step.born.has(id)) {
    if (facet === 'gone') step.born.set(id, versions.of(key));
    return;
  }
  note(step.puts, key, { before, beforeVersion, after, afterVersion: versions.of(key) });
}

/** Two writings by one step are one, unless somebody else wrote in between: then theirs is what was there before. */
function note(puts: Map<string, Put>, key: string, put: Put): void {
  const earlier = puts.get(key);
  const joined = earlier?.afterVersion === put.beforeVersion;
  puts.set(key, joined ? { ...put, before: earlier!.before, beforeVersion: earlier!.beforeVersion } : put);
}

/** Leaves out what came to nothing. */
export function tidied(writer: Writer, step: Step): Step {
  for (const [key, { before, beforeVersion, after, afterVersion }] of step.puts) {
    if (!same(before, after)) continue;
    step.puts.delete(key);
    if (writer.versions.of(key) === afterVersion) writer.versions.standsFor(key, beforeVersion);
  }
  for (const id of step.born.keys()) if (!isLive(writer.read, id)) step.born.delete(id);
  return step;
}

/** Takes back what is still as the step left it. Within a transaction; texts are put back by `retype`. */
export function revert(writer: Writer, step: Step, retype: (typed: Typed) => boolean): Reverted {
  const inverse = newStep(step.label);
  const done: Reverted = { inverse, ids: new Set(), kept: new Set(), told: false };
  const lost = (id: ObjectId) => goneOf(writer.read, id) !== null && !step.puts.has(`${id}/gone`) && !step.unborn.has(id);

  for (const typed of step.typed.toReversed()) {
    const ids = [...typed.scope.values()];
    if (ids.every(lost)) for (const id of ids) done.kept.add(id);
    else if (retype(typed)) for (const id of ids) done.ids.add(id);
  }
  revertPuts(writer, step.puts, lost, inverse.puts, done);
  for (const [id, puts] of step.unborn) {
    const reverted = new Map<string, Put>();
    revertPuts(writer, puts, () => false, reverted, done);
    const gone = `${id}/gone`;
    if (reverted.has(gone)) inverse.born.set(id, writer.versions.of(gone));
  }
  for (const id of [...step.born.keys()].toReversed()) unmake(writer, step, id, done);
  done.told ||= done.ids.size > 0 || done.kept.size > 0;
  return done;
}

function revertPuts(
  { slots, versions, goneValue }: Writer,
  puts: ReadonlyMap<string, Put>,
  lost: (id: ObjectId) => boolean,
  inverse: Map<string, Put>,
  done: Reverted,
): void {
  const { ids, kept } = done;
  for (const [key, put] of [...puts].toReversed()) {
    const id = splitKey(key)?.[0];
    done.told = true;
    if (versions.of(key) !== put.afterVersion || (id !== undefined && lost(id))) {
      if (id !== undefined) kept.add(id);
      continue;
    }
    // A removal is signed, and one signs with one's own name.
    slots.set(key, key.endsWith('/gone') && put.before !== undefined ? goneValue() : put.before);
    versions.standsFor(key, put.beforeVersion);
    inverse.set(key, { before: put.after, beforeVersion: put.afterVersion, after: put.before, afterVersion: put.beforeVersion });
    if (id !== undefined) ids.add(id);
  }
}

/** What was made goes, with what is fixed to it, unless somebody else has done something with it since. */
function unmake(writer: Writer, step: Step, id: ObjectId, { inverse, ids, kept }: Reverted): void {
  const { read, slots, versions } = writer;
  if (!isLive(read, id)) return;
  const connectors = writer.around(id).connectors.filter((other) => isLive(read, other) && !step.born.has(other));
  const broughtBack = (each: ObjectId) => versions.of(`${each}/gone`) !== (step.born.get(each) ?? '');
  if ([id, ...connectors].some(broughtBack) || [id, ...connectors].some((each) => isTouched(writer, each)) || isHolding(writer, id)) {
    kept.add(id);
    return;
  }
  const puts = new Map<string, Put>();
  for (const each of [id, ...connectors]) {
    const key = `${each}/gone`;
    const [before, beforeVersion, after] = [slots.get(key), versions.of(key), writer.goneValue()];
    slots.set(key, after);
    puts.set(key, { before, beforeVersion, after, afterVersion: versions.of(key) });
  }
  inverse.unborn.set(id, puts);
  ids.add(id);
}

/** Has somebody else written a value of it, given it a tag or a reaction, or written words into it? */
function isTouched(writer: Writer, id: ObjectId): boolean {
  const { read, versions } = writer;
  const foreign = (client: number | undefined) => client !== undefined && !writer.isMine(client);
  return (
    FACETS.some((facet) => foreign(versions.lastAuthor(`${id}/${facet}`))) ||
    [...writer.marks(id)].some((key) => foreign(versions.author(key))) ||
    textHas(textOf(read, id), foreign)
  );
}

/** Has somebody else laid something into it? */
function isHolding({ read, versions, around, isMine }: Writer, id: ObjectId): boolean {
  return around(id).members.some((other) => {
    const client = versions.author(`${other}/parent`);
    return isLive(read, other) && writtenParent(read, other) === id && client !== undefined && !isMine(client);
  });
}

const FACETS = [
  'made', 'gone', 'place', 'size', 'z', 'parent', 'style', 'start', 'end', 'relation', 'picture', 'alt', 'source', 'evidence', 'prompt', 'origin', 'merged',
];

/** Is there a character in it whose client answers to this? */
export function textHas(text: Y.Text | undefined, test: (client: number) => boolean): boolean {
  for (let item = text?._start ?? null; item !== null; item = item.right) {
    if (!item.deleted && item.countable && test(item.id.client)) return true;
  }
  return false;
}

/** Is this writing in the document, and not something that was put in its place? */
function isHeld(doc: Y.Doc, version: string): boolean {
  const [client = 0, clock = 0] = version.replace('-', '').split(':').map(Number);
  return version === '' || (clock < Y.getState(doc.store, client) && Y.getItem(doc.store, Y.createID(client, clock)) instanceof Y.Item);
}
