// What lies above what: keys that sort, between any two of which there is room for another (fractional indexing).
//
// A key is read as the digits behind a point, in base 62, and never ends in 0: so there is always something below it.
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;
/** Adding on top counts up at this digit, so that a thousand notes in a row still have six-letter keys. */
const STRIDE = 6;
/** Longer keys than this are dealt out anew. */
export const LONG_KEY = 40;
// Others may write keys of any visible letters and signs; those written here keep to digits of the base.
const KEY = /^[!-~]{0,64}$/;
const FOREIGN = /[^0-9A-Za-z]/;

/** A key as it may be used for sorting: what is none sorts below everything. */
export function sortKey(value: unknown): string {
  return typeof value === 'string' && KEY.test(value) ? value : '';
}

/** A key above `low` and below `high`; null stands for no bound. Where there is no room, one just above `low`. */
export function between(low: string | null, high: string | null): string {
  const under = trimmed(above(low ?? ''));
  if (high === null) return under === '' ? 'V' : stepped(under, 1);
  const over = trimmed(below(high));
  if (over <= under) return `${under}V`;
  return under === '' ? stepped(over, -1) : middle(under, over);
}

/** So many keys in rising order, as short as they can be. */
export function spread(count: number): string[] {
  let width = 1;
  while (BASE ** width < (count + 1) * 4) width++;
  const gap = BASE ** width / (count + 1);
  return Array.from({ length: count }, (_, at) => trimmed(digits(Math.floor(gap * (at + 1)), width)));
}

/** The key itself, or one of our digits that is above it. */
function above(key: string): string {
  const at = key.search(FOREIGN);
  if (at === -1) return key;
  const next = [...DIGITS].find((each) => each > key[at]!);
  if (next !== undefined) return key.slice(0, at) + next;
  return at === 0 ? 'zzzzzz' : stepped(key.slice(0, at).padEnd(STRIDE, 'z'), 1);
}

/** The key itself, or one of our digits that is below it. */
function below(key: string): string {
  const at = key.search(FOREIGN);
  if (at === -1) return key;
  return key.slice(0, at) + ([...DIGITS].findLast((each) => each < key[at]!) ?? '');
}

function middle(low: string, high: string): string {
  let key = '';
  for (let at = 0; ; at++) {
    const a = digit(low, at);
    // Once below `high` at an earlier digit, every digit is free.
    const b = key < high.slice(0, key.length) ? BASE : digit(high, at);
    if (b - a > 1) return key + DIGITS[(a + b) >> 1];
    key += DIGITS[a];
  }
}

/** One up or down at the first digit from STRIDE on where that is possible. */
function stepped(key: string, by: 1 | -1): string {
  for (let width = STRIDE; ; width += STRIDE) {
    const places = Array.from({ length: width }, (_, at) => digit(key, at));
    let at = width - 1;
    // Down from a key with further digits: cutting them off is a step down already, if something is left.
    if (by === -1 && key.length > width && places.some((each) => each > 0)) return trimmed(key.slice(0, width));
    while (at >= 0) {
      const next = places[at]! + by;
      if (next >= 0 && next < BASE) {
        places[at] = next;
        break;
      }
      places[at] = by === 1 ? 0 : BASE - 1;
      at--;
    }
    const result = trimmed(places.map((each) => DIGITS[each]).join(''));
    if (at >= 0 && result !== '') return result;
  }
}

function digit(key: string, at: number): number {
  return at < key.length ? Math.max(0, DIGITS.indexOf(key[at]!)) : 0;
}

function digits(value: number, width: number): string {
  let key = '';
  for (let at = 0; at < width; at++) {
    key = DIGITS[value % BASE] + key;
    value = Math.floor(value / BASE);
  }
  return key;
}

function trimmed(key: string): string {
  return key.replace(/0+$/, '');
}
