// Personal settings of the board, kept on this device.
import type { ViewState } from './types';

export type Settings = Pick<ViewState, 'calm' | 'cursors' | 'minimap' | 'letters' | 'arrows'>;

/** As `localStorage`; both may throw where storage is forbidden. */
export type Storing = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'lab.board.settings';
export const DEFAULTS: Settings = { calm: false, cursors: true, minimap: true, letters: true, arrows: 'go' };

export function readSettings(storage: Storing | null): Settings {
  const kept = readKept(storage, KEY);
  const flag = (name: 'calm' | 'cursors' | 'minimap' | 'letters') => {
    const value = kept[name];
    return typeof value === 'boolean' ? value : DEFAULTS[name];
  };
  return {
    calm: flag('calm'),
    cursors: flag('cursors'),
    minimap: flag('minimap'),
    letters: flag('letters'),
    arrows: kept.arrows === 'move' ? 'move' : 'go',
  };
}

export function keepSettings(storage: Storing | null, { calm, cursors, minimap, letters, arrows }: Settings): void {
  keep(storage, KEY, { calm, cursors, minimap, letters, arrows });
}

/** Null where storage is forbidden. */
export function deviceStorage(): Storing | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** An empty object when there is nothing, or nothing sound. */
export function readKept(storage: Storing | null, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function keep(storage: Storing | null, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Full or forbidden: the setting then lasts as long as the page.
  }
}
