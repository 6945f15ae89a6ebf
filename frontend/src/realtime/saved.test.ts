import { describe, expect, it } from 'vitest';
import { type Facts, guardsLeaving, savedState } from './saved';

const ALL_WELL: Facts = {
  connected: true,
  answered: true,
  pending: 0,
  oldest: 0,
  storageTrouble: false,
  refused: false,
  access: 'write',
  stopCode: null,
};

const state = (change: Partial<Facts>) => savedState({ ...ALL_WELL, ...change });

describe('the saved table', () => {
  it.each([
    [{}, 'saved'],
    [{ answered: false }, 'saving'],
    [{ answered: false, access: 'read' }, 'read-only'],
    [{ pending: 1 }, 'saving'],
    [{ pending: 1, oldest: 2_999 }, 'saving'],
    [{ pending: 1, oldest: 3_000 }, 'not-saved'],
    [{ connected: false }, 'reconnecting'],
    [{ connected: false, pending: 4 }, 'not-saved'],
    [{ pending: 1, storageTrouble: true }, 'not-saved'],
    [{ refused: true, pending: 2 }, 'refused'],
    [{ refused: true, connected: false }, 'refused'],
    [{ access: 'read' }, 'read-only'],
    [{ access: 'read', connected: false }, 'read-only'],
    [{ access: 'read', pending: 1 }, 'refused'],
    [{ access: null, connected: false }, 'reconnecting'],
    [{ stopCode: 4401, connected: false }, 'saved'],
    [{ stopCode: 4401, connected: false, pending: 2 }, 'not-saved'],
    [{ stopCode: 4409, connected: false, pending: 2 }, 'not-saved'],
    [{ stopCode: 4403, connected: false, pending: 2 }, 'refused'],
    [{ stopCode: 4404, connected: false, pending: 2 }, 'refused'],
    [{ stopCode: 4400, connected: false, pending: 2 }, 'refused'],
  ] as const)('%j is %s', (change, expected) => {
    expect(state(change)).toBe(expected);
  });

  it('says saved only when nothing is pending', () => {
    for (const connected of [true, false])
      for (const access of ['read', 'write', null] as const)
        for (const refused of [true, false])
          for (const stopCode of [null, 4400, 4401, 4403, 4404, 4409])
            expect(state({ pending: 1, connected, access, refused, stopCode })).not.toBe('saved');
  });

  it('asks before leaving only when unsaved work could be lost', () => {
    expect(guardsLeaving('not-saved', 1)).toBe(true);
    expect(guardsLeaving('refused', 1)).toBe(true);
    expect(guardsLeaving('refused', 0)).toBe(false);
    expect(guardsLeaving('saving', 1)).toBe(false);
    expect(guardsLeaving('reconnecting', 0)).toBe(false);
  });
});
