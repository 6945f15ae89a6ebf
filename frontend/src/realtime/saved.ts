// How safe the person's work is: one table, from facts to a word. Nothing is called saved before the server said so.
import { CLOSE } from './closecodes';
import type { Access, SavedState } from './types';

/** An edit without an answer for this long is "not saved", connected or not. */
export const OVERDUE = 3_000;

export interface Facts {
  /** Joined, and our edits are flowing: not merely an open socket. */
  readonly connected: boolean;
  /** Everything sent on this connection has been answered: also what was given when it began, listed or not. */
  readonly answered: boolean;
  readonly pending: number;
  /** Milliseconds since the oldest pending edit was made. */
  readonly oldest: number;
  readonly storageTrouble: boolean;
  readonly refused: boolean;
  readonly access: Access | null;
  readonly stopCode: number | null;
}

export function savedState(facts: Facts): SavedState {
  const { connected, pending, stopCode } = facts;
  if (pending === 0) {
    if (facts.refused) return 'refused';
    if (facts.access === 'read') return 'read-only';
    if (connected && !facts.answered) return 'saving';
    return connected || stopCode !== null ? 'saved' : 'reconnecting';
  }
  if (facts.refused || facts.access === 'read') return 'refused';
  // Signed out or an old page: the edits can still be sent, after signing in or reloading. The other stops are for good.
  if (stopCode !== null) {
    return stopCode === CLOSE.NOT_SIGNED_IN || stopCode === CLOSE.OUTDATED ? 'not-saved' : 'refused';
  }
  if (!connected || facts.storageTrouble || facts.oldest >= OVERDUE) return 'not-saved';
  return 'saving';
}

/** Ask before the page is left only when leaving could lose something, or look as if it did. */
export function guardsLeaving(saved: SavedState, pending: number): boolean {
  return pending > 0 && (saved === 'not-saved' || saved === 'refused');
}
