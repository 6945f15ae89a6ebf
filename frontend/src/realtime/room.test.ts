// How safe an edit is, told by a room whose every message the test delivers.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import {
  emptyDevice,
  erase,
  Lab,
  read,
  stopTime,
  turns,
  until,
  visit,
  visitAndJoin,
  write,
  YOU,
} from './testing/lab';
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

describe('joining', () => {
  it('W1 W4 W5: asks for the room by name, schema and subprotocol, and for the epoch only once it holds one', async () => {
    const lab = new Lab('hello');
    room = await visit(lab);
    expect(lab.wire.url.href).toBe('wss://lab.test/ws/statement/c1?schema=1');
    expect(lab.wire.protocols).toEqual(['lab.v1']);
    expect(room.state()).toMatchObject({ phase: 'connecting', ready: false, saved: 'reconnecting', epoch: null });
    lab.join();
    await turns();
    expect(room.state()).toMatchObject({
      phase: 'open',
      ready: true,
      synced: true,
      editable: true,
      epoch: 1,
      you: YOU,
    });
    expect(read(room.doc)).toBe('hello');
    lab.wire.cut();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lab.wire.url.searchParams.get('epoch')).toBe('1');
  });

  it('says saved after joining only when the server has what the page has', async () => {
    const lab = new Lab('hello');
    room = await visit(lab);
    lab.join();
    expect(room.state()).toMatchObject({ saved: 'saving', pending: 0 });
    lab.save();
    expect(room.state()).toMatchObject({ saved: 'saved', pending: 0 });
  });

  it('the state is the same object until something changes', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    const before = room.state();
    lab.wire.deliver({ kind: 'awareness', update: Uint8Array.of(0) });
    expect(room.state()).toBe(before);
  });
});

describe('an edit', () => {
  it('W17: is saving at once, and saved only after the answer to its mark', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    const seen: string[] = [];
    room.subscribe(() => seen.push(room?.state().saved ?? ''));
    write(room.doc, 'one');
    expect(room.state()).toMatchObject({ saved: 'saving', pending: 1 });
    await turns();
    lab.receive();
    expect(lab.text).toBe('one');
    expect(room.state().saved).toBe('saving'); // The server has it; its disk may not.
    lab.save();
    expect(room.state()).toMatchObject({ saved: 'saved', pending: 0 });
    expect([...new Set(seen)]).toEqual(['saving', 'saved']);
  });

  it('an answer covers only what was sent before its mark', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    await turns();
    lab.receive();
    write(room.doc, 'two');
    lab.save();
    expect(room.state()).toMatchObject({ saved: 'saving', pending: 1 });
    await vi.advanceTimersByTimeAsync(100);
    lab.receive();
    lab.save();
    expect(room.state()).toMatchObject({ saved: 'saved', pending: 0 });
  });

  it('that only deletes is an edit like any other', async () => {
    const lab = new Lab('one');
    room = await visitAndJoin(lab);
    erase(room.doc);
    expect(room.state()).toMatchObject({ saved: 'saving', pending: 1 });
    await turns();
    lab.receive();
    expect(lab.text).toBe('');
    expect(room.state().saved).toBe('saving');
    lab.save();
    expect(room.state().saved).toBe('saved');
  });

  it('many in a moment go out together, and never faster than the server takes them', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    const before = lab.wire.everything.length;
    for (let n = 0; n < 20; n++) write(room.doc, 'x');
    await turns(1);
    expect(lab.wire.sent('update')).toHaveLength(1);
    for (let n = 0; n < 1_000; n++) {
      write(room.doc, 'y');
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(lab.wire.everything.length - before).toBeLessThan(60);
    lab.receive();
    await vi.advanceTimersByTimeAsync(60);
    lab.receive();
    lab.save();
    expect(room.state().pending).toBe(0);
    expect(lab.text).toBe(read(room.doc));
  });

  it('without an answer for three seconds is called not saved, although connected', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    await turns();
    await vi.advanceTimersByTimeAsync(2_999);
    expect(room.state().saved).toBe('saving');
    await vi.advanceTimersByTimeAsync(1);
    expect(room.state()).toMatchObject({ saved: 'not-saved', pending: 1, keptOnDevice: true });
    lab.receive();
    lab.save();
    expect(room.state().saved).toBe('saved');
  });

  it('is timed by a clock that nobody can set', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    vi.setSystemTime(new Date(Date.now() + 86_400_000));
    write(room.doc, 'two');
    expect(room.state().saved).toBe('saving');
    vi.setSystemTime(new Date(Date.now() - 2 * 86_400_000));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(room.state().saved).toBe('not-saved');
  });

  it('while the server cannot store is called not saved at once', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    lab.wire.tell({ type: 'storage', ok: false, message: 'The disk is full.' });
    write(room.doc, 'one');
    expect(room.state()).toMatchObject({ saved: 'not-saved', storageTrouble: 'The disk is full.' });
    lab.wire.tell({ type: 'storage', ok: true, message: '' });
    expect(room.state()).toMatchObject({ saved: 'saving', storageTrouble: null });
  });
});

