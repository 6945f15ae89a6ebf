import { describe, expect, it, vi } from 'vitest';
import { commandOf, run } from '.';
import { desk, type Desk } from '../input/testing';
import { OPEN } from '../view/permit';
import { clusterBy } from './geometry';
import { endNudge, moveTo } from './moving';
import { goBeside, onward } from './siblings';

const go = (at: Desk, ...ids: string[]) => {
  for (const id of ids) run(id, { view: at.view, ask: (asking) => at.asked.push(asking) });
};
const can = (at: Desk, id: string) => commandOf(id).why({ view: at.view, ask: () => undefined });
const place = (at: Desk, id: string) => {
  const { x, y } = at.board.get(id)!;
  return { x, y };
};
const type = (at: Desk, text: string) => {
  const { editing } = at.view.state();
  at.board.edit('Typing', (edit) => edit.setText(editing!, text));
};

describe('writing', () => {
  it('c1: N makes a note beside the selected one with its place, left empty it goes without a step', () => {
    const at = desk();
    const id = at.note(100, 100);
    at.view.focus(id);
    go(at, 'note.add');
    const made = at.view.state().editing!;
    expect(place(at, made)).toEqual({ x: 310, y: 100 });
    go(at, 'edit.leave');
    expect(at.board.get(made)).toBeUndefined();
    expect(at.view.state().focused).toBe(id);
    expect(at.board.canUndo()).toBe('Put');
  });

  it('a note and its first words are one step', () => {
    const at = desk();
    go(at, 'note.add');
    const made = at.view.state().editing!;
    type(at, 'Hello');
    at.view.edit(null);
    expect(at.board.get(made)?.text).toBe('Hello');
    at.board.undo();
    at.board.undo();
    expect(at.board.get(made)).toBeUndefined();
  });

  it('c2: siblings to all sides, into the note that is there, with area and colour', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 900, h: 900 });
    const first = at.board.edit('Put', (edit) => edit.add({ kind: 'note', x: 300, y: 300, text: 'a', parent: area, colour: 'sky' }));
    const right = at.note(510, 300, 'there', area);
    at.view.edit(first);
    go(at, 'note.right');
    expect(at.view.state().editing).toBe(right);
    at.view.edit(first);
    go(at, 'note.below');
    expect(at.board.get(at.view.state().editing!)).toMatchObject({ x: 300, y: 460, parent: area, colour: 'sky' });
    at.view.edit(first);
    go(at, 'note.left');
    expect(place(at, at.view.state().editing!)).toEqual({ x: 90, y: 300 });
    at.view.edit(first);
    go(at, 'note.above');
    expect(place(at, at.view.state().editing!)).toEqual({ x: 300, y: 140 });
  });

  it('c2: the direction follows the writing', () => {
    expect(onward('Patients wait', 'right')).toBe('right');
    expect(onward('المرضى ينتظرون', 'right')).toBe('left');
    expect(onward('1. שלום', 'left')).toBe('right');
  });

  it('an area grows round a sibling, unless another one is in the way', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 300, h: 300 });
    const id = at.note(20, 60, 'a', area);
    goBeside(at.view, id, 'right');
    type(at, 'b');
    expect(at.board.get(at.view.state().editing!)?.parent).toBe(area);
    expect(at.board.get(area)?.w).toBeGreaterThanOrEqual(446);
    at.put({ kind: 'area', x: 500, y: 0, w: 300, h: 300 });
    const last = at.view.state().editing!;
    goBeside(at.view, last, 'right');
    expect(at.board.get(at.view.state().editing!)?.parent).not.toBe(area);
  });

  it('c12: removing asks when others have had a hand in it, else it is done at once and the focus goes on', () => {
    const at = desk();
    const [a, b] = [at.note(0, 0, 'a'), at.note(300, 0, 'b')];
    at.other.edit('Write', (edit) => edit.setText(a, 'a and more'));
    at.view.focus(a);
    go(at, 'remove');
    expect(at.asked).toMatchObject([{ question: 'remove', ids: [a] }]);
    expect(at.board.get(a)).toBeDefined();
    at.view.focus(b);
    go(at, 'remove');
    expect(at.board.get(b)).toBeUndefined();
    expect(at.view.state().focused).toBe(a);
    expect(at.said.at(-1)).toBe('“b” removed.');
  });

  it('duplicating keeps what is between them, and where they belong', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 900, h: 900 });
    const [a, b] = [at.note(20, 60, 'a', area), at.note(300, 60, 'b', area)];
    at.put({ kind: 'connector', start: { object: a, x: 0, y: 0 }, end: { object: b, x: 0, y: 0 }, relation: 'supports' });
    at.view.select([a, b]);
    go(at, 'duplicate');
    const copies = [...at.view.state().selection].map((id) => at.board.get(id)!).filter(({ kind }) => kind === 'note');
    expect(copies.map(({ text, x, y, parent }) => ({ text, x, y, parent }))).toEqual([
      { text: 'a', x: 40, y: 80, parent: area },
      { text: 'b', x: 320, y: 80, parent: area },
    ]);
    expect(at.board.connectors(copies[0]!.id)).toMatchObject([{ relation: 'supports', end: { object: copies[1]!.id } }]);
    at.board.undo();
    expect(at.board.all()).toHaveLength(4);
  });
});

