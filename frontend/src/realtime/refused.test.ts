// Edits that the room does not take: they are told, they go, and nothing else goes with them.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { unsentOnDevice } from './device';
import { MOST_IN_A_ROW } from './room';
import { MOST_CLOSED } from './succession';
import { emptyDevice, FakeTabs, Lab, read, stopTime, turns, until, visit, visitAndJoin, write, YOU } from './testing/lab';
import type { Describe, Refusal, Room } from './types';

let rooms: Room[] = [];
let tabs: FakeTabs;

beforeEach(async () => {
  stopTime();
  await emptyDevice();
  tabs = new FakeTabs();
  rooms = [];
});

afterEach(() => {
  for (const room of rooms) void room.close();
  vi.useRealTimers();
});

const LOCKED: Refusal = { reason: 'update_refused:rule', message: 'This note is locked by Rosa.' };
const G7: Refusal = { reason: 'update_refused:G7', message: 'A link is not allowed.' };

/** A board on which nothing may be written that has "bad" in it. */
function boardLab(refusal = LOCKED): Lab {
  const lab = new Lab();
  lab.doc.getMap('objects').set('other/place', 'as it was');
  lab.judge = refusing(refusal);
  return lab;
}

const refusing = (refusal: Refusal) => (update: Uint8Array) => (new TextDecoder('latin1').decode(update).includes('bad') ? refusal : null);

async function come(lab: Lab, { join = true, persist = true, describe }: { join?: boolean; persist?: boolean; describe?: Describe } = {}): Promise<Room> {
  const room = await (join ? visitAndJoin : visit)(lab, { options: { kind: 'board', persist, ...(describe && { describe }) }, ports: { tabs } });
  rooms.push(room);
  return room;
}

const put = (room: Room, key: string, value: string) => void room.doc.getMap('objects').set(key, value);
const seen = (room: Room) => room.doc.getMap('objects').toJSON();
const held = (lab: Lab) => lab.doc.getMap('objects').toJSON();

/** The lab takes in and answers whatever comes, also on new connections, until that is so. */
async function serving(lab: Lab, done: () => boolean): Promise<void> {
  await until(async () => {
    await vi.advanceTimersByTimeAsync(10);
    if (lab.wire.readyState === 0) lab.join();
    lab.receive();
    lab.save();
    return done();
  });
}

const settled = (room: Room) => () => room.state().saved === 'saved' && room.state().generation > 1;

/** Offline, and then back. */
async function away(lab: Lab, act: () => void): Promise<void> {
  lab.wire.cut();
  act();
  await turns();
  await vi.advanceTimersByTimeAsync(1_000);
}

function crash(lab: Lab): void {
  for (const wire of lab.wires) wire.onclose = wire.onmessage = wire.onopen = null;
  tabs.allDie();
}

