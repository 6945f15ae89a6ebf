// The wire of docs/protocol.md: bytes to frames and back, strictly. Golden bytes: tests/golden/.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Access, PersonHere, RoomEvent } from './types';

export const SUBPROTOCOL = 'lab.v1';

export type Frame =
  | { readonly kind: 'step1'; readonly vector: Uint8Array }
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  | { readonly kind: 'query-awareness' }
  | { readonly kind: 'mark'; readonly n: number }
  | { readonly kind: 'saved'; readonly n: number }
  | { readonly kind: 'event'; readonly event: JsonObject };

export type JsonObject = { readonly type: string; readonly [field: string]: unknown };

/** One client's line of an awareness message; a null state means gone. */
export interface AwarenessEntry {
  readonly client: number;
  readonly clock: number;
  readonly state: Record<string, unknown> | null;
}

/** Bytes that are not a frame of this protocol. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const MARK = 100;
const SAVED = 101;
const EVENT = 102;
const LONGEST_VARUINT = 8;

export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const out = encoding.createEncoder();
  switch (frame.kind) {
    case 'step1':
      writeSync(out, 0, frame.vector);
      break;
    case 'step2':
      writeSync(out, 1, frame.update);
      break;
    case 'update':
      writeSync(out, 2, frame.update);
      break;
    case 'awareness':
      encoding.writeVarUint(out, AWARENESS);
      encoding.writeVarUint8Array(out, frame.update);
      break;
    case 'query-awareness':
      encoding.writeVarUint(out, QUERY_AWARENESS);
      break;
    case 'mark':
    case 'saved':
      encoding.writeVarUint(out, frame.kind === 'mark' ? MARK : SAVED);
      encoding.writeVarUint(out, frame.n);
      break;
    case 'event':
      encoding.writeVarUint(out, EVENT);
      encoding.writeVarString(out, JSON.stringify(frame.event));
      break;
    default:
      return never(frame);
  }
  return encoding.toUint8Array(out);
}

/** Exactly one frame, nothing after it; otherwise FrameError. */
export function decodeFrame(bytes: Uint8Array): Frame {
  return whole(bytes, (from) => {
    const type = varUint(from);
    switch (type) {
      case SYNC:
        return syncFrame(from);
      case AWARENESS: {
        const update = sized(from);
        decodeAwareness(update);
        return { kind: 'awareness', update };
      }
      case QUERY_AWARENESS:
        return { kind: 'query-awareness' };
      case MARK:
        return { kind: 'mark', n: markNumber(from) };
      case SAVED:
        return { kind: 'saved', n: markNumber(from) };
      case EVENT:
        return { kind: 'event', event: eventObject(text(from)) };
      default:
        throw new FrameError(`no frame type ${type}`);
    }
  });
}

export function decodeAwareness(update: Uint8Array): AwarenessEntry[] {
  return whole(update, (from) => {
    const entries: AwarenessEntry[] = [];
    for (let left = varUint(from); left > 0; left--) {
      const client = varUint(from);
      const clock = varUint(from);
      const state = json(text(from));
      if (state !== null && !isObject(state)) throw new FrameError('an awareness state is an object or null');
      entries.push({ client, clock, state });
    }
    return entries;
  });
}

/** A state vector: which clock each client has reached. Naming a client twice makes no sense. */
export function decodeVector(vector: Uint8Array): Map<number, number> {
  return whole(vector, (from) => {
    const clocks = new Map<number, number>();
    for (let left = varUint(from); left > 0; left--) {
      const client = varUint(from);
      if (clocks.has(client)) throw new FrameError(`a state vector names client ${client} twice`);
      clocks.set(client, varUint(from));
    }
    return clocks;
  });
}

export function encodeAwareness(entries: readonly AwarenessEntry[]): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, entries.length);
  for (const { client, clock, state } of entries) {
    encoding.writeVarUint(out, client);
    encoding.writeVarUint(out, clock);
    encoding.writeVarString(out, JSON.stringify(state));
  }
  return encoding.toUint8Array(out);
}