describe('a lost connection', () => {
  it('with nothing pending is quiet; with edits it says so, and all goes under one mark afterwards', async () => {
    const lab = new Lab('start');
    room = await visitAndJoin(lab);
    lab.wire.cut();
    expect(room.state()).toMatchObject({ phase: 'waiting', saved: 'reconnecting' });
    write(room.doc, 'offline 1');
    write(room.doc, 'offline 2');
    erase(room.doc);
    expect(room.state()).toMatchObject({ saved: 'not-saved', pending: 3, editable: true });
    await turns();
    expect(room.state().keptOnDevice).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lab.wires).toHaveLength(2);
    lab.join();
    expect(lab.wire.sent('step2')).toHaveLength(1);
    expect(lab.wire.sent('mark')).toEqual([{ kind: 'mark', n: 1 }]);
    expect(lab.text).toBe('start|offline 1');
    expect(room.state().saved).not.toBe('saved');
    lab.save();
    expect(room.state()).toMatchObject({ saved: 'saved', pending: 0 });
  });

  it('edits that were on their way when it broke are sent again', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    await turns();
    lab.wire.inbox.length = 0; // Swallowed.
    lab.wire.cut();
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    expect(lab.text).toBe('one');
    expect(room.state().pending).toBe(1);
    lab.save();
    expect(room.state().saved).toBe('saved');
  });

  it('an old answer does not count for a new connection', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    await turns();
    const old = lab.wire;
    lab.receive();
    old.cut();
    await vi.advanceTimersByTimeAsync(1_000);
    lab.save(old);
    expect(room.state().pending).toBe(1);
  });

  it('B6 B21: half-open for a minute while typing: told within 3 s, noticed within 25 s, nothing lost', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    const halfOpen = lab.wire; // From here on it swallows everything, and says nothing.
    for (let second = 0; second < 60; second++) {
      write(room.doc, `s${second}`);
      await vi.advanceTimersByTimeAsync(1_000);
      if (second >= 3) expect(room.state().saved).toBe('not-saved');
      if (second === 25) expect(halfOpen.closedByPage).not.toBeNull();
    }
    await until(() => lab.wires.length > 1);
    lab.join();
    lab.save();
    expect(lab.text).toBe(Array.from({ length: 60 }, (_, second) => `s${second}`).join('|'));
    expect(room.state()).toMatchObject({ saved: 'saved', pending: 0 });
  });

  it('asks before the page is left only while something is unsaved for too long', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    const leaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    write(room.doc, 'one');
    expect(leaving()).toBe(false);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(leaving()).toBe(true);
    lab.receive();
    lab.save();
    expect(leaving()).toBe(false);
  });
});

describe('the server asks again', () => {
  it('W11: a sync step 1 in the middle is answered with all it lacks, under a mark', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    await turns();
    lab.wire.inbox.length = 0; // The server says that it never got this.
    lab.wire.deliver({ kind: 'step1', vector: Y.encodeStateVector(lab.doc) });
    lab.wire.lastMark = 2;
    lab.receive();
    expect(lab.text).toBe('one');
    lab.save();
    expect(room.state().saved).toBe('saved');
  });

  it('W18: too fast is no refusal: everything is given again after a wait', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    await turns();
    lab.wire.inbox.length = 0;
    lab.wire.lastMark = 2;
    lab.wire.tell({ type: 'refused', reason: 'rate', message: 'Too fast.' });
    write(room.doc, 'two');
    await turns();
    expect(lab.wire.inbox).toEqual([]);
    expect(room.state()).toMatchObject({ saved: 'not-saved', refusal: null, pending: 2 });
    await vi.advanceTimersByTimeAsync(1_000);
    lab.receive();
    lab.save();
    expect(lab.text).toBe('one|two');
    expect(room.state()).toMatchObject({ saved: 'saved', pending: 0 });
  });
});

