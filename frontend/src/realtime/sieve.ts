// Which of several unsent edits a room takes, and which it does not: asked in halves, so that few questions are needed.
import type * as Y from 'yjs';
import { filled, Ids, idsOf, isIn, restsOn } from './remains';
import type { Refusal } from './types';

export interface Sifted {
  readonly update: Uint8Array;
}

/** Null: the connection was lost before there was an answer. */
export type Answer = 'taken' | Refusal | null;

/** The room, as far as it is asked here. */
export interface Court {
  /** What the room holds. What it takes is in here by the time of the answer. */
  readonly doc: Y.Doc;
  /** Bytes of the largest update that can be sent. */
  readonly largest: number;
  ask(update: Uint8Array): Promise<Answer>;
}

/** Somebody's edits of hours, all refused one by one, are not asked about for hours. */
export const MOST_QUESTIONS = 400;
const TOO_BIG: Refusal = { reason: 'too_big', message: 'One change is too big to be saved at once.' };

export class Sieve {
  /** In the order in which they were made. */
  readonly refused: Sifted[] = [];
  /** Ids of what they brought. */
  readonly lost = new Ids();
  readonly #why = new Set<string>();
  #left: Sifted[][];
  #questions = 0;

  constructor(edits: readonly Sifted[]) {
    this.#left = edits.length > 0 ? [[...edits]] : [];
  }

  /** What the room said, each once. */
  get why(): readonly string[] {
    return [...this.#why];
  }

  /** True: every edit is either in the room or among the refused. False: the connection was lost; run again with another. */
  async run(court: Court): Promise<boolean> {
    for (;;) {
      const group = this.#next(court.doc);
      if (group === null) return true;
      const update = filled(
        group.map((edit) => edit.update),
        this.lost,
        court.doc,
      );
      if (update.length > court.largest) {
        this.#divide(group, TOO_BIG);
        continue;
      }
      const answer = await court.ask(update);
      // Given up meanwhile.
      if (this.#left[0] !== group) continue;
      if (answer === null) return false;
      if (answer === 'taken') this.#left.shift();
      else if (answer.reason === 'read_only' || ++this.#questions >= MOST_QUESTIONS) this.giveUp(answer.message);
      else this.#divide(group, answer);
    }
  }

  /** Nothing more is asked: what has not been taken by now counts as refused. */
  giveUp(message: string): void {
    for (const group of this.#left) for (const edit of group) this.#leaveOut(edit, message);
    this.#left = [];
  }

  /** Would it have no place without what was refused? Then it is refused with it. */
  falls(edit: Sifted): boolean {
    if (!restsOn(edit.update, this.lost)) return false;
    this.#leaveOut(edit, '');
    return true;
  }

  /** The first group, without what needs no asking. It stays the first until it is dealt with. */
  #next(doc: Y.Doc): Sifted[] | null {
    for (let group = this.#left.shift(); group !== undefined; group = this.#left.shift()) {
      const open = group.filter((edit) => !isIn(doc, edit.update) && !this.falls(edit));
      if (open.length > 0) {
        this.#left.unshift(open);
        return open;
      }
    }
    return null;
  }

  #divide(group: readonly Sifted[], { message }: Refusal): void {
    this.#left.shift();
    const [only] = group;
    if (group.length === 1 && only) {
      this.#leaveOut(only, message);
      return;
    }
    const middle = Math.ceil(group.length / 2);
    this.#left.unshift(group.slice(0, middle), group.slice(middle));
  }

  #leaveOut(edit: Sifted, message: string): void {
    if (message !== '') this.#why.add(message);
    const { brought } = idsOf(edit.update);
    for (const client of brought.clients()) for (const [from, to] of brought.of(client)) this.lost.add(client, from, to);
    this.refused.push(edit);
  }
}
