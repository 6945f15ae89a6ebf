// A board as it once was, opened as a document of its own: for looking at, connected to nothing.
import * as Y from 'yjs';
import type { BoardObject, ObjectId } from '../model/types';
import { same } from '../model/values';
import type { BoardContent, ServedObject } from '../served';

export function docOf({ objects, legend }: BoardContent): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    const facets = doc.getMap('objects');
    const board = doc.getMap('board');
    for (const [colour, meaning] of Object.entries(legend)) board.set(`legend/${colour}`, meaning);
    for (const object of objects) for (const [facet, value] of facetsOf(object)) facets.set(`${object.id}/${facet}`, value);
  });
  return doc;
}

function* facetsOf(object: ServedObject): Iterable<[string, unknown]> {
  const { kind, by, at, x, y, w, h, z, parent, colour, text, tags, start, end, relation, picture, alt, source, evidence, prompt, reactions } = object;
  yield ['made', { kind, by, at }];
  yield ['place', { x, y }];
  yield ['size', { w, h }];
  yield ['z', z];
  if (parent) yield ['parent', parent];
  yield ['style', { colour }];
  yield ['text', new Y.Text(text)];
  for (const tag of tags ?? []) yield [`tag/${tag}`, true];
  if (start) yield ['start', start];
  if (end) yield ['end', end];
  yield ['relation', relation];
  if (picture) yield ['picture', picture];
  if (alt) yield ['alt', alt];
  if (source) yield ['source', source];
  if (evidence) yield ['evidence', evidence];
  if (prompt) yield ['prompt', prompt];
  for (const [emoji, persons] of Object.entries(reactions ?? {})) for (const person of persons) yield [`reaction/${emoji}/${person}`, true];
}

export interface Compared {
  /** There now, not there then. */
  readonly added: readonly ObjectId[];
  readonly removed: readonly ObjectId[];
  /** Other words, another place, another colour. */
  readonly changed: readonly ObjectId[];
}

/** What has happened since. `within`: only what lay, or lies, in this area. */
export function compared(then: readonly ServedObject[], now: readonly BoardObject[], within: ObjectId | null = null): Compared {
  const before = new Map(then.map((object) => [object.id, object]));
  const after = new Map(now.map((object) => [object.id, object]));
  const lies = (among: ReadonlyMap<ObjectId, { parent: ObjectId | null }>, id: ObjectId): boolean => {
    if (within === null) return true;
    let at: ObjectId | null = id;
    for (let depth = 0; at !== null && depth < 4; depth += 1) {
      if (at === within) return true;
      at = among.get(at)?.parent ?? null;
    }
    return false;
  };
  const [added, changed]: [ObjectId[], ObjectId[]] = [[], []];
  for (const [id, object] of after) {
    const was = before.get(id);
    if (!was && lies(after, id)) added.push(id);
    else if (was && (lies(after, id) || lies(before, id)) && !alike(was, object)) changed.push(id);
  }
  const removed = [...before.keys()].filter((id) => !after.has(id) && lies(before, id));
  return { added, removed, changed };
}

const NAMES = ['x', 'y', 'w', 'h', 'parent', 'colour', 'text', 'relation', 'alt', 'evidence', 'prompt', 'tags', 'start', 'end', 'picture', 'source'] as const;

/** What can be seen of it; what lies above what is left out. */
function alike(a: ServedObject, b: BoardObject): boolean {
  return NAMES.every((name) => same(a[name], b[name]));
}
