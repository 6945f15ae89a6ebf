// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { align, distribute, grid, inGrid, type Moves, type Placed, tidy } from './arrange';
import { readingOrder, rows } from './reading';
import { dice } from './testing/peers';

const at = (id: string, x: number, y: number, w = 200, h = 150): Placed => ({ id, x, y, w, h });

function applied(things: readonly Placed[], moves: Moves): Placed[] {
  return things.map((thing) => ({ ...thing, ...moves.get(thing.id) }));
}

function scattered(seed: number, count: number): Placed[] {
  const { below } = dice(seed);
  return Array.from({ length: count }, (_, id) => at(`n${id}`, below(3_000), below(3_000), 100 + below(200), 60 + below(200)));
}

function overlaps(a: Placed, b: Placed): boolean {
  return a.x + 0.01 < b.x + b.w && b.x + 0.01 < a.x + a.w && a.y + 0.01 < b.y + b.h && b.y + 0.01 < a.y + a.h;
}

describe('reading order', () => {
  test('rows by how much of their height is shared, each from the left', () => {
    const things = [at('d', 0, 400), at('c', 500, 30), at('b', 250, -20), at('a', 0, 10)];
    expect(readingOrder(things).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(readingOrder(things, { rightToLeft: true }).map(({ id }) => id)).toEqual(['c', 'b', 'a', 'd']);
  });

  test('a staircase does not become one row', () => {
    const things = Array.from({ length: 6 }, (_, step) => at(`${step}`, 1_000 - step * 100, step * 60));
    expect(rows(things).length).toBeGreaterThan(1);
  });

  test('everything once, whatever lies where, and the same whatever order it comes in', () => {
    for (let seed = 0; seed < 200; seed++) {
      const things = scattered(seed, 30);
      const order = readingOrder(things);
      expect(new Set(order)).toEqual(new Set(things));
      expect(readingOrder(things.toReversed())).toEqual(order);
    }
  });
});

describe('align and distribute', () => {
  const things = [at('a', 0, 0), at('b', 300, 40, 100, 50), at('c', 700, 100)];

  test.each([
    ['left', { b: { x: 0, y: 40 }, c: { x: 0, y: 100 } }],
    ['right', { a: { x: 700, y: 0 }, b: { x: 800, y: 40 } }],
    ['centre', { a: { x: 350, y: 0 }, b: { x: 400, y: 40 }, c: { x: 350, y: 100 } }],
    ['top', { b: { x: 300, y: 0 }, c: { x: 700, y: 0 } }],
    ['bottom', { a: { x: 0, y: 100 }, b: { x: 300, y: 200 } }],
    ['middle', { a: { x: 0, y: 50 }, b: { x: 300, y: 100 }, c: { x: 700, y: 50 } }],
  ] as const)('%s', (how, expected) => {
    expect(Object.fromEntries(align(things, how))).toEqual(expected);
    expect(align(applied(things, align(things, how)), how).size).toBe(0);
  });

  test('equal gaps between, the outermost stay', () => {
    expect(Object.fromEntries(distribute(things, 'across'))).toEqual({ b: { x: 400, y: 40 } });
    for (let seed = 0; seed < 100; seed++) {
      const many = scattered(seed, 9);
      for (const direction of ['across', 'down'] as const) {
        const moved = applied(many, distribute(many, direction));
        expect(distribute(moved, direction).size).toBe(0);
      }
    }
    expect(distribute(things.slice(0, 2), 'across').size).toBe(0);
  });
});

describe('tidy', () => {
  test('rows stay rows, in order, with equal gaps', () => {
    const things = [at('a', 3, 0), at('b', 240, 12), at('c', 470, -8), at('d', 20, 190), at('e', 222, 175)];
    const moved = applied(things, tidy(things));
    expect(moved.map(({ id, x, y }) => [id, x, y])).toEqual([
      ['a', 3, -8],
      ['b', 213, -8],
      ['c', 423, -8],
      ['d', 3, 152],
      ['e', 213, 152],
    ]);
  });

  test('nothing overlaps afterwards, the order is kept, and once is enough', () => {
    for (let seed = 0; seed < 300; seed++) {
      const things = scattered(seed, 1 + (seed % 40));
      const moved = applied(things, tidy(things));
      for (const [index, one] of moved.entries()) for (const other of moved.slice(index + 1)) expect(overlaps(one, other), `seed ${seed}`).toBe(false);
      expect(readingOrder(moved).map(({ id }) => id), `seed ${seed}`).toEqual(readingOrder(things).map(({ id }) => id));
      expect(tidy(moved).size, `seed ${seed}`).toBe(0);
    }
  });

  test('a pile is spread out', () => {
    const pile = Array.from({ length: 30 }, (_, id) => at(`n${id}`, id, id));
    const moved = applied(pile, tidy(pile));
    const right = Math.max(...moved.map(({ x, w }) => x + w));
    expect(right).toBeLessThan(1_500);
  });
});

test('a grid has columns and rows as large as what is in them', () => {
  expect(grid([{ w: 10, h: 20 }, { w: 30, h: 10 }, { w: 20, h: 5 }], { x: 100, y: 0 }, { perRow: 2, gap: 5 })).toEqual([
    { x: 100, y: 0 },
    { x: 125, y: 0 },
    { x: 100, y: 25 },
  ]);
  expect(inGrid([at('b', 900, 0), at('a', 0, 0)], { x: 0, y: 0 }).get('b')).toEqual({ x: 210, y: 0 });
});
