// How safe the person's work is, in words, at every width; spoken politely, and seldom.
import { CloudAlert, CloudCheck, CloudOff, CloudUpload, Eye } from 'lucide-react';
import { useRoom, useRoomState } from './hooks';
import styles from './SavedBadge.module.css';
import { savedWords } from './savedWords';
import type { RoomState } from './types';
import { useSeldom } from './useSeldom';

export const SPEAK_GAP = 10_000;

const ICONS = {
  saved: CloudCheck,
  saving: CloudUpload,
  reconnecting: CloudOff,
  'not-saved': CloudAlert,
  refused: CloudAlert,
  'read-only': Eye,
} as const;

export function SavedBadge() {
  const room = useRoom();
  const state = useRoomState();
  const { text, mood } = savedWords(state);
  const spoken = useSeldom(worthSaying(state), SPEAK_GAP, 'Saved');
  const Icon = ICONS[state.saved];
  return (
    <span className={styles.badge} data-saved={state.saved} data-mood={mood}>
      <Icon className={styles.icon} aria-hidden="true" focusable="false" />
      <span className={styles.text}>{text}</span>
      {state.phase === 'waiting' && state.saved === 'not-saved' && (
        <button type="button" className={styles.retry} onClick={() => room.retry()}>
          Try now
        </button>
      )}
      <span role="status" className={styles.spoken}>
        {spoken}
      </span>
    </span>
  );
}

/** Typing goes through "Saving…" all the time: that is not news. Neither is a connection that is being looked for. */
function worthSaying(state: RoomState): string | null {
  switch (state.saved) {
    case 'saving':
    case 'reconnecting':
      return null;
    case 'not-saved':
      // Without the number, which would be news with every letter.
      return state.keptOnDevice
        ? 'Not saved. Your changes are kept on this device.'
        : 'Not saved. Keep this page open.';
    default:
      return savedWords(state).text;
  }
}