/** The event as one of those we know; null for a type we do not know, which is to be ignored (W19). */
export function readEvent(event: JsonObject): RoomEvent | null {
  switch (event.type) {
    case 'joined':
      return {
        type: 'joined',
        epoch: count(event.epoch),
        schema: count(event.schema ?? 0),
        access: access(event.access),
        you: person(event.you),
      };
    case 'access':
      return { type: 'access', access: access(event.access) };
    case 'epoch':
      return { type: 'epoch', epoch: count(event.epoch) };
    case 'refused':
      return { type: 'refused', reason: word(event.reason), message: word(event.message ?? '') };
    case 'storage':
      return { type: 'storage', ok: event.ok === true, message: word(event.message ?? '') };
    case 'changed':
      return { ...event, type: 'changed', what: word(event.what) };
    case 'restarting':
      return { type: 'restarting' };
    default:
      return null;
  }
}

function writeSync(out: encoding.Encoder, step: number, bytes: Uint8Array): void {
  encoding.writeVarUint(out, SYNC);
  encoding.writeVarUint(out, step);
  encoding.writeVarUint8Array(out, bytes);
}

function syncFrame(from: decoding.Decoder): Frame {
  const step = varUint(from);
  switch (step) {
    case 0: {
      const vector = sized(from);
      decodeVector(vector);
      return { kind: 'step1', vector };
    }
    case 1:
      return { kind: 'step2', update: sized(from) };
    case 2:
      return { kind: 'update', update: sized(from) };
    default:
      throw new FrameError(`no sync step ${step}`);
  }
}

function whole<T>(bytes: Uint8Array, read: (from: decoding.Decoder) => T): T {
  const from = decoding.createDecoder(bytes);
  const value = read(from);
  if (from.pos !== bytes.length) throw new FrameError(`${bytes.length - from.pos} bytes too many`);
  return value;
}

function varUint(from: decoding.Decoder): number {
  const start = from.pos;
  let value: number;
  try {
    value = decoding.readVarUint(from);
  } catch (cause) {
    throw new FrameError('a number is cut off or too big', { cause });
  }
  if (from.pos - start > LONGEST_VARUINT || value > Number.MAX_SAFE_INTEGER) {
    throw new FrameError('a number is too big');
  }
  return value;
}

/** Marks count from 1 (W17). */
function markNumber(from: decoding.Decoder): number {
  const n = varUint(from);
  if (n === 0) throw new FrameError('there is no mark 0');
  return n;
}

function sized(from: decoding.Decoder): Uint8Array {
  const length = varUint(from);
  if (length > from.arr.length - from.pos) throw new FrameError('fewer bytes than announced');
  return decoding.readUint8Array(from, length);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(from: decoding.Decoder): string {
  try {
    return utf8.decode(sized(from));
  } catch (cause) {
    throw new FrameError('text that is not UTF-8', { cause });
  }
}

function json(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new FrameError('text that is not JSON', { cause });
  }
}

function eventObject(source: string): JsonObject {
  const value = json(source);
  if (!isObject(value) || typeof value.type !== 'string') throw new FrameError('an event without a type');
  return value as JsonObject;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new FrameError("an event's number is none");
  return value as number;
}

function word(value: unknown): string {
  if (typeof value !== 'string') throw new FrameError("an event's text is none");
  return value;
}

function access(value: unknown): Access {
  if (value !== 'read' && value !== 'write') throw new FrameError("an event's access is neither read nor write");
  return value;
}

function person(value: unknown): PersonHere {
  if (!isObject(value)) throw new FrameError('an event without a person');
  return { id: word(value.id), name: word(value.name), colour: word(value.colour) };
}

function never(frame: never): never {
  throw new FrameError(`no such frame: ${JSON.stringify(frame)}`);
}
