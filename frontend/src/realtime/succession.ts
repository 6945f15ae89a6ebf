// One life's document gives way to another's because the room did not take some of its edits: the new one is opened
// beside the old, which can be written in meanwhile, and is asked edit by edit what it takes. Fetched when it is needed.
import { warn } from '../lib/warn';
import * as Y from 'yjs';
import { CLOSE } from './closecodes';
import type { Place, RecoveryRow } from './disk';
import type { Generation } from './generation';
import { recoveryOf } from './recovery';
import { filled, Ids, idsOf } from './remains';
import { Sieve, type Sifted } from './sieve';
import { entriesOf } from './touched';
import type { Describe, Described } from './types';

/** So many times a refusal may end the connection on which it is asked. The server makes whoever goes on wait. */
export const MOST_CLOSED = 4;

interface Numbered extends Sifted {
  /** Its number in the outbox. */
  readonly n: number;
}

export interface Outcome {
  /** In the order in which they were made. */
  readonly refused: readonly Uint8Array[];
  readonly why: readonly string[];
}

export class Succession {
  #sieve: Sieve | null = null;
  /** Everything up to here has been asked about. */
  #asked = 0;
  #closed = 0;

  constructor(
    private readonly old: Generation,
    private readonly heir: Generation,
  ) {}

  /** Resolves when the room has been asked about all that was unsent when its state came; never if that never comes. */
  async run(): Promise<void> {
    const { heir } = this;
    heir.connection.start();
    do {
      await heir.provider.whenSynced();
      this.#sieve ??= this.#sift();
    } while (!(await this.#sieve.run(heir.provider)));
  }

  /** The server ended the heir's connection for good. True: it comes back nevertheless, as it was about one update. */
  comesBack(code: number): boolean {
    if (code !== CLOSE.PROTOCOL || this.#sieve === null || this.#closed > MOST_CLOSED) return false;
    if (++this.#closed > MOST_CLOSED) this.#sieve.giveUp('');
    this.heir.connection.retry();
    return true;
  }

  /**
   * In one breath: what was written since `run` goes over to the heir, unless it rests on what was refused; what was
   * asked about is out of the outbox; the old life is over.
   */
  handOver(): Outcome {
    const { old, heir } = this;
    const { outbox } = old;
    const sieve = this.#sieve ?? new Sieve([]);
    const fallen = new Set<number>();
    const coming: Uint8Array[] = [];
    for (const { n, update } of outbox.pending) {
      if (n <= this.#asked) continue;
      if (sieve.falls({ update })) fallen.add(n);
      else coming.push(update);
    }
    if (coming.length > 0) heir.restore([filled(coming, sieve.lost, heir.doc)]);
    old.yieldTo(heir);
    outbox.settle(this.#asked);
    if (fallen.size > 0) outbox.withdraw(fallen);
    return { refused: sieve.refused.map(({ update }) => update), why: sieve.why };
  }

  #sift(): Sieve {
    const { doc, outbox } = this.old;
    const edits: Numbered[] = outbox.pending.map(({ n, update }) => ({ n, update }));
    this.#asked = outbox.last;
    const lacking = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(this.heir.doc));
    if (isListed(lacking, edits)) return new Sieve(edits);
    // The document holds something that no list has: the storage of this device failed earlier, or another tab wrote
    // it. What rests on it cannot be told apart, so it is all or nothing.
    return new Sieve([{ update: Y.mergeUpdates([lacking, ...edits.map(({ update }) => update)]) }]);
  }
}

/** What the lab refused, as the document has it that still holds it. */
export async function refusedOf(doc: Y.Doc, place: Place, epoch: number, { refused, why }: Outcome, describe: Describe | undefined): Promise<RecoveryRow> {
  const copy = recoveryOf(doc, place, epoch, refused.length);
  let told: Described | undefined;
  try {
    told = await describe?.(doc, entriesOf(doc, refused));
  } catch (error) {
    warn('What was refused is shown as it stands.', error);
  }
  return { ...copy, text: told?.text ?? copy.text, refused: { why, what: told?.what ?? [] } };
}

/** Does everything that this update brings stand in one of those? */
function isListed(update: Uint8Array, edits: readonly Sifted[]): boolean {
  const listed = new Ids();
  for (const edit of edits) {
    const { brought } = idsOf(edit.update);
    for (const client of brought.clients()) for (const [from, to] of brought.of(client)) listed.add(client, from, to);
  }
  const { brought } = idsOf(update);
  return [...brought.clients()].every((client) => brought.of(client).every(([from, to]) => listed.covers(client, from, to)));
}
