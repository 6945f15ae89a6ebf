// What edits were about: the entries of root maps that they wrote, took away or changed inside.
import * as Y from 'yjs';
import { idsOf } from './remains';
import type { Entry } from './types';

/** `doc` holds the edits. Each entry once, in the order in which they come; what is collected there is left out. */
export function entriesOf(doc: Y.Doc, updates: readonly Uint8Array[]): Entry[] {
  const roots = new Map([...doc.share].map(([name, type]) => [type as unknown, name]));
  const found = new Map<string, Entry>();
  for (const update of updates) {
    const { brought, deleted } = idsOf(update);
    for (const ids of [brought, deleted]) {
      for (const client of ids.clients()) {
        for (const [from, to] of ids.of(client)) {
          for (const item of itemsOf(doc, client, from, to)) {
            const entry = entryOf(item, roots);
            if (entry !== null) found.set(`${entry.root}\n${entry.key}`, entry);
          }
        }
      }
    }
  }
  return [...found.values()];
}

function* itemsOf(doc: Y.Doc, client: number, from: number, to: number): Iterable<Y.Item> {
  const end = Math.min(to, Y.getState(doc.store, client));
  for (let at = from; at < end; ) {
    const struct: Y.Item | Y.GC = Y.getItem(doc.store, Y.createID(client, at));
    if (struct instanceof Y.Item) yield struct;
    at = struct.id.clock + struct.length;
  }
}

function entryOf(item: Y.Item, roots: ReadonlyMap<unknown, string>): Entry | null {
  for (let at: Y.Item | null = item; at !== null; ) {
    const { parent, parentSub }: Y.Item = at;
    if (!(parent instanceof Y.AbstractType)) return null;
    const root = roots.get(parent);
    if (root !== undefined) return { root, key: parentSub ?? '' };
    at = parent._item;
  }
  return null;
}
