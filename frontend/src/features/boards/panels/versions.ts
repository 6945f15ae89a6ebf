// What a kept version is called.
import type { BoardVersion } from '../served';

export function titleOf({ name, kind }: Pick<BoardVersion, 'name' | 'kind'>): string {
  if (name) return name;
  return kind === 'restored' ? 'Went back to an earlier version' : 'Kept by itself';
}

export const LONGEST_NAME = 80;

/** What the present state is kept as when somebody goes back to this version. The server calls what comes after alike. */
export function nameBefore({ name, at }: Pick<BoardVersion, 'name' | 'at'>, area: boolean): string {
  const moment = name || new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  return [...`Before restoring${area ? ' an area' : ''}: ${moment}`].slice(0, LONGEST_NAME).join('');
}
