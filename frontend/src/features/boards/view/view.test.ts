import { describe, expect, it, vi } from 'vitest';
import { desk } from '../input/testing';
import { OPEN } from './permit';
import { createView } from './view';

describe('the same board over another document', () => {
  it('is where one was: what is still there is chosen, and looked at', () => {
    const at = desk();
    const [kept, gone] = [at.note(0, 0), at.note(500, 0)];
    at.view.resize(800, 600);
    at.view.select([kept, gone]);
    at.view.focus(kept, { keep: true, still: true });
    at.view.edit(kept);
    at.view.select([kept, gone]);
    at.view.set({ calm: true, tool: 'hand' });
    at.view.look({ x: -50, y: 20, zoom: 0.5 });
    at.board.edit('Remove', (edit) => edit.remove(gone));
    const next = createView(at.board, { permit: OPEN, say: () => undefined, storage: null, former: at.view });
    expect(next.state()).toEqual({ ...at.view.state(), selection: new Set([kept]), focused: kept, editing: kept, tool: 'hand' });
    expect(next.camera()).toEqual({ x: -50, y: 20, zoom: 0.5 });
    next.resize(800, 600);
    expect(next.camera()).toEqual({ x: -50, y: 20, zoom: 0.5 });
    at.board.edit('Remove', (edit) => edit.remove(kept));
    const empty = createView(at.board, { permit: OPEN, say: () => undefined, storage: null, former: next });
    expect(empty.state()).toMatchObject({ focused: null, editing: null });
  });
});

describe('what may be done changes', () => {
  it('a text that is locked while it is written is closed, and why is said', () => {
    const at = desk();
    const id = at.note(0, 0);
    at.view.edit(id);
    at.view.allow({ ...OPEN });
    expect(at.view.state().editing).toBe(id);
    at.view.allow({ ...OPEN, why: (action) => (action === 'edit' ? 'This note is locked by Asha.' : null) });
    expect(at.view.state()).toMatchObject({ editing: null, focused: id });
    expect(at.said.at(-1)).toBe('This note is locked by Asha.');
  });
});

describe('state', () => {
  it('keeps its identity until something changes, and tells once', () => {
    const { view, note } = desk();
    const id = note(0, 0);
    const listener = vi.fn();
    view.subscribe(listener);
    const before = view.state();
    view.select([]);
    view.set({ tool: 'select', moving: false });
    expect(view.state()).toBe(before);
    expect(listener).not.toHaveBeenCalled();
    view.focus(id, { still: true });
    expect(listener).toHaveBeenCalledTimes(1);
    const { selection } = view.state();
    view.set({ tool: 'hand' });
    expect(view.state().selection).toBe(selection);
    view.zoomBy(2);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it('what is removed by somebody else hands its focus to the nearest, in the same area, and says so', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 700, h: 500 });
    const near = at.note(300, 60, 'Near', area);
    const far = at.note(500, 300, 'Far', area);
    const gone = at.note(20, 60, 'Gone', area);
    const closer = at.note(20, 520, 'Outside, closer to none', null);
    at.view.focus(gone);
    at.view.edit(gone);
    at.other.edit('Remove', (edit) => edit.remove(gone));
    expect(at.view.state()).toMatchObject({ focused: near, editing: null });
    expect([...at.view.state().selection]).toEqual([near]);
    expect(at.said.at(-1)).toBe('Somebody removed “Gone”. Now on “Near”.');
    expect([far, closer]).not.toContain(at.view.state().focused);
  });

  it('says nothing of what one removed oneself', () => {
    const at = desk();
    const [a, b] = [at.note(0, 0), at.note(300, 0)];
    at.view.focus(a);
    at.board.edit('Remove', (edit) => edit.remove(a));
    expect(at.view.state().focused).toBe(b);
    expect(at.said).toEqual([]);
  });

  it('calm mode shows one area at a time, that of the focus', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 700, h: 500 });
    const inside = at.note(20, 60, 'in', area);
    const outside = at.note(1_000, 0, 'out');
    at.view.focus(inside);
    at.view.set({ calm: true });
    expect(at.view.state().calmArea).toBe(area);
    at.view.focus(outside);
    expect(at.view.state().calmArea).toBeNull();
  });

  it('what may not be edited is not opened, and why is said; losing the right to write closes it', () => {
    const at = desk({ permit: { ...OPEN, why: () => 'Locked.' } });
    const id = at.note(0, 0);
    at.view.edit(id);
    expect(at.view.state().editing).toBeNull();
    expect(at.said).toEqual(['Locked.']);
    at.view.allow(OPEN);
    at.view.edit(id);
    at.view.allow({ ...OPEN, writes: false });
    expect(at.view.state().editing).toBeNull();
  });

  it('personal settings stay on the device; what is there and unsound is passed over', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    desk({ storage }).view.set({ letters: false, arrows: 'move', minimap: false });
    expect(desk({ storage }).view.state()).toMatchObject({ letters: false, arrows: 'move', minimap: false, cursors: true });
    kept.set('lab.board.settings', '[1');
    expect(desk({ storage }).view.state()).toMatchObject({ letters: true, arrows: 'go' });
    const broken = { getItem: () => { throw new Error('forbidden'); }, setItem: () => { throw new Error('full'); } };
    expect(() => desk({ storage: broken }).view.set({ calm: true })).not.toThrow();
  });
});

