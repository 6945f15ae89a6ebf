// What a person has set for themselves on this device, beyond what the view keeps: which face of the board they
// use, and how much of others' work they want told.
import { useSyncExternalStore } from 'react';
import type { Interest } from './others';
import { keep, readKept } from './view/settings';

export type { Interest };

/** both: board with the outline beside it. */
export type Face = 'board' | 'outline' | 'both';

export interface Personal {
  readonly news: Interest;
  /** On a wide screen. */
  readonly wide: Face;
  /** On a phone; null: never chosen, then the outline on a small upright one. */
  readonly narrow: 'board' | 'outline' | null;
  readonly order: 'placed' | 'support';
}

const KEY = 'lab.board.personal';
const INTERESTS: readonly Interest[] = ['off', 'mine', 'area', 'all'];
const DEFAULTS: Personal = { news: 'all', wide: 'both', narrow: null, order: 'placed' };

let held: Personal | null = null;
const listeners = new Set<() => void>();

export function personal(): Personal {
  held ??= read();
  return held;
}

export function setPersonal(change: Partial<Personal>): void {
  held = { ...personal(), ...change };
  keep(store(), KEY, held);
  for (const listener of [...listeners]) listener();
}

export function usePersonal(): Personal {
  return useSyncExternalStore(listen, personal);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Personal {
  const kept = readKept(store(), KEY);
  const one = <T extends string>(value: unknown, among: readonly T[], otherwise: T): T => among.find((each) => each === value) ?? otherwise;
  return {
    news: one(kept.news, INTERESTS, DEFAULTS.news),
    wide: one(kept.wide, ['board', 'outline', 'both'], DEFAULTS.wide),
    narrow: kept.narrow === 'board' || kept.narrow === 'outline' ? kept.narrow : null,
    order: one(kept.order, ['placed', 'support'], DEFAULTS.order),
  };
}

function store(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
