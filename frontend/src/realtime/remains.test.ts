// Leaving edits out of a chain: what falls with them, and how the rest still fits.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { filled, Ids, idsOf, isIn, restsOn } from './remains';

/** What each of these changes did, as one update each. */
function updates(doc: Y.Doc, ...changes: ((map: Y.Map<unknown>) => void)[]): Uint8Array[] {
  const made: Uint8Array[] = [];
  const note = (update: Uint8Array) => void made.push(update);
  doc.on('update', note);
  for (const change of changes) doc.transact(() => change(doc.getMap('m')));
  doc.off('update', note);
  return made;
}

/** Ids of what these updates brought. */
function ids(...left: Uint8Array[]): Ids {
  const lost = new Ids();
  for (const update of left) {
    const { brought } = idsOf(update);
    for (const client of brought.clients()) for (const [from, to] of brought.of(client)) lost.add(client, from, to);
  }
  return lost;
}

const set = (key: string, value: unknown) => (map: Y.Map<unknown>) => void map.set(key, value);
const type = (key: string, at: number, words: string) => (map: Y.Map<unknown>) => (map.get(key) as Y.Text).insert(at, words);
const contents = (doc: Y.Doc) => doc.getMap('m').toJSON();

describe('ids', () => {
  it('runs that touch or overlap are one', () => {
    const some = new Ids();
    for (const [from, to] of [[5, 7], [0, 2], [10, 12], [2, 5], [11, 15]] as const) some.add(1, from, to);
    expect(some.of(1)).toEqual([[0, 7], [10, 15]]);
    expect(some.covers(1, 1, 7)).toBe(true);
    expect(some.covers(1, 6, 11)).toBe(false);
    expect(some.has(Y.createID(1, 9))).toBe(false);
    expect(some.has(Y.createID(2, 1))).toBe(false);
  });
});

describe('an edit rests on another', () => {
  it('when it writes over its value, or inside its text; not when it is about something else', () => {
    const doc = new Y.Doc();
    const [first, over, text, inside, other] = updates(
      doc, set('a', 1), set('a', 2), set('t', new Y.Text('ab')), type('t', 1, 'x'), set('b', 1),
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    expect(restsOn(over, ids(first))).toBe(true);
    expect(restsOn(inside, ids(text))).toBe(true);
    for (const update of [text, inside, other]) expect(restsOn(update, ids(first))).toBe(false);
    expect(restsOn(other, ids(first, over, text, inside))).toBe(false);
  });

  it('when all it does is to take that away again', () => {
    const doc = new Y.Doc();
    updates(doc, set('old', 1));
    const [made, away, mixed] = updates(doc, set('a', 1), (map) => map.delete('a'), (map) => map.delete('old')) as [Uint8Array, Uint8Array, Uint8Array];
    expect(restsOn(away, ids(made))).toBe(true);
    expect(restsOn(mixed, ids(made))).toBe(false);
  });
});

describe('what is left fits', () => {
  it('into a document that never saw what was left out', () => {
    const doc = new Y.Doc();
    const all = updates(doc, set('a', 1), set('b', 1), set('c', 1), set('d', 1));
    const [a, b, c, d] = all as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const there = new Y.Doc();
    Y.applyUpdate(there, filled([b, d], ids(a, c), there));
    expect(contents(there)).toEqual({ b: 1, d: 1 });
    expect(there.store.pendingStructs).toBeNull();
    expect(Y.getState(there.store, doc.clientID)).toBe(Y.getState(doc.store, doc.clientID));
    // To whom it is passed on it fits as well.
    const third = new Y.Doc();
    Y.applyUpdate(third, Y.encodeStateAsUpdate(there));
    expect(contents(third)).toEqual({ b: 1, d: 1 });
  });

  it('bit by bit as well as at once', () => {
    const doc = new Y.Doc();
    const [a, b, c, d] = updates(doc, set('a', 1), set('b', 1), set('c', 1), set('d', 1)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const there = new Y.Doc();
    for (const [update, lost] of [[b, ids(a)], [d, ids(a, c)]] as const) Y.applyUpdate(there, filled([update], lost, there));
    expect(contents(there)).toEqual({ b: 1, d: 1 });
  });

  it('also where an edit deletes things of which some were left out', () => {
    const doc = new Y.Doc();
    const [text, typed, erased] = updates(doc, set('t', new Y.Text('kept')), type('t', 4, 'lost'), (map) =>
      (map.get('t') as Y.Text).delete(2, 4),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const there = new Y.Doc();
    Y.applyUpdate(there, text);
    expect(restsOn(erased, ids(typed))).toBe(false);
    Y.applyUpdate(there, filled([erased], ids(typed), there));
    expect(contents(there)).toEqual({ t: 'ke' });
    expect(there.store.pendingDs).toBeNull();
  });

  it('nothing is put in the place of what was never left out', () => {
    const doc = new Y.Doc();
    const [, b] = updates(doc, set('a', 1), set('b', 1)) as [Uint8Array, Uint8Array];
    const there = new Y.Doc();
    expect(filled([b], new Ids(), there)).toBe(b);
  });
});

it('an edit is in a document when all that it brings and deletes is', () => {
  const doc = new Y.Doc();
  const [a, over, away] = updates(doc, set('a', 1), set('a', 2), (map) => map.delete('a')) as [Uint8Array, Uint8Array, Uint8Array];
  const there = new Y.Doc();
  expect(isIn(there, a)).toBe(false);
  Y.applyUpdate(there, a);
  expect([a, over, away].map((update) => isIn(there, update))).toEqual([true, false, false]);
  Y.applyUpdate(there, over);
  expect([a, over, away].map((update) => isIn(there, update))).toEqual([true, true, false]);
  Y.applyUpdate(there, away);
  expect([a, over, away].map((update) => isIn(there, update))).toEqual([true, true, true]);
});