describe('going about and selecting', () => {
  it('c9: Ctrl+A takes the area first, then the board; what is locked is left out', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 900, h: 900 });
    const [a, b] = [at.note(20, 60, 'a', area), at.note(300, 60, 'b', area)];
    const out = at.note(2_000, 0);
    at.view.focus(a);
    go(at, 'select.all');
    expect([...at.view.state().selection]).toEqual([a, b]);
    go(at, 'select.all');
    expect(at.view.state().selection.size).toBe(4);
    at.view.allow({ ...OPEN, lock: (id) => (id === out ? { object: out, level: 'all', who: 'me', by: { id: '', name: '' } } : null) });
    expect([...at.view.state().selection]).toContain(out);
    at.view.focus(a);
    go(at, 'select.all', 'select.all');
    expect([...at.view.state().selection]).not.toContain(out);
  });

  it('arrows go, with Shift they extend; Escape steps back one thing at a time', () => {
    const at = desk();
    const [a, b] = [at.note(0, 0, 'a'), at.note(300, 0, 'b')];
    at.view.focus(a);
    go(at, 'extend.right');
    expect([...at.view.state().selection]).toEqual([a, b]);
    expect(at.view.state().focused).toBe(b);
    go(at, 'escape');
    expect([...at.view.state().selection]).toEqual([b]);
    go(at, 'escape');
    expect(at.view.state().selection.size).toBe(0);
    expect(at.view.state().focused).toBe(b);
    expect(can(at, 'escape')).toBe('');
    go(at, 'go.left');
    expect(at.view.state().focused).toBe(a);
    go(at, 'go.up');
    expect(at.said.at(-1)).toBe('Nothing further up.');
  });

  it('Page Up and Down go from area to area, and say where', () => {
    const at = desk();
    const [one, two] = ['One', 'Two'].map((text, n) => at.put({ kind: 'area', x: n * 1_000, y: 0, w: 900, h: 900, text }));
    const a = at.note(20, 60, 'a', one);
    at.view.focus(a);
    go(at, 'area.next');
    expect(at.view.state().focused).toBe(two);
    expect(at.said.at(-1)).toBe('“Two”, 0 objects.');
    go(at, 'area.next');
    expect(at.view.state().focused).toBe(a);
  });
});

describe('c10: moving by keys', () => {
  it('M, arrows, Enter: one step, into the area it comes to lie in; Escape puts back without one', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 280, y: 0, w: 500, h: 500, text: 'Ideas' });
    const id = at.note(100, 100);
    at.view.focus(id);
    go(at, 'move.mode', ...Array.from({ length: 20 }, () => 'move.right'), 'move.down.fine');
    expect(place(at, id)).toEqual({ x: 300, y: 101 });
    go(at, 'move.drop');
    expect(at.board.get(id)?.parent).toBe(area);
    expect(at.said.at(-1)).toBe('“words” dropped in “Ideas”.');
    go(at, 'undo');
    expect(at.board.get(id)).toMatchObject({ x: 100, y: 100, parent: null });
    const step = at.board.canUndo();
    go(at, 'move.mode', 'move.left', 'escape');
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    expect(at.board.canUndo()).toBe(step);
    expect(at.view.state()).toMatchObject({ moving: false, focused: id });
  });

  it('where arrows move, nudges that follow one another are one step', () => {
    vi.useFakeTimers();
    const at = desk();
    const id = at.note(100, 100);
    at.view.focus(id);
    at.view.set({ arrows: 'move' });
    go(at, 'move.right', 'move.right', 'move.down.fine');
    expect(place(at, id)).toEqual({ x: 120, y: 101 });
    vi.advanceTimersByTime(1_100);
    go(at, 'move.left');
    endNudge(at.view);
    go(at, 'undo');
    expect(place(at, id)).toEqual({ x: 120, y: 101 });
    go(at, 'undo');
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    vi.useRealTimers();
  });

  it('what is removed by somebody else while it moves ends the moving', () => {
    const at = desk();
    const [id, rest] = [at.note(100, 100), at.note(500, 100)];
    at.view.focus(id);
    go(at, 'move.mode', 'move.right');
    at.other.edit('Remove', (edit) => edit.remove(id));
    expect(at.view.state()).toMatchObject({ moving: false, focused: rest });
    expect(at.said.at(-1)).toMatch(/^Somebody removed/);
    go(at, 'move.mode', 'move.right', 'move.drop');
    expect(place(at, rest)).toEqual({ x: 510, y: 100 });
  });

  it('"Move to area" puts in the first free row, and makes room', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 1_000, y: 0, w: 460, h: 300, text: 'Ideas' });
    at.note(1_016, 52, 'there', area);
    const moved = [at.note(0, 0, 'a'), at.note(300, 0, 'b'), at.note(0, 300, 'c')];
    moveTo(at.view, moved, area);
    expect(moved.map((id) => place(at, id))).toEqual([
      { x: 1_016, y: 212 },
      { x: 1_226, y: 212 },
      { x: 1_016, y: 372 },
    ]);
    expect(moved.every((id) => at.board.get(id)?.parent === area)).toBe(true);
    expect(at.board.get(area)?.h).toBe(538);
    at.board.undo();
    expect(place(at, moved[0]!)).toEqual({ x: 0, y: 0 });
    moveTo(at.view, [moved[0]!], null);
    expect(at.board.get(moved[0]!)?.parent).toBeNull();
  });
});

