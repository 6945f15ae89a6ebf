// Where two texts differ: so that a change writes only that, and what others write in the same text stays.

/** At `at` of the old text: take away so many code units, then put in these. In rising order, none touching another. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** Beyond this many word changes the middle is replaced as a whole: the search grows with the square. */
const MOST_CHANGES = 200;

export function difference(before: string, after: string): Splice[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  if (isHalf(before, head) || isHalf(after, head)) head--;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (tail > 0 && (isHalf(before, before.length - tail) || isHalf(after, after.length - tail))) tail--;
  const old = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  if (old === '' || fresh === '') return [{ at: head, remove: old.length, insert: fresh }];
  return byWords(old, fresh, head);
}

/** Is this index between the two halves of one character? */
function isHalf(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}

function byWords(old: string, fresh: string, start: number): Splice[] {
  const a = pieces(old);
  const b = pieces(fresh);
  const kept = common(a, b);
  if (kept === null) return [{ at: start, remove: old.length, insert: fresh }];
  const splices: Splice[] = [];
  let [i, j, at] = [0, 0, start];
  for (const [x, y] of [...kept, [a.length, b.length] as const]) {
    const removed = a.slice(i, x).join('');
    const insert = b.slice(j, y).join('');
    if (removed !== '' || insert !== '') splices.push({ at, remove: removed.length, insert });
    at += removed.length + (a[x]?.length ?? 0);
    i = x + 1;
    j = y + 1;
  }
  return splices;
}

function pieces(text: string): string[] {
  return text.match(/\s|[^\s]+/gu) ?? [];
}

/** Index pairs of a longest run of pieces that both have (Myers). Null: they have too little in common. */
function common(a: readonly string[], b: readonly string[]): (readonly [number, number])[] | null {
  const trail: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let changes = 0; changes <= Math.min(MOST_CHANGES, a.length + b.length); changes++) {
    trail.push(new Map(reach));
    const next = new Map(reach);
    for (let k = -changes; k <= changes; k += 2) {
      const down = k === -changes || (k !== changes && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return backwards(trail, a.length, b.length);
    }
    reach = next;
  }
  return null;
}

function backwards(trail: readonly Map<number, number>[], endA: number, endB: number): (readonly [number, number])[] {
  const kept: [number, number][] = [];
  let [x, y] = [endA, endB];
  for (let changes = trail.length - 1; changes >= 0; changes--) {
    const reach = trail[changes]!;
    const k = x - y;
    const down = k === -changes || (k !== changes && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const fromX = changes === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = changes === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x--;
      y--;
      kept.push([x, y]);
    }
    [x, y] = [fromX, fromY];
  }
  return kept.reverse();
}
