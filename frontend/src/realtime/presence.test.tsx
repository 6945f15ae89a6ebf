// Who is here, and what React sees of a room.
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomProvider, RoomScope, usePresence, useRoom, useRoomEvent, useRoomState, useShared } from './hooks';
import { presences, samePresences } from './presence';
import { decodeAwareness, encodeAwareness } from './protocol';
import { emptyDevice, erase, Lab, stopTime, turns, visitAndJoin, write, YOU } from './testing/lab';
import type { Room } from './types';

let room: Room | undefined;

beforeEach(async () => {
  stopTime();
  await emptyDevice();
});

afterEach(() => {
  void room?.close();
  vi.useRealTimers();
});

const BEN = { id: 'ben', name: 'Ben', colour: 'p4' };

function arrives(lab: Lab, client: number, user: unknown, clock = 1): void {
  const state = user === null ? null : { user };
  lab.wire.deliver({ kind: 'awareness', update: encodeAwareness([{ client, clock, state }]) });
}

describe('presences', () => {
  it('one entry per person, yourself first, then by name; the unknown are left out', () => {
    const states = new Map<number, Record<string, unknown>>([
      [1, { user: BEN }],
      [2, { user: { id: 'ana', name: 'as the page believes' } }],
      [3, { user: { id: 'abe', name: 'Abe', colour: 'p6' } }],
      [4, { user: BEN }],
      [5, {}],
      [6, { user: 'nobody' }],
      [7, { user: { id: 4, name: 'x' } }],
      [8, { user: { id: 'zoe', name: 'Zoë' } }],
    ]);
    expect(presences(states, 2, YOU)).toEqual([
      { ...YOU, self: true, clients: [2] },
      { id: 'abe', name: 'Abe', colour: 'p6', self: false, clients: [3] },
      { ...BEN, self: false, clients: [1, 4] },
      { id: 'zoe', name: 'Zoë', colour: 'p1', self: false, clients: [8] },
    ]);
  });

  it('two of your own devices are one you', () => {
    const states = new Map([
      [1, { user: YOU }],
      [2, { user: YOU }],
    ]);
    expect(presences(states, 1, YOU)).toEqual([{ ...YOU, self: true, clients: [1, 2] }]);
  });

  it('notices every difference that is shown', () => {
    const base = [{ ...BEN, self: false, clients: [1] }];
    expect(samePresences(base, [{ ...BEN, self: false, clients: [1] }])).toBe(true);
    for (const change of [
      { name: 'Benny' },
      { colour: 'p1' },
      { self: true },
      { clients: [2] },
      { clients: [1, 2] },
      { id: 'x' },
    ]) {
      expect(samePresences(base, [{ ...base[0]!, ...change }])).toBe(false);
    }
  });
});

describe('on the wire', () => {
  it('W14: a page speaks for itself alone, at most every 80 ms', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    arrives(lab, 77, BEN);
    await vi.advanceTimersByTimeAsync(100);
    const before = lab.wire.sent('awareness').length;
    for (let n = 0; n < 200; n++) {
      room.awareness.setLocalStateField('cursor', { at: n });
      await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(100);
    const sent = lab.wire.sent('awareness').slice(before);
    expect(sent.length).toBeGreaterThan(8);
    expect(sent.length).toBeLessThanOrEqual(14);
    for (const { update } of sent) {
      expect(decodeAwareness(update).map(({ client }) => client)).toEqual([room.awareness.clientID]);
    }
    expect(decodeAwareness(sent.at(-1)!.update)[0]?.state).toMatchObject({ cursor: { at: 199 } });
  });

  it('after coming back, its clock is newer than the goodbye the others were told', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    await vi.advanceTimersByTimeAsync(100);
    const clockOf = () => decodeAwareness(lab.wire.sent('awareness').at(-1)!.update)[0]!.clock;
    const before = clockOf();
    lab.wire.cut();
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    expect(clockOf()).toBeGreaterThan(before + 1);
  });

  it('the others are gone while the connection is, and a query is answered', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    arrives(lab, 77, BEN);
    expect(room.awareness.getStates().has(77)).toBe(true);
    lab.wire.deliver({ kind: 'query-awareness' });
    expect(lab.wire.inbox.at(-1)?.kind).toBe('awareness');
    lab.wire.cut();
    expect(room.awareness.getStates().has(77)).toBe(false);
  });
});

let renders = 0;

function Show() {
  const people = usePresence();
  const { saved } = useRoomState();
  const length = useShared((doc) => doc.getXmlFragment('statement').length);
  const opened = useRoom();
  useRoomEvent('changed', ({ what }) => opened.awareness.setLocalStateField('last', what));
  renders++;
  return <p>{`${people.map(({ name }) => name).join(', ')}; ${saved}; ${length} blocks`}</p>;
}

describe('hooks', () => {
  it('show who is here, how safe it is, and what is shared, and render only when that changes', async () => {
    const lab = new Lab('one');
    room = await visitAndJoin(lab);
    render(
      <RoomScope room={room}>
        <Show />
      </RoomScope>,
    );
    expect(screen.getByText('Ana; saved; 1 blocks')).toBeTruthy();
    act(() => arrives(lab, 77, BEN));
    expect(screen.getByText('Ana, Ben; saved; 1 blocks')).toBeTruthy();
    const before = renders;
    act(() => arrives(lab, 77, BEN, 2));
    expect(renders).toBe(before);
    act(() => write(room!.doc, 'two'));
    expect(screen.getByText('Ana, Ben; saving; 2 blocks')).toBeTruthy();
    act(() => arrives(lab, 77, null, 3));
    expect(screen.getByText('Ana; saving; 2 blocks')).toBeTruthy();
    act(() => erase(room!.doc));
    expect(screen.getByText('Ana; saving; 1 blocks')).toBeTruthy();
    act(() => lab.wire.tell({ type: 'changed', what: 'comments' }));
    expect(room.awareness.getLocalState()).toMatchObject({ last: 'comments' });
  });

  it("a screen's mistake in an event listener does not break the connection", async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    const reported = vi.fn();
    room.onEvent('restarting', () => {
      throw new Error('a mistake');
    });
    vi.stubGlobal('reportError', reported);
    lab.wire.tell({ type: 'restarting' });
    expect(reported).toHaveBeenCalled();
    expect(room.state().phase).toBe('open');
  });

  it('a provider opens the room while it is mounted, and leaves it afterwards', async () => {
    const lab = new Lab('one');
    vi.stubGlobal('WebSocket', function open(url: string, protocols: string[]) {
      return lab.openSocket(url, protocols);
    });
    const shown = render(
      <RoomProvider kind="statement" id="c1" schema={1} person={YOU} persist={false} fallback="opening">
        <Show />
      </RoomProvider>,
    );
    await act(() => turns(5));
    await act(async () => void lab.join());
    await act(async () => lab.save());
    expect(screen.getByText('Ana; saved; 1 blocks')).toBeTruthy();
    shown.unmount();
    await turns(5);
    expect(lab.wire.closedByPage).toBe(1000);
  });

  it('outside a room says what is missing', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => render(<Show />)).toThrow('RoomProvider');
  });
});
