import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { openBoard } from '../model';
import { outlineOf, type Section, type Slice } from './entries';

const OPTIONS = { order: 'placed', tag: null } as const;

function many(count: number) {
  const board = openBoard(new Y.Doc(), { id: 'jo', authors: 'shown' });
  const ids = board.edit('Notes', (edit) => Array.from({ length: count }, (_, at) => edit.add({ kind: 'note', text: `Note ${at}`, x: (at % 20) * 220, y: Math.floor(at / 20) * 180 })));
  return { board, ids };
}

const slices = (sections: readonly Section[]): readonly Slice[] => sections.flatMap((section) => section.slices);

test('a long section is cut into slices, which hold every line once and in order', () => {
  const { board } = many(600);
  const [section] = outlineOf(board, OPTIONS);
  expect(section!.slices.length).toBeGreaterThan(5);
  expect(section!.slices.flatMap(({ entries }) => entries)).toEqual(section!.entries);
  expect(new Set(section!.slices.map(({ key }) => key)).size).toBe(section!.slices.length);
});

test('a short one is one slice', () => {
  const [section] = outlineOf(many(40).board, OPTIONS);
  expect(section!.slices.length).toBe(1);
});

test('nothing changed: all of it is what it was', () => {
  const { board } = many(600);
  const before = outlineOf(board, OPTIONS);
  expect(slices(outlineOf(board, OPTIONS, before)).every((slice, at) => slice === slices(before)[at])).toBe(true);
});

test('a word in one note makes one slice anew, a note more in the middle at most two', () => {
  const { board, ids } = many(600);
  const before = outlineOf(board, OPTIONS);
  board.edit('Write', (edit) => edit.set(ids[300]!, { colour: 'mint' }));
  const after = outlineOf(board, OPTIONS, before);
  const anew = (now: readonly Section[], then: readonly Section[]) => slices(now).filter((slice) => !slices(then).includes(slice)).length;
  expect(anew(after, before)).toBe(1);
  board.edit('Add', (edit) => edit.add({ kind: 'note', text: 'One more', x: 2200, y: 2700 }));
  expect(anew(outlineOf(board, OPTIONS, after), after)).toBeLessThanOrEqual(2);
});
