// Doings: what others do with objects just now, as their awareness says.
import type { ObjectId } from '../model/types';
import type { Offset } from './scene';
import type { Other } from './types';

export interface Doings {
  /** Held by somebody, and how far from where they are. */
  readonly held: Map<ObjectId, Offset>;
  readonly words: ReadonlyMap<ObjectId, readonly string[]>;
}

export const NOTHING: Doings = { held: new Map(), words: new Map() };

export function doingsOf(others: readonly Other[]): Doings {
  const held = new Map<ObjectId, Offset>();
  const words = new Map<ObjectId, string[]>();
  const say = (id: ObjectId, said: string) => words.set(id, [...(words.get(id) ?? []), said]);
  for (const { name, hold, editing } of others) {
    for (const id of hold?.ids ?? []) {
      held.set(id, { dx: hold!.dx, dy: hold!.dy });
      say(id, `${name} is moving this`);
    }
    if (editing) say(editing, `${name} is writing here`);
  }
  return { held, words };
}

/** Objects about which something else is to be said than before. */
export function toldAnew(before: Doings, now: Doings): ObjectId[] {
  const ids = new Set([...before.words.keys(), ...now.words.keys()]);
  return [...ids].filter((id) => before.words.get(id)?.join() !== now.words.get(id)?.join());
}
