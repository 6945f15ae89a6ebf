// For tests: boards whose documents exchange updates at once, or when the test says so.
import * as Y from 'yjs';
import { openBoard } from '../board';
import type { Person } from '../person';

export type Opened = ReturnType<typeof openBoard>;

/** A clock that stands still until the test moves it. */
export function clock(start = Date.UTC(2026, 10, 23, 12, 5, 30)) {
  let time = start;
  const now = () => time;
  const pass = (ms: number) => {
    time += ms;
  };
  return Object.assign(now, { pass });
}

/** Every update reaches everybody at once. */
export function together(now: () => number, ...people: Person[]): Opened[] {
  const docs = people.map(() => new Y.Doc());
  for (const doc of docs) {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'wire') for (const other of docs) if (other !== doc) Y.applyUpdate(other, update, 'wire');
    });
  }
  return docs.map((doc, at) => openBoard(doc, people[at]!, { now }));
}

/** Numbers by chance that come again with the same seed (mulberry32). */
export function dice(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    below: (count: number) => Math.floor(next() * count),
    one: <T>(things: readonly T[]): T => things[Math.floor(next() * things.length)]!,
    chance: (share: number) => next() < share,
  };
}

/** What a board holds, in a form that compares. */
export function content(board: Opened) {
  return {
    legend: [...board.legend()].sort(),
    objects: board.all().map((object) => ({ ...object, reactions: [...object.reactions] })),
  };
}
