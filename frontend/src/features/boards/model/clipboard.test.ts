// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { carry, putDown, putLines, putTable } from './carried';
import { MOST_PASTED, readPasted, tableTexts, toFlavours } from './clipboard';
import { cells } from './spreadsheet';
import { clock, dice, together } from './testing/peers';

const ANA = { id: 'ana', authors: 'shown' } as const;
const open = () => together(clock(), ANA)[0]!;

describe('what was pasted', () => {
  test('a list: bullets and numbers go', () => {
    expect(readPasted({ text: '- Tea\r\n* Coffee\n\n 3. Milk\n4) Sugar\n[x] Water\n• Juice\n–  Cake\n2026 was good\na) first' })).toEqual({
      kind: 'lines',
      lines: ['Tea', 'Coffee', 'Milk', 'Sugar', 'Water', 'Juice', 'Cake', '2026 was good', 'first'],
    });
    expect(readPasted({ text: '  one line ' })).toEqual({ kind: 'text', text: 'one line' });
    expect(readPasted({ text: '- a\n- b' }, { plain: true })).toEqual({ kind: 'text', text: '- a\n- b' });
    expect(readPasted({ text: ' \n ' })).toEqual({ kind: 'nothing' });
    expect(readPasted({ html: '<p>Only HTML</p>' })).toEqual({ kind: 'nothing' });
  });

  test('spreadsheet cells, those with breaks and marks in them too', () => {
    const text = 'Idea\tWho\r\n"Tea\nround"\tAna\r\n"Say ""yes"""\t5" pipe\r\n\t\r\n';
    expect(readPasted({ text })).toEqual({ kind: 'table', rows: [['Idea', 'Who'], ['Tea\nround', 'Ana'], ['Say "yes"', '5" pipe']] });
    expect(tableTexts([['a', 'b'], ['', 'c']], 'row')).toEqual(['a\nb', 'c']);
    expect(tableTexts([['a', 'b'], ['', 'c']], 'cell')).toEqual(['a', 'b', 'c']);
    expect(readPasted({ text: 'one\t\ntwo\t' })).toEqual({ kind: 'lines', lines: ['one', 'two'] });
  });

  test('links, alone or several', () => {
    expect(readPasted({ text: 'https://example.org/a?b=c' })).toEqual({ kind: 'links', urls: ['https://example.org/a?b=c'] });
    expect(readPasted({ text: 'https://a.org\nhttp://b.org' }).kind).toBe('links');
    expect(readPasted({ text: 'see https://a.org' }).kind).toBe('text');
    expect(readPasted({ text: 'javascript:alert(1)' }).kind).toBe('text');
  });

  test('too much is refused with words, the very long before it is read', () => {
    const started = performance.now();
    const huge = readPasted({ text: 'x\n'.repeat(50_000_000) });
    expect(huge).toMatchObject({ kind: 'refused', why: expect.stringContaining('too much') });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(readPasted({ text: 'x\n'.repeat(1_001) })).toMatchObject({ kind: 'refused', why: expect.stringContaining('1,001') });
    expect(readPasted({ text: 'x\ty\n'.repeat(1_001) }).kind).toBe('refused');
    expect(readPasted({ text: 'y'.repeat(MOST_PASTED + 1) }).kind).toBe('refused');
  });

  test('any bytes come out as something', () => {
    const { below, one } = dice(7);
    const parts = ['\t', '\n', '"', '""', 'a', '- ', '1. ', 'https://x.y', '\u0000', '😀', ' data-lab-board="', '%7B', '"'];
    for (let turn = 0; turn < 2_000; turn++) {
      const text = Array.from({ length: below(30) }, () => one(parts)).join('');
      expect(readPasted({ text, html: text })).toHaveProperty('kind');
      cells(text);
    }
  });
});