describe('camera', () => {
  it('c17: from 5 to 400 %, to the pointer', () => {
    const { view } = desk();
    view.zoomBy(1_000, { x: 500, y: 400 });
    expect(view.camera().zoom).toBe(4);
    expect(view.toBoard({ x: 500, y: 400 })).toEqual({ x: 500, y: 400 });
    view.zoomBy(0.000_1, { x: 10, y: 10 });
    expect(view.camera().zoom).toBe(0.05);
    view.look({ x: Number.NaN, y: 0, zoom: 1 });
    expect(view.camera()).toEqual({ x: 0, y: 0, zoom: 1 });
  });

  it('tells once a frame, however often it moved', () => {
    const at = desk();
    const listener = vi.fn();
    at.pass(100);
    at.view.onCamera(listener);
    for (let n = 0; n < 10; n += 1) at.view.zoomBy(1.1);
    expect(listener).not.toHaveBeenCalled();
    at.pass(20);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('glides in 200 ms, and jumps where motion is unwanted', () => {
    const at = desk();
    let now = 0;
    let due: (() => void)[] = [];
    const moving = createView(at.board, {
      permit: OPEN,
      say: () => undefined,
      storage: null,
      clock: { frame: (run) => due.push(run), dropFrame: () => undefined, now: () => now, still: () => false },
    });
    moving.resize(1_000, 800);
    moving.look({ x: 400, y: 0, zoom: 2 }, { glide: true });
    expect(moving.camera().x).toBe(0);
    const seen: number[] = [];
    moving.onCamera(({ zoom }) => seen.push(zoom));
    while (now <= 240) {
      const run = due;
      due = [];
      for (const each of run) each();
      now += 20;
    }
    expect(moving.camera()).toEqual({ x: 400, y: 0, zoom: 2 });
    expect(seen.length).toBeGreaterThan(5);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    at.view.look({ x: 400, y: 0, zoom: 2 }, { glide: true });
    expect(at.view.camera().zoom).toBe(2);
  });

  it('fits the board, never above 100 %; a box closer where that is wished', () => {
    const at = desk();
    at.note(0, 0);
    at.view.fit();
    expect(at.view.camera().zoom).toBe(1);
    at.view.fit({ x: 0, y: 0, w: 200, h: 150 }, { close: true });
    expect(at.view.camera().zoom).toBe(2);
    at.note(10_000, 0);
    at.view.fit();
    expect(at.view.camera().zoom).toBeLessThan(0.1);
  });

  it('opens on everything that is there, and is not torn away by the first note one writes oneself', () => {
    const at = desk();
    const empty = () => {
      const view = createView(at.board, { permit: OPEN, say: () => undefined, storage: null });
      view.resize(1_000, 800);
      return view;
    };
    const [mine, theirs] = [empty(), empty()];
    theirs.destroy();
    at.note(5_000, 5_000);
    expect(mine.camera()).toEqual({ x: 0, y: 0, zoom: 1 });
    expect(empty().toScreen({ x: 5_100, y: 5_075 }).x).toBeCloseTo(500);
    at.board.edit('Remove', (edit) => at.board.all().forEach(({ id }) => void edit.remove(id)));
    const late = empty();
    at.other.edit('Put', (edit) => edit.add({ kind: 'note', x: 3_000, y: 0 }));
    expect(late.toScreen({ x: 3_100, y: 75 }).x).toBeCloseTo(500);
  });

  it('c19: reveals with the smallest move, and text no smaller than asked', () => {
    const at = desk();
    const here = at.note(100, 100);
    const below = at.note(100, 900);
    at.view.reveal(here);
    expect(at.view.camera()).toEqual({ x: 0, y: 0, zoom: 1 });
    at.view.reveal(below);
    expect(at.view.camera()).toMatchObject({ x: 0, zoom: 1 });
    expect(at.view.toScreen({ x: 100, y: 1_050 }).y).toBeLessThan(800);
    at.view.look({ x: 0, y: 0, zoom: 0.1 });
    at.view.reveal(below, { text: 14 });
    expect(at.view.camera().zoom * 15).toBeGreaterThanOrEqual(14);
  });

  it('an on-screen keyboard never hides what is written', () => {
    const at = desk();
    const id = at.note(100, 600);
    at.view.edit(id);
    at.view.cover(350);
    expect(at.view.toScreen({ x: 100, y: 750 }).y).toBeLessThanOrEqual(450);
  });
});

describe('where a new one goes', () => {
  it('beside the focused one, past what is there, into the same area', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 900, h: 900 });
    const first = at.note(20, 60, 'a', area);
    at.note(230, 60, 'b', area);
    at.view.focus(first);
    expect(at.view.spotFor('note')).toEqual({ at: { x: 440, y: 60 }, parent: area });
    at.note(440, 60, 'c', area);
    at.note(650, 60, 'd', area);
    expect(at.view.spotFor('note').at).toEqual({ x: 16, y: 220 });
  });

  it('else in the middle of the view', () => {
    const at = desk();
    expect(at.view.spotFor('note')).toEqual({ at: { x: 400, y: 325 }, parent: null });
  });
});
