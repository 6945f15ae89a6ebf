// Reading order: the order in which people who read come to things that lie about.
import type { Box } from './types';

/**
 * Row by row from the top, each row from the left (from the right in right-to-left writing). What overlaps the
 * tallest of a row by half of its own height or more is in that row.
 */
export function readingOrder<T extends Box>(things: Iterable<T>, how: { readonly rightToLeft?: boolean } = {}): T[] {
  return rows(things, how).flat();
}

export function rows<T extends Box>(things: Iterable<T>, { rightToLeft = false }: { readonly rightToLeft?: boolean } = {}): T[][] {
  const waiting = [...things].sort((a, b) => a.y - b.y || a.x - b.x);
  const found: { top: number; bottom: number; row: T[] }[] = [];
  for (const each of waiting) {
    const last = found.at(-1);
    const bottom = each.y + each.h;
    if (last !== undefined && shared(last.top, last.bottom, each.y, bottom) >= Math.min(each.h, last.bottom - last.top) / 2) {
      last.row.push(each);
    } else found.push({ top: each.y, bottom, row: [each] });
  }
  const edge = (box: Box) => (rightToLeft ? -(box.x + box.w) : box.x);
  return found.map(({ row }) => row.sort((a, b) => edge(a) - edge(b) || a.y - b.y));
}

function shared(top: number, bottom: number, otherTop: number, otherBottom: number): number {
  return Math.min(bottom, otherBottom) - Math.max(top, otherTop);
}
