// A lab in memory: it does nothing until the test says so, and it speaks docs/protocol.md.
import * as Y from 'yjs';
import { vi } from 'vitest';
import type { OpenSocket, Socket } from '../connection';
import { Disk } from '../disk';
import { decodeFrame, encodeFrame, type Frame } from '../protocol';
import type { Ports } from '../ports';
import { openRoom } from '../room';
import type { Tabs } from '../tabs';
import type { Access, Refusal, Room, RoomEvent, RoomOptions } from '../types';

export const YOU = { id: 'ana', name: 'Ana', colour: 'p2' };

/** One socket, seen from the server. What the page sends waits in `inbox`. */
export class Wire implements Socket {
  binaryType = '';
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly inbox: Frame[] = [];
  readonly everything: Frame[] = [];
  lastMark = 0;
  /** Something of the page's was not taken: marks are not answered. */
  lacking = false;
  /** What the page gave as it closed the socket. */
  closedByPage: number | null = null;

  constructor(
    readonly url: URL,
    readonly protocols: string[],
  ) {}

  send(data: Uint8Array<ArrayBuffer>): void {
    const frame = decodeFrame(data.slice());
    this.inbox.push(frame);
    this.everything.push(frame);
  }

  close(code = 1005): void {
    this.readyState = 3;
    this.closedByPage = code;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  deliver(frame: Frame): void {
    this.raw(encodeFrame(frame));
  }

  raw(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer });
  }

  tell(event: RoomEvent): void {
    this.deliver({ kind: 'event', event: event as never });
  }

  cut(code = 1006, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  sent<K extends Frame['kind']>(kind: K): Extract<Frame, { kind: K }>[] {
    return this.everything.filter((frame): frame is Extract<Frame, { kind: K }> => frame.kind === kind);
  }
}

export class Lab {
  doc = new Y.Doc();
  epoch = 1;
  schema = 1;
  access: Access = 'write';
  readonly wires: Wire[] = [];
  /** Why the room does not take an update, or null. What begins with `update_refused:G` also ends the connection. */
  refusals = 0;
  judge: (update: Uint8Array) => Refusal | null = () => null;

  readonly openSocket: OpenSocket = (url, protocols) => {
    const wire = new Wire(new URL(url), protocols);
    this.wires.push(wire);
    return wire;
  };

  constructor(text = '') {
    if (text !== '') write(this.doc, text);
  }

  get wire(): Wire {
    const wire = this.wires.at(-1);
    if (wire === undefined) throw new Error('nobody has connected');
    return wire;
  }

  get text(): string {
    return read(this.doc);
  }

  /** Let the newest socket in, and answer all that it says; nothing is called durable yet. */
  join(): Wire {
    const { wire } = this;
    wire.open();
    wire.tell({ type: 'joined', epoch: this.epoch, schema: this.schema, access: this.access, you: YOU });
    if (this.access === 'write') wire.deliver({ kind: 'step1', vector: Y.encodeStateVector(this.doc) });
    this.receive(wire);
    return wire;
  }

  /** Take in what the page has sent. Marks wait for `save`. */
  receive(wire = this.wire): void {
    for (const frame of wire.inbox.splice(0)) {
      if (frame.kind === 'step1') {
        wire.deliver({ kind: 'step2', update: Y.encodeStateAsUpdate(this.doc, frame.vector) });
      } else if (frame.kind === 'step2' || frame.kind === 'update') {
        if (!this.#take(wire, frame.update, frame.kind === 'step2')) return;
      } else if (frame.kind === 'mark') {
        if (frame.n !== wire.lastMark + 1) throw new Error(`mark ${frame.n} after ${wire.lastMark}`);
        wire.lastMark = frame.n;
      }
    }
  }

  /** False: that was the end of this connection. */
  #take(wire: Wire, update: Uint8Array, whole: boolean): boolean {
    const { structs, ds } = Y.decodeUpdate(update);
    const starts = new Map<number, number>();
    for (const { id } of structs) if (!starts.has(id.client)) starts.set(id.client, id.clock);
    if ([...starts].some(([client, clock]) => clock > Y.getState(this.doc.store, client))) {
      wire.lacking = true;
      wire.deliver({ kind: 'step1', vector: Y.encodeStateVector(this.doc) });
      return true;
    }
    const nothing = structs.length === 0 && ds.clients.size === 0;
    const refusal = nothing ? null : this.judge(update);
    if (refusal === null) {
      Y.applyUpdate(this.doc, update);
      if (whole) wire.lacking = false;
      return true;
    }
    wire.lacking = true;
    this.refusals += 1;
    wire.tell({ type: 'refused', ...refusal });
    if (!refusal.reason.startsWith('update_refused:G')) return true;
    wire.cut(4400, refusal.reason);
    return false;
  }