describe('objects', () => {
  function drawn() {
    const board = open();
    const ids = board.edit('Draw', (edit) => {
      const area = edit.add({ kind: 'area', text: 'Ideas', x: 100, y: 100 });
      const cluster = edit.add({ kind: 'cluster', text: 'Drinks', parent: area });
      const tea = edit.add({ kind: 'note', text: 'Tea <&"', x: 130, y: 160, parent: cluster, colour: 'sky', tags: ['hot'] });
      const milk = edit.add({ kind: 'note', text: 'Milk\ncold', x: 400, y: 160, parent: area });
      const wire = edit.add({ kind: 'connector', text: 'with', start: { object: tea, x: 1, y: 2 }, end: { object: milk, x: 3, y: 4 }, relation: 'supports' });
      const out = edit.add({ kind: 'note', text: 'Far', x: 2_000, y: 0 });
      edit.add({ kind: 'connector', start: { object: milk, x: 0, y: 0 }, end: { object: out, x: 0, y: 0 } });
      return { area, cluster, tea, milk, wire };
    });
    return { board, ...ids };
  }

  test('go to another board with layout, inner connectors and where they came from', () => {
    const { board, area, tea } = drawn();
    const taken = carry(board, [area], 'boardOne');
    expect(taken.lines).toEqual(['Ideas', 'Drinks', 'Tea <&"', 'Milk\ncold', 'with']);
    const pasted = readPasted(toFlavours(taken.json, taken.lines));
    if (pasted.kind !== 'objects') throw new Error(pasted.kind);
    const other = open();
    const { ids, images } = other.edit('Paste', (edit) => putDown(edit, pasted, { x: 0, y: 0 }, { parent: null, here: 'boardTwo' }));
    expect(images).toBe(0);
    const [newArea, newCluster, newTea, newMilk, newWire] = ids.map((id) => other.get(id)!);
    expect(other.all()).toHaveLength(5);
    expect(newArea).toMatchObject({ kind: 'area', x: 0, y: 0, text: 'Ideas', origin: { board: 'boardOne', object: area } });
    expect(newCluster).toMatchObject({ kind: 'cluster', parent: newArea!.id });
    expect(newTea).toMatchObject({ x: 30, y: 60, colour: 'sky', tags: ['hot'], parent: newCluster!.id, text: 'Tea <&"', origin: { object: tea } });
    expect(newMilk).toMatchObject({ x: 300, y: 60, parent: newArea!.id });
    expect(newWire).toMatchObject({ text: 'with', relation: 'supports', start: { object: newTea!.id }, end: { object: newMilk!.id, x: -97, y: -96 } });
    other.undo();
    expect(other.all()).toEqual([]);
  });

  test('as plain text they are a list', () => {
    const { board, area } = drawn();
    const { json, lines } = carry(board, [area], 'b');
    const { text } = toFlavours(json, lines);
    expect(text).toBe('- Ideas\n- Drinks\n- Tea <&"\n- Milk cold\n- with');
    expect(readPasted({ text })).toMatchObject({ kind: 'lines', lines: ['Ideas', 'Drinks', 'Tea <&"', 'Milk cold', 'with'] });
  });

  test('images of another board are left out and counted', () => {
    const board = open();
    const id = board.edit('Add', (edit) => edit.add({ kind: 'image', picture: { file: 'f1', width: 10, height: 10 } }));
    const { json, lines } = carry(board, [id], 'one');
    const pasted = readPasted(toFlavours(json, lines));
    if (pasted.kind !== 'objects') throw new Error(pasted.kind);
    const there = board.edit('Paste', (edit) => putDown(edit, pasted, { x: 0, y: 0 }, { parent: null, here: 'two' }));
    expect(there).toEqual({ ids: [], images: 1 });
    const here = board.edit('Paste', (edit) => putDown(edit, pasted, { x: 5, y: 0 }, { parent: null, here: 'one' }));
    expect(board.get(here.ids[0]!)?.picture?.file).toBe('f1');
  });

  test('what somebody wrote by hand is brought into bounds or refused', () => {
    const paste = (value: unknown) => readPasted(toFlavours(JSON.stringify(value), []));
    const envelope = (objects: unknown, more: object = {}) => ({ lab: 'board-objects', version: 1, board: 'b', objects, ...more });
    expect(paste(envelope([{ id: 'a', kind: 'note', x: 'far', w: -1, colour: 'pink', tags: [1, 'ok'], parent: 5, start: 7, z: {} }, { id: 'a', kind: 'note' }, null, { id: 'b', kind: 'ghost' }]))).toMatchObject({
      kind: 'objects',
      objects: [{ id: 'a', x: 0, w: 1, colour: 'butter', tags: ['ok'], parent: null, start: null, z: '' }],
    });
    expect(paste(envelope([], { version: 2 }))).toMatchObject({ kind: 'refused' });
    expect(paste(envelope(Array.from({ length: 1_001 }, (_, id) => ({ id: `n${id}`, kind: 'note' }))))).toMatchObject({ kind: 'refused' });
    for (const value of [null, [], 'x', { lab: 'other' }, envelope('x')]) expect(paste(value).kind).toBe('nothing');
  });

  test('two hundred rows are two hundred notes in one edit, quickly, at most five in a row', () => {
    const board = open();
    const pasted = readPasted({ text: Array.from({ length: 200 }, (_, row) => `- Row ${row}`).join('\n') });
    if (pasted.kind !== 'lines') throw new Error(pasted.kind);
    const started = performance.now();
    const ids = board.edit('Paste', (edit) => putLines(edit, pasted.lines, { x: 0, y: 0 }, { parent: null, colour: 'mint' }));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(board.members(null).map(({ id }) => id)).toEqual(ids);
    expect(board.get(ids[5]!)).toMatchObject({ x: 0, y: 160, text: 'Row 5', colour: 'mint' });
    board.undo();
    expect(board.all()).toEqual([]);
  });

  test('a table keeps its columns', () => {
    const board = open();
    const ids = board.edit('Paste', (edit) => putTable(edit, [['a', 'b'], ['', 'd', 'e']], { x: 0, y: 0 }, { parent: null, colour: 'sky' }));
    expect(ids.map((id) => [board.get(id)!.text, board.get(id)!.x, board.get(id)!.y])).toEqual([
      ['a', 0, 0],
      ['b', 210, 0],
      ['d', 210, 160],
      ['e', 420, 160],
    ]);
  });
});
