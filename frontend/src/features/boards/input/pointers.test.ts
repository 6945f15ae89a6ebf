import { describe, expect, it } from 'vitest';
import { dice } from '../model/testing/peers';
import { OPEN } from '../view/permit';
import type { ObjectId } from '../model/types';
import { createPointers } from './pointers';
import { desk, press, type Desk } from './testing';

const place = ({ board }: Desk, id: ObjectId) => {
  const { x, y } = board.get(id)!;
  return { x, y };
};

describe('a mouse', () => {
  it('c7: drags only after 4 pixels, and one drag is one step', () => {
    const at = desk();
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    pointers.down(press(150, 150));
    pointers.move(press(153, 150));
    expect(pointers.busy()).toBe(false);
    pointers.move(press(250, 190, { mod: true }));
    pointers.move(press(350, 250, { mod: true }));
    expect(at.canvas.offset).toMatchObject({ ids: [id], dx: 200, dy: 100 });
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    pointers.up(press(350, 250, { mod: true }));
    expect(place(at, id)).toEqual({ x: 300, y: 200 });
    expect(at.canvas.offset.ids).toEqual([]);
    expect(at.held.at(-1)).toMatchObject({ ids: [] });
    at.board.undo();
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    expect(at.board.canUndo()).toBe('Put');
  });

  it('c7: Escape puts everything back and leaves no step, also what was written on the way', () => {
    const at = desk();
    const id = at.note(100, 100);
    const step = at.board.canUndo();
    const pointers = createPointers(at.tools);
    pointers.down(press(150, 150));
    pointers.move(press(300, 300, { mod: true }));
    at.pass(150);
    expect(place(at, id)).toEqual({ x: 250, y: 250 });
    expect(pointers.escape()).toBe(true);
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    expect(at.board.canUndo()).toBe(step);
    pointers.up(press(300, 300));
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    expect(pointers.escape()).toBe(false);
  });

  it('c9: a box selects what it touches, with Alt what lies wholly in it, with Shift besides; locked things are passed over', () => {
    const at = desk({ permit: { ...OPEN, lock: (id) => (id === locked ? { object: id, level: 'all', who: 'facilitators', by: { id: 'x', name: 'X' } } : null) } });
    const a = at.note(100, 100);
    const b = at.note(400, 100);
    let locked = '';
    locked = at.note(100, 400);
    const pointers = createPointers(at.tools);
    const drag = (how: object) => {
      pointers.down(press(50, 50, how));
      pointers.move(press(450, 700, how));
      expect(at.canvas.marquee).not.toBeNull();
      pointers.up(press(450, 700, how));
      expect(at.canvas.marquee).toBeNull();
      return [...at.view.state().selection];
    };
    expect(drag({})).toEqual([a, b]);
    expect(drag({ alt: true })).toEqual([a]);
    at.view.select([b]);
    expect(drag({ alt: true, shift: true }).sort()).toEqual([a, b].sort());
  });

  it('c9: Shift and a click toggles; a click on nothing lets go', () => {
    const at = desk();
    const [a, b] = [at.note(100, 100), at.note(400, 100)];
    const pointers = createPointers(at.tools);
    const click = (x: number, y: number, how = {}) => {
      pointers.down(press(x, y, how));
      pointers.up(press(x, y, how));
    };
    click(150, 150);
    click(450, 150, { shift: true, time: 1_000 });
    expect([...at.view.state().selection]).toEqual([a, b]);
    click(150, 150, { shift: true, time: 2_000 });
    expect([...at.view.state().selection]).toEqual([b]);
    click(900, 700, { time: 3_000 });
    expect(at.view.state()).toMatchObject({ focused: null, editing: null });
    expect(at.view.state().selection.size).toBe(0);
  });

  it('c1: two clicks on nothing make a note there in edit; left empty it was never there', () => {
    const at = desk();
    at.note(100, 100);
    const before = at.board.canUndo();
    const pointers = createPointers(at.tools);
    const twice = (x: number, y: number, time: number) => {
      for (const each of [time, time + 200]) {
        pointers.down(press(x, y, { time: each }));
        pointers.up(press(x, y, { time: each }));
      }
    };
    twice(700, 500, 0);
    const made = at.view.state().editing!;
    expect(at.board.get(made)).toMatchObject({ kind: 'note', x: 600, y: 425 });
    at.view.edit(null);
    expect(at.board.get(made)).toBeUndefined();
    expect(at.board.canUndo()).toBe(before);
    twice(150, 150, 5_000);
    expect(at.board.get(at.view.state().editing!)?.text).toBe('words');
  });

  it('c22: dropped on a note with Alt, it is merged into that, as one step', () => {
    const at = desk();
    const [a, b] = [at.note(100, 100, 'one'), at.note(500, 100, 'two')];
    const pointers = createPointers(at.tools);
    pointers.down(press(150, 150));
    pointers.move(press(550, 150, { alt: true }));
    expect(at.canvas.drop).not.toBeNull();
    pointers.up(press(550, 150, { alt: true }));
    expect(at.board.get(a)).toBeUndefined();
    expect(at.board.get(b)).toMatchObject({ text: 'two\none', merged: [a] });
    at.board.undo();
    expect(at.board.get(a)?.text).toBe('one');
    expect(place(at, a)).toEqual({ x: 100, y: 100 });
    expect(at.board.get(b)?.text).toBe('two');
  });

  it('dragging into an area makes it part of it, out of it frees it', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 400, y: 100, w: 500, h: 500, text: 'Ideas' });
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    const drag = (x: number, y: number, toX: number, toY: number) => {
      pointers.down(press(x, y));
      pointers.move(press(toX, toY, { mod: true }));
      pointers.up(press(toX, toY, { mod: true }));
    };
    drag(150, 150, 600, 300);
    expect(at.board.get(id)?.parent).toBe(area);
    expect(at.said.at(-1)).toContain('into “Ideas”');
    drag(600, 300, 150, 300);
    expect(at.board.get(id)?.parent).toBeNull();
  });

  it('where nothing may be added a drop is put back, and why', () => {
    const at = desk({ permit: { ...OPEN, why: (action, id) => (action === 'add' && id !== null ? 'Not here.' : null) } });
    at.put({ kind: 'area', x: 400, y: 100, w: 500, h: 500 });
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    pointers.down(press(150, 150));
    pointers.move(press(600, 300, { mod: true }));
    pointers.up(press(600, 300, { mod: true }));
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    expect(at.said.at(-1)).toContain('Not here.');
  });

  it('an area takes along what lies in it; inside it is ground', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 100, y: 100, w: 500, h: 500 });
    const id = at.note(200, 200, 'in it', area);
    const pointers = createPointers(at.tools);
    pointers.down(press(150, 110));
    pointers.move(press(160, 130, { mod: true }));
    pointers.up(press(160, 130, { mod: true }));
    expect(place(at, area)).toEqual({ x: 110, y: 120 });
    expect(place(at, id)).toEqual({ x: 210, y: 220 });
    pointers.down(press(150, 600));
    pointers.move(press(180, 590));
    expect(at.canvas.marquee).not.toBeNull();
    pointers.escape();
  });

  it('c4: the (+) handle makes a note beside by a click, and anywhere by a drag', () => {
    const at = desk();
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    const grip = { grip: 'side', id, side: 'right' } as const;
    pointers.down(press(310, 175), grip);
    pointers.up(press(310, 175));
    const beside = at.view.state().editing!;
    expect(place(at, beside)).toEqual({ x: 310, y: 100 });
    at.board.edit('Type', (edit) => edit.setText(beside, 'next'));
    at.view.edit(null);
    pointers.down(press(310, 175, { time: 2_000 }), grip);
    pointers.move(press(600, 600, { time: 2_100 }));
    pointers.up(press(600, 600, { time: 2_200 }));
    expect(place(at, at.view.state().editing!)).toEqual({ x: 500, y: 525 });
  });

  it('with the connect tool a drag from one to another connects them', () => {
    const at = desk();
    const [a, b] = [at.note(100, 100), at.note(500, 100)];
    const pointers = createPointers(at.tools);
    at.view.set({ tool: 'connect' });
    pointers.down(press(150, 150));
    pointers.move(press(400, 150));
    expect(at.canvas.line).toBe(true);
    pointers.up(press(550, 150));
    expect(at.canvas.line).toBe(false);
    expect(at.board.connectors(a)[0]).toMatchObject({ start: { object: a }, end: { object: b } });
    expect(at.view.state().tool).toBe('select');
  });

  it('space or the middle button pans', () => {
    const at = desk();
    at.note(100, 100);
    const pointers = createPointers(at.tools);
    pointers.space(true);
    pointers.down(press(150, 150));
    pointers.move(press(100, 130));
    pointers.up(press(100, 130));
    pointers.space(false);
    expect(at.view.camera()).toEqual({ x: 50, y: 20, zoom: 1 });
    pointers.down(press(150, 150, { button: 1 }));
    pointers.move(press(200, 170, { button: 1 }));
    pointers.up(press(200, 170, { button: 1 }));
    expect(at.view.camera()).toEqual({ x: 0, y: 0, zoom: 1 });
  });
});

