import { describe, expect, it } from 'vitest';
import { desk } from '../input/testing';
import { areaOf, areasInOrder, neighbour, walk } from './places';

describe('places', () => {
  it('c10: an arrow leads to the nearest in its direction, in the area first', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 700, h: 500, text: 'A' });
    const [a, b, c] = [at.note(20, 60, 'a', area), at.note(230, 60, 'b', area), at.note(20, 220, 'c', area)];
    const out = at.note(720, 60, 'out');
    expect(neighbour(at.board, a, 'right')).toBe(b);
    expect(neighbour(at.board, a, 'down')).toBe(c);
    expect(neighbour(at.board, c, 'up')).toBe(a);
    expect(neighbour(at.board, b, 'right')).toBe(out);
    expect(neighbour(at.board, a, 'left')).toBeNull();
  });

  it('c11: area by area, then what is in none', () => {
    const at = desk();
    const second = at.put({ kind: 'area', x: 1_000, y: 0, w: 700, h: 500 });
    const first = at.put({ kind: 'area', x: 0, y: 0, w: 700, h: 500 });
    expect(areasInOrder(at.board)).toEqual([first, second, null]);
    const cluster = at.put({ kind: 'cluster', parent: first });
    const member = at.note(20, 60, 'm', cluster);
    expect(walk(at.board, first)).toEqual([cluster, member]);
    expect(areaOf(at.board, member)).toBe(first);
  });

  it('parents that go in a circle are survived', () => {
    const at = desk();
    const [a, b] = [at.put({ kind: 'cluster' }), at.put({ kind: 'cluster' })];
    at.board.edit('Bad', (edit) => {
      edit.set(a, { parent: b });
      edit.set(b, { parent: a });
    });
    expect(areaOf(at.board, a)).toBeNull();
    expect(() => walk(at.board, null)).not.toThrow();
  });
});
