// @vitest-environment node
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { openBoard } from './board';
import { type BoardContent, restore } from './restore';
import { Fuzz } from './testing/fuzz';
import { clock, content, type Opened, together } from './testing/peers';

const ANA = { id: 'ana', authors: 'shown' } as const;
const BEN = { id: 'ben', authors: 'shown' } as const;

/** As the server would write it down: through JSON. */
function version(board: Opened): BoardContent {
  const objects = board.all().map((object) => ({ ...object, reactions: Object.fromEntries(object.reactions) }));
  return JSON.parse(JSON.stringify({ title: 'A board', legend: Object.fromEntries(board.legend()), objects }));
}

function withoutReactions(board: Opened) {
  const { legend, objects } = content(board);
  return { legend, objects: objects.map((object) => ({ ...object, reactions: null })) };
}

function drawn() {
  const [ana, ben] = together(clock(), ANA, BEN) as [Opened, Opened];
  const ids = ana.edit('Draw', (edit) => {
    const [ward, home] = ['Ward', 'Home'].map((text, at) => edit.add({ kind: 'area', text, x: at * 1_000 }));
    const note = edit.add({ kind: 'note', text: 'The tea round is at ten', parent: ward!, tags: ['a'], x: 20 });
    const other = edit.add({ kind: 'note', text: 'Bus', parent: home!, x: 1_020 });
    const wire = edit.add({ kind: 'connector', start: { object: note, x: 0, y: 0 }, end: { object: other, x: 0, y: 0 } });
    edit.setLegend('sky', 'Problem');
    return { ward: ward!, home: home!, note, other, wire };
  });
  return { ana, ben, ...ids };
}

test('a board comes back as it was, in one step, and undo takes that back', () => {
  const { ana, ben, note, other, home } = drawn();
  const before = content(ana);
  const then = version(ana);
  ben.edit('Change', (edit) => {
    edit.remove(other);
    edit.set(note, { x: 300, colour: 'rose', tags: ['b'] });
    edit.set(home, { prompt: 'What else?' });
    edit.setText(note, 'The tea round is at eleven, always');
    edit.setLegend('sky', 'Idea');
    edit.add({ kind: 'note', text: 'New' });
  });
  const changed = content(ana);
  const { back, removed } = restore(ana, then, { label: 'Restore Monday' });
  expect(content(ben)).toEqual(before);
  expect(back).toHaveLength(2);
  expect(removed).toHaveLength(1);
  expect(ana.undo()).toMatchObject({ label: 'Restore Monday', kept: [] });
  expect(content(ben)).toEqual(changed);
  ana.redo();
  expect(content(ben)).toEqual(before);
});

test('what others write in the same text at the same moment stays', () => {
  const { ana, note } = drawn();
  const then = version(ana);
  ana.edit('Write', (edit) => edit.setText(note, 'The tea round is at eleven'));
  const away = new Y.Doc();
  Y.applyUpdate(away, Y.encodeStateAsUpdate(ana.doc));
  openBoard(away, BEN).edit('Write', (edit) => edit.setText(note, 'The big tea round is at eleven'));
  restore(ana, then);
  Y.applyUpdate(ana.doc, Y.encodeStateAsUpdate(away));
  expect(ana.get(note)?.text).toBe('The big tea round is at ten');
});

test('of one area only what is or was in it', () => {
  const { ana, ben, ward, note, other } = drawn();
  const then = version(ana);
  const late = ben.edit('Change', (edit) => {
    edit.set(note, { parent: null, x: -500 });
    edit.set(other, { x: 1_300 });
    edit.setLegend('sky', 'Idea');
    return edit.add({ kind: 'note', text: 'Late', parent: ward });
  });
  const result = restore(ana, then, { area: ward });
  expect(ana.get(note)).toMatchObject({ parent: ward, x: 20 });
  expect(ana.get(late)).toBeUndefined();
  expect(ana.get(other)?.x).toBe(1_300);
  expect(ana.legend().get('sky')).toBe('Idea');
  expect(result).toEqual({ back: [], changed: [note], removed: [late] });
});

test('what the document no longer has at all is made again with its id', () => {
  const { ana } = drawn();
  const then = version(ana);
  const empty = openBoard(new Y.Doc(), BEN);
  restore(empty, then);
  const [here, there] = [empty, ana].map((board) => withoutReactions(board!).objects.map(({ by: _, ...object }) => object));
  expect(here).toEqual(there);
  expect(empty.all().every(({ by }) => by === null)).toBe(true);
  empty.undo();
  expect(empty.all()).toEqual([]);
});

test('any earlier state of any board can be restored', () => {
  for (let seed = 500; seed < 510; seed++) {
    const fuzz = new Fuzz(seed);
    for (let step = 0; step < 60; step++) fuzz.step();
    fuzz.settle();
    const { board } = fuzz.actors[0]!;
    const [then, before] = [version(board), withoutReactions(board)];
    for (let step = 0; step < 60; step++) fuzz.step();
    for (const { gesture } of fuzz.actors) gesture?.done();
    fuzz.settle();
    const late = content(board);
    restore(board, then);
    expect(withoutReactions(board), `seed ${seed}`).toEqual(before);
    board.undo();
    expect(content(board), `seed ${seed}`).toEqual(late);
    fuzz.settle();
  }
}, 60_000);
