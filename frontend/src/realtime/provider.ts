// Keeps one document and one presence in step with the server over a connection, and knows which edits are durable.
import {
  applyAwarenessUpdate,
  type Awareness,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Announcer } from './announcer';
import type { Connection } from './connection';
import type { Outbox } from './outbox';
import { type Frame, readEvent } from './protocol';
import { Question } from './question';
import type { Answer, Court } from './sieve';
import type { RoomEvent } from './types';

/** At most 20 updates, 20 marks and (announcer.ts) 12.5 presences a second: inside the server's 60 frames. */
export const FLUSH_GAP = 50;
/** The server takes frames of 1 MiB unless set otherwise; the rest is for the frame's own bytes. */
export const LARGEST = 2 ** 20 - 64;
const SMALLEST = 16 * 1024;
const REPAIR_FIRST = 1_000;
const REPAIR_LONGEST = 15_000;

export interface ProviderEvents {
  /** `synced`, `flowing` or `pending` changed. */
  changed(): void;
  event(event: RoomEvent): void;
  /** The server will not take our edits, and sending them again cannot help. */
  refused(reason: string, message: string): void;
  /** Is this update from this device's own copy, and so not an edit? */
  isLocalCopy(origin: unknown): boolean;
}

export class Provider implements Court {
  /** The server's whole state has arrived on this connection. */
  synced = false;
  /** The server has been given all we had when the connection began: from here on edits go out as they are made. */
  flowing = false;
  #mayWrite = false;
  #refused = false;
  /** Something came from this device after the server had been given all. */
  #behind = false;
  #serverVector: Uint8Array | null = null;
  #unsent: Uint8Array[] = [];
  #mark = 0;
  #marks: { mark: number; upTo: number }[] = [];
  #flushAt = Number.NEGATIVE_INFINITY;
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #soon = false;
  #repairing: ReturnType<typeof setTimeout> | undefined;
  #repairs = 0;
  #connections = 0;
  #largest = LARGEST;
  readonly #question: Question;
  readonly #announcer: Announcer;
  readonly #awaited: (() => void)[] = [];

