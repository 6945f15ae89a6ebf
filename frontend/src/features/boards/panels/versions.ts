// What a kept version is called.
import type { BoardVersion } from '../served';

export function titleOf({ name, kind }: Pick<BoardVersion, 'name' | 'kind'>): string {
  if (name) return name;
  return kind === 'restored' ? 'Went back to an earlier version' : 'Kept by itself';
}
