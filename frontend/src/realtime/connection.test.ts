// The life of a socket, with a clock the test moves.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST, retryDelay, SHORTEST } from './backoff';
import { Connection, DEAD, IDLE } from './connection';
import { Lab, stopTime } from './testing/lab';

const EMPTY_AWARENESS = Uint8Array.of(1, 1, 0);

function connect(lab: Lab, random: () => number = () => 0) {
  const events = {
    phase: vi.fn(),
    opened: vi.fn(),
    frame: vi.fn(),
    lost: vi.fn(),
    stopped: vi.fn(),
    idle: vi.fn(() => void connection.send({ kind: 'awareness', update: Uint8Array.of(0) })),
  };
  const connection: Connection = new Connection(
    () => 'wss://lab.test/ws/scratch/a',
    lab.openSocket,
    events,
    random,
  );
  connection.start();
  return { connection, events };
}

let lab: Lab;
let open: Connection | undefined;

beforeEach(() => {
  stopTime();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  lab = new Lab();
});

afterEach(() => {
  open?.close();
  vi.useRealTimers();
});

describe('backoff', () => {
  it('is random over a range that doubles from half a second to half a minute', () => {
    const ceilings = Array.from({ length: 12 }, (_, attempt) => retryDelay(attempt, 1));
    expect(ceilings.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, LONGEST, LONGEST]);
    for (let attempt = 0; attempt < 2_000; attempt++) {
      const delay = retryDelay(attempt, Math.random());
      expect(delay).toBeGreaterThanOrEqual(SHORTEST);
      expect(delay).toBeLessThanOrEqual(LONGEST);
      expect(retryDelay(attempt, 0)).toBe(SHORTEST);
    }
  });

  it('a thousand people do not come back in the same moment', () => {
    const seconds = new Map<number, number>();
    for (let person = 0; person < 1_000; person++) {
      const second = Math.floor(retryDelay(5, Math.random()) / 1_000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    expect(Math.max(...seconds.values())).toBeLessThan(80);
  });
});

describe('coming back', () => {
  it.each([1006, 1011, 1012, 1013, 1001, 1005])('after %i tries again', (code) => {
    const { connection, events } = connect(lab);
    open = connection;
    lab.wire.open();
    lab.wire.cut(code);
    expect(events.lost).toHaveBeenCalledWith(code, '');
    expect(connection.phase).toBe('waiting');
    vi.advanceTimersByTime(1_000);
    expect(lab.wires).toHaveLength(2);
    expect(connection.phase).toBe('connecting');
  });

  it.each([4400, 4401, 4403, 4404, 4409, 4499])('after %i never', (code) => {
    const { connection, events } = connect(lab);
    open = connection;
    lab.wire.open();
    lab.wire.cut(code, 'why');
    vi.advanceTimersByTime(10 * LONGEST);
    window.dispatchEvent(new Event('online'));
    vi.advanceTimersByTime(LONGEST);
    expect(lab.wires).toHaveLength(1);
    expect(events.stopped).toHaveBeenCalledWith(code, 'why');
    expect(connection.phase).toBe('stopped');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits longer each time until the connection has proved useful', () => {
    const { connection } = connect(lab, () => 0.999_999);
    open = connection;
    const waits: number[] = [];
    const fail = () => {
      const before = lab.wires.length;
      lab.wire.cut();
      let waited = 0;
      while (lab.wires.length === before) {
        vi.advanceTimersByTime(100);
        waited += 100;
      }
      waits.push(waited);
    };
    for (let n = 0; n < 7; n++) fail();
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    lab.wire.open();
    fail();
    expect(waits.at(-1)).toBe(30_000); // Open is not yet useful.
    connection.settled();
    fail();
    expect(waits.at(-1)).toBe(1_000);
  });

  it('gives a server that says later more time than one that vanished', () => {
    const { connection } = connect(lab, () => 0.999_999);
    open = connection;
    lab.wire.cut(1013, 'storage');
    vi.advanceTimersByTime(3_900);
    expect(lab.wires).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(lab.wires).toHaveLength(2);
  });

  it.each(['online', 'pageshow'])('does not sit out a long wait after the event %s', (name) => {
    const { connection } = connect(lab, () => 0.999);
    open = connection;
    for (let n = 0; n < 6; n++) {
      lab.wire.cut();
      vi.advanceTimersByTime(LONGEST);
    }
    lab.wire.cut();
    const before = lab.wires.length;
    window.dispatchEvent(new Event(name));
    vi.advanceTimersByTime(500);
    expect(lab.wires).toHaveLength(before + 1);
  });

  it('nor when the page is looked at again', () => {
    const { connection } = connect(lab, () => 0.999);
    open = connection;
    for (let n = 0; n < 6; n++) {
      lab.wire.cut();
      vi.advanceTimersByTime(LONGEST);
    }
    lab.wire.cut();
    const before = lab.wires.length;
    document.dispatchEvent(new Event('visibilitychange'));
    vi.advanceTimersByTime(500);
    expect(lab.wires).toHaveLength(before + 1);
  });

  it('a socket that never opens is given up', () => {
    const { connection } = connect(lab);
    open = connection;
    vi.advanceTimersByTime(12_000);
    expect(lab.wires[0]?.closedByPage).not.toBeNull();
    expect(lab.wires).toHaveLength(2);
  });

  it('closing ends everything, timers included', () => {
    const { connection } = connect(lab);
    lab.wire.open();
    connection.close();
    expect(lab.wire.closedByPage).toBe(1000);
    window.dispatchEvent(new Event('online'));
    vi.advanceTimersByTime(LONGEST);
    expect(lab.wires).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('silence', () => {
  it('says something at least every ten seconds', () => {
    const { connection } = connect(lab);
    open = connection;
    lab.wire.open();
    let last = lab.wire.everything.length;
    for (let n = 0; n < 6; n++) {
      lab.wire.raw(EMPTY_AWARENESS);
      vi.advanceTimersByTime(10_000);
      expect(lab.wire.everything.length).toBeGreaterThan(last);
      last = lab.wire.everything.length;
    }
  });

  it('in a hidden page, whose timers hardly run, answers what it hears', () => {
    const { connection, events } = connect(lab);
    open = connection;
    lab.wire.open();
    // The clock goes on, timers do not: as in a background tab.
    const realNow = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => realNow() + IDLE);
    lab.wire.raw(EMPTY_AWARENESS);
    expect(events.idle).toHaveBeenCalledTimes(1);
  });

  it('W16: gives up a socket after 25 s of hearing nothing, and not before', () => {
    const { connection, events } = connect(lab);
    open = connection;
    lab.wire.open();
    vi.advanceTimersByTime(20_000);
    lab.wire.raw(EMPTY_AWARENESS);
    vi.advanceTimersByTime(DEAD - 1_000);
    expect(connection.phase).toBe('open');
    vi.advanceTimersByTime(1_000);
    expect(events.lost).toHaveBeenCalledWith(0, 'silence');
    expect(connection.phase).toBe('waiting');
  });

  it.each(['offline', 'online'])('at the event %s asks at once, and believes five seconds of silence', (name) => {
    const { connection, events } = connect(lab);
    open = connection;
    lab.wire.open();
    window.dispatchEvent(new Event(name));
    expect(events.idle).toHaveBeenCalled();
    vi.advanceTimersByTime(4_000);
    expect(connection.phase).toBe('open');
    vi.advanceTimersByTime(2_000);
    expect(connection.phase).not.toBe('open');
  });

  it('and an answer settles it', () => {
    const { connection } = connect(lab);
    open = connection;
    lab.wire.open();
    window.dispatchEvent(new Event('offline'));
    lab.wire.raw(EMPTY_AWARENESS);
    vi.advanceTimersByTime(10_000);
    expect(connection.phase).toBe('open');
  });
});

describe('nonsense', () => {
  it.each([
    ['no frame', Uint8Array.of(99)],
    ['bytes too many', Uint8Array.of(3, 0)],
    ['a number cut off', Uint8Array.of(101, 255)],
    ['presence that is no JSON', Uint8Array.of(1, 5, 1, 1, 1, 1, 123)],
  ])('%s: the socket is dropped and another opened', (_, bytes) => {
    const { connection, events } = connect(lab);
    open = connection;
    lab.wire.open();
    lab.wire.raw(bytes);
    expect(events.lost).toHaveBeenCalledWith(0, 'not_understood');
    expect(events.frame).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(lab.wires).toHaveLength(2);
  });
});