describe('fingers and a pen', () => {
  const finger = (pointer: number, x: number, y: number, time = 0) => press(x, y, { pointer, device: 'touch', time });

  it('c25: a finger pans at once, and drags a note after resting on it', () => {
    const at = desk();
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    pointers.down(finger(1, 150, 150));
    pointers.move(finger(1, 158, 150));
    expect(pointers.busy()).toBe(false);
    pointers.move(finger(1, 170, 150));
    pointers.up(finger(1, 170, 150));
    expect(at.view.camera().x).toBe(-20);
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    at.view.look({ x: 0, y: 0, zoom: 1 });
    pointers.down(finger(1, 150, 150, 1_000));
    at.pass(200);
    pointers.move(finger(1, 250, 250, 1_200));
    pointers.up(finger(1, 250, 250, 1_300));
    expect(place(at, id)).not.toEqual({ x: 100, y: 100 });
  });

  it('c25: a long press asks what to do, and nothing is dragged after it', () => {
    const at = desk();
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    pointers.down(finger(1, 150, 150));
    at.pass(600);
    expect(at.asked).toMatchObject([{ question: 'menu', ids: [id] }]);
    pointers.move(finger(1, 400, 400));
    pointers.up(finger(1, 400, 400));
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
  });

  it('c17: two fingers zoom to the point between them and never draw; the drag they interrupt is put back', () => {
    const at = desk();
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    pointers.down(finger(1, 150, 150));
    at.pass(200);
    pointers.move(finger(1, 250, 250));
    expect(pointers.busy()).toBe(true);
    pointers.down(finger(2, 350, 250));
    expect(at.canvas.offset.ids).toEqual([]);
    expect(place(at, id)).toEqual({ x: 100, y: 100 });
    pointers.move(finger(2, 450, 250));
    expect(at.view.camera().zoom).toBeCloseTo(2);
    pointers.up(finger(2, 450, 250));
    pointers.move(finger(1, 50, 50));
    pointers.up(finger(1, 50, 50));
    expect(at.board.all()).toHaveLength(1);
    expect(pointers.busy()).toBe(false);
  });

  it('c17: a double tap with two fingers shows the area', () => {
    const at = desk();
    at.put({ kind: 'area', x: 0, y: 0, w: 4_000, h: 2_000 });
    const pointers = createPointers(at.tools);
    for (const time of [0, 300]) {
      pointers.down(finger(1, 300, 300, time));
      pointers.down(finger(2, 360, 300, time + 10));
      pointers.up(finger(1, 300, 300, time + 80));
      pointers.up(finger(2, 360, 300, time + 90));
    }
    expect(at.view.camera().zoom).toBeLessThan(0.3);
  });

  it('c25: once a pen was seen fingers only pan, and a hand beside the pen does nothing', () => {
    const at = desk();
    const id = at.note(100, 100);
    const pointers = createPointers(at.tools);
    const pen = (x: number, y: number) => press(x, y, { pointer: 9, device: 'pen', mod: true });
    pointers.down(pen(150, 150));
    pointers.move(pen(200, 200));
    pointers.down(finger(1, 600, 600));
    pointers.move(finger(1, 650, 650));
    pointers.move(pen(250, 250));
    pointers.up(pen(250, 250));
    pointers.up(finger(1, 650, 650));
    expect(place(at, id)).toEqual({ x: 200, y: 200 });
    pointers.down(finger(1, 250, 250, 2_000));
    at.pass(200);
    pointers.move(finger(1, 300, 300, 2_300));
    pointers.up(finger(1, 300, 300, 2_400));
    expect(place(at, id)).toEqual({ x: 200, y: 200 });
    expect(at.view.camera().x).toBe(-50);
  });
});

