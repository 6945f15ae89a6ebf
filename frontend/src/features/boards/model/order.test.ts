// @vitest-environment node
import { expect, test } from 'vitest';
import { between, sortKey, spread } from './order';
import { dice } from './testing/peers';

test('between two keys there is always another', () => {
  for (let seed = 0; seed < 50; seed++) {
    const { below } = dice(seed);
    const keys = [between(null, null)];
    for (let step = 0; step < 400; step++) {
      const at = below(keys.length + 1);
      const [low, high] = [keys[at - 1] ?? null, keys[at] ?? null];
      const key = between(low, high);
      expect(low === null || low < key, `${low} < ${key}, seed ${seed}`).toBe(true);
      expect(high === null || key < high, `${key} < ${high}, seed ${seed}`).toBe(true);
      expect(sortKey(key)).toBe(key);
      expect(key.endsWith('0')).toBe(false);
      keys.splice(at, 0, key);
    }
  }
});

test('ten thousand on top, or below, of each other have short keys', () => {
  for (const next of [(key: string | null) => between(key, null), (key: string | null) => between(null, key)]) {
    let key: string | null = null;
    for (let step = 0; step < 10_000; step++) key = next(key);
    expect(key!.length).toBeLessThanOrEqual(6);
  }
});

test('dealt out anew, keys are short and rise', () => {
  for (const count of [0, 1, 2, 61, 62, 3_000]) {
    const keys = spread(count);
    expect(keys).toHaveLength(count);
    expect([...new Set(keys)].sort()).toEqual(keys);
    expect(Math.max(0, ...keys.map(({ length }) => length))).toBeLessThanOrEqual(3);
  }
});

test('what was written as a key by others does no harm', () => {
  const strange = ['', '0', '000', 'zzzzzz', 'zzzzzzz', 'a0', '1', 'z'.repeat(64), `${'0'.repeat(63)}1`, null];
  for (const low of strange) for (const high of strange) expect(typeof between(low, high)).toBe('string');
  for (const odd of ['a!', 'a~', 'a{b', '~', '!', 'V-1']) {
    if (odd !== '~') expect(between(odd, null) > odd, odd).toBe(true);
    if (odd !== '!') expect(between(null, odd) < odd, odd).toBe(true);
    expect(sortKey(odd)).toBe(odd);
  }
  for (const value of [null, 7, 'ä', 'a b', 'x'.repeat(65), {}]) expect(sortKey(value)).toBe('');
  expect(between('zzzzzz', null) > 'zzzzzz').toBe(true);
  expect(between(null, '1') < '1').toBe(true);
  expect(between(null, '0000000001') < '0000000001').toBe(true);
});
