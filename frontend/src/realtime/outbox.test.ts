// What survives on the device: closed tabs, crashed tabs, several tabs, full disks, shared devices, other people.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetDevice, unsentOnDevice } from './device';
import { Disk, personPrefix } from './disk';
import { browserTabs } from './tabs';
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

const ORIGIN = 'https://lab.test';
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

async function come(lab: Lab, setting: Parameters<typeof visit>[1] = {}): Promise<Room> {
  const room = await visit(lab, { ...setting, ports: { tabs, ...setting.ports } });
  rooms.push(room);
  return room;
}

async function comeAndJoin(lab: Lab, setting: Parameters<typeof visit>[1] = {}): Promise<Room> {
  const room = await visitAndJoin(lab, { ...setting, ports: { tabs, ...setting.ports } });
  rooms.push(room);
  return room;
}

/** The tab is gone without a word. */
function crash(lab: Lab): void {
  for (const wire of lab.wires) wire.onclose = wire.onmessage = wire.onopen = null;
  tabs.allDie();
}

const unsent = (person = 'ana') => unsentOnDevice(person, ORIGIN);

describe('a tab that died', () => {
  it('its unsent edits come back with the next opening, are sent, and only then forgotten', async () => {
    const lab = new Lab('start');
    const first = await comeAndJoin(lab);
    lab.wire.cut();
    write(first.doc, 'one');
    write(first.doc, 'two');
    await until(() => first.state().keptOnDevice);
    crash(lab);

    const again = await come(lab);
    expect(again.state()).toMatchObject({
      ready: true,
      editable: true,
      saved: 'not-saved',
      pending: 2,
      keptOnDevice: true,
    });
    expect(read(again.doc)).toBe('start|one|two');
    lab.join();
    expect(again.state().saved).not.toBe('saved');
    lab.save();
    expect(lab.text).toBe('start|one|two');
    expect(again.state()).toMatchObject({ saved: 'saved', pending: 0 });
    await until(async () => (await unsent()) === 0);
  });

  it('edits that arrived but were not answered are not doubled', async () => {
    const lab = new Lab();
    const first = await comeAndJoin(lab);
    write(first.doc, 'one');
    await turns();
    lab.receive();
    crash(lab);
    await come(lab);
    lab.join();
    lab.save();
    expect(lab.text).toBe('one');
  });

  it('twice in a row loses nothing', async () => {
    const lab = new Lab();
    await comeAndJoin(lab);
    lab.wire.cut();
    write(rooms[0]!.doc, 'one');
    await until(() => rooms[0]!.state().keptOnDevice);
    crash(lab);
    const second = await come(lab);
    write(second.doc, 'two');
    await until(() => second.state().keptOnDevice);
    expect(second.state().pending).toBe(2);
    crash(lab);
    const third = await come(lab);
    expect(third.state().pending).toBe(2);
    lab.join();
    lab.save();
    expect(lab.text).toBe('one|two');
    await until(async () => (await unsent()) === 0);
  });
});

describe('offline', () => {
  it('a known room opens from the device, and can be written in', async () => {
    const lab = new Lab('start');
    await (await comeAndJoin(lab)).close();
    const room = await come(lab);
    lab.wire.cut();
    expect(room.state()).toMatchObject({ ready: true, synced: false, editable: true, epoch: 1 });
    write(room.doc, 'on the train');
    expect(read(room.doc)).toBe('start|on the train');
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    lab.save();
    expect(lab.text).toBe('start|on the train');
  });

  it('an unknown room does not pretend to be empty', async () => {
    const lab = new Lab('start');
    const room = await come(lab);
    lab.wire.cut();
    expect(room.state()).toMatchObject({ ready: false, editable: false });
  });

  it("a reader's copy stays a reader's", async () => {
    const lab = new Lab('start');
    lab.access = 'read';
    await (await comeAndJoin(lab)).close();
    const room = await come(lab);
    lab.wire.cut();
    expect(room.state()).toMatchObject({ ready: true, editable: false, saved: 'read-only' });
  });

  it('what reached the copy but not the list is still not called saved', async () => {
    const lab = new Lab('start');
    const first = await comeAndJoin(lab);
    lab.wire.cut();
    write(first.doc, 'one');
    await until(() => first.state().keptOnDevice);
    crash(lab);
    await (await Disk.open()).wipe('nothing');
    const disk = await Disk.open();
    const [scope] = await disk.scopesWithEdits('');
    for (const row of await disk.edits(scope ?? '')) await disk.forgetTab(row.scope, row.tab);
    disk.close();

    const again = await come(lab);
    expect(again.state().pending).toBe(0);
    lab.join();
    expect(again.state()).toMatchObject({ pending: 1, saved: 'saving' });
    lab.save();
    expect(lab.text).toBe('start|one');
    expect(again.state().saved).toBe('saved');
  });
});

