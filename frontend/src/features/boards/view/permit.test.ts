import { describe, expect, it } from 'vitest';
import { clock, together } from '../model/testing/peers';
import { LEADS, type Role, type Rules, type Standing, STOPS, permitFor, SPARES, WRITES } from './permit';
import type { Action, Lock } from './types';

const [board] = together(clock(), { id: 'asha', authors: 'shown' });
if (!board) throw new Error('a board');
const area = board.edit('Put', (edit) => edit.add({ kind: 'area', x: 0, y: 0, w: 900, h: 900, text: 'Ideas' }));
const cluster = board.edit('Put', (edit) => edit.add({ kind: 'cluster', parent: area }));
const note = board.edit('Put', (edit) => edit.add({ kind: 'note', parent: cluster, x: 20, y: 60 }));
const loose = board.edit('Put', (edit) => edit.add({ kind: 'note', x: 2_000 }));

const NONE: Rules = { locks: [], areas: [] };
const standing = (change: Partial<Standing> = {}): Standing => ({ me: 'ben', role: 'participant', archived: false, rules: NONE, ...change });
const lock = (object: string, level: Lock['level'], who: Lock['who'] = 'me', by = 'asha'): Lock => ({ object, level, who, by: { id: by, name: by === 'asha' ? 'Asha' : 'Ben' } });
const ACTIONS: readonly Action[] = ['add', 'edit', 'move', 'remove'];

describe('who writes and who leads', () => {
  it.each(['staff', 'facilitator', 'participant', 'observer'] as const)('a %s', (role: Role) => {
    const permit = permitFor(board, standing({ role }));
    expect(permit.writes).toBe(WRITES[role]);
    expect(permit.leads).toBe(LEADS[role]);
    expect(permit.why('edit', note) === null).toBe(WRITES[role]);
    expect(permit.why('lead', null) === null).toBe(LEADS[role]);
  });

  it('on an archived board everybody reads, and is told so', () => {
    const permit = permitFor(board, standing({ role: 'staff', archived: true }));
    for (const action of [...ACTIONS, 'comment', 'lock', 'lead'] as const) expect(permit.why(action, note)).toMatch(/archived/);
  });

  it('somebody without a role reads at most', () => {
    expect(permitFor(board, standing({ role: null, me: null })).why('add', null)).toMatch(/read/);
  });
});

describe('locks', () => {
  it.each(Object.entries(STOPS).flatMap(([level, stops]) => ACTIONS.map((action) => ({ level: level as Lock['level'], action, stopped: stops.includes(action) }))))(
    'at level $level, $action is stopped: $stopped',
    ({ level, action, stopped }) => {
      const permit = permitFor(board, standing({ rules: { locks: [lock(loose, level)], areas: [] } }));
      expect(permit.why(action, loose) !== null).toBe(stopped);
      if (stopped) expect(permit.why(action, loose)).toBe('This note is locked by Asha.');
      expect(permit.why('comment', loose)).toBeNull();
    },
  );

  it('a lock is inherited from the area, through a cluster, and says whose it is', () => {
    const permit = permitFor(board, standing({ rules: { locks: [lock(area, 'all')], areas: [] } }));
    expect(permit.why('edit', note)).toBe('“Ideas” is locked by Asha.');
    expect(permit.why('add', area)).toBe('This area is locked by Asha.');
    expect(permit.lock(note)?.object).toBe(area);
    expect(permit.why('edit', loose)).toBeNull();
  });

  it('its own lock is asked before the area’s, and both hold', () => {
    const permit = permitFor(board, standing({ me: 'asha', rules: { locks: [lock(note, 'content', 'me', 'asha'), lock(area, 'position', 'facilitators')], areas: [] } }));
    expect(permit.lock(note)?.object).toBe(note);
    expect(permit.why('edit', note)).toBeNull();
    expect(permit.why('move', note)).toMatch(/“Ideas” is locked/);
  });

  it.each([
    { who: 'me', me: 'asha', role: 'participant', held: false },
    { who: 'me', me: 'ben', role: 'participant', held: true },
    { who: 'me', me: 'ben', role: 'facilitator', held: false },
    { who: 'facilitators', me: 'asha', role: 'participant', held: true },
    { who: 'facilitators', me: 'ben', role: 'staff', held: false },
  ] as const)('a lock for $who, seen by $me as $role, holds: $held', ({ who, me, role, held }) => {
    expect(Object.keys(SPARES)).toContain(who);
    const permit = permitFor(board, standing({ me, role, rules: { locks: [lock(loose, 'all', who)], areas: [] } }));
    expect(permit.why('edit', loose) !== null).toBe(held);
    expect(permit.why('unlock', loose) !== null).toBe(held);
    if (held) expect(permit.why('lock', loose)).toBe('This note is locked by Asha.');
    expect(permit.lock(loose)).not.toBeNull();
  });

  it.each([
    { me: 'asha', role: 'participant', may: true },
    { me: 'ben', role: 'participant', may: false },
    { me: 'ben', role: 'facilitator', may: true },
    { me: null, role: 'participant', may: false },
  ] as const)('B13: what Asha made may be locked by $me as $role: $may', ({ me, role, may }) => {
    const permit = permitFor(board, standing({ me, role }));
    expect(permit.why('lock', loose)).toBe(may ? null : 'You can lock what you made yourself; facilitators can lock everything.');
    expect(permit.why('unlock', loose)).toBe('This is not locked.');
  });

  it('what nobody signed is for those who lead to lock', () => {
    const [unsigned] = together(clock(), { id: 'asha', authors: 'hidden' });
    const id = unsigned?.edit('Put', (edit) => edit.add({ kind: 'note' })) ?? '';
    expect(permitFor(unsigned!, standing({ me: 'asha' })).why('lock', id)).toMatch(/what you made yourself/);
    expect(permitFor(unsigned!, standing({ me: 'asha', role: 'staff' })).why('lock', id)).toBeNull();
  });

  it('the lock of an area is taken off by whoever set it, also from what lies in it', () => {
    const locks = [lock(area, 'all', 'me', 'ben')];
    expect(permitFor(board, standing({ rules: { locks, areas: [] } })).why('unlock', note)).toBeNull();
    expect(permitFor(board, standing({ me: 'cara', rules: { locks, areas: [] } })).why('unlock', note)).toBe('“Ideas” is locked by Ben.');
  });
});

describe('areas', () => {
  const rules = (change: Partial<Rules['areas'][number]>): Rules => ({ locks: [], areas: [{ object: area, add: 'everyone', edit: 'everyone', move: 'everyone', remove: 'everyone', ...change }] });

  it.each(ACTIONS)('%s kept for facilitators', (action) => {
    const kept = rules({ [action]: 'facilitators' });
    expect(permitFor(board, standing({ rules: kept })).why(action, action === 'add' ? area : note)).toMatch(/^In “Ideas” only facilitators can /);
    expect(permitFor(board, standing({ rules: kept, role: 'facilitator' })).why(action, note)).toBeNull();
    expect(permitFor(board, standing({ rules: kept })).why(action, loose)).toBeNull();
  });

  it.each(['edit', 'move', 'remove'] as const)('%s of one’s own only', (action) => {
    const own = rules({ [action]: 'own' });
    expect(permitFor(board, standing({ rules: own, me: 'asha' })).why(action, note)).toBeNull();
    expect(permitFor(board, standing({ rules: own })).why(action, note)).toMatch(/only what you made yourself/);
  });
});
