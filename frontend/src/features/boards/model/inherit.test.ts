// @vitest-environment node
// Undo goes on where it was when the document is replaced by one that holds the same, without what was refused.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { filled, Ids, idsOf } from '../../../realtime/remains';
import { openBoard } from './board';
import { clock } from './testing/peers';

const ANA = { id: 'ana', authors: 'shown' } as const;

/** A board, and another one over a document to which every edit came but those made within `refused`. */
function twice() {
  const now = clock();
  const doc = new Y.Doc();
  const board = openBoard(doc, ANA, { now });
  const edits: { update: Uint8Array; lost: boolean }[] = [];
  let lost = false;
  doc.on('update', (update: Uint8Array) => void edits.push({ update, lost }));
  const refused = (act: () => void) => {
    lost = true;
    act();
    lost = false;
  };
  const anew = () => {
    const there = new Y.Doc();
    const ids = new Ids();
    for (const { update } of edits.filter((edit) => edit.lost)) {
      const { brought } = idsOf(update);
      for (const client of brought.clients()) for (const [from, to] of brought.of(client)) ids.add(client, from, to);
    }
    const others = edits.filter((edit) => !edit.lost).map(({ update }) => update);
    Y.applyUpdate(there, filled(others, ids, there));
    return openBoard(there, ANA, { now }, board);
  };
  return { now, board, refused, anew };
}

test('what was done before can be undone and done again', () => {
  const { now, board, anew } = twice();
  const note = board.edit('Add a note', (edit) => edit.add({ kind: 'note', text: 'Tea' }));
  board.edit('Colour', (edit) => edit.set(note, { colour: 'sky' }));
  board.edit('Colour', (edit) => edit.set(note, { colour: 'mint' }));
  board.undo();
  now.pass(5_000);
  board.edit('Typing', (edit) => edit.setText(note, 'Tea and cake'));
  const next = anew();
  expect(next.canUndo()).toBe('Typing');
  expect(next.undo()).toEqual({ label: 'Typing', ids: [note], kept: [] });
  expect(next.get(note)?.text).toBe('Tea');
  expect(next.undo()).toEqual({ label: 'Colour', ids: [note], kept: [] });
  expect(next.get(note)?.colour).toBe('butter');
  expect(next.undo()).toEqual({ label: 'Add a note', ids: [note], kept: [] });
  expect(next.get(note)).toBeUndefined();
  expect(next.canUndo()).toBeNull();
  expect(next.redo()?.label).toBe('Add a note');
  expect(next.redo()?.label).toBe('Colour');
  expect(next.get(note)).toMatchObject({ text: 'Tea', colour: 'sky' });
});

test('what was refused is nothing to undo, and is not blamed on others', () => {
  const { board, refused, anew } = twice();
  const note = board.edit('Add a note', (edit) => edit.add({ kind: 'note', text: 'Tea' }));
  board.edit('Colour', (edit) => edit.set(note, { colour: 'sky' }));
  refused(() => {
    board.edit('Colour again', (edit) => edit.set(note, { colour: 'mint' }));
    board.edit('Typing', (edit) => edit.setText(note, 'Tea and more'));
    board.edit('Add another', (edit) => edit.add({ kind: 'note', text: 'Gone' }));
  });
  const next = anew();
  expect(next.all().map(({ id }) => id)).toEqual([note]);
  expect(next.undo()).toEqual({ label: 'Colour', ids: [note], kept: [] });
  expect(next.get(note)).toMatchObject({ colour: 'butter', text: 'Tea' });
});

test('a text that was taken away cannot be brought back by undo, so that is not offered', () => {
  const { board, now, anew } = twice();
  const note = board.edit('Add a note', (edit) => edit.add({ kind: 'note', text: 'Tea' }));
  board.edit('Colour', (edit) => edit.set(note, { colour: 'sky' }));
  now.pass(5_000);
  board.edit('Typing', (edit) => edit.setText(note, 'Cake'));
  const next = anew();
  expect(next.undo()?.label).toBe('Colour');
  expect(next.get(note)?.text).toBe('Cake');
});

test('a drag that goes on meanwhile is a step of its own', () => {
  const { board, anew } = twice();
  const note = board.edit('Add a note', (edit) => edit.add({ kind: 'note', text: 'Tea' }));
  const drag = board.gesture('Move');
  drag.edit((edit) => edit.set(note, { x: 100 }));
  const next = anew();
  expect(next.get(note)?.x).toBe(100);
  expect(next.undo()).toEqual({ label: 'Move', ids: [note], kept: [] });
  expect(next.get(note)?.x).toBe(0);
});

test('what was made before by this page is not somebody else’s', () => {
  const { board, anew } = twice();
  const note = board.edit('Add a note', (edit) => edit.add({ kind: 'note', text: 'Tea' }));
  const next = anew();
  next.edit('Typing', (edit) => edit.setText(note, 'Tea, hot'));
  expect(next.touchedByOthers(note)).toBe(false);
  next.undo();
  expect(next.undo()).toEqual({ label: 'Add a note', ids: [note], kept: [] });
});