describe('large edits', () => {
  it('many offline edits, together over the limit, arrive in pieces', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    lab.wire.cut();
    for (let n = 0; n < 3; n++) write(room.doc, 'x'.repeat(400_000));
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    expect(lab.wire.sent('update')).toHaveLength(2);
    lab.save();
    expect(lab.text).toBe(read(room.doc));
    expect(room.state().saved).toBe('saved');
  });
});

describe('access', () => {
  it('a reader sends nothing of the document, and is told so', async () => {
    const lab = new Lab('start');
    lab.access = 'read';
    room = await visit(lab);
    lab.join();
    await turns();
    expect(room.state()).toMatchObject({ saved: 'read-only', editable: false, synced: true });
    expect(lab.wire.sent('step2')).toEqual([]);
    expect(lab.wire.sent('mark')).toEqual([]);
  });

  it('demoted while typing: what was not saved is refused, nothing more is sent', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    lab.wire.tell({ type: 'access', access: 'read' });
    await turns();
    expect(room.state()).toMatchObject({ saved: 'refused', editable: false, pending: 1 });
    expect(lab.wire.sent('update')).toEqual([]);
  });

  it('promoted: comes back by a fresh connection, and may write', async () => {
    const lab = new Lab('start');
    lab.access = 'read';
    room = await visit(lab);
    lab.join();
    lab.access = 'write';
    lab.wire.tell({ type: 'access', access: 'write' });
    await vi.advanceTimersByTimeAsync(1_000);
    lab.join();
    lab.save();
    expect(room.state()).toMatchObject({ saved: 'saved', editable: true });
  });
});

describe('stops', () => {
  it.each([
    [4401, 'not_signed_in', 'signed out'],
    [4403, 'not_allowed', 'access'],
    [4404, 'no_such_room', 'not there'],
    [4409, 'schema', 'Reload'],
    [4400, 'protocol', 'Copy your text'],
  ])('%i %s is final, and says why', async (code, reason, words) => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    lab.wire.cut(code, reason);
    await vi.advanceTimersByTimeAsync(120_000);
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lab.wires).toHaveLength(1);
    expect(room.state()).toMatchObject({ phase: 'stopped', editable: false, stop: { code, reason } });
    expect(room.state().stop?.message).toContain(words);
  });

  it('4401 with unsaved edits: kept, and sent after signing in', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'one');
    await turns();
    lab.wire.cut(4401, 'not_signed_in');
    expect(room.state()).toMatchObject({ saved: 'not-saved', keptOnDevice: true });
    room.retry();
    expect(room.state()).toMatchObject({ phase: 'connecting', stop: null });
    lab.join();
    lab.save();
    expect(lab.text).toBe('one');
    expect(room.state().saved).toBe('saved');
  });

  it("B18: a room of another schema than the page's is never shown", async () => {
    const lab = new Lab('new things');
    lab.schema = 2;
    room = await visit(lab);
    lab.join();
    expect(room.state()).toMatchObject({
      phase: 'stopped',
      stop: { code: 4409, reason: 'schema' },
      editable: false,
    });
    expect(lab.wire.sent('step2')).toEqual([]);
  });
});

describe('leaving', () => {
  it('says goodbye, waits for what is unanswered, then closes', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'last words');
    const closed = room.close();
    await turns();
    expect(lab.wire.closedByPage).toBeNull();
    lab.receive();
    expect(lab.text).toBe('last words');
    lab.save();
    await closed;
    expect(lab.wire.closedByPage).toBe(1000);
  });

  it('does not wait for ever', async () => {
    const lab = new Lab();
    room = await visitAndJoin(lab);
    write(room.doc, 'last words');
    const closed = room.close();
    await turns();
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    expect(lab.wire.closedByPage).toBe(1000);
  });
});
