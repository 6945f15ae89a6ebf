import { afterEach, describe, expect, it } from 'vitest';
import { COMMANDS, createKeymap } from '../commands';
import { attachInput } from './attach';
import { desk } from './testing';
import { turned } from './wheel';

function page() {
  const at = desk();
  const host = document.createElement('div');
  const world = document.createElement('div');
  const listbox = document.createElement('div');
  listbox.setAttribute('role', 'listbox');
  listbox.tabIndex = 0;
  world.append(listbox);
  host.append(world, at.canvas.overlay);
  document.body.append(host);
  const cursors: unknown[] = [];
  const input = attachInput(host, at.view, at.canvas, {
    keymap: createKeymap(COMMANDS, null),
    ask: (asking) => at.asked.push(asking),
    hold: at.tools.hold,
    cursor: (point) => cursors.push(point),
  });
  const point = (type: string, x: number, y: number, how: PointerEventInit = {}) =>
    listbox.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', buttons: type === 'pointerdown' || type === 'pointermove' ? 1 : 0, ...how }));
  const key = (name: string, type = 'keydown', how: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true, ...how });
    listbox.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { ...at, host, listbox, input, point, key, cursors };
}

afterEach(() => document.body.replaceChildren());

describe('input on the page', () => {
  it('a drag by pointer events moves; Escape in the middle puts back', () => {
    const at = page();
    const id = at.note(100, 100);
    at.point('pointerdown', 150, 150);
    at.point('pointermove', 250, 250, { ctrlKey: true });
    expect(at.key('Escape')).toBe(true);
    at.point('pointerup', 250, 250);
    expect(at.board.get(id)).toMatchObject({ x: 100, y: 100 });
    at.point('pointerdown', 150, 150);
    at.point('pointermove', 250, 250, { ctrlKey: true });
    at.point('pointerup', 250, 250, { ctrlKey: true });
    expect(at.board.get(id)).toMatchObject({ x: 200, y: 200 });
    expect(at.cursors.at(-1)).toEqual({ x: 250, y: 250 });
  });

  it('the page loses the pointer: put back', () => {
    const at = page();
    const id = at.note(100, 100);
    at.point('pointerdown', 150, 150);
    at.point('pointermove', 250, 250);
    at.point('pointercancel', 250, 250);
    expect(at.board.get(id)).toMatchObject({ x: 100, y: 100 });
    at.point('pointerdown', 150, 150);
    at.point('pointermove', 250, 250);
    window.dispatchEvent(new Event('blur'));
    at.point('pointerup', 250, 250);
    expect(at.board.get(id)).toMatchObject({ x: 100, y: 100 });
  });

  it('space alone selects, held it pans', () => {
    const at = page();
    const id = at.note(100, 100);
    at.view.focus(id);
    at.key(' ');
    at.key(' ', 'keyup');
    expect(at.view.state().selection.size).toBe(0);
    at.key(' ');
    at.point('pointerdown', 150, 150);
    at.point('pointermove', 100, 150);
    at.point('pointerup', 100, 150);
    at.key(' ', 'keyup');
    expect(at.view.camera().x).toBe(50);
    expect(at.view.state().selection.size).toBe(0);
  });

  it('pressing on the board ends writing; fields and tools over the board keep their presses and keys', () => {
    const at = page();
    const id = at.note(100, 100);
    at.view.edit(id);
    const field = document.createElement('input');
    at.canvas.overlay.append(field);
    field.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerId: 1 }));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true, cancelable: true }));
    expect(at.view.state().editing).toBe(id);
    at.point('pointerdown', 700, 700);
    at.point('pointerup', 700, 700);
    expect(at.view.state().editing).toBeNull();
    expect(at.board.all()).toHaveLength(1);
  });

  it('a right click and the menu key ask what to do, also of what is locked', () => {
    const at = page();
    const id = at.note(100, 100);
    at.view.allow({ ...at.view.permit(), lock: () => ({ object: id, level: 'all', who: 'me', by: { id: 'x', name: 'X' } }) });
    at.listbox.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 150, clientY: 150 }));
    expect(at.asked).toMatchObject([{ question: 'menu', ids: [id] }]);
    expect(at.key('ContextMenu')).toBe(true);
    expect(at.asked).toHaveLength(2);
  });

  it('the wheel pans, with Ctrl it zooms to the pointer', () => {
    const { view } = desk();
    const turn = { deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, metaKey: false, shiftKey: false };
    turned(view, { ...turn, deltaX: 10, deltaY: 30 }, { x: 0, y: 0 });
    expect(view.camera()).toEqual({ x: 10, y: 30, zoom: 1 });
    turned(view, { ...turn, deltaY: 30, shiftKey: true }, { x: 0, y: 0 });
    expect(view.camera().x).toBe(40);
    const under = view.toBoard({ x: 300, y: 200 });
    turned(view, { ...turn, deltaY: -120, ctrlKey: true }, { x: 300, y: 200 });
    expect(view.camera().zoom).toBeCloseTo(2 ** 0.25);
    expect(view.toBoard({ x: 300, y: 200 }).x).toBeCloseTo(under.x);
  });

  it('taken off the page it leaves nothing behind', () => {
    const at = page();
    const id = at.note(100, 100);
    at.point('pointerdown', 150, 150);
    at.point('pointermove', 250, 250);
    at.input.destroy();
    expect(at.canvas.offset.ids).toEqual([]);
    at.point('pointerup', 250, 250);
    at.key('n');
    expect(at.board.all()).toHaveLength(1);
    expect(at.board.get(id)).toMatchObject({ x: 100, y: 100 });
  });
});
