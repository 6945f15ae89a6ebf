// Where one looks: points between screen and board, zooming about a point, the camera that shows a box.
// Pure; the view keeps the camera, this says which one comes next.
import type { Box, Point } from '../model/types';
import type { Camera } from './types';

export const FARTHEST = 0.05;
export const CLOSEST = 4;
/** Fitting never enlarges beyond this, even when it may go above 100 %. */
const CLOSE_FIT = 2;
/** Room left free round what is shown, in pixels: the tools float at the bottom. */
const MARGIN = { top: 24, right: 24, bottom: 88, left: 24 };
/** Text of a note at 100 %, in pixels. */
const NOTE_TEXT = 15;

export interface Size {
  readonly w: number;
  readonly h: number;
}

export function limited(camera: Camera): Camera {
  const zoom = Math.min(CLOSEST, Math.max(FARTHEST, camera.zoom));
  const sound = [camera.x, camera.y, zoom].every(Number.isFinite);
  return sound ? { x: camera.x, y: camera.y, zoom } : { x: 0, y: 0, zoom: 1 };
}

export function toBoard(camera: Camera, screen: Point): Point {
  return { x: camera.x + screen.x / camera.zoom, y: camera.y + screen.y / camera.zoom };
}

export function toScreen(camera: Camera, board: Point): Point {
  return { x: (board.x - camera.x) * camera.zoom, y: (board.y - camera.y) * camera.zoom };
}

/** What is under `at` stays under it. */
export function zoomed(camera: Camera, factor: number, at: Point): Camera {
  const fixed = toBoard(camera, at);
  const { zoom } = limited({ ...camera, zoom: camera.zoom * factor });
  return { x: fixed.x - at.x / zoom, y: fixed.y - at.y / zoom, zoom };
}

export function fitting(box: Box, viewport: Size, close: boolean): Camera {
  const free = inner(viewport, 0);
  const zoom = Math.min(free.w / Math.max(box.w, 1), free.h / Math.max(box.h, 1), close ? CLOSE_FIT : 1);
  return centred(box, viewport, Math.max(zoom, FARTHEST), 0);
}

/** `hidden`: pixels at the bottom that nobody can see. */
export function centred(box: Box, viewport: Size, zoom: number, hidden: number): Camera {
  const free = inner(viewport, hidden);
  const middle = { x: MARGIN.left + free.w / 2, y: MARGIN.top + free.h / 2 };
  return limited({ x: box.x + box.w / 2 - middle.x / zoom, y: box.y + box.h / 2 - middle.y / zoom, zoom });
}

/** The smallest move that brings the box into sight; `text`: its letters shall be at least so many pixels high. */
export function revealing(camera: Camera, box: Box, viewport: Size, how: { text?: number; hidden: number }): Camera {
  const least = how.text ? Math.min(CLOSEST, how.text / NOTE_TEXT) : 0;
  if (camera.zoom < least) return centred(box, viewport, least, how.hidden);
  const free = inner(viewport, how.hidden);
  const from = toScreen(camera, box);
  const size = { w: box.w * camera.zoom, h: box.h * camera.zoom };
  const dx = shift(from.x, size.w, MARGIN.left, free.w);
  const dy = shift(from.y, size.h, MARGIN.top, free.h);
  return dx === 0 && dy === 0 ? camera : { ...camera, x: camera.x + dx / camera.zoom, y: camera.y + dy / camera.zoom };
}

/** `part` of the way, eased; zoom goes by ratio, so that it feels even. */
export function between(from: Camera, to: Camera, part: number, viewport: Size): Camera {
  const eased = 1 - (1 - part) ** 3;
  const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
  const half = { x: viewport.w / 2, y: viewport.h / 2 };
  const a = toBoard(from, half);
  const b = toBoard(to, half);
  // In step with the zoom: otherwise the picture swings out while it grows.
  const way = Math.abs(to.zoom - from.zoom) < 1e-9 ? eased : (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / to.zoom);
  return { x: a.x + (b.x - a.x) * way - half.x / zoom, y: a.y + (b.y - a.y) * way - half.y / zoom, zoom };
}

function inner(viewport: Size, hidden: number): Size {
  return {
    w: Math.max(80, viewport.w - MARGIN.left - MARGIN.right),
    h: Math.max(60, viewport.h - MARGIN.top - Math.max(MARGIN.bottom, hidden + MARGIN.top)),
  };
}

/** How far the view must move along one axis, in pixels. What does not fit shows its beginning. */
function shift(start: number, length: number, margin: number, room: number): number {
  if (start < margin || length > room) return start - margin;
  return Math.max(0, start + length - margin - room);
}