describe('arranging', () => {
  it('c21: tidies in rows in reading order, as one step; twice is once', () => {
    const at = desk();
    const ids = [at.note(0, 0, 'a'), at.note(230, 15, 'b'), at.note(10, 190, 'c')];
    at.view.select(ids);
    go(at, 'tidy');
    expect(ids.map((id) => place(at, id))).toEqual([
      { x: 0, y: 0 },
      { x: 210, y: 0 },
      { x: 0, y: 160 },
    ]);
    const step = at.board.canUndo();
    go(at, 'tidy');
    expect(at.board.canUndo()).toBe(step);
    go(at, 'undo');
    expect(place(at, ids[1]!)).toEqual({ x: 230, y: 15 });
  });

  it('aligning an area takes its notes along', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 100, y: 0, w: 300, h: 300 });
    const [inside, other] = [at.note(120, 60, 'in', area), at.note(0, 500)];
    at.view.select([area, inside, other]);
    go(at, 'align.left');
    expect([place(at, area), place(at, inside)]).toEqual([{ x: 0, y: 0 }, { x: 20, y: 60 }]);
    expect(can(at, 'distribute.across')).toBe('');
  });

  it('c21: clusters by colour and by support into labelled areas, reversible', () => {
    const at = desk();
    const ids = ['butter', 'sky', 'sky'].map((colour, n) => at.put({ kind: 'note', x: n * 300, y: 0, text: `${n}`, colour: colour as 'sky' }));
    const naming = { colour: (name: string) => name, author: (name: string) => name, noTag: 'No tag', noAuthor: 'Nobody', noArea: 'No area' };
    const made = clusterBy(at.view, ids, 'colour', naming);
    expect(made.map((id) => at.board.get(id)?.text)).toEqual(['sky', 'butter']);
    go(at, 'undo');
    expect(ids.map((id) => at.board.get(id)?.parent)).toEqual([null, null, null]);
    at.view.focus(ids[2]!);
    go(at, 'support');
    expect(clusterBy(at.view, ids, 'support', naming).map((id) => at.board.get(id)?.text)).toEqual(['Supported by one', 'No support yet']);
  });

  it('groups and takes apart', () => {
    const at = desk();
    const ids = [at.note(0, 0), at.note(300, 0)];
    at.view.select(ids);
    go(at, 'group');
    const cluster = at.view.state().focused!;
    expect(at.board.get(cluster)?.kind).toBe('cluster');
    expect(at.board.members(cluster).map(({ id }) => id)).toEqual(ids);
    go(at, 'ungroup');
    expect(at.board.get(cluster)).toBeUndefined();
    expect(ids.map((id) => at.board.get(id)?.parent)).toEqual([null, null]);
  });

  it('c22: merging keeps words, tags and connectors; splitting makes a note a line', () => {
    const at = desk();
    const [a, b, c] = [at.put({ kind: 'note', text: 'one', tags: ['x'] }), at.put({ kind: 'note', text: 'two\n- three', tags: ['y'], x: 300 }), at.note(600, 0)];
    at.put({ kind: 'connector', start: { object: b, x: 0, y: 0 }, end: { object: c, x: 0, y: 0 } });
    at.view.select([a, b]);
    at.view.focus(a, { keep: true });
    go(at, 'merge');
    expect(at.board.get(a)).toMatchObject({ text: 'one\ntwo\n- three', tags: ['x', 'y'], merged: [b] });
    expect(at.board.connectors(a)).toMatchObject([{ end: { object: c } }]);
    go(at, 'split');
    expect([...at.view.state().selection].map((id) => at.board.get(id)?.text)).toEqual(['one', 'two', 'three']);
  });

  it('c10: one step up passes what it touches, and to the front everything', () => {
    const at = desk();
    const [a, b, far, c] = [at.note(0, 0), at.note(50, 0), at.note(2_000, 0), at.note(100, 0)];
    const order = () => at.board.all().map(({ id }) => id);
    at.view.focus(a);
    go(at, 'order.up');
    expect(order()).toEqual([b, a, far, c]);
    go(at, 'order.up');
    expect(order()).toEqual([b, far, c, a]);
    go(at, 'order.bottom');
    expect(order()).toEqual([a, b, far, c]);
    go(at, 'order.top');
    expect(order()).toEqual([b, far, c, a]);
  });
});

