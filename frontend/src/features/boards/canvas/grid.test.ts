import { describe, expect, it } from 'vitest';
import { around, contains, Grid, grown, meet } from './grid';

const note = (x: number, y: number) => ({ x, y, w: 200, h: 150 });

describe('the grid', () => {
  it('finds what touches a box, across cells and below zero', () => {
    const grid = new Grid();
    grid.put('a', note(-300, -300));
    grid.put('b', note(350, 350));
    grid.put('c', note(5_000, 0));
    expect([...grid.find({ x: -200, y: -200, w: 700, h: 700 })].sort()).toEqual(['a', 'b']);
    expect([...grid.find({ x: 540, y: 490, w: 5, h: 5 })]).toEqual(['b']);
    expect([...grid.find({ x: 550, y: 350, w: 5, h: 5 })]).toEqual([]);
  });

  it('follows what moves and forgets what goes', () => {
    const grid = new Grid();
    grid.put('a', note(0, 0));
    grid.put('a', note(10_000, 0));
    expect(grid.find(note(0, 0)).size).toBe(0);
    expect(grid.find(note(10_000, 0)).size).toBe(1);
    grid.remove('a');
    expect(grid.find({ x: -1e6, y: -1e6, w: 2e6, h: 2e6 }).size).toBe(0);
    expect(grid.size).toBe(0);
  });

  it('holds the largest area there may be without a cell for every piece of it', () => {
    const grid = new Grid();
    grid.put('huge', { x: -50_000, y: -50_000, w: 100_000, h: 100_000 });
    expect([...grid.find(note(0, 0))]).toEqual(['huge']);
    grid.put('huge', note(0, 0));
    expect(grid.find(note(3_000, 0)).size).toBe(0);
  });

  it('answers for the whole board as it does for a part', () => {
    const grid = new Grid();
    for (let at = 0; at < 500; at += 1) grid.put(`n${at}`, note((at % 25) * 230, Math.floor(at / 25) * 190));
    expect(grid.find({ x: -1e6, y: -1e6, w: 2e6, h: 2e6 }).size).toBe(500);
  });
});

describe('boxes', () => {
  it('that only share an edge do not meet', () => {
    expect(meet(note(0, 0), note(200, 0))).toBe(false);
    expect(meet(note(0, 0), note(199, 0))).toBe(true);
  });

  it('are gathered, grown and contained', () => {
    expect(around([note(0, 0), note(300, 100)])).toEqual({ x: 0, y: 0, w: 500, h: 250 });
    expect(around([])).toBeUndefined();
    expect(contains(grown(note(0, 0), 1), note(0, 0))).toBe(true);
    expect(contains(note(0, 0), note(1, 0))).toBe(false);
  });
});
