// One room, opened: the document, the people in it, and how safe its edits are. Nothing of React here.
import { retryDelay } from "./backoff";
import { CLOSE, stopFor } from "./closecodes";
import { forgetRoom } from "./device";
import { baseOf, type Disk, epochOf, type Place, type RecoveryRow } from "./disk";
import { Generation } from "./generation";
import { browserPorts, type Ports } from "./ports";
import { recoveryOf, rescue } from "./recovery";
import { guardsLeaving, OVERDUE, savedState } from "./saved";
import { newTabName } from "./tabs";
import { plainText } from "./text";
import type {
  Access,
  PersonHere,
  RecoveryCopy,
  Refusal,
  Room,
  RoomEvent,
  RoomEventOf,
  RoomOptions,
  RoomState,
  Stop,
} from "./types";

/** How long a room that was left stays connected for edits the server has not answered yet. */
const LINGER = 5_000;
const DISK_DEADLINE = 3_000;

export function openRoom(options: RoomOptions, ports: Ports = browserPorts()): Room {
  return new OpenRoom(options, ports);
}

class OpenRoom implements Room {
  readonly name: string;
  readonly #place: Place;
  readonly #tab = newTabName();
  readonly #releaseTab: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Map<string, Set<(event: RoomEvent) => void>>();
  readonly #page = new AbortController();
  #disk: Disk | null = null;
  #life: Generation;
  #state: RoomState;
  #access: Access | null = null;
  #you: PersonHere | null = null;
  #refusal: Refusal | null = null;
  #stop: Stop | null = null;
  #storageTrouble: string | null = null;
  #recovery: readonly RecoveryCopy[] = [];
  #announcedEpoch: number | null = null;
  /** Epochs that ended before their document ever arrived: a reason to slow down. */
  #restarts = 0;
  #noted = "";
  #guarding = false;
  #overdue: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #drained: (() => void) | null = null;
  readonly #started: Promise<void>;