describe('W24: an edit that a rule forbids', () => {
  it('goes, and is told with the reason; the page goes on by itself, as another client', async () => {
    const lab = boardLab();
    const room = await come(lab);
    const { doc } = room;
    put(room, 'note/place', 'bad');
    await serving(lab, settled(room));
    expect(room.doc.clientID).not.toBe(doc.clientID);
    expect(seen(room)).toEqual({ 'other/place': 'as it was' });
    expect(room.state()).toMatchObject({ pending: 0, refusal: null, stop: null, editable: true, generation: 2, epoch: 1, you: YOU });
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ pending: 1, refused: { why: [LOCKED.message] } }]);
    put(room, 'note/place', 'good');
    await serving(lab, () => room.state().pending === 0);
    expect(held(lab)).toEqual({ 'other/place': 'as it was', 'note/place': 'good' });
    expect(lab.wires).toHaveLength(2);
  });

  it('among others of an hour without a network is the only one that is lost', async () => {
    const lab = boardLab();
    const room = await come(lab);
    await away(lab, () => {
      put(room, 'one/place', '1');
      put(room, 'locked/place', 'bad 1');
      put(room, 'two/place', '2');
      put(room, 'locked/place', 'worse, on top of it');
      put(room, 'locked/style', 'bad 2');
      put(room, 'three/place', '3');
      put(room, 'one/place', '1 again');
    });
    lab.doc.getMap('objects').set('meanwhile', 'theirs');
    await serving(lab, settled(room));
    const expected = { 'other/place': 'as it was', meanwhile: 'theirs', 'one/place': '1 again', 'two/place': '2', 'three/place': '3' };
    expect(held(lab)).toEqual(expected);
    expect(seen(room)).toEqual(expected);
    expect(lab.doc.store.pendingStructs).toBeNull();
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery[0]).toMatchObject({ pending: 3, refused: { why: [LOCKED.message] } });
  });

  it('what was written while the rest was being sorted out is kept too', async () => {
    const lab = boardLab();
    const room = await come(lab);
    put(room, 'note/place', 'bad');
    await turns();
    lab.receive();
    expect(room.state()).toMatchObject({ saved: 'saving', editable: true, generation: 1 });
    put(room, 'early/place', 'before the new connection');
    await until(() => lab.wires.length === 2);
    lab.join();
    await turns();
    put(room, 'late/place', 'while it is asked');
    put(room, 'note/place', 'on top of what will be refused');
    await serving(lab, settled(room));
    expect(held(lab)).toEqual({ 'other/place': 'as it was', 'early/place': 'before the new connection', 'late/place': 'while it is asked' });
    expect(seen(room)).toEqual(held(lab));
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ pending: 2 }]);
  });

  it('what the room had taken already, and not yet answered, is not lost and not told', async () => {
    const lab = boardLab();
    const room = await come(lab);
    put(room, 'note/place', 'taken');
    await turns();
    lab.receive(); // Not saved: no answer.
    await vi.advanceTimersByTimeAsync(100);
    put(room, 'note/style', 'bad');
    await turns();
    await serving(lab, settled(room));
    expect(seen(room)).toMatchObject({ 'note/place': 'taken' });
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ pending: 1 }]);
  });

  it('is told in the words of whoever knows the document; without words of theirs there is nothing to keep', async () => {
    const lab = boardLab();
    const entries: string[] = [];
    const room = await come(lab, {
      describe: (doc, touched) => {
        for (const { root, key } of touched) entries.push(`${root} ${key} ${doc.getMap(root).get(key)}`);
        return { what: ['a place'], text: '' };
      },
    });
    put(room, 'other/place', 'bad');
    await serving(lab, settled(room));
    await until(() => room.state().recovery.length === 1);
    expect(entries).toEqual(['objects other/place bad']);
    expect(room.state().recovery).toMatchObject([{ text: '', kept: false, refused: { what: ['a place'] } }]);
    // The same once more is the same piece of news.
    put(room, 'other/place', 'bad again');
    await serving(lab, () => room.state().generation === 3 && room.state().saved === 'saved');
    await turns();
    expect(room.state().recovery).toHaveLength(1);
  });

  it('is told also where its words cannot be found', async () => {
    const lab = boardLab();
    const room = await come(lab, { describe: () => Promise.reject(new Error('no network')) });
    put(room, 'note/place', 'bad');
    await serving(lab, settled(room));
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ pending: 1, refused: { why: [LOCKED.message], what: [] } }]);
    expect(room.state().recovery[0]?.text).toContain('bad');
  });

  it('that only takes something away comes back', async () => {
    const lab = boardLab();
    lab.judge = (update) => (Y.decodeUpdate(update).ds.clients.size > 0 ? LOCKED : null);
    const room = await come(lab);
    room.doc.getMap('objects').delete('other/place');
    put(room, 'new/place', 'n');
    await serving(lab, settled(room));
    expect(seen(room)).toEqual({ 'other/place': 'as it was', 'new/place': 'n' });
    expect(held(lab)).toEqual(seen(room));
  });

  it('leaves nothing on the device: not in the outbox, not in the copy', async () => {
    const lab = boardLab();
    const room = await come(lab);
    put(room, 'good/place', 'g');
    put(room, 'note/place', 'bad');
    await serving(lab, settled(room));
    await until(async () => (await unsentOnDevice('ana', 'https://lab.test')) === 0);
    await until(() => room.state().recovery.length === 1);
    await room.discardRecovery(room.state().recovery[0]!.id);
    await turns();
    crash(lab);
    const before = lab.refusals;
    const again = await come(lab, { join: false });
    expect(again.state().ready).toBe(true); // Opened from the device.
    expect(seen(again)).toEqual({ 'other/place': 'as it was', 'good/place': 'g' });
    lab.join();
    await serving(lab, () => again.state().saved === 'saved');
    expect(lab.refusals).toBe(before);
    expect(again.state().recovery).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6])('a page that dies on the way (%i) finds its way the next time', async (steps) => {
    const lab = boardLab();
    const room = await come(lab);
    await away(lab, () => {
      put(room, 'good/place', 'g');
      put(room, 'note/place', 'bad');
      put(room, 'last/place', 'l');
    });
    for (let step = 0; step < steps; step++) {
      if (lab.wire.readyState === 0) lab.join();
      else lab.receive();
      await turns(3);
      lab.save();
    }
    crash(lab);
    const again = await come(lab, { join: false });
    await serving(lab, () => again.state().saved === 'saved' && again.state().pending === 0);
    await serving(lab, () => again.state().saved === 'saved' && seen(again)['last/place'] === 'l');
    expect(held(lab)).toEqual({ 'other/place': 'as it was', 'good/place': 'g', 'last/place': 'l' });
    expect(seen(again)).toEqual(held(lab));
    await until(async () => (await unsentOnDevice('ana', 'https://lab.test')) === 0);
  });

  it('a network that fails while it is sorted out only makes it take longer; writing goes on', async () => {
    const lab = boardLab();
    const room = await come(lab);
    await away(lab, () => {
      for (let n = 0; n < 8; n++) put(room, `n${n}/place`, n === 5 ? 'bad' : `${n}`);
    });
    for (let times = 0; times < 6; times++) {
      if (lab.wire.readyState === 0) lab.join();
      await turns(3);
      lab.receive();
      lab.wire.cut();
      put(room, `while${times}/place`, 'w');
      expect(room.state().editable).toBe(true);
      await vi.advanceTimersByTimeAsync(30_000);
    }
    await serving(lab, settled(room));
    const expected = [0, 1, 2, 3, 4, 6, 7].map((n) => `n${n}/place`).concat([0, 1, 2, 3, 4, 5].map((n) => `while${n}/place`));
    expect(Object.keys(held(lab)).sort()).toEqual([...expected, 'other/place'].sort());
    expect(seen(room)).toEqual(held(lab));
  });

  it('in one tab does not disturb another that has the same copy', async () => {
    const lab = boardLab();
    const left = await come(lab);
    const leftWire = lab.wire;
    const right = await come(lab);
    const rightWire = lab.wire;
    put(left, 'note/place', 'bad');
    put(right, 'right/place', 'r');
    await turns();
    lab.receive(rightWire);
    lab.save(rightWire);
    lab.receive(leftWire);
    await serving(lab, settled(left));
    expect(right.state()).toMatchObject({ saved: 'saved', generation: 1, recovery: [] });
    expect(seen(left)).toEqual({ 'other/place': 'as it was', 'right/place': 'r' });
    put(right, 'more/place', 'm');
    await turns();
    lab.receive(rightWire);
    lab.save(rightWire);
    crash(lab);
    const next = await come(lab);
    expect(seen(next)).toEqual({ 'other/place': 'as it was', 'right/place': 'r', 'more/place': 'm' });
  });

  it('on a shared device nothing is written down, and all else goes alike', async () => {
    const lab = boardLab();
    const room = await come(lab, { persist: false });
    put(room, 'good/place', 'g');
    put(room, 'note/place', 'bad');
    await serving(lab, settled(room));
    expect(seen(room)).toEqual({ 'other/place': 'as it was', 'good/place': 'g' });
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ kept: false }]);
    expect((await indexedDB.databases()).length).toBe(0);
  });

  it('a new epoch in the middle of it sets everything unsent aside', async () => {
    const lab = boardLab();
    const room = await come(lab);
    put(room, 'note/place', 'bad');
    await turns();
    lab.receive();
    await until(() => lab.wires.length === 2);
    lab.epoch += 1;
    lab.doc = new Y.Doc();
    lab.doc.getMap('objects').set('new', 'epoch');
    lab.wire.open();
    lab.wire.cut(4409, 'epoch');
    await serving(lab, () => room.state().epoch === 2 && room.state().saved === 'saved');
    expect(seen(room)).toEqual({ new: 'epoch' });
    expect(room.state().recovery).toMatchObject([{ refused: null, pending: 1 }]);
  });

  it('whoever may only read by now is told so, and sees what the others see', async () => {
    const lab = boardLab();
    const room = await come(lab);
    put(room, 'note/place', 'bad');
    put(room, 'good/place', 'g');
    await turns();
    lab.receive();
    await until(() => lab.wires.length === 2);
    lab.access = 'read';
    lab.judge = () => ({ reason: 'read_only', message: 'You may read here, not write.' });
    await serving(lab, () => room.state().generation === 2);
    expect(room.state()).toMatchObject({ pending: 0, saved: 'read-only', editable: false });
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ pending: 2, refused: { why: ['You may read here, not write.'] } }]);
  });

  it('again and again, with nothing saved in between, ends in a question to the person', async () => {
    const lab = boardLab();
    const room = await come(lab);
    for (let times = 1; times <= MOST_IN_A_ROW; times++) {
      put(room, 'note/place', `bad ${times}`);
      await serving(lab, () => room.state().generation === times + 1 && room.state().pending === 0);
    }
    put(room, 'note/place', 'bad once more');
    await serving(lab, () => room.state().refusal !== null);
    expect(room.state()).toMatchObject({ saved: 'refused', editable: false, refusal: LOCKED });
    const before = lab.wires.length;
    void room.startAgain();
    await until(() => lab.wires.length > before);
    await serving(lab, () => room.state().saved === 'saved');
    expect(seen(room)).toEqual({ 'other/place': 'as it was' });
    expect(room.state()).toMatchObject({ editable: true, refusal: null });
  });

  it('again and again, between edits that are saved, is dealt with every time', async () => {
    const lab = boardLab();
    const room = await come(lab);
    for (let times = 1; times <= MOST_IN_A_ROW + 2; times++) {
      put(room, 'note/place', `bad ${times}`);
      await serving(lab, () => room.state().generation === times + 1 && room.state().pending === 0);
      put(room, 'good/place', `${times}`);
      await vi.advanceTimersByTimeAsync(100);
      await serving(lab, () => room.state().pending === 0);
    }
    expect(room.state().refusal).toBeNull();
    expect(seen(room)).toMatchObject({ 'good/place': `${MOST_IN_A_ROW + 2}` });
  });
});

