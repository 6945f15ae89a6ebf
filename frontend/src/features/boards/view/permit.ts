// What a person may do on a board, and if not, why not. The server decides by the same table; this is for not
// offering what it would refuse, and for saying why in the words of the board.
import type { Board, BoardObject, ObjectId } from '../model/types';
import { areaOf } from './places';
import type { Action, Lock, Permit } from './types';

export type Whom = 'everyone' | 'own' | 'facilitators';
export type Role = 'staff' | 'facilitator' | 'participant' | 'observer';

export interface AreaRule {
  readonly object: ObjectId;
  readonly add: Whom;
  readonly edit: Whom;
  readonly move: Whom;
  readonly remove: Whom;
}

export interface Rules {
  readonly locks: readonly Lock[];
  readonly areas: readonly AreaRule[];
}

export interface Standing {
  readonly me: string | null;
  readonly role: Role | null;
  readonly archived: boolean;
  /** The room takes nothing from us now: another tab, or a role that was lowered a moment ago. */
  readonly readOnly?: boolean;
  readonly rules: Rules;
}

/** Who leads: locks and area permissions do not hold for them. */
export const LEADS: Record<Role, boolean> = { staff: true, facilitator: true, participant: false, observer: false };
export const WRITES: Record<Role, boolean> = { staff: true, facilitator: true, participant: true, observer: false };

/** What each level of lock stops, for the object itself and for all that lies in a locked area. */
export const STOPS: Record<Lock['level'], readonly Action[]> = {
  position: ['move', 'remove'],
  content: ['edit', 'remove'],
  all: ['add', 'edit', 'move', 'remove'],
};

/** For whom a lock does not hold, besides those who lead. */
export const SPARES: Record<Lock['who'], 'whoever locked it' | 'nobody'> = { me: 'whoever locked it', facilitators: 'nobody' };

/** What an area may keep for some. Commenting and reacting are open to all who write, everywhere. */
const RULED = ['add', 'edit', 'move', 'remove'] as const;
type Ruled = (typeof RULED)[number];

const NOUNS: Record<BoardObject['kind'], string> = {
  note: 'note',
  heading: 'heading',
  area: 'area',
  cluster: 'cluster',
  connector: 'connector',
  image: 'image',
  source: 'link',
  evidence: 'evidence card',
};
const DOING: Record<Ruled, string> = { add: 'add', edit: 'change', move: 'move', remove: 'remove' };

export function permitFor(board: Board, standing: Standing): Permit {
  const { me, role, archived, readOnly, rules } = standing;
  const leads = role !== null && LEADS[role] && !archived;
  const reading = whyReading(role, archived, readOnly ?? false);
  const locks = new Map(rules.locks.map((lock) => [lock.object, lock]));
  const areas = new Map(rules.areas.map((rule) => [rule.object, rule]));

  const lockOf = (id: ObjectId): Lock | null => {
    const area = areaOf(board, id);
    return locks.get(id) ?? (area === null ? null : (locks.get(area) ?? null));
  };
  const spared = (lock: Lock) => leads || (SPARES[lock.who] === 'whoever locked it' && lock.by.id === me);

  const whyLocked = (action: Action, id: ObjectId): string | null => {
    const area = areaOf(board, id);
    for (const key of new Set([id, area])) {
      const lock = key === null ? undefined : locks.get(key);
      if (!lock || spared(lock)) continue;
      if (STOPS[lock.level].includes(action)) return heldBy(lock, id);
    }
    return null;
  };

  const heldBy = (lock: Lock, id: ObjectId) => `${subject(board, id, lock.object)} is locked by ${lock.by.name}.`;
  // Whoever does not lead locks what they made themselves, and puts no lock in the place of somebody else's.
  const whyNotLock = (id: ObjectId): string | null => {
    const lock = locks.get(id);
    if (lock && !spared(lock)) return heldBy(lock, id);
    const own = me !== null && board.get(id)?.by === me;
    return leads || own ? null : 'You can lock what you made yourself; facilitators can lock everything.';
  };
  const whyNotUnlock = (id: ObjectId): string | null => {
    const lock = lockOf(id);
    if (!lock) return 'This is not locked.';
    return spared(lock) ? null : heldBy(lock, id);
  };

  const whyRuled = (action: Ruled, id: ObjectId | null): string | null => {
    const area = id === null ? null : areaOf(board, id);
    const rule = area === null ? undefined : areas.get(area);
    if (!rule || leads || area === null) return null;
    const title = quoted(board, area);
    const whom = rule[action];
    if (whom === 'facilitators') return `In ${title} only facilitators can ${DOING[action]} things.`;
    const own = id !== null && me !== null && board.get(id)?.by === me;
    if (whom === 'own' && action !== 'add' && !own) return `In ${title} you can ${DOING[action]} only what you made yourself.`;
    return null;
  };

  return {
    me,
    writes: reading === null,
    leads,
    lock: lockOf,
    why(action, id) {
      if (reading !== null) return reading;
      if (action === 'lead') return leads ? null : 'Only facilitators can do this.';
      if (action === 'comment') return null;
      if (action === 'lock') return id === null ? null : whyNotLock(id);
      if (action === 'unlock') return id === null ? null : whyNotUnlock(id);
      return (id === null ? null : whyLocked(action, id)) ?? whyRuled(action, id);
    },
  };
}

/** Everything may be done: before the rules have come, and in tests. */
export const OPEN: Permit = { me: null, writes: true, leads: true, lock: () => null, why: () => null };

function whyReading(role: Role | null, archived: boolean, readOnly: boolean): string | null {
  if (archived) return 'This board is archived. It can be read, not changed.';
  if (role === null || !WRITES[role]) return 'You can read this board, not change it.';
  return readOnly ? 'This board cannot be changed from here just now.' : null;
}

function subject(board: Board, id: ObjectId, locked: ObjectId): string {
  if (locked !== id) return quoted(board, locked);
  return `This ${NOUNS[board.get(id)?.kind ?? 'note']}`;
}

function quoted(board: Board, area: ObjectId): string {
  const title = board.get(area)?.text.trim();
  return title ? `“${title}”` : 'this area';
}