  constructor(
    private readonly options: RoomOptions,
    private readonly ports: Ports,
  ) {
    this.name = `${options.kind}/${options.key}`;
    this.#place = { origin: ports.origin, person: options.person.id, room: this.name };
    this.#releaseTab = options.persist ? ports.tabs.hold(this.#tab) : () => undefined;
    this.#life = this.#newLife(1, null);
    this.#state = this.#read();
    document.addEventListener(
      "visibilitychange",
      () => document.hidden && this.#life.provider.flush(),
      { signal: this.#page.signal },
    );
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
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onEvent<T extends RoomEvent["type"]>(type: T, listener: (event: RoomEventOf<T>) => void): () => void {
    const listeners = this.#eventListeners.get(type) ?? new Set();
    this.#eventListeners.set(type, listeners.add(listener as (event: RoomEvent) => void));
    return () => listeners.delete(listener as (event: RoomEvent) => void);
  }

  retry(): void {
    if (this.#closed) return;
    this.#stop = null;
    this.#life.connection.retry();
    this.#changed();
  }

  text(): string {
    return plainText(this.doc);
  }

  async startAgain(): Promise<void> {
    await this.#replaceLife(null);
  }

  async discardRecovery(id: string): Promise<void> {
    this.#recovery = this.#recovery.filter((copy) => copy.id !== id);
    this.#changed();
    await this.#disk?.discardRecovery(baseOf(this.#place), id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const life = this.#life;
    this.#page.abort();
    this.#listeners.clear();
    this.#eventListeners.clear();
    this.#guard(false);
    clearTimeout(this.#overdue);
    life.provider.flush();
    life.awareness.setLocalState(null);
    life.provider.sendPresence();
    await this.#drain(life);
    life.disconnect();
    await this.#started;
    await life.end();
    this.#releaseTab();
    this.#disk?.close();
  }

  async #start(): Promise<void> {
    if (this.options.persist) await this.#openDisk();
    if (this.#closed) return;
    const life = this.#life;
    const known = await this.#disk?.room(baseOf(this.#place)).catch(() => undefined);
    if (this.#disk !== null && known !== undefined && known.schema === this.options.schema) {
      this.#access = known.access;
      await life.attach(this.#disk, known.epoch);
      life.ready = life.copied;
      this.#changed();
      void this.#rescueOlder(known.epoch);
    }
    if (!this.#closed && life === this.#life) life.connection.start();
  }

  async #openDisk(): Promise<void> {
    try {
      const disk = await deadline(this.ports.openDisk(), DISK_DEADLINE);
      this.#disk = disk;
      const kept = await disk.recoveries(baseOf(this.#place));
      this.#recovery = kept.map((row) => shown(row, true));
    } catch (error) {
      // Rooms work without it; nothing is then claimed to be kept on the device.
      console.warn("This browser keeps nothing for the lab.", error);
    }
    this.#changed();
  }

  #newLife(number: number, epoch: number | null): Generation {
    const life: Generation = new Generation(number, epoch, this.#tab, this.options, this.#place, this.ports, {
      changed: () => life === this.#life && this.#changed(),
      event: (event) => life === this.#life && this.#event(event),
      refused: (reason, message) => {
        if (life !== this.#life) return;
        this.#refusal = { reason, message };
        this.#changed();
      },
      stopped: (code, reason) => life === this.#life && this.#stopped(code, reason),
    });
    return life;
  }

  #event(event: RoomEvent): void {
    const life = this.#life;
    switch (event.type) {
      case "joined":
        this.#you = event.you;
        this.#access = event.access;
        life.awareness.setLocalStateField("user", event.you);
        if (life.epoch !== null && life.epoch !== event.epoch) {
          void this.#replaceLife(event.epoch);
        } else if (this.options.schema !== null && event.schema !== this.options.schema) {
          life.connection.close();
          this.#stopped(CLOSE.OUTDATED, "schema");
        } else if (life.epoch === null) {
          life.epoch = event.epoch;
          if (this.#disk !== null) {
            void life.attach(this.#disk, event.epoch).then(() => this.#changed());
            void this.#rescueOlder(event.epoch);
          }
        }
        break;
      case "access":
        this.#access = event.access;
        break;
      case "epoch":
        this.#announcedEpoch = event.epoch;
        break;
      case "storage":
        this.#storageTrouble = event.ok ? null : event.message;
        break;
      case "refused":
      case "changed":
      case "restarting":
        break;
    }
    for (const listener of this.#eventListeners.get(event.type) ?? []) {
      try {
        listener(event);
      } catch (error) {
        reportError(error); // A screen's mistake is not the connection's.
      }
    }
  }

  #stopped(code: number, reason: string): void {
    if (code === CLOSE.OUTDATED && reason !== "schema") {
      void this.#replaceLife(this.#announcedEpoch);
      return;
    }
    this.#stop = stopFor(code, reason);
    if (code === CLOSE.NOT_ALLOWED || code === CLOSE.NO_SUCH_ROOM) void this.#purge();
    this.#changed();
  }

  /** Gone, or no longer ours to see: nothing of it stays on this device. What is on the screen can still be copied. */
  async #purge(): Promise<void> {
    const { scope } = this.#life;
    await this.#life.outbox.idle();
    await this.#life.detach();
    this.#recovery = this.#recovery.map((copy) => ({ ...copy, kept: false }));
    if (this.#disk !== null) await forgetRoom(this.#disk, this.#place, scope === null ? [] : [scope]);
    this.#changed();
  }

  /** The document has been replaced on the server, or is given up here: unsent edits are set aside, and a fresh one is opened. */
  async #replaceLife(epoch: number | null): Promise<void> {
    const old = this.#life;
    const { scope } = old;
    old.disconnect();
    const pending = old.outbox.pending.length;
    const row = pending > 0 ? recoveryOf(old.doc, this.#place, old.epoch ?? 0, pending) : null;
    if (row !== null) this.#recovery = [...this.#recovery, shown(row, false)];
    this.#restarts = old.ready ? 0 : this.#restarts + 1;
    this.#life = this.#newLife(old.number + 1, null);
    this.#announcedEpoch = null;
    this.#refusal = null;
    this.#stop = null;
    this.#changed();
    const life = this.#life;
    await old.outbox.idle();
    if (this.#disk !== null && scope !== null) await this.#setAside(this.#disk, scope, row);
    await old.end();
    if (this.#disk !== null && scope !== null) await this.#rescueScope(this.#disk, scope);
    if (this.#closed || life !== this.#life) return;
    if (epoch !== null && this.#disk !== null) await life.attach(this.#disk, epoch);
    else life.epoch = epoch;
    if (this.#restarts > 1) await pause(retryDelay(this.#restarts, this.ports.random()));
    if (!this.#closed && life === this.#life) life.connection.start();
  }

  async #setAside(disk: Disk, scope: string, row: RecoveryRow | null): Promise<void> {
    try {
      await disk.endEpoch(baseOf(this.#place), scope, this.#tab, row);
      if (row === null) return;
      this.#recovery = this.#recovery.map((copy) => (copy.id === row.id ? { ...copy, kept: true } : copy));
      this.#changed();
    } catch (error) {
      console.warn("The recovery copy is only on this page: the device did not keep it.", error);
    }
  }

  /** Edits that dead tabs left under earlier epochs. */
  async #rescueOlder(epoch: number): Promise<void> {
    const disk = this.#disk;
    if (disk === null) return;
    try {
      for (const scope of await disk.scopesWithEdits(baseOf(this.#place))) {
        if (epochOf(scope) < epoch) await this.#rescueScope(disk, scope);
      }
    } catch (error) {
      console.warn("Older edits on this device could not be read.", error);
    }
  }

  async #rescueScope(disk: Disk, scope: string): Promise<void> {
    try {
      const rows = await rescue(disk, this.#place, scope, this.ports.tabs, this.options.kind);
      if (rows.length > 0) this.#recovery = [...this.#recovery, ...rows.map((row) => shown(row, true))];
    } catch (error) {
      console.warn("Older edits on this device could not be read.", error);
    }
    this.#changed();
  }

  /** Remember that this room can be opened from this device. */
  #note(): void {
    const { epoch, copied, provider } = this.#life;
    if (this.#disk === null || !copied || !provider.synced || epoch === null || this.#access === null) return;
    const note = `${epoch} ${this.#access}`;
    if (note === this.#noted) return;
    this.#noted = note;
    const { schema } = this.options;
    this.#disk
      .putRoom({ base: baseOf(this.#place), epoch, schema, access: this.#access })
      .catch((error: unknown) => console.warn("This room will not open without a network.", error));
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
    this.#note();
    const next = this.#read();
    this.#watchOverdue();
    this.#guard(guardsLeaving(next.saved, next.pending));
    if (same(next, this.#state)) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  #read(): RoomState {
    const { outbox, connection, provider, number, epoch, ready } = this.#life;
    const stopped = this.#stop !== null;
    const pending = outbox.pending.length;
    const connected = connection.isOpen && provider.synced && (provider.flowing || this.#access === "read");
    return {
      phase: stopped ? "stopped" : connection.phase,
      ready,
      synced: provider.synced,
      access: this.#access,
      editable: ready && this.#access === "write" && this.#refusal === null && !stopped,
      epoch,
      generation: number,
      you: this.#you,
      saved: savedState({
        connected,
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
      recovery: this.#recovery,
    };
  }

  #watchOverdue(): void {
    clearTimeout(this.#overdue);
    const { pending, oldest } = this.#life.outbox;
    if (pending.length === 0 || oldest >= OVERDUE) return;
    this.#overdue = setTimeout(() => this.#changed(), OVERDUE - oldest);
  }

  #guard(on: boolean): void {
    if (on === this.#guarding) return;
    this.#guarding = on;
    if (on) window.addEventListener("beforeunload", ask);
    else window.removeEventListener("beforeunload", ask);
  }
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function shown({ base: _, ...copy }: RecoveryRow, kept: boolean): RecoveryCopy {
  return { ...copy, kept };
}

function same(a: RoomState, b: RoomState): boolean {
  return (Object.keys(a) as (keyof RoomState)[]).every((key) => a[key] === b[key]);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function deadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  return Promise.race([
    promise,
    pause(milliseconds).then(() => {
      throw new Error("it took too long");
    }),
  ]);
}