describe('several tabs of one person', () => {
  it('count only their own edits, and forget only their own', async () => {
    const lab = new Lab();
    const left = await comeAndJoin(lab);
    const leftWire = lab.wire;
    const right = await comeAndJoin(lab);
    const rightWire = lab.wire;
    leftWire.cut();
    write(left.doc, 'left');
    write(right.doc, 'right');
    await turns();
    expect(left.state().pending).toBe(1);
    expect(right.state().pending).toBe(1);
    lab.receive(rightWire);
    lab.save(rightWire);
    await turns();
    expect(right.state()).toMatchObject({ saved: 'saved', pending: 0 });
    expect(left.state()).toMatchObject({ saved: 'not-saved', pending: 1 });
    expect(await unsent()).toBe(1);
  });

  it("a living tab's edits are not taken over", async () => {
    const lab = new Lab();
    const left = await comeAndJoin(lab);
    lab.wire.cut();
    write(left.doc, 'left');
    await until(() => left.state().keptOnDevice);
    const right = await come(lab);
    expect(right.state().pending).toBe(0);
    expect(read(right.doc)).toBe('left'); // Seen, by the copy they share.
    await vi.advanceTimersByTimeAsync(1_000);
    for (const wire of lab.wires.slice(-2)) {
      wire.open();
      wire.cut();
    }
    expect(left.state().pending).toBe(1);
  });

  it("without the lock API a neighbour's edits are sent twice and count once", async () => {
    const lab = new Lab();
    const left = await comeAndJoin(lab, { ports: { tabs: browserTabs(undefined) } });
    const leftWire = lab.wire;
    leftWire.cut();
    write(left.doc, 'left');
    await until(() => left.state().keptOnDevice);
    await comeAndJoin(lab, { ports: { tabs: browserTabs(undefined) } });
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    lab.save();
    expect(lab.text).toBe('left');
    expect(left.state().pending).toBe(0);
  });
});

describe('the device', () => {
  it('a full one is never called keeping; the edit still reaches the server', async () => {
    const lab = new Lab();
    const room = await comeAndJoin(lab);
    lab.wire.cut();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    write(room.doc, 'one');
    await turns();
    expect(room.state()).toMatchObject({ saved: 'not-saved', pending: 1, keptOnDevice: false });
    put.mockRestore();
    write(room.doc, 'two'); // There is room again: both are written.
    await until(() => room.state().keptOnDevice);
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    lab.save();
    expect(lab.text).toBe('one|two');
    await until(async () => (await unsent()) === 0);
  });

  it('one that keeps nothing at all works, and claims nothing', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const lab = new Lab();
    const room = await comeAndJoin(lab, {
      ports: { openDisk: () => Promise.reject(new Error('private window')) },
    });
    lab.wire.cut();
    write(room.doc, 'one');
    await turns();
    expect(room.state()).toMatchObject({ saved: 'not-saved', keptOnDevice: false });
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    lab.save();
    expect(lab.text).toBe('one');
  });

  it('one that never answers keeps nobody out', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const lab = new Lab('start');
    const coming = come(lab, { ports: { openDisk: () => new Promise(() => undefined) } });
    await vi.advanceTimersByTimeAsync(3_000);
    const room = await coming;
    lab.join();
    lab.save();
    expect(room.state()).toMatchObject({ saved: 'saved', editable: true });
  });

  it('a shared one keeps nothing', async () => {
    const lab = new Lab('secret');
    const room = await comeAndJoin(lab, { options: { persist: false } });
    lab.wire.cut();
    write(room.doc, 'more');
    await turns();
    expect(room.state()).toMatchObject({ saved: 'not-saved', keptOnDevice: false });
    expect(await indexedDB.databases()).toEqual([]);
  });

  it('keeps people apart', async () => {
    const lab = new Lab('start');
    const room = await comeAndJoin(lab);
    lab.wire.cut();
    write(room.doc, "ana's");
    await until(() => room.state().keptOnDevice);
    crash(lab);
    const other = await come(lab, { options: { person: { id: 'ben', name: 'Ben' } } });
    expect(other.state()).toMatchObject({ ready: false, pending: 0 });
    expect(read(other.doc)).toBe('');
  });

  it('signing out leaves nothing of that person, and everything of others', async () => {
    const lab = new Lab('start');
    for (const id of ['ana', 'ben']) {
      const room = await comeAndJoin(lab, { options: { person: { id, name: id } } });
      lab.wire.cut();
      write(room.doc, id);
      await until(() => room.state().keptOnDevice);
    }
    crash(lab);
    for (const room of rooms.splice(0)) await room.close();
    expect(await unsent()).toBe(1);
    await forgetDevice('ana', ORIGIN);
    expect(await unsent()).toBe(0);
    expect(await unsent('ben')).toBe(1);
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    expect(names.some((name) => name.includes(personPrefix(ORIGIN, 'ana')))).toBe(false);
    expect(names.some((name) => name.includes(personPrefix(ORIGIN, 'ben')))).toBe(true);
  });

  it('a room still open when its person is forgotten stops keeping, and stops claiming to', async () => {
    const lab = new Lab('start');
    const room = await comeAndJoin(lab);
    lab.wire.cut();
    write(room.doc, 'one');
    await until(() => room.state().keptOnDevice);
    await forgetDevice('ana', ORIGIN);
    await until(() => !room.state().keptOnDevice);
    write(room.doc, 'two');
    await turns();
    expect(await unsent()).toBe(0);
    expect(room.state()).toMatchObject({ saved: 'not-saved', pending: 2, keptOnDevice: false });
  });

  it.each([4403, 4404])(
    'B17: %i purges the room from it; the text on the screen can still be copied',
    async (code) => {
      const lab = new Lab('start');
      const room = await comeAndJoin(lab);
      write(room.doc, 'one');
      await until(() => room.state().keptOnDevice);
      lab.wire.cut(code);
      await until(() => !room.state().keptOnDevice);
      await until(async () => (await unsent()) === 0);
      await until(async () => (await indexedDB.databases()).length === 1);
      expect(room.state()).toMatchObject({ saved: 'refused', pending: 1, keptOnDevice: false });
      expect(room.text()).toBe('start\n\none');
      const disk = await Disk.open();
      expect(await disk.room(`${personPrefix(ORIGIN, 'ana')}statement%2Fc1|`)).toBeUndefined();
      disk.close();
    },
  );
});
