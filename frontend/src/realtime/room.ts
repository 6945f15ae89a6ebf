// One room, opened: the document, the people in it, and how safe its edits are. Nothing of React here.
import { warn } from '../lib/warn';
import { retryDelay } from './backoff';
import { CLOSE, stopFor } from './closecodes';
import { Generation } from './generation';
import { Keeping } from './keeping';
import { Leaving } from './leaving';
import { Listeners } from './listeners';
import { Outbox } from './outbox';
import { browserPorts, type Ports } from './ports';
import { recoveryOf } from './recovery';
import { guardsLeaving, OVERDUE, savedState } from './saved';
import { newTabName } from './tabs';
import { plainText } from './text';
import type {
  Access,
  PersonHere,
  Refusal,
  Room,
  RoomEvent,
  RoomEventOf,
  RoomOptions,
  RoomState,
  Stop,
} from './types';

/** How long a room that was left stays connected for edits the server has not answered yet. */
const LINGER = 5_000;
/** A device that is stuck must not keep anyone out. */
const DEVICE_DEADLINE = 3_000;
/** So many refusals in a row, nothing being saved in between, and the person is asked: the same would only happen again. */
export const MOST_IN_A_ROW = 5;

export function openRoom(options: RoomOptions, ports: Ports = browserPorts()): Room {
  return new OpenRoom(options, ports);
}

class OpenRoom implements Room {
  readonly name: string;
  readonly #tab = newTabName();
  readonly #keeping: Keeping;
  readonly #listeners = new Listeners();
  readonly #leaving = new Leaving();
  readonly #page = new AbortController();
  #life: Generation;
  #state: RoomState;
  #access: Access | null = null;
  #you: PersonHere | null = null;
  #refusal: Refusal | null = null;
  /** Another life that is being prepared because something was refused, and whether it survives such an end. */
  #heir: Generation | null = null;
  #comesBack: ((code: number) => boolean) | null = null;
  #refusals = 0;
  /** The outbox's word when the last refused edits had been dealt with. */
  #settledThen = 0;
  #stop: Stop | null = null;
  #storageTrouble: string | null = null;
  #announcedEpoch: number | null = null;
  /** Epochs that ended before their document ever arrived: a reason to slow down. */
  #restarts = 0;
  #overdue: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #drained: (() => void) | null = null;
  readonly #started: Promise<void>;