describe('an edit that the guard refuses, each time at the cost of the connection', () => {
  it('goes, and the others stay', async () => {
    const lab = boardLab(G7);
    const room = await come(lab);
    await away(lab, () => {
      for (let n = 0; n < 6; n++) put(room, `n${n}/place`, n === 3 ? 'bad' : `${n}`);
    });
    await serving(lab, settled(room));
    expect(Object.keys(seen(room)).sort()).toEqual(['n0/place', 'n1/place', 'n2/place', 'n4/place', 'n5/place', 'other/place']);
    expect(held(lab)).toEqual(seen(room));
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ pending: 1, refused: { why: [G7.message] } }]);
  });

  it('where there are too many of them, what is left is set aside', async () => {
    const lab = boardLab(G7);
    const room = await come(lab);
    await away(lab, () => {
      for (let n = 0; n < 40; n++) put(room, `n${n}/place`, n % 2 ? 'bad' : `${n}`);
    });
    await serving(lab, settled(room));
    expect(lab.refusals).toBeLessThan(8);
    expect(held(lab)).toEqual(seen(room));
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery[0]?.text).toContain('"n38/place": "38"');
  });

  it('in a statement, as on a board: what was written on is kept, what stands on it is shown', async () => {
    const lab = new Lab('start');
    lab.judge = refusing(G7);
    const room = await visitAndJoin(lab, { ports: { tabs } });
    rooms.push(room);
    write(room.doc, 'fine');
    await serving(lab, () => room.state().pending === 0);
    write(room.doc, 'bad');
    await vi.advanceTimersByTimeAsync(100);
    await serving(lab, settled(room));
    expect(read(room.doc)).toBe('start|fine');
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ text: 'start\n\nfine\n\nbad', kept: true }]);
    write(room.doc, 'on we go');
    await serving(lab, () => room.state().pending === 0);
    expect(lab.text).toBe('start|fine|on we go');
  });
});

