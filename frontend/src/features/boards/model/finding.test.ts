// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { difference } from './difference';
import { essence } from './folding';
import { freeCorner, groups, makeGroups, type Naming, planGroups } from './grouping';
import { duplicates, find, inOrder } from './search';
import { clock, content, dice, together } from './testing/peers';
import type { NewObject } from './types';

const ANA = { id: 'ana', authors: 'shown' } as const;

function open(...objects: NewObject[]) {
  const board = together(clock(), ANA)[0]!;
  const ids = board.edit('Add', (edit) => objects.map((object) => edit.add(object)));
  return { board, ids };
}

test('words, tags and authors are found, whatever their case and accents, in reading order', () => {
  const { board, ids } = open(
    { kind: 'note', x: 900, text: 'Café au lait for everyone' },
    { kind: 'note', x: 0, text: 'Lait', tags: ['Café'] },
    { kind: 'source', x: 300, y: 400, source: { url: 'https://a.org', title: 'The cafe study', site: 'a.org' } },
  );
  expect(find(board, 'CAFE')).toEqual([ids[1], ids[0], ids[2]]);
  expect(find(board, 'cafe lait')).toEqual([ids[1], ids[0]]);
  expect(find(board, '#café')).toEqual([ids[1]]);
  expect(find(board, 'ana')).toEqual([]);
  expect(find(board, 'osei study', () => 'Ana Osei')).toEqual([ids[2]]);
  expect(find(board, ' ?! ')).toEqual([]);
});

test('notes that say the same are found together', () => {
  const { board, ids } = open(
    { kind: 'note', text: 'The tea is cold.' },
    { kind: 'note', y: 200, text: 'TEA: cold!' },
    { kind: 'note', y: 400, text: 'Tea is not cold' },
    { kind: 'note', y: 600, text: 'It is' },
    { kind: 'note', y: 800, text: 'it is?' },
    { kind: 'note', y: 1_000 },
    { kind: 'note', y: 1_200 },
    { kind: 'heading', y: 1_400, text: 'The tea is cold.' },
  );
  expect(duplicates(board)).toEqual([
    [ids[0], ids[1]],
    [ids[3], ids[4]],
  ]);
  expect(duplicates(board, new Set([ids[0]!]))).toEqual([]);
  expect(essence('L’été — 2026')).toBe('lete 2026');
});

describe('groups', () => {
  const NAMING: Naming = { colour: (colour) => colour, author: (id) => id, noTag: 'No tag', noAuthor: 'Not recorded', noArea: 'Elsewhere' };

  test('by colour with its meaning, by the commonest tag, by area, by author; the rest last', () => {
    const { board, ids } = open(
      { kind: 'area', text: 'Ward', x: 0, y: 0 },
      { kind: 'note', colour: 'sky', x: 10, y: 60, tags: ['b', 'a'] },
      { kind: 'note', colour: 'rose', x: 220, y: 60, tags: ['a'] },
      { kind: 'note', colour: 'sky', x: 430, y: 60 },
    );
    board.edit('Set', (edit) => {
      edit.set(ids[1]!, { parent: ids[0] });
      edit.setLegend('sky', 'Problem');
    });
    const [, one, two, three] = ids;
    expect(groups(board, ids, 'colour', NAMING)).toEqual([
      { title: 'Problem', ids: [one, three] },
      { title: 'rose', ids: [two] },
    ]);
    expect(groups(board, ids, 'tag', NAMING)).toEqual([
      { title: 'a', ids: [one, two] },
      { title: 'No tag', ids: [three] },
    ]);
    expect(groups(board, ids, 'area', NAMING)).toEqual([
      { title: 'Ward', ids: [one] },
      { title: 'Elsewhere', ids: [two, three] },
    ]);
    expect(groups(board, ids, 'author', NAMING)).toEqual([{ title: 'ana', ids: [one, two, three] }]);
  });

  test('become areas that hold their members and do not overlap, and one undo puts everything back', () => {
    const { board, ids } = open(...Array.from({ length: 40 }, (_, at) => ({ kind: 'note', x: at * 7, y: at * 5, tags: [`t${at % 7}`] }) as const));
    const before = content(board);
    const corner = freeCorner(board);
    const plan = planGroups(board, groups(board, ids, 'tag', NAMING), corner);
    const areas = board.edit('Cluster by tag', (edit) => makeGroups(edit, plan, 'area'));
    expect(areas).toHaveLength(7);
    for (const id of areas) {
      const area = board.box(id)!;
      expect(area.y).toBeGreaterThanOrEqual(corner.y);
      const members = board.members(id);
      expect(members.length).toBeGreaterThan(4);
      for (const { x, y, w, h } of members) expect(x >= area.x && y >= area.y && x + w <= area.x + area.w && y + h <= area.y + area.h).toBe(true);
      for (const other of areas) {
        const box = board.box(other)!;
        if (other !== id) expect(area.x < box.x + box.w && box.x < area.x + area.w && area.y < box.y + box.h && box.y < area.y + area.h).toBe(false);
      }
    }
    board.undo();
    expect(content(board)).toEqual(before);
  });

  test('or clusters', () => {
    const { board, ids } = open({ kind: 'note', tags: ['a'] }, { kind: 'note', x: 300, tags: ['a'] });
    const plan = planGroups(board, groups(board, ids, 'tag', NAMING), { x: 0, y: 0 });
    const [cluster] = board.edit('Cluster', (edit) => makeGroups(edit, plan, 'cluster'));
    expect(board.get(cluster!)).toMatchObject({ kind: 'cluster', text: 'a' });
    expect(inOrder(board).map(({ id }) => id)).toEqual([cluster, ...ids]);
  });
});

describe('difference', () => {
  const apply = (text: string, after: string) => {
    let result = text;
    for (const { at, remove, insert } of difference(text, after).toReversed()) result = result.slice(0, at) + insert + result.slice(at + remove);
    return result;
  };

  test('leads from one text to the other, and keeps words that both have', () => {
    const before = 'The tea round is at ten.\nMilk comes later in the day.';
    const after = 'The coffee round is at ten.\nMilk comes much later.';
    expect(apply(before, after)).toBe(after);
    const removed = difference(before, after).reduce((sum, { remove }) => sum + remove, 0);
    expect(removed).toBeLessThan(20);
    expect(difference('same', 'same')).toEqual([]);
  });

  test('for any two texts, and never through the middle of a character', () => {
    const { below, one } = dice(3);
    const parts = ['a', 'b', ' ', '\n', 'word ', '😀', '😁', 'é', ''];
    for (let turn = 0; turn < 5_000; turn++) {
      const make = () => Array.from({ length: below(12) }, () => one(parts)).join('');
      const [before, after] = [make(), make()];
      expect(apply(before, after)).toBe(after);
      for (const { at, remove, insert } of difference(before, after)) {
        for (const piece of [before.slice(0, at), before.slice(at, at + remove), insert]) expect(/\p{Cs}/u.test(piece)).toBe(false);
      }
    }
  });

  test('two long texts that have nothing in common do not take long', () => {
    const started = performance.now();
    apply('a '.repeat(1_000), 'b '.repeat(1_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
