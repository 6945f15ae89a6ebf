// One question at a time, on one connection: does the room take this update?
import * as Y from 'yjs';
import type { Connection } from './connection';
import type { Answer } from './sieve';

/** An update with nothing in it. */
const NOTHING = Uint8Array.of(0, 0);

interface Open {
  readonly mark: number;
  readonly update: Uint8Array;
  answer(answer: Answer): void;
}

export class Question {
  #open: Open | null = null;

  constructor(
    private readonly doc: Y.Doc,
    private readonly connection: Connection,
    /** Of what is taken. */
    private readonly origin: unknown,
  ) {}

  /** Taken means durable; it is then in the document too. Null: nobody can be asked. */
  ask(update: Uint8Array, nextMark: () => number): Promise<Answer> {
    return new Promise((answer) => {
      if (!this.connection.send({ kind: 'update', update })) return answer(null);
      const mark = nextMark();
      this.connection.send({ kind: 'mark', n: mark });
      this.#open = { mark, update, answer };
    });
  }

  /** True: the answer to this mark is the answer to what was asked. */
  saved(mark: number): boolean {
    const open = this.#open;
    if (open === null || open.mark > mark) return false;
    Y.applyUpdate(this.doc, open.update, this.origin);
    this.#answer('taken');
    return true;
  }

  refused(reason: string, message: string): void {
    // Too fast is no answer: it is asked again on another connection.
    if (reason === 'rate') this.connection.drop(0, reason);
    else this.#no(reason, message);
  }

  /** The server asks for something that ought to be there before this: so this cannot be taken. */
  lacks(): void {
    if (this.#open !== null) this.#no('gap', '');
  }

  /** The connection is gone. */
  lost(): void {
    this.#answer(null);
  }

  #no(reason: string, message: string): void {
    // Nothing is missing there that we would send again: marks are answered from here on (W18).
    this.connection.send({ kind: 'step2', update: NOTHING });
    this.#answer({ reason, message });
  }

  #answer(answer: Answer): void {
    const open = this.#open;
    this.#open = null;
    open?.answer(answer);
  }
}