describe('sizes by keys', () => {
  it('areas grow and shrink to what they need, images keep their proportions, notes follow their text', () => {
    const at = desk();
    const area = at.put({ kind: 'area', w: 250, h: 300 });
    const image = at.put({ kind: 'image', x: 400, w: 200, h: 100 });
    at.view.focus(area);
    go(at, 'size.taller', 'size.narrower', 'size.narrower');
    expect(at.board.get(area)).toMatchObject({ w: 240, h: 310 });
    at.view.focus(image);
    go(at, 'size.wider');
    expect(at.board.get(image)).toMatchObject({ w: 210, h: 105 });
    at.view.focus(at.note(800, 0));
    expect(can(at, 'size.wider')).toBe('');
  });
});

describe('connecting, talking, undo', () => {
  it('C, arrows, Enter connects; the relation can be said, the connector followed', () => {
    const at = desk();
    const [a, b] = [at.note(0, 0, 'a'), at.note(300, 0, 'b')];
    at.view.focus(a);
    go(at, 'connect', 'go.right', 'connect.here');
    const [wire] = at.board.connectors(a);
    expect(wire).toMatchObject({ start: { object: a }, end: { object: b } });
    expect(at.said.at(-1)).toBe('“a” connected to “b”.');
    at.view.focus(a);
    go(at, 'connector.next');
    expect(at.view.state().focused).toBe(wire!.id);
    go(at, 'relation.supports');
    expect(at.board.get(wire!.id)?.relation).toBe('supports');
    go(at, 'connector.follow');
    expect(at.view.state().focused).toBe(b);
    at.view.focus(a);
    go(at, 'connect', 'connect.list');
    expect(at.asked).toMatchObject([{ question: 'connect-to', ids: [a] }]);
    go(at, 'connect', 'escape');
    expect(at.view.state().connecting).toBeNull();
  });

  it('V supports and takes back', () => {
    const at = desk();
    const id = at.note(0, 0);
    at.view.focus(id);
    go(at, 'support');
    expect(at.board.get(id)?.reactions.get('👍')).toEqual(['asha']);
    go(at, 'support');
    expect(at.board.get(id)?.reactions.get('👍') ?? []).toEqual([]);
  });

  it('c12: undo says what it left, because somebody else changed it', () => {
    const at = desk();
    const id = at.note(0, 0);
    at.view.focus(id);
    at.board.edit('Move', (edit) => edit.set(id, { x: 50 }));
    at.other.edit('Move', (edit) => edit.set(id, { x: 90 }));
    go(at, 'undo');
    expect(at.board.get(id)?.x).toBe(90);
    expect(at.said.at(-1)).toBe('Undone: Move. 1 note left: changed by others since.');
  });

  it('a reader is offered nothing that writes', () => {
    const at = desk();
    const id = at.note(0, 0);
    at.view.focus(id);
    at.view.allow({ ...OPEN, writes: false, leads: false, why: (action) => (action === 'lead' ? 'no' : 'You can read this board, not change it.') });
    for (const name of ['note.add', 'edit', 'remove', 'duplicate', 'move.mode', 'connect', 'support', 'lock', 'undo', 'colour']) expect(can(at, name), name).toBe('You can read this board, not change it.');
    for (const name of ['find', 'zoom.fit', 'copy', 'details', 'go.right', 'shortcuts', 'export']) expect(can(at, name), name).toBeNull();
  });
});
