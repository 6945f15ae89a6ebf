// The content was replaced on the server: nothing of the old is merged into the new, and nothing unsaved is lost.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import {
  emptyDevice,
  FakeTabs,
  Lab,
  read,
  stopTime,
  turns,
  until,
  visit,
  visitAndJoin,
  write,
} from './testing/lab';
import type { Room } from './types';

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

async function come(lab: Lab, join = true): Promise<Room> {
  const room = await (join ? visitAndJoin : visit)(lab, { ports: { tabs } });
  rooms.push(room);
  return room;
}

function crash(lab: Lab): void {
  for (const wire of lab.wires) wire.onclose = wire.onmessage = wire.onopen = null;
  tabs.allDie();
}

/** The server replaces the content while this page is connected. */
async function replaceUnder(lab: Lab, text: string): Promise<void> {
  const { wire } = lab;
  const before = lab.wires.length;
  lab.restore(text);
  wire.tell({ type: 'epoch', epoch: lab.epoch });
  wire.cut(4409, 'epoch');
  await until(() => lab.wires.length > before);
}

it('W20: a page with nothing unsaved reopens by itself, in the new epoch, with a new document', async () => {
  const lab = new Lab('old');
  const room = await come(lab);
  const { doc } = room;
  await replaceUnder(lab, 'new');
  expect(lab.wire.url.searchParams.get('epoch')).toBe('2');
  lab.join();
  lab.save();
  await turns();
  expect(room.doc).not.toBe(doc);
  expect(room.doc.clientID).not.toBe(doc.clientID);
  expect(read(room.doc)).toBe('new');
  expect(room.state()).toMatchObject({ epoch: 2, generation: 2, saved: 'saved', recovery: [], editable: true });
  expect(lab.text).toBe('new');
});

it('unsent edits become a recovery copy, and never reach the new content', async () => {
  const lab = new Lab('old');
  const room = await come(lab);
  lab.wire.cut();
  write(room.doc, 'mine');
  await until(() => room.state().keptOnDevice);
  lab.restore('new');
  await vi.advanceTimersByTimeAsync(1_000);
  lab.wire.open();
  lab.wire.cut(4409, 'epoch'); // At the door: no event came first.
  await until(() => lab.wires.length === 3);
  expect(lab.wire.url.searchParams.has('epoch')).toBe(false);
  lab.join();
  lab.save();
  await turns();
  expect(lab.text).toBe('new');
  expect(read(room.doc)).toBe('new');
  expect(room.state()).toMatchObject({ saved: 'saved', pending: 0, epoch: 2 });
  const [copy] = room.state().recovery;
  expect(copy).toMatchObject({ room: 'statement/c1', epoch: 1, text: 'old\n\nmine', pending: 1, kept: true });
  const again = new Y.Doc();
  Y.applyUpdate(again, copy!.state);
  expect(read(again)).toBe('old|mine');
});

it('the recovery copy waits on the device until it is discarded', async () => {
  const lab = new Lab('old');
  const room = await come(lab);
  write(room.doc, 'mine');
  await turns();
  await replaceUnder(lab, 'new');
  await until(() => room.state().recovery[0]?.kept === true);
  crash(lab);
  const again = await come(lab);
  expect(again.state().recovery).toMatchObject([{ text: 'old\n\nmine' }]);
  await again.discardRecovery(again.state().recovery[0]!.id);
  expect(again.state().recovery).toEqual([]);
  crash(lab);
  expect((await come(lab)).state().recovery).toEqual([]);
});

it('B17: a tab that was closed for a month with unsent edits finds the content restored: nothing returns', async () => {
  const lab = new Lab('old');
  const room = await come(lab);
  lab.wire.cut();
  write(room.doc, 'mine');
  await until(() => room.state().keptOnDevice);
  crash(lab);
  vi.setSystemTime(Date.now() + 30 * 86_400_000);
  lab.restore('new');

  const later = await come(lab, false);
  expect(lab.wire.url.searchParams.get('epoch')).toBe('1');
  expect(later.state().pending).toBe(1);
  lab.wire.open();
  lab.wire.cut(4409, 'epoch');
  await until(() => later.state().generation === 2 && lab.wires.length === 3);
  lab.join();
  await turns();
  expect(read(later.doc)).toBe('new');
  expect(lab.text).toBe('new');
  expect(later.state().recovery).toMatchObject([{ text: 'old\n\nmine', pending: 1 }]);
});

it('edits of a tab that died under an epoch which another tab saw end are rescued too', async () => {
  const lab = new Lab('old');
  const dying = await come(lab);
  const surviving = await come(lab);
  const [first] = lab.wires;
  first?.cut();
  write(dying.doc, 'of the dead');
  await until(() => dying.state().keptOnDevice);
  first!.onclose = null;
  for (const wire of lab.wires) if (wire !== lab.wires[1]) wire.onopen = wire.onmessage = wire.onclose = null;
  await replaceUnder2(lab, surviving);
  lab.join();
  await turns();
  expect(surviving.state().recovery).toEqual([]); // It lives: its edits are its own business.
  crash(lab);
  const next = await come(lab);
  await until(() => next.state().recovery.length === 1);
  expect(next.state().recovery).toMatchObject([{ epoch: 1, text: 'old\n\nof the dead', pending: 1 }]);
  expect(read(next.doc)).toBe('new');
});

it('an epoch the server names at the join, other than ours, is treated as a new one', async () => {
  const lab = new Lab('old');
  const room = await come(lab);
  lab.wire.cut();
  lab.restore('new');
  await vi.advanceTimersByTimeAsync(1_000);
  const before = lab.wires.length;
  lab.wire.open();
  lab.wire.tell({
    type: 'joined',
    epoch: 2,
    schema: 1,
    access: 'write',
    you: { id: 'ana', name: 'Ana', colour: 'p1' },
  });
  await until(() => lab.wires.length > before);
  lab.join();
  await turns();
  expect(read(room.doc)).toBe('new');
});

it('a server that keeps changing its mind is not hammered', async () => {
  const lab = new Lab('old');
  await come(lab);
  const start = lab.wires.length;
  for (let n = 0; n < 40; n++) {
    lab.wire.open();
    lab.wire.cut(4409, 'epoch');
    await turns();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(lab.wires.length - start).toBeLessThan(14);
});

async function replaceUnder2(lab: Lab, room: Room): Promise<void> {
  const before = lab.wires.length;
  lab.restore('new');
  lab.wires[1]!.tell({ type: 'epoch', epoch: lab.epoch });
  lab.wires[1]!.cut(4409, 'epoch');
  await until(() => lab.wires.length > before && room.state().generation === 2);
}
