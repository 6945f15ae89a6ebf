// Keeping a text field and a shared text in step, both ways, by what differs. Pure.
import { difference, type Splice } from '../model/difference';

/** Where a caret at `position` comes to stand. What is put in exactly there goes before it unless `stays`. */
export function shifted(position: number, splices: readonly Splice[], stays = false): number {
  let moved = position;
  for (const { at, remove, insert } of splices) {
    if (at > position || (at === position && stays && remove === 0)) break;
    const lost = Math.min(remove, position - at);
    // Inside what went: the caret stands behind what came instead.
    moved += insert.length - lost;
  }
  return moved;
}

/** What I made of `base` in one place, done to what others made of it, wherever. */
export function merged(base: string, mine: string, theirs: string): string {
  if (theirs === base) return mine;
  if (mine === base) return theirs;
  const foreign = difference(base, theirs).flatMap((splice) => letters(base, splice));
  const { at, remove, insert } = whole(base, mine);
  const behind = shifted(at + remove, foreign, true);
  const before = remove === 0 ? behind : Math.min(shifted(at, foreign), behind);
  // What others wrote inside what I took away stays.
  const kept = foreign.filter((other) => other.at > at && other.at < at + remove).map((other) => other.insert);
  return theirs.slice(0, before) + insert + kept.join('') + theirs.slice(behind);
}

/** Two texts as one splice: from the first to the last place where they differ. */
function whole(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { at: head, remove: before.length - head - tail, insert: after.slice(head, after.length - tail) };
}

/** Words longer than this are not looked into. */
const LOOKED_INTO = 200;

/** A word that was changed, letter by letter: so that a caret in the middle of it keeps its place. */
function letters(base: string, splice: Splice): Splice[] {
  const old = base.slice(splice.at, splice.at + splice.remove);
  const { insert } = splice;
  if (old === '' || insert === '' || old.length > LOOKED_INTO || insert.length > LOOKED_INTO) return [splice];
  // Longest common run of letters, from the end: a table of what is left to find.
  const left = Array.from({ length: old.length + 1 }, () => new Array<number>(insert.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = insert.length - 1; j >= 0; j -= 1) left[i]![j] = old[i] === insert[j] ? left[i + 1]![j + 1]! + 1 : Math.max(left[i + 1]![j]!, left[i]![j + 1]!);
  const found: { at: number; remove: number; insert: string }[] = [];
  const open = (at: number) => {
    const last = found.at(-1);
    if (last && last.at + last.remove === at) return last;
    const next = { at, remove: 0, insert: '' };
    found.push(next);
    return next;
  };
  for (let i = 0, j = 0; i < old.length || j < insert.length; ) {
    if (i < old.length && j < insert.length && old[i] === insert[j]) {
      i += 1;
      j += 1;
    } else if (j < insert.length && (i === old.length || left[i]![j + 1]! >= left[i + 1]![j]!)) open(splice.at + i).insert += insert[j++];
    else {
      open(splice.at + i).remove += 1;
      i += 1;
    }
  }
  return found;
}

export interface Field {
  value: string;
  selectionStart: number;
  selectionEnd: number;
  selectionDirection: 'forward' | 'backward' | 'none';
  setSelectionRange(start: number, end: number, direction?: 'forward' | 'backward' | 'none'): void;
}

export interface Binding {
  /** The field was changed by its writer. */
  wrote(): void;
  /** The shared text changed. */
  changed(): void;
  /** An input method is composing: the field is its own until the end. */
  compose(composing: boolean): void;
}

export function bind(field: Field, read: () => string, write: (text: string) => void): Binding {
  let synced = read();
  let composing = false;
  let writing = false;
  field.value = synced;

  const put = (text: string) => {
    if (field.value === text) return;
    const splices = difference(field.value, text);
    const { selectionStart, selectionEnd, selectionDirection } = field;
    field.value = text;
    field.setSelectionRange(shifted(selectionStart, splices, true), shifted(selectionEnd, splices, true), selectionDirection);
  };
  const push = () => {
    const mine = field.value;
    const theirs = read();
    const text = merged(synced, mine, theirs);
    synced = text;
    if (text !== theirs) {
      writing = true;
      try {
        write(text);
      } finally {
        writing = false;
      }
    }
    // As it came out: cut where it is too long, say.
    synced = read();
    put(synced);
  };
  return {
    wrote() {
      if (!composing) push();
    },
    changed() {
      if (composing || writing) return;
      synced = read();
      put(synced);
    },
    compose(next) {
      composing = next;
      if (!next) push();
    },
  };
}
