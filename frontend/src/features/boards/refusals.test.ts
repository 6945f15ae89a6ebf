// @vitest-environment node
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { openBoard } from './model';
import { describeRefused } from './refusals';

const entries = (...keys: string[]) => keys.map((key) => ({ root: 'objects', key }));

test('names what was touched, and gives the words back', () => {
  const doc = new Y.Doc();
  const board = openBoard(doc, { id: 'ana', authors: 'shown' });
  const [first, second] = board.edit('Put', (edit) => [
    edit.add({ kind: 'note', text: 'Ask **early**, and write it down where everybody on the ward can read it' }),
    edit.add({ kind: 'area', text: '' }),
  ]) as [string, string];
  expect(describeRefused(doc, entries(`${first}/text`, `${first}/place`, `${first}/parent`, `${second}/size`, `${first}/tag/urgent`))).toEqual({
    what: ['“Ask early, and write it down where everybody on the ward…”: its words, where it lies, its tags', 'an area: its size'],
    text: 'Ask **early**, and write it down where everybody on the ward can read it',
  });
  expect(describeRefused(doc, entries(`${first}/made`, `${first}/place`, `${first}/text`)).what).toEqual([expect.stringMatching(/: made new$/)]);
  expect(describeRefused(doc, entries(`${second}/gone`))).toEqual({ what: ['an area: removed, or brought back'], text: '' });
  expect(describeRefused(doc, [{ root: 'board', key: 'legend/mint' }]).what).toEqual(['what a colour means']);
});

test('is never longer than anybody reads, and stumbles over nothing', () => {
  const many = describeRefused(new Y.Doc(), entries(...Array.from({ length: 50 }, (_, at) => `thing${at}/place`), 'nonsense', '/', 'a/'));
  expect(many.what).toHaveLength(21);
  expect(many.what.at(-1)).toMatch(/^and \d+ more$/);
  expect(many.text).toBe('');
});
