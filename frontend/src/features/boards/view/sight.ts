// The camera as it moves: eased or at once, told to listeners once a frame.
import type { Box, Point } from '../model/types';
import { between, limited, type Size } from './camera';
import type { Camera } from './types';

/** Time, as the page has it; tests bring their own. */
export interface Clock {
  frame(run: () => void): number;
  dropFrame(handle: number): void;
  now(): number;
  /** Motion is unwanted. */
  still(): boolean;
}

export const pageClock: Clock = {
  frame: (run) => requestAnimationFrame(run),
  dropFrame: (handle) => cancelAnimationFrame(handle),
  now: () => performance.now(),
  still: () => globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false,
};

const GLIDE = 200;

export interface Sight {
  camera(): Camera;
  viewport(): Size;
  resize(size: Size): void;
  look(camera: Camera, glide: boolean): void;
  /** Where it is going to, or is. */
  target(): Camera;
  /** Nobody has looked anywhere yet. */
  fresh(): boolean;
  listen(listener: (camera: Camera) => void): () => void;
  destroy(): void;
}

export function createSight(clock: Clock, calm: () => boolean): Sight {
  let camera: Camera = { x: 0, y: 0, zoom: 1 };
  let size: Size = { w: 0, h: 0 };
  let glide: { from: Camera; to: Camera; since: number } | null = null;
  let due: number | null = null;
  let fresh = true;
  const listeners = new Set<(camera: Camera) => void>();

  const tell = () => {
    due ??= clock.frame(() => {
      due = null;
      if (glide) step();
      for (const listener of [...listeners]) listener(camera);
      if (glide) tell();
    });
  };
  const step = () => {
    if (!glide) return;
    const part = Math.min(1, (clock.now() - glide.since) / GLIDE);
    camera = part === 1 ? glide.to : between(glide.from, glide.to, part, size);
    if (part === 1) glide = null;
  };

  return {
    camera: () => camera,
    viewport: () => size,
    target: () => glide?.to ?? camera,
    fresh: () => fresh,
    resize(next) {
      if (next.w === size.w && next.h === size.h) return;
      size = next;
      tell();
    },
    look(next, gliding) {
      const to = limited(next);
      fresh = false;
      if (same(to, camera) && !glide) return;
      if (gliding && !clock.still() && !calm() && size.w > 0) {
        glide = { from: camera, to, since: clock.now() };
      } else {
        glide = null;
        camera = to;
      }
      tell();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy() {
      if (due !== null) clock.dropFrame(due);
      due = null;
      glide = null;
      listeners.clear();
    },
  };
}

/** The board points in sight. */
export function seen(camera: Camera, { w, h }: Size): Box {
  return { x: camera.x, y: camera.y, w: w / camera.zoom, h: h / camera.zoom };
}

export function centre(size: Size): Point {
  return { x: size.w / 2, y: size.h / 2 };
}

function same(a: Camera, b: Camera): boolean {
  return a.x === b.x && a.y === b.y && a.zoom === b.zoom;
}