describe('too big', () => {
  it("an edit over the server's limit is not sent; the others are", async () => {
    const lab = boardLab();
    const room = await come(lab);
    put(room, 'big/place', 'x'.repeat(2 ** 20));
    put(room, 'small/place', 's');
    await serving(lab, settled(room));
    expect(lab.refusals).toBe(0);
    expect(held(lab)).toEqual({ 'other/place': 'as it was', 'small/place': 's' });
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ pending: 1, refused: { why: ['One change is too big to be saved at once.'] } }]);
  });

  it('where the room is full nothing more is taken, and that is said', async () => {
    const lab = boardLab();
    lab.judge = () => ({ reason: 'too_big', message: 'This document is full.' });
    const room = await come(lab);
    put(room, 'one/place', '1');
    await serving(lab, settled(room));
    expect(seen(room)).toEqual({ 'other/place': 'as it was' });
    await until(() => room.state().recovery.length === 1);
    expect(room.state().recovery).toMatchObject([{ refused: { why: ['This document is full.'] } }]);
  });
});

describe('by chance', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))('whatever is refused, the rest arrives and both ends agree (%i)', async (seed) => {
    const random = chance(seed);
    const lab = boardLab(seed % 5 === 0 ? G7 : LOCKED);
    const room = await come(lab, { persist: seed % 2 === 0 });
    const expected: Record<string, string> = { 'other/place': 'as it was' };
    /** Keys of which the newest value goes. */
    const tied = new Set<string>();
    let out = 0;
    lab.wire.cut();
    const edits = 3 + Math.floor(random() * 30);
    for (let n = 0; n < edits; n++) {
      const touched = ['a', 'b', 'c', 'd', 'e'].filter(() => random() < 0.3);
      if (touched.length === 0) continue;
      const bad = random() < 0.15;
      room.doc.transact(() => {
        for (const key of touched) put(room, key, `${n}`);
        if (bad) put(room, `because of ${n}`, 'bad');
      });
      // An edit is taken as a whole, and none without the one that it is written over.
      if (bad || touched.some((key) => tied.has(key))) {
        out += 1;
        for (const key of touched) tied.add(key);
      } else for (const key of touched) expected[key] = `${n}`;
      if (random() < 0.2) {
        lab.doc.getMap('objects').set(`theirs${n}`, 't');
        expected[`theirs${n}`] = 't';
      }
    }
    await turns();
    await vi.advanceTimersByTimeAsync(1_000);
    await serving(lab, () => room.state().saved === 'saved' && room.state().pending === 0);
    expect(seen(room)).toEqual(held(lab));
    expect(lab.doc.store.pendingStructs).toBeNull();
    if (out > 0) await until(() => room.state().recovery.length === 1);
    const told = room.state().recovery[0]?.pending ?? 0;
    if (seed % 5 !== 0 || lab.refusals <= MOST_CLOSED) {
      expect(held(lab)).toEqual(expected);
      expect(told).toBe(out);
    } else expect(told).toBeGreaterThanOrEqual(out);
  });
});

/** Numbers from 0 to 1, the same ones for the same seed. */
function chance(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
