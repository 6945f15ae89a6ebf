// What the badge says. Every sentence in one place.
import type { RoomState } from './types';

export interface SavedWords {
  /** Always visible, also on the narrowest screen. */
  readonly text: string;
  /** ok: nothing to do · busy: wait · bad: the person should know · lost: the person should act */
  readonly mood: 'ok' | 'busy' | 'bad' | 'lost';
}

export function savedWords(state: RoomState): SavedWords {
  const { saved, pending, keptOnDevice, stop, synced, phase } = state;
  switch (saved) {
    case 'saved':
      return stop === null ? { text: 'Saved', mood: 'ok' } : { text: 'Not connected', mood: 'bad' };
    case 'saving':
      return { text: 'Saving…', mood: 'busy' };
    case 'read-only':
      return { text: 'Read only', mood: 'ok' };
    case 'reconnecting':
      return {
        text: phase === 'connecting' && !synced && !state.ready ? 'Connecting…' : 'Reconnecting…',
        mood: 'busy',
      };
    case 'not-saved':
      return {
        text: keptOnDevice
          ? `Not saved – ${changes(pending)} kept on this device`
          : `Not saved – ${changes(pending)}. Keep this page open`,
        mood: 'bad',
      };
    case 'refused':
      return { text: 'Could not save', mood: 'lost' };
  }
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
