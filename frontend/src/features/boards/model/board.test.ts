// @vitest-environment node
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { openBoard } from './board';
import type { Changes } from './types';

const ANA = { id: 'ana', authors: 'shown' } as const;
const BEN = { id: 'ben', authors: 'shown' } as const;
const NOON = () => Date.UTC(2026, 10, 23, 12, 5, 30);

function pair() {
  const [one, two] = [new Y.Doc(), new Y.Doc()];
  one.on('update', (update, origin) => origin !== 'wire' && Y.applyUpdate(two, update, 'wire'));
  two.on('update', (update, origin) => origin !== 'wire' && Y.applyUpdate(one, update, 'wire'));
  return [openBoard(one, ANA, { now: NOON }), openBoard(two, BEN, { now: NOON })] as const;
}

describe('reading', () => {
  test('an object is made with its kind’s defaults and read by everybody', () => {
    const [ana, ben] = pair();
    const id = ana.edit('Add a note', (edit) => edit.add({ kind: 'note', x: 10.126, y: 20, text: 'Tea round', tags: ['b', 'a'] }));
    expect(id).toMatch(/^[0-9A-Za-z]{12}$/);
    const note = ben.get(id);
    expect(note).toMatchObject({ kind: 'note', by: 'ana', at: '2026-11-23T12:05Z', x: 10.13, y: 20, w: 200, h: 150 });
    expect(note).toMatchObject({ text: 'Tea round', tags: ['a', 'b'], colour: 'butter', parent: null, start: null });
    expect(ana.get(id)).toEqual(note);
  });

  test('hidden authors are not written down', () => {
    const doc = new Y.Doc();
    const board = openBoard(doc, { id: 'ana', authors: 'hidden' }, { now: NOON });
    const id = board.edit('Add', (edit) => edit.add({ kind: 'note' }));
    board.edit('Remove', (edit) => edit.remove(id));
    expect(doc.getMap('objects').get(`${id}/made`)).toMatchObject({ by: null });
    expect(doc.getMap('objects').get(`${id}/gone`)).toMatchObject({ by: null });
  });

  test('snapshots keep their identity until something of them changes', () => {
    const [ana, ben] = pair();
    const [a, b] = ana.edit('Add', (edit) => [edit.add({ kind: 'note' }), edit.add({ kind: 'note', x: 500 })]);
    const all = ana.all();
    const before = [ana.get(a), ana.get(b)];
    expect(ana.all()).toBe(all);
    ben.edit('Move', (edit) => edit.set(a, { x: 5 }));
    expect(ana.get(a)).not.toBe(before[0]);
    expect(ana.get(b)).toBe(before[1]);
    expect(before[0]?.x).toBe(0);
    expect(ana.all()).not.toBe(all);
  });

  test('listeners hear once a transaction what changed and whose it was, and may edit', () => {
    const [ana, ben] = pair();
    const heard: Changes[] = [];
    ana.subscribe((changes) => heard.push(changes));
    const id = ana.edit('Add', (edit) => edit.add({ kind: 'note' }));
    ben.edit('Change', (edit) => {
      edit.set(id, { x: 1 });
      edit.setText(id, 'Hello');
      edit.setLegend('sky', 'Problem');
    });
    ben.edit('Nothing new', (edit) => edit.set(id, { x: 1 }));
    expect(heard).toEqual([
      { ids: new Set([id]), whose: 'mine', legend: false },
      { ids: new Set([id]), whose: 'others', legend: true },
    ]);
    expect(ana.legend()).toEqual(new Map([['sky', 'Problem']]));
    const stop = ben.subscribe(({ whose }) => {
      if (whose === 'others') ben.edit('Answer', (edit) => edit.set(id, { y: 7 }));
    });
    ana.edit('Ask', (edit) => edit.set(id, { x: 9 }));
    stop();
    expect(ana.get(id)).toMatchObject({ x: 9, y: 7 });
    expect(ben.undo()).toMatchObject({ label: 'Answer', kept: [] });
  });

  test('within an edit the board already shows it', () => {
    const [ana] = pair();
    ana.edit('Add', (edit) => {
      const id = edit.add({ kind: 'note', tags: ['old'] });
      edit.set(id, { tags: ['new'] });
      expect(ana.get(id)?.tags).toEqual(['new']);
      ana.edit('Nested', (inner) => inner.remove(id));
      expect(ana.get(id)).toBeUndefined();
    });
    expect(ana.canUndo()).toBeNull();
  });

  test('later objects lie on top', () => {
    const [ana] = pair();
    const ids = ana.edit('Add', (edit) => Array.from({ length: 300 }, () => edit.add({ kind: 'note' })));
    expect(ana.all().map(({ id }) => id)).toEqual(ids);
    expect(Math.max(...ana.all().map(({ z }) => z.length))).toBeLessThan(10);
  });

  test('keys that have grown long are dealt out anew when something is added', () => {
    const [ana, ben] = pair();
    const ids = ana.edit('Add', (edit) => [edit.add({ kind: 'note' }), edit.add({ kind: 'note' }), edit.add({ kind: 'note' })]);
    ana.edit('Long', (edit) => edit.set(ids[1]!, { z: `V${'0'.repeat(45)}1` }));
    ben.edit('Add', (edit) => ids.push(edit.add({ kind: 'note' })));
    expect(ana.all().map(({ id }) => id)).toEqual(ids);
    expect(Math.max(...ana.all().map(({ z }) => z.length))).toBeLessThan(4);
  });

  test('members are in reading order, connectors left out; removing the area lets them stay', () => {
    const [ana, ben] = pair();
    const { area, notes, wire } = ana.edit('Add', (edit) => {
      const area = edit.add({ kind: 'area', text: 'Ideas' });
      const at = [[300, 0], [0, 20], [0, 300]] as const;
      const notes = at.map(([x, y]) => edit.add({ kind: 'note', x, y, parent: area }));
      const [start, end] = [notes[0]!, notes[1]!].map((object) => ({ object, x: 0, y: 0 }));
      return { area, notes, wire: edit.add({ kind: 'connector', start: start!, end: end!, parent: area }) };
    });
    expect(ben.members(area).map(({ id }) => id)).toEqual([notes[1], notes[0], notes[2]]);
    expect(ben.connectors(notes[0]!).map(({ id }) => id)).toEqual([wire]);
    expect(ben.box(wire)).toEqual({ x: expect.any(Number), y: expect.any(Number), w: expect.any(Number), h: expect.any(Number) });
    const former = ben.get(notes[0]!);
    ben.edit('Remove', (edit) => edit.remove(area));
    expect(ana.members(area)).toEqual([]);
    expect(ana.members(null).map(({ id }) => id)).toEqual([notes[1], notes[0], notes[2]]);
    expect(ana.get(notes[0]!)?.parent).toBeNull();
    expect(ana.removed().map(({ id }) => id)).toEqual([area]);
    ana.edit('Bring back', (edit) => edit.bringBack(area));
    expect(ben.get(notes[0]!)).toEqual(former);
  });

  test('connectors go with what they are fixed to, and come back with it', () => {
    const [ana] = pair();
    const [a, b, wire] = ana.edit('Add', (edit) => {
      const [a, b] = [edit.add({ kind: 'note' }), edit.add({ kind: 'note', x: 400 })];
      return [a, b, edit.add({ kind: 'connector', start: { object: a, x: 1, y: 2 }, end: { object: b, x: 3, y: 4 } })];
    });
    ana.edit('Remove', (edit) => edit.remove(a!));
    expect(ana.get(wire!)).toBeUndefined();
    ana.edit('Bring back', (edit) => edit.bringBack(a!));
    expect(ana.get(wire!)?.start).toEqual({ object: a, x: 1, y: 2 });
    ana.doc.getMap('objects').set(`${b}/gone`, { by: null, at: '2026-11-23T12:05Z' });
    expect(ana.get(wire!)?.end).toEqual({ object: null, x: 3, y: 4 });
  });

  test('a cluster lies round its members, which stay in its area without it', () => {
    const [ana] = pair();
    const [area, cluster, note] = ana.edit('Add', (edit) => {
      const area = edit.add({ kind: 'area' });
      const cluster = edit.add({ kind: 'cluster', parent: area });
      edit.add({ kind: 'note', x: 100, y: 100, parent: cluster });
      return [area, cluster, edit.add({ kind: 'note', x: 400, y: 120, parent: cluster })];
    });
    expect(ana.box(cluster!)).toEqual({ x: 100, y: 100, w: 500, h: 170 });
    ana.edit('Remove', (edit) => edit.remove(cluster!));
    expect(ana.get(note!)?.parent).toBe(area);
    ana.undo();
    expect(ana.get(note!)?.parent).toBe(cluster);
  });

  test('whatever is in the document, a board comes out', () => {
    const doc = new Y.Doc();
    const map = doc.getMap<unknown>('objects');
    const nonsense = [null, true, -1e300, 1e300, 'x'.repeat(5_000), [], ['a', 3], {}, { x: 'a', w: -4, kind: 'ghost', colour: 7, object: {} }];
    const facets = ['made', 'place', 'size', 'z', 'parent', 'style', 'text', 'start', 'end', 'relation', 'picture', 'alt', 'source', 'evidence', 'prompt', 'origin', 'merged', 'gone', 'tag/', 'tag/x', 'reaction/', 'reaction/a', 'reaction/a/b', '', '//'];
    doc.transact(() => {
      for (const key of ['', '/', 'no-slash', '/made', 'a b/made']) map.set(key, { kind: 'note' });
      for (const kind of ['note', 'area', 'connector', 'cluster', 'ghost'])
        nonsense.forEach((value, at) => {
          for (const facet of facets) map.set(`${kind}${at}/${facet}`, value);
          map.set(`${kind}${at}/made`, { kind, by: value, at: value });
          map.set(`${kind}${at}/parent`, `${kind}${(at + 1) % nonsense.length}`);
          map.delete(`${kind}${at}/gone`);
        });
      map.set('note0/place', new Y.Map());
      map.set('note0/size', new Y.Array());
      map.set('note0/text', new Y.XmlFragment());
      map.set('self/made', { kind: 'cluster' });
      map.set('self/parent', 'self');
      map.set('wire/made', { kind: 'connector' });
      map.set('wire/start', { object: 'wire', x: 1, y: 1 });
    });
    const board = openBoard(doc, ANA);
    expect(board.all()).toHaveLength(4 * nonsense.length + 2);
    for (const object of board.all()) {
      for (const side of [object.x, object.y, object.w, object.h]) expect(Number.isFinite(side)).toBe(true);
      expect(board.box(object.id)).toBeDefined();
      board.members(object.id);
      board.touchedByOthers(object.id);
    }
    board.edit('Change all of it', (edit) => {
      for (const { id } of board.all()) {
        edit.set(id, { x: Number.NaN, y: 1e99, w: -1, tags: ['y'], colour: 'sky' });
        edit.setText(id, 'words');
      }
    });
    expect(board.get('note1')).toMatchObject({ x: expect.any(Number), y: 1_000_000, w: 1, colour: 'sky', text: 'words' });
    board.undo();
    board.edit('Nobody', (edit) => {
      edit.set('nobody', { x: 1 });
      edit.setText('nobody', 'a');
      edit.remove('nobody');
      edit.bringBack('nobody');
      edit.react('nobody', '👍', true);
    });
  });
});
