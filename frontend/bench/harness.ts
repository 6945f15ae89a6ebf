// Drives any board by its camera, in the same way, and counts frames. A page that is to be measured sets
// `window.bench` to a Bench; bench/board.py does the rest.

export interface Sight {
  /** The board point in the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** One board, ours or a peer's. */
export interface Subject {
  look(sight: Sight): void;
  readonly bounds: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  size(): { readonly w: number; readonly h: number };
  /** Nothing is left to do after the last movement. */
  settled(): boolean;
  /** Somebody else moves one note in view a little; absent where a peer cannot be told that. */
  nudge?(): void;
}

export interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  /** Share of frames that took longer than 25 ms. */
  readonly late: number;
  readonly frames: number;
}

export interface Bench {
  /** Milliseconds from the navigation until the board can be used. */
  readonly ready: Promise<number>;
  pan(): Promise<Frames>;
  zoom(): Promise<Frames>;
  /** Fifty changes a second by somebody else, while nothing else happens. */
  others(): Promise<Frames | null>;
}

const PAN_MS = 3_500;
const ZOOM_MS = 4_000;
const OTHERS_MS = 3_000;
const EVERY_MS = 20;
const LATE_MS = 25;
/** Longest that anything is waited for after a movement. */
const REST_MS = 1_000;

export function benchOf(ready: Promise<Subject>): Bench {
  return {
    ready: ready.then(() => performance.now()),
    async pan() {
      const subject = await ready;
      const { bounds } = subject;
      const { w, h } = subject.size();
      const [wide, tall] = [bounds.w - w, bounds.h - h];
      // Two and a half thousand pixels a second at most, with turns: a hand that looks for something.
      return run(subject, PAN_MS, (part) => ({
        x: bounds.x + wide * (0.5 + 0.2 * Math.sin(part * Math.PI * 3)),
        y: bounds.y + tall * (0.5 + 0.12 * Math.sin(part * Math.PI * 4)),
        zoom: 1,
      }));
    },
    async zoom() {
      const subject = await ready;
      const { bounds } = subject;
      const { w, h } = subject.size();
      const fit = Math.min(w / bounds.w, h / bounds.h);
      const middle = { x: bounds.x + bounds.w / 2, y: bounds.y + bounds.h / 2 };
      return run(subject, ZOOM_MS, (part) => {
        const way = part < 0.5 ? part * 2 : 2 - part * 2;
        const zoom = fit ** (way * way * (3 - 2 * way));
        return { x: middle.x - w / 2 / zoom, y: middle.y - h / 2 / zoom, zoom };
      });
    },
    async others() {
      const subject = await ready;
      if (!subject.nudge) return null;
      const timer = setInterval(() => subject.nudge?.(), EVERY_MS);
      const still = { x: subject.bounds.x, y: subject.bounds.y, zoom: 1 };
      const frames = await run(subject, OTHERS_MS, () => still);
      clearInterval(timer);
      return frames;
    },
  };
}

async function run(subject: Subject, milliseconds: number, at: (part: number) => Sight): Promise<Frames> {
  subject.look(at(0));
  await until(() => subject.settled());
  const deltas: number[] = [];
  await new Promise<void>((done) => {
    let began = 0;
    let before = 0;
    const step = (now: number) => {
      if (before !== 0) deltas.push(now - before);
      else began = now;
      before = now;
      const part = Math.min(1, (now - began) / milliseconds);
      subject.look(at(part));
      if (part < 1) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  // What the end of the movement costs belongs to it.
  let before = performance.now();
  const last = before + REST_MS;
  await until(() => {
    const now = performance.now();
    deltas.push(now - before);
    before = now;
    return subject.settled() || now > last;
  });
  deltas.sort((a, b) => a - b);
  const share = (part: number) => Math.round((deltas[Math.min(deltas.length - 1, Math.floor(deltas.length * part))] ?? 0) * 10) / 10;
  return { p50: share(0.5), p95: share(0.95), worst: share(1), late: deltas.filter((delta) => delta > LATE_MS).length / deltas.length, frames: deltas.length };
}

function until(holds: () => boolean): Promise<void> {
  return new Promise((done) => {
    const look = () => {
      if (holds()) done();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

declare global {
  interface Window {
    bench?: Bench;
  }
}