  /** `holding`: gives nothing by itself, only what it is told to ask about, until `release`. */
  constructor(
    readonly doc: Y.Doc,
    private readonly awareness: Awareness,
    private readonly outbox: Outbox,
    private readonly connection: Connection,
    private readonly events: ProviderEvents,
    private holding = false,
  ) {
    this.#question = new Question(doc, connection, this);
    this.#announcer = new Announcer(awareness, connection, this);
    doc.on('update', this.#edited);
  }

  /** Every mark of this connection has come back: nothing we gave the server is still on its way to the disk. */
  get answered(): boolean {
    return this.#marks.length === 0;
  }

  get largest(): number {
    return this.#largest;
  }

  /** Resolves when the server's whole state is here. */
  whenSynced(): Promise<void> {
    return this.synced ? Promise.resolve() : new Promise((resolve) => void this.#awaited.push(resolve));
  }

  /** Does the room take this? Taken means durable; it is then in the document too. */
  ask(update: Uint8Array): Promise<Answer> {
    return this.#question.ask(update, () => ++this.#mark);
  }

  /** From now on edits flow by themselves, beginning with what the outbox has left. */
  release(): void {
    this.holding = false;
    this.#giveAll();
  }

  /** Sends nothing more. What is edited is still put into the outbox; who else is here stays to be seen. */
  hush(): void {
    this.#refused = true;
    this.#drop();
  }

  destroy(): void {
    this.doc.off('update', this.#edited);
    this.#announcer.destroy();
    this.lost();
  }

  opened(): void {
    this.connection.send({ kind: 'step1', vector: Y.encodeStateVector(this.doc) });
    if (this.#connections++ > 0) this.#announcer.outdo();
    this.sendPresence();
  }

  frame(frame: Frame): void {
    switch (frame.kind) {
      case 'step1':
        this.#serverVector = frame.vector;
        if (this.holding) this.#question.lacks();
        else this.#giveAll();
        return;
      case 'step2':
        Y.applyUpdate(this.doc, frame.update, this);
        this.synced = true;
        this.#settleConnection();
        this.events.changed();
        for (const go of this.#awaited.splice(0)) go();
        return;
      case 'update':
        Y.applyUpdate(this.doc, frame.update, this);
        return;
      case 'awareness':
        applyAwarenessUpdate(this.awareness, frame.update, this);
        return;
      case 'query-awareness':
        this.sendPresence();
        return;
      case 'saved':
        this.#saved(frame.n);
        return;
      case 'event': {
        const event = readEvent(frame.event);
        if (event !== null) this.#event(event);
        return;
      }
      case 'mark':
        return;
    }
  }

  /** The socket is gone: everything that was on its way counts as not arrived. */
  lost(): void {
    this.#drop();
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.awareness.clientID);
    removeAwarenessStates(this.awareness, others, this);
    this.events.changed();
  }

  #drop(): void {
    clearTimeout(this.#flushing);
    clearTimeout(this.#repairing);
    this.#flushing = this.#repairing = undefined;
    this.#announcer.rest();
    this.synced = this.flowing = this.#mayWrite = this.#soon = false;
    this.#serverVector = null;
    this.#unsent = [];
    this.#mark = 0;
    this.#marks = [];
    this.#question.lost();
  }

  /** Offers the server what this device has added since it was given all. */
  catchUp(): void {
    if (this.#behind || this.outbox.pending.length > 0) this.#giveAll();
  }

  /** The server closed 1009: its limit is below what we took it to be. */
  sendSmaller(): void {
    this.#largest = Math.max(SMALLEST, Math.floor(this.#largest / 2));
  }

  /** Everything that waits goes out now. */
  flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    this.#soon = false;
    const updates = this.#unsent;
    if (updates.length === 0 || !this.flowing) return;
    this.#unsent = [];
    this.#flushAt = performance.now();
    if (this.#sendUpdates(updates)) this.#sendMark();
  }

  sendPresence(): void {
    this.#announcer.send();
  }

  renewPresence(): void {
    this.#announcer.renew();
  }

  #event(event: RoomEvent): void {
    if (event.type === 'joined' || event.type === 'access') {
      const before = this.#mayWrite;
      this.#mayWrite = event.access === 'write';
      if (!this.#mayWrite) {
        this.flowing = false;
        this.#unsent = [];
      } else if (!before && event.type === 'access') {
        // Promoted. Ask the long way round if the server has not yet said what it holds.
        if (this.#serverVector !== null) this.#giveAll();
        else this.connection.drop(0, 'promoted');
      }
      this.#settleConnection();
    } else if (event.type === 'refused') {
      this.#notTaken(event.reason, event.message);
    }
    this.events.event(event);
    this.events.changed();
  }

  /** The answer to a sync step 1: all that the server lacks, deletions included, under one mark. */
  #giveAll(): void {
    if (!this.#mayWrite || this.#refused || this.holding || this.#serverVector === null) return;
    this.#unsent = [];
    this.#behind = false;
    const update = Y.encodeStateAsUpdate(this.doc, this.#serverVector);
    if (this.outbox.pending.length === 0 && Y.decodeUpdate(update).structs.length > 0) {
      // Something of ours that no list has (storage failed earlier): it is not saved either.
      this.outbox.add(update);
      this.#unsent = [];
    }
    if (update.length <= this.#largest) this.connection.send({ kind: 'step2', update });
    else if (!this.#sendUpdates(this.outbox.pending.map((edit) => edit.update))) return;
    this.flowing = true;
    this.#sendMark();
    this.#settleConnection();
    this.events.changed();
  }

  /** In as few frames as the size limit allows. False when one edit alone is too big for the server. */
  #sendUpdates(updates: readonly Uint8Array[]): boolean {
    const tooBig = updates.some((update) => update.length > this.#largest);
    if (tooBig) {
      this.#refuse('too_big', 'One change is too big to be saved at once.');
      return false;
    }
    let batch: Uint8Array[] = [];
    let size = 0;
    const send = () => {
      if (batch.length > 0) this.connection.send({ kind: 'update', update: merged(batch) });
      batch = [];
      size = 0;
    };
    for (const update of updates) {
      if (size + update.length > this.#largest) send();
      batch.push(update);
      size += update.length;
    }
    send();
    return true;
  }

  #sendMark(): void {
    const upTo = this.outbox.last;
    if (this.connection.send({ kind: 'mark', n: ++this.#mark })) this.#marks.push({ mark: this.#mark, upTo });
  }

  #saved(n: number): void {
    if (this.#question.saved(n)) {
      this.#serverVector = Y.encodeStateVector(this.doc);
      this.connection.settled();
    }
    let upTo = 0;
    while (this.#marks[0] !== undefined && this.#marks[0].mark <= n) upTo = this.#marks.shift()?.upTo ?? upTo;
    if (upTo > 0) this.outbox.settle(upTo);
    this.#repairs = 0;
    this.events.changed();
  }

  #notTaken(reason: string, message: string): void {
    if (this.holding) {
      this.#question.refused(reason, message);
      return;
    }
    if (reason !== 'rate') {
      this.#refuse(reason, message);
      return;
    }
    // Too fast: nothing is wrong with the edits. Wait, then give everything again, as the protocol asks (W18).
    this.flowing = false;
    this.#unsent = [];
    const wait = Math.min(REPAIR_LONGEST, REPAIR_FIRST * 2 ** this.#repairs++);
    this.#repairing ??= setTimeout(() => {
      this.#repairing = undefined;
      this.#giveAll();
    }, wait);
  }

  #refuse(reason: string, message: string): void {
    this.#refused = true;
    this.flowing = false;
    this.#unsent = [];
    this.events.refused(reason, message);
  }

  #settleConnection(): void {
    if (this.synced && (this.flowing || !this.#mayWrite)) this.connection.settled();
  }

  #edited = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return;
    if (this.events.isLocalCopy(origin)) {
      this.#behind = true;
      return;
    }
    this.outbox.add(update);
    // Until the server has said what it holds, edits wait: the answer to that will contain them.
    if (!this.flowing) return;
    this.#unsent.push(update);
    if (this.#soon || this.#flushing !== undefined) return;
    const wait = this.#flushAt + FLUSH_GAP - performance.now();
    if (wait > 0) {
      this.#flushing = setTimeout(() => this.flush(), wait);
    } else {
      this.#soon = true;
      queueMicrotask(() => this.#soon && this.flush());
    }
  };
}

function merged(updates: Uint8Array[]): Uint8Array {
  const [first] = updates;
  return updates.length === 1 && first !== undefined ? first : Y.mergeUpdates(updates);
}
