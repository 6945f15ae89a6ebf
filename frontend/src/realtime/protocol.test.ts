// The wire, by golden bytes shared with the Python suite, and by damage.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLOSE, isFinal, stopFor } from './closecodes';
import {
  decodeAwareness,
  decodeFrame,
  decodeVector,
  encodeAwareness,
  encodeFrame,
  type Frame,
  FrameError,
  readEvent,
} from './protocol';

const ROOT = join(import.meta.dirname, '../../..');

const FRAMES: Frame[] = [
  { kind: 'step1', vector: Uint8Array.of(0) },
  { kind: 'step2', update: Uint8Array.of(0, 0) },
  { kind: 'update', update: new Uint8Array(300).fill(7) },
  {
    kind: 'awareness',
    update: encodeAwareness([{ client: 2 ** 32 - 1, clock: 3, state: { user: { name: 'Zoë' } } }]),
  },
  { kind: 'query-awareness' },
  { kind: 'mark', n: 1 },
  { kind: 'saved', n: Number.MAX_SAFE_INTEGER },
  { kind: 'event', event: { type: 'changed', what: 'comments' } },
];

describe('frames', () => {
  it.each(FRAMES.map((frame) => [frame.kind, frame] as const))('W6: %s comes back as it went', (_, frame) => {
    expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
  });

  it('W6: every cut and every addition is noticed', () => {
    for (const frame of FRAMES) {
      const bytes = encodeFrame(frame);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeFrame(bytes.slice(0, length))).toThrow(FrameError);
      }
      expect(() => decodeFrame(Uint8Array.of(...bytes, 0))).toThrow(FrameError);
    }
  });

  it.each([
    ['nothing', []],
    ['an unknown type', [2]],
    ['an unknown sync step', [0, 3, 0]],
    ['a number over 2^53-1', [101, 255, 255, 255, 255, 255, 255, 255, 127]],
    ['a number of nine bytes', [101, 128, 128, 128, 128, 128, 128, 128, 128, 0]],
    ['text that is not UTF-8', [102, 2, 0xc3, 0x28]],
    ['text that is not JSON', [102, 1, 123]],
    ['an event that is a list', [102, 2, 91, 93]],
    ['an event without a type', [102, 2, 123, 125]],
    ['presence that is a number', [1, 4, 1, 1, 1, 1]],
  ])('%s is refused', (_, bytes) => {
    expect(() => decodeFrame(Uint8Array.from(bytes))).toThrow(FrameError);
  });

  it('survive any single changed byte without anything but a FrameError', () => {
    for (const frame of FRAMES) {
      const bytes = encodeFrame(frame);
      for (let at = 0; at < Math.min(bytes.length, 40); at++) {
        for (const value of [0, 1, 127, 128, 255]) {
          const damaged = bytes.slice();
          damaged[at] = value;
          try {
            decodeFrame(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(FrameError);
          }
        }
      }
    }
  });

  it('W8: presence is a list of clients, clocks and states; null means gone', () => {
    const entries = [
      { client: 1, clock: 2, state: { cursor: null } },
      { client: 3, clock: 4, state: null },
    ];
    expect(decodeAwareness(encodeAwareness(entries))).toEqual(entries);
  });
});

interface Golden {
  readonly frames: readonly (Meaning & { readonly name: string; readonly hex: string; readonly kind: string })[];
  readonly malformed: readonly { readonly name: string; readonly hex: string }[];
}

interface Meaning {
  readonly clocks?: Record<string, number>;
  readonly update?: string;
  readonly states?: readonly [number, number, Record<string, unknown> | null][];
  readonly n?: number;
  readonly content?: { readonly type: string };
}

describe('golden bytes', () => {
  const golden = JSON.parse(readFileSync(join(ROOT, 'tests/golden/frames.json'), 'utf-8')) as Golden;
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  const KINDS: Record<Frame['kind'], string> = {
    step1: 'sync-step-1',
    step2: 'sync-step-2',
    update: 'update',
    awareness: 'awareness',
    'query-awareness': 'query-awareness',
    mark: 'mark',
    saved: 'saved',
    event: 'event',
  };

  function meaning(frame: Frame): Meaning {
    switch (frame.kind) {
      case 'step1':
        return { clocks: Object.fromEntries(decodeVector(frame.vector)) };
      case 'step2':
      case 'update':
        return { update: Buffer.from(frame.update).toString('hex') };
      case 'awareness':
        return {
          states: decodeAwareness(frame.update).map(({ client, clock, state }): [number, number, typeof state] => [
            client,
            clock,
            state,
          ]),
        };
      case 'query-awareness':
        return {};
      case 'mark':
      case 'saved':
        return { n: frame.n };
      case 'event':
        return { content: frame.event };
    }
  }

  it.each(golden.frames.map((each) => [each.name, each] as const))(
    '%s means the same here',
    (_, { name, hex, kind, ...rest }) => {
      const frame = decodeFrame(bytes(hex));
      const { from: __, ...expected } = rest as Meaning & { from: string };
      expect(KINDS[frame.kind]).toBe(kind);
      expect(meaning(frame)).toEqual(expected);
      expect(Buffer.from(encodeFrame(frame)).toString('hex')).toBe(hex);
      if (frame.kind === 'event') expect(readEvent(frame.event)).toEqual(expected.content);
    },
  );

  it.each(golden.malformed.map(({ name, hex }) => [name, hex] as const))('%s is refused here too', (_, hex) => {
    expect(() => decodeFrame(bytes(hex))).toThrow(FrameError);
  });
});

describe('events', () => {
  it('W19: a type we do not know is ignored', () => {
    expect(readEvent({ type: 'from the future' })).toBeNull();
  });

  it('joined without a schema is a room without one', () => {
    const you = { id: 'p', name: 'P', colour: 'p1' };
    expect(readEvent({ type: 'joined', epoch: 1, access: 'write', you })).toMatchObject({ schema: 0 });
  });

  it.each([
    { type: 'joined', epoch: '1', schema: 1, access: 'write', you: { id: 'p', name: 'P', colour: 'p1' } },
    { type: 'joined', epoch: 1, schema: 1, access: 'admin', you: { id: 'p', name: 'P', colour: 'p1' } },
    { type: 'joined', epoch: 1, schema: 1, access: 'read' },
    { type: 'access' },
    { type: 'epoch', epoch: -1 },
    { type: 'refused' },
    { type: 'changed' },
  ])('%j makes no sense', (event) => {
    expect(() => readEvent(event)).toThrow(FrameError);
  });
});

describe('close codes', () => {
  it('are those of the server', () => {
    const source = readFileSync(join(ROOT, 'lab/realtime/errors.py'), 'utf-8');
    const members = source.slice(source.indexOf('class CloseCode'), source.indexOf('class RealtimeError'));
    const theirs = Object.fromEntries(
      [...members.matchAll(/^ {4}([A-Z_]+) = (\d+)$/gm)].map(([, name, code]) => [name, Number(code)]),
    );
    expect(CLOSE).toEqual(theirs);
  });

  it('44xx are final, nothing else is', () => {
    expect([4400, 4499].every(isFinal)).toBe(true);
    expect([1000, 1006, 1013, 4399, 4500].some(isFinal)).toBe(false);
  });

  it('each has a sentence for people', () => {
    for (const code of Object.values(CLOSE)) expect(stopFor(code, '').message).toMatch(/^[A-Z].+\.$/);
    expect(stopFor(4409, 'schema').message).not.toBe(stopFor(4409, 'epoch').message);
  });
});
