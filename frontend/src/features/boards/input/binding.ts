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

/** What I made of `base`, done to what others made of it. */
export function merged(base: string, mine: string, theirs: string): string {
  if (theirs === base) return mine;
  if (mine === base) return theirs;
  const foreign = difference(base, theirs);
  let text = theirs;
  // From the end, so that the places before stay right.
  for (const { at, remove, insert } of [...difference(base, mine)].reverse()) {
    const behind = shifted(at + remove, foreign, true);
    const before = remove === 0 ? behind : shifted(at, foreign);
    // What others wrote inside what I took away stays.
    const kept = remove === 0 ? '' : inserted(foreign, at, at + remove);
    text = text.slice(0, before) + insert + kept + text.slice(Math.max(before, behind));
  }
  return text;
}

function inserted(splices: readonly Splice[], from: number, to: number): string {
  return splices
    .filter(({ at }) => at > from && at < to)
    .map(({ insert }) => insert)
    .join('');
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
