// One life of a room's document: from its opening, or an epoch's beginning, to the epoch's end. A document is never carried over.
import { warn } from '../lib/warn';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Connection } from './connection';
import { type LocalCopy, openCopy } from './copy';
import { type Disk, type Place, scopeOf } from './disk';
import type { Outbox } from './outbox';
import type { Ports } from './ports';
import { Provider } from './provider';
import { defineRoots } from './text';
import type { Phase, RoomEvent, RoomOptions } from './types';

export interface GenerationEvents {
  changed(): void;
  event(event: RoomEvent): void;
  refused(reason: string, message: string): void;
  stopped(code: number, reason: string): void;
}

/** Origin of updates that a dead tab left in the outbox. */
const RESTORED = Symbol('restored');
const LOAD_DEADLINE = 3_000;

export class Generation {
  readonly doc = new Y.Doc();
  readonly awareness: Awareness;
  readonly connection: Connection;
  readonly provider: Provider;
  epoch: number | null;
  /** The document has been whole at least once: from the server, or from this device. */
  ready = false;
  /** This device's copy is attached and complete enough to be opened without a network next time. */
  copied = false;
  #copy: LocalCopy | null = null;
  #heir: Generation | null = null;

  /** `holding`: nothing is given to the server until `provider.release`. */
  constructor(
    readonly number: number,
    epoch: number | null,
    readonly outbox: Outbox,
    holding: boolean,
    private readonly options: RoomOptions,
    private readonly place: Place,
    private readonly ports: Ports,
    events: GenerationEvents,
  ) {
    this.epoch = epoch;
    defineRoots(this.doc, options.kind);
    this.awareness = new Awareness(this.doc);
    this.awareness.setLocalStateField('user', options.person);
    this.connection = new Connection(
      () => this.#url(),
      ports.openSocket,
      {
        phase: (_phase: Phase) => events.changed(),
        opened: () => this.provider.opened(),
        frame: (frame) => this.provider.frame(frame),
        lost: (code) => this.#lost(code),
        stopped: (code, reason) => {
          this.provider.lost();
          events.stopped(code, reason);
        },
        idle: () => this.provider.renewPresence(),
      },
      ports.random,
    );
    this.provider = new Provider(
      this.doc,
      this.awareness,
      this.outbox,
      this.connection,
      {
        changed: () => {
          this.ready ||= this.provider.synced;
          events.changed();
        },
        event: events.event,
        refused: events.refused,
        isLocalCopy: (origin) => origin === RESTORED || this.#copy?.isOrigin(origin) === true,
      },
      holding,
    );
  }

  get scope(): string | null {
    return this.epoch === null ? null : scopeOf(this.place, this.epoch);
  }

  /** Attach what this device has of the epoch. Takes what comes within three seconds: a stuck disk must not keep anyone out. */
  async attach(disk: Disk, epoch: number): Promise<void> {
    this.epoch = epoch;
    const scope = scopeOf(this.place, epoch);
    const copy = openCopy(scope, this.doc);
    this.#copy = copy;
    await within(LOAD_DEADLINE, async () => {
      await copy.loaded;
      await this.outbox.bind(disk, scope, this.ports.tabs, (updates) => (this.#heir ?? this).restore(updates));
      if (this.#copy !== copy) return;
      this.copied = true;
      // Joined before the copy was read: the server has not been offered what came from it.
      this.provider.catchUp();
    });
  }

  /** Edits that are in the outbox and not yet in this document. */
  restore(updates: readonly Uint8Array[]): void {
    this.doc.transact(() => {
      for (const update of updates) Y.applyUpdate(this.doc, update, RESTORED);
    }, RESTORED);
  }

  /** Stop writing to this device. */
  async detach(): Promise<void> {
    this.outbox.unbind();
    await this.leaveCopy();
  }

  async leaveCopy(): Promise<void> {
    this.copied = false;
    const copy = this.#copy;
    this.#copy = null;
    await copy?.close();
  }

  /** No more wire, but edits are still collected: another life is being prepared that will take them over. */
  hush(): void {
    this.provider.hush();
    this.connection.close();
  }

  /** Outbox and all that is still to come into it are the heir's. What was bound to the document has let go of it. */
  yieldTo(heir: Generation): void {
    this.#heir = heir;
    this.provider.destroy();
  }

  /** No more wire; document and outbox stay readable. */
  disconnect(): void {
    this.provider.destroy();
    this.connection.close();
  }

  /** It never came to anything: whatever it shares with another life stays there. */
  discard(): void {
    this.disconnect();
    this.doc.destroy();
  }

  async end(): Promise<void> {
    this.disconnect();
    await this.outbox.idle();
    await this.detach();
    this.doc.destroy();
  }

  #lost(code: number): void {
    if (code === 1009) this.provider.sendSmaller();
    this.provider.lost();
  }

  #url(): string {
    const { kind, key, schema } = this.options;
    const url = new URL(`/ws/${kind}/${encodeURIComponent(key)}`, this.ports.origin.replace(/^http/, 'ws'));
    if (this.epoch !== null) url.searchParams.set('epoch', String(this.epoch));
    if (schema !== null) url.searchParams.set('schema', String(schema));
    return url.href;
  }
}

async function within(milliseconds: number, job: () => Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  const done = job().catch((error: unknown) => warn("This device's copy could not be read.", error));
  await Promise.race([done, deadline]);
  clearTimeout(timer);
}