  /** Everything taken in is durable, and the page is told, if it holds nothing that was not taken (W18). */
  save(wire = this.wire): void {
    if (wire.lastMark > 0 && !wire.lacking) wire.deliver({ kind: 'saved', n: wire.lastMark });
  }

  /** The content is replaced by something else. */
  restore(text: string): void {
    this.epoch += 1;
    this.doc = new Y.Doc();
    write(this.doc, text);
  }
}

/** Tabs of one browser. `die` is what a crash does. */
export class FakeTabs implements Tabs {
  readonly #held = new Set<string>();

  hold(tab: string): () => void {
    this.#held.add(tab);
    return () => this.#held.delete(tab);
  }

  async ifDead(tab: string, job: () => Promise<void>): Promise<void> {
    if (this.#held.has(tab)) return;
    this.#held.add(tab);
    try {
      await job();
    } finally {
      this.#held.delete(tab);
    }
  }

  allDie(): void {
    this.#held.clear();
  }
}

export function portsTo(lab: Lab, more: Partial<Ports> = {}): Ports {
  return {
    origin: 'https://lab.test',
    openSocket: lab.openSocket,
    openDisk: () => Disk.open(),
    tabs: new FakeTabs(),
    random: () => 0,
    ...more,
  };
}

export const STATEMENT: RoomOptions = {
  kind: 'statement',
  key: 'c1',
  schema: 1,
  person: { id: 'ana', name: 'Ana' },
  persist: true,
};

export interface Setting {
  readonly options?: Partial<RoomOptions>;
  readonly ports?: Partial<Ports>;
}

/** A room that has asked for its first socket. */
export async function visit(lab: Lab, { options, ports }: Setting = {}): Promise<Room> {
  const before = lab.wires.length;
  const room = openRoom({ ...STATEMENT, ...options }, portsTo(lab, ports));
  await until(() => lab.wires.length > before);
  return room;
}

/** The same, joined, synchronised, and known to the device. */
export async function visitAndJoin(lab: Lab, setting: Setting = {}): Promise<Room> {
  const room = await visit(lab, setting);
  lab.join();
  lab.save();
  await turns();
  return room;
}

/** Timers and clocks stand still until the test moves them; IndexedDB goes on. */
export function stopTime(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
}

/** Waits, without a clock, until the event loop has brought it about. */
export async function until(true_: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (await true_()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`never: ${true_}`);
}

/** Lets IndexedDB finish what it has begun. */
export async function turns(count = 60): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function write(doc: Y.Doc, text: string): void {
  const root = doc.getXmlFragment('statement');
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText(text)]);
    root.insert(root.length, [paragraph]);
  });
}

/** The words of the last paragraph go. */
export function erase(doc: Y.Doc): void {
  const root = doc.getXmlFragment('statement');
  doc.transact(() => root.delete(root.length - 1, 1));
}

export function read(doc: Y.Doc): string {
  return doc
    .getXmlFragment('statement')
    .toArray()
    .map((node) => (node instanceof Y.XmlElement ? node.toArray().join('') : ''))
    .join('|');
}

/** A new, empty device. */
export async function emptyDevice(): Promise<void> {
  const { IDBFactory } = await import('fake-indexeddb');
  vi.stubGlobal('indexedDB', new IDBFactory());
}
