import { describe, expect, it } from 'vitest';
import { snap } from './snapping';
import { pulled } from './resize';

const box = (x: number, y: number, w = 100, h = 100) => ({ x, y, w, h });
const none = { x: 0, y: 0 };

describe('c8: snapping', () => {
  it('edges and middles meet those of others within 8 pixels, each axis for itself', () => {
    expect(snap(box(205, 3), [box(0, 0)], 8, none).by).toEqual({ x: 0, y: -3 });
    expect(snap(box(107, 300), [box(0, 0)], 8, none).by).toEqual({ x: -7, y: 0 });
    expect(snap(box(109, 300), [box(0, 0)], 8, none).by).toEqual({ x: 0, y: 0 });
    expect(snap(box(27, 300, 40), [box(0, 0)], 8, none).by).toEqual({ x: 3, y: 0 });
  });

  it('the guide goes from the first to the last that lie on it', () => {
    const { guides } = snap(box(3, 300), [box(0, 0), box(0, 600)], 8, none);
    expect(guides).toContainEqual({ from: { x: 0, y: 0 }, to: { x: 0, y: 700 } });
  });

  it('gaps become equal, and all the equal ones are shown', () => {
    const row = [box(0, 0), box(130, 0), box(260, 0)];
    const { by, guides } = snap(box(394, 0), row, 8, none);
    expect(by).toEqual({ x: -4, y: 0 });
    expect(guides.filter(({ gap }) => gap === 30)).toHaveLength(3);
    const between = snap(box(153, 0, 50), [box(0, 0), box(250, 0)], 8, none);
    expect(between.by.x).toBe(-3);
  });

  it('nothing near, nothing drawn', () => {
    expect(snap(box(500, 500), [box(0, 0)], 8, { x: 5, y: 6 })).toEqual({ by: { x: 5, y: 6 }, guides: [] });
  });
});

describe('resizing', () => {
  it('keeps the opposite corner, and never less than it needs', () => {
    expect(pulled(box(0, 0), 'se', { x: 50, y: -20 }, { w: 40, h: 40 }, false)).toEqual(box(0, 0, 150, 80));
    expect(pulled(box(0, 0), 'nw', { x: 90, y: 90 }, { w: 40, h: 40 }, false)).toEqual(box(60, 60, 40, 40));
    expect(pulled(box(0, 0, 200, 100), 'se', { x: 200, y: 0 }, { w: 40, h: 40 }, true)).toEqual(box(0, 0, 400, 200));
  });
});
