// Moving the camera by hand: one pointer pans, two zoom about the point between them.
import type { Point } from '../model/types';
import { toBoard } from '../view/camera';
import type { Gesture, Press, Tools } from './types';

export function startPan({ view }: Tools, start: Press): Gesture {
  const camera = view.camera();
  return {
    name: 'pan',
    move: ({ at }) => view.look({ ...camera, x: camera.x - (at.x - start.at.x) / camera.zoom, y: camera.y - (at.y - start.at.y) / camera.zoom }),
    up: () => undefined,
    cancel: () => undefined,
  };
}

export interface Pinch {
  move(a: Point, b: Point): void;
  /** Neither far nor apart: two fingers that only touched. */
  still(): boolean;
}

const STILL = 12;

export function startPinch({ view }: Tools, a: Point, b: Point): Pinch {
  const camera = view.camera();
  const first = { middle: between(a, b), far: Math.max(1, apart(a, b)) };
  const fixed = toBoard(camera, first.middle);
  let moved = false;
  return {
    move(c, d) {
      const middle = between(c, d);
      moved ||= apart(middle, first.middle) > STILL || Math.abs(apart(c, d) - first.far) > STILL;
      if (!moved) return;
      // Through the view's own limits first, so that the point stays under the fingers at either end.
      const zoom = Math.min(4, Math.max(0.05, (camera.zoom * apart(c, d)) / first.far));
      view.look({ x: fixed.x - middle.x / zoom, y: fixed.y - middle.y / zoom, zoom });
    },
    still: () => !moved,
  };
}

export function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

export function apart(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
