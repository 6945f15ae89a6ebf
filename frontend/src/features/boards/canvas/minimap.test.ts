// @vitest-environment jsdom
import * as Y from 'yjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBoard } from '../model';
import { OPEN } from '../view/permit';
import type { BoardView } from '../view/types';
import { createView } from '../view/view';
import { type BoardCanvas, mountCanvas } from '.';

let view: BoardView;
let host: HTMLElement;
let canvas: BoardCanvas;

beforeEach(() => {
  vi.useFakeTimers();
  const board = openBoard(new Y.Doc(), { id: 'me', authors: 'shown' });
  board.edit('Add', (edit) => {
    edit.add({ kind: 'area', text: 'What gets in the way', x: 0, y: 0, w: 2_000, h: 1_000 });
    edit.add({ kind: 'area', text: 'Ideas', x: 3_000, y: 0, w: 2_000, h: 1_000 });
    edit.add({ kind: 'note', text: 'Nobody rings', x: 100, y: 100 });
  });
  host = document.createElement('div');
  Object.defineProperties(host, { clientWidth: { value: 1440 }, clientHeight: { value: 900 } });
  document.body.append(host);
  view = createView(board, { permit: { ...OPEN, me: 'me' }, say: () => undefined, storage: null });
  view.set({ minimap: true });
  canvas = mountCanvas(host, view, { imageUrl: (file) => `/${file}`, person: () => undefined, evidence: () => null, authors: () => 'shown' });
});

afterEach(() => {
  canvas.destroy();
  view.destroy();
  host.remove();
  vi.useRealTimers();
});

const map = () => host.querySelector<HTMLElement>('[role=group][aria-label="Overview of the board"]')!;

describe('c18: the overview', () => {
  it('is at most 200 by 140, names the areas, leads to each, and is no tab stop', async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    const drawing = map().querySelector('canvas')!;
    expect(Number.parseFloat(drawing.style.width)).toBeLessThanOrEqual(200);
    expect(Number.parseFloat(drawing.style.height)).toBeLessThanOrEqual(140);
    const names = [...map().querySelectorAll('button')];
    expect(names.map((name) => name.textContent)).toEqual(['What gets in the way', 'Ideas']);
    expect(names.every((name) => name.tabIndex === -1)).toBe(true);
    names[1]!.click();
    await vi.advanceTimersByTimeAsync(1_000);
    const { x, zoom } = view.camera();
    expect(x).toBeLessThanOrEqual(3_000);
    expect(x + 1440 / zoom).toBeGreaterThanOrEqual(5_000);
  });

  it('a drag in it takes the view along, and a hidden one is not there', async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    const before = view.camera();
    map().setPointerCapture = () => undefined;
    map().dispatchEvent(new PointerEvent('pointerdown', { clientX: 10, clientY: 10, button: 0, bubbles: true }));
    map().dispatchEvent(new PointerEvent('pointermove', { clientX: 150, clientY: 40, bubbles: true }));
    const during = view.camera();
    expect(during.x).toBeGreaterThan(before.x);
    expect(during.zoom).toBe(before.zoom);
    map().dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    map().dispatchEvent(new PointerEvent('pointermove', { clientX: 10, clientY: 10, bubbles: true }));
    expect(view.camera()).toEqual(during);
    view.set({ minimap: false });
    await vi.advanceTimersByTimeAsync(100);
    expect(map().hidden).toBe(true);
  });
});