  constructor(
    private readonly options: RoomOptions,
    private readonly ports: Ports,
  ) {
    this.name = `${options.kind}/${options.key}`;
    this.#keeping = new Keeping(
      options,
      ports,
      this.#tab,
      () => this.#changed(),
      () => {
        void this.#life.detach().then(() => this.#changed());
      },
    );
    this.#life = this.#newLife(1, null, this.#newOutbox());
    this.#state = this.#read();
    document.addEventListener('visibilitychange', () => document.hidden && this.#life.provider.flush(), {
      signal: this.#page.signal,
    });
    this.#started = this.#start();
  }

  get doc() {
    return this.#life.doc;
  }

  get awareness() {
    return this.#life.awareness;
  }

  state(): RoomState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.subscribe(listener);
  }

  onEvent<T extends RoomEvent['type']>(type: T, listener: (event: RoomEventOf<T>) => void): () => void {
    return this.#listeners.onEvent(type, listener);
  }

  retry(): void {
    if (this.#closed) return;
    this.#stop = null;
    this.#wired.connection.retry();
    this.#changed();
  }

  text(): string {
    return plainText(this.doc);
  }

  async startAgain(): Promise<void> {
    await this.#replaceLife(null);
  }

  async discardRecovery(id: string): Promise<void> {
    await this.#keeping.discard(id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const life = this.#life;
    this.#page.abort();
    this.#listeners.clear();
    this.#leaving.ask(false);
    clearTimeout(this.#overdue);
    life.provider.flush();
    life.awareness.setLocalState(null);
    life.provider.sendPresence();
    await this.#drain(life);
    this.#dropHeir();
    life.disconnect();
    await this.#started;
    await life.end();
    this.#keeping.close();
  }

  async #start(): Promise<void> {
    await this.#keeping.open();
    if (this.#closed) return;
    const life = this.#life;
    const { disk } = this.#keeping;
    const known = await this.#keeping.known();
    if (disk !== null && known !== null) {
      this.#access = known.access;
      await life.attach(disk, known.epoch);
      life.ready = life.copied;
      this.#changed();
      void this.#keeping.rescueOlder(known.epoch);
    }
    if (!this.#closed && life === this.#life) life.connection.start();
  }

  /** The life that speaks with the server: not the one that is on the screen while another is being prepared. */
  get #wired(): Generation {
    return this.#heir ?? this.#life;
  }

  #newOutbox(): Outbox {
    const outbox: Outbox = new Outbox(this.#tab, () => outbox === this.#life.outbox && this.#changed());
    return outbox;
  }

  #newLife(number: number, epoch: number | null, outbox: Outbox, holding = false): Generation {
    const life: Generation = new Generation(
      number,
      epoch,
      outbox,
      holding,
      this.options,
      this.#keeping.place,
      this.ports,
      {
        changed: () => life === this.#wired && this.#changed(),
        event: (event) => life === this.#wired && this.#event(life, event),
        refused: (reason, message) => life === this.#wired && this.#refused({ reason, message }),
        stopped: (code, reason) => life === this.#wired && this.#stopped(code, reason),
      },
    );
    return life;
  }

  #event(life: Generation, event: RoomEvent): void {
    switch (event.type) {
      case 'joined':
        this.#you = event.you;
        this.#access = event.access;
        life.awareness.setLocalStateField('user', event.you);
        if (life.epoch !== null && life.epoch !== event.epoch) {
          void this.#replaceLife(event.epoch);
        } else if (this.options.schema !== null && event.schema !== this.options.schema) {
          life.connection.close();
          this.#stopped(CLOSE.OUTDATED, 'schema');
        } else if (life.epoch === null) {
          life.epoch = event.epoch;
          this.#keepFrom(life, event.epoch);
        }
        break;
      case 'access':
        this.#access = event.access;
        break;
      case 'epoch':
        this.#announcedEpoch = event.epoch;
        break;
      case 'storage':
        this.#storageTrouble = event.ok ? null : event.message;
        break;
      case 'refused':
      case 'changed':
      case 'restarting':
        break;
    }
    this.#listeners.tell(event);
  }

  #stopped(code: number, reason: string): void {
    if (this.#comesBack?.(code)) return;
    if (code === CLOSE.OUTDATED && reason !== 'schema') {
      void this.#replaceLife(this.#announcedEpoch);
      return;
    }
    this.#stop = stopFor(code, reason);
    if (code === CLOSE.NOT_ALLOWED || code === CLOSE.NO_SUCH_ROOM) void this.#purge();
    this.#changed();
  }

  /** Some of our edits will not be taken. The rest is, and the page goes on with what the room holds. */
  #refused(refusal: Refusal): void {
    const { outbox, epoch } = this.#life;
    if (outbox.settled > this.#settledThen) this.#refusals = 0;
    if (refusal.reason === 'read_only' || epoch === null || ++this.#refusals > MOST_IN_A_ROW) {
      this.#refusal = refusal;
      this.#changed();
      return;
    }
    void this.#succeed(refusal, epoch);
  }

  async #succeed(refusal: Refusal, epoch: number): Promise<void> {
    const old = this.#life;
    const heir = this.#newLife(old.number + 1, epoch, old.outbox, true);
    this.#heir = heir;
    old.hush();
    this.#changed();
    const given = () => this.#closed || this.#heir !== heir;
    try {
      const { Succession, refusedOf } = await import('./succession');
      if (given()) return;
      const succession = new Succession(old, heir);
      this.#comesBack = (code) => succession.comesBack(code);
      await succession.run();
      if (given()) return;
      if (old.scope !== null) await Promise.race([this.#beginCopyAnew(old, old.scope), pause(DEVICE_DEADLINE)]);
      if (given()) return;
      const outcome = this.#handOver(heir, () => succession.handOver());
      if (outcome.refused.length > 0)
        await this.#keeping.tell(await refusedOf(old.doc, this.#keeping.place, epoch, outcome, this.options.describe));
      old.doc.destroy();
    } catch (error) {
      warn('What was refused could not be told from the rest.', error);
      if (given()) return;
      this.#dropHeir();
      this.#refusal = refusal;
      this.#changed();
    }
  }

  async #beginCopyAnew(old: Generation, scope: string): Promise<void> {
    await old.leaveCopy();
    await this.#keeping.beginAnew(scope);
  }

  #handOver<T>(heir: Generation, handOver: () => T): T {
    this.#life = heir;
    this.#heir = this.#comesBack = null;
    const outcome = handOver();
    this.#settledThen = heir.outbox.settled;
    heir.provider.release();
    this.#changed();
    const { disk } = this.#keeping;
    if (disk !== null && heir.epoch !== null) void heir.attach(disk, heir.epoch).then(() => this.#changed());
    return outcome;
  }

  #dropHeir(): void {
    this.#heir?.discard();
    this.#heir = this.#comesBack = null;
  }

  /** Now that the epoch is known: attach what this device has of it, and look after what it has of earlier ones. */
  #keepFrom(life: Generation, epoch: number): void {
    const { disk } = this.#keeping;
    if (disk === null) return;
    void life.attach(disk, epoch).then(() => this.#changed());
    void this.#keeping.rescueOlder(epoch);
  }

  /** Gone, or no longer ours to see: nothing of it stays on this device. What is on the screen can still be copied. */
  async #purge(): Promise<void> {
    const { outbox, scope } = this.#life;
    await outbox.idle();
    await this.#life.detach();
    await this.#keeping.forget(scope);
  }

  /** The document has been replaced on the server, or is given up here: unsent edits are set aside, and a fresh one is opened. */
  async #replaceLife(epoch: number | null): Promise<void> {
    const old = this.#life;
    const { scope } = old;
    this.#dropHeir();
    old.disconnect();
    const pending = old.outbox.pending.length;
    const row = pending > 0 ? recoveryOf(old.doc, this.#keeping.place, old.epoch ?? 0, pending) : null;
    if (row !== null) this.#keeping.show(row);
    this.#restarts = old.ready ? 0 : this.#restarts + 1;
    this.#life = this.#newLife(old.number + 1, null, this.#newOutbox());
    this.#refusals = this.#settledThen = 0;
    this.#announcedEpoch = null;
    this.#refusal = null;
    this.#stop = null;
    this.#changed();
    const life = this.#life;
    await old.outbox.idle();
    if (scope !== null) await this.#keeping.setAside(scope, row);
    await old.end();
    if (scope !== null) await this.#keeping.rescueScope(scope);
    if (this.#closed || life !== this.#life) return;
    const { disk } = this.#keeping;
    if (epoch !== null && disk !== null) await life.attach(disk, epoch);
    else life.epoch = epoch;
    if (this.#restarts > 1) await pause(retryDelay(this.#restarts, this.ports.random()));
    if (!this.#closed && life === this.#life) life.connection.start();
  }

  /** Leaving: give what is unanswered a moment, so that no edit waits on this device without need. */
  async #drain(life: Generation): Promise<void> {
    if (life.outbox.pending.length === 0 || !life.connection.isOpen) return;
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    await Promise.race([drained, pause(LINGER)]);
  }

  #changed(): void {
    if (this.#closed) {
      const { outbox, connection } = this.#life;
      if (outbox.pending.length === 0 || !connection.isOpen) this.#drained?.();
      return;
    }
    const { epoch, copied, provider } = this.#life;
    if (copied && provider.synced && epoch !== null && this.#access !== null)
      this.#keeping.note(epoch, this.#access);
    const next = this.#read();
    this.#watchOverdue();
    this.#leaving.ask(guardsLeaving(next.saved, next.pending));
    if (same(next, this.#state)) return;
    this.#state = next;
    this.#listeners.changed();
  }

  #read(): RoomState {
    const { outbox, number, epoch, ready } = this.#life;
    const { connection, provider } = this.#wired;
    const stopped = this.#stop !== null;
    const pending = outbox.pending.length;
    const flowing = connection.isOpen && provider.synced && (provider.flowing || this.#access === 'read');
    // While it is being asked which edits are taken they are on their way.
    const connected = flowing || (this.#heir !== null && connection.phase !== 'waiting');
    return {
      phase: stopped ? 'stopped' : connection.phase,
      ready,
      synced: provider.synced,
      access: this.#access,
      editable: ready && this.#access === 'write' && this.#refusal === null && !stopped,
      epoch,
      generation: number,
      you: this.#you,
      saved: savedState({
        connected,
        answered: provider.answered,
        pending,
        oldest: outbox.oldest,
        storageTrouble: this.#storageTrouble !== null,
        refused: this.#refusal !== null,
        access: this.#access,
        stopCode: this.#stop?.code ?? null,
      }),
      pending,
      keptOnDevice: pending > 0 && outbox.kept,
      storageTrouble: this.#storageTrouble,
      refusal: this.#refusal,
      stop: this.#stop,
      recovery: this.#keeping.recovery,
    };
  }

  #watchOverdue(): void {
    clearTimeout(this.#overdue);
    const { pending, oldest } = this.#life.outbox;
    if (pending.length === 0 || oldest >= OVERDUE) return;
    this.#overdue = setTimeout(() => this.#changed(), OVERDUE - oldest);
  }
}

function same(a: RoomState, b: RoomState): boolean {
  return (Object.keys(a) as (keyof RoomState)[]).every((key) => a[key] === b[key]);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