describe('whatever comes in whatever order', () => {
  const seeds = Array.from({ length: 60 }, (_, at) => at + 1);
  it.each(seeds)('no half gesture, no stuck offset, at most one step a gesture (seed %i)', (seed) => {
    const chance = dice(seed);
    const at = desk();
    const area = at.put({ kind: 'area', x: 500, y: 50, w: 450, h: 600 });
    for (let n = 0; n < 8; n += 1) at.note(chance.below(800), chance.below(600), `note ${n}`, chance.chance(0.3) ? area : null);
    const pointers = createPointers(at.tools);
    let time = 0;
    const down = new Set<number>();
    const count = () => {
      let n = 0;
      while (at.board.undo()) n += 1;
      while (at.board.redo());
      return n;
    };
    const steps = count();
    let begun = 0;
    for (let act = 0; act < 80; act += 1) {
      time += chance.below(400);
      const pointer = chance.one([1, 1, 1, 2]);
      const device = pointer === 2 ? 'touch' : chance.one(['mouse', 'touch'] as const);
      const now = press(chance.below(1_000), chance.below(800), { pointer, device, time, shift: chance.chance(0.1), alt: chance.chance(0.1), mod: chance.chance(0.2) });
      switch (chance.below(9)) {
        case 0:
        case 1:
          if (!down.has(pointer)) begun += 1;
          down.add(pointer);
          pointers.down(now);
          break;
        case 2:
        case 3:
        case 4:
          pointers.move(now);
          break;
        case 5:
          down.delete(pointer);
          pointers.up(now);
          break;
        case 6:
          pointers.escape();
          break;
        case 7: {
          const what = chance.below(4);
          if (what === 0) {
            down.delete(pointer);
            pointers.lost(pointer);
          } else if (what === 1) at.view.set({ tool: chance.one(['select', 'connect', 'hand', 'area', 'note'] as const) });
          else at.pass(chance.below(700));
          break;
        }
        case 8: {
          const victim = at.other.all()[chance.below(at.other.all().length)];
          if (victim && chance.chance(0.3)) at.other.edit('Remove', (one) => one.remove(victim.id));
          else if (victim) at.other.edit('Move', (one) => one.set(victim.id, { x: chance.below(900) }));
          break;
        }
      }
    }
    for (const pointer of [...down]) pointers.up(press(10, 10, { pointer, device: pointer === 2 ? 'touch' : 'mouse', time: time + 5_000 }));
    pointers.stop();
    at.view.edit(null);
    at.view.set({ tool: 'select', connecting: null });
    at.pass(5_000);
    expect(pointers.busy()).toBe(false);
    expect(at.canvas.offset.ids).toEqual([]);
    expect(at.canvas.marquee).toBeNull();
    expect(at.canvas.drop).toBeNull();
    expect(at.canvas.line).toBe(false);
    expect(at.held.at(-1)?.ids ?? []).toEqual([]);
    for (const { x, y } of at.board.all()) expect(Number.isFinite(x + y)).toBe(true);
    expect(count() - steps).toBeLessThanOrEqual(begun);
    // Nothing of what was left open comes back later.
    const places = at.board.all().map(({ id, x, y }) => [id, x, y]);
    pointers.move(press(500, 500));
    pointers.up(press(500, 500));
    at.pass(5_000);
    expect(at.board.all().map(({ id, x, y }) => [id, x, y])).toEqual(places);
  });
});
