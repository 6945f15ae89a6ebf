// Ground: the dotted sheet under everything, moving with the camera.
import type { Camera } from '../view/types';
import { drawingOn } from './drawing';
import type { Palette } from './palette';

const DOT_EVERY = 24;
/** Dots come no closer than this on the screen: far out every second one is left away, again and again. */
const CLOSEST = 18;

/** What is drawn on, with what, and from where it is seen. */
export interface Ground {
  readonly context: CanvasRenderingContext2D;
  readonly camera: Camera;
  readonly w: number;
  readonly h: number;
  /** Real pixels per CSS pixel. */
  readonly ratio: number;
  readonly palette: Palette;
}

/** Only the dotted ground: what lies behind the page's own notes. */
export function paintGround(ground: Ground): void {
  const { context, camera, w, h, ratio, palette } = ground;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, Math.ceil(w * ratio), Math.ceil(h * ratio));
  if (palette.dot === palette.ground) return;
  let every = DOT_EVERY * camera.zoom;
  while (every < CLOSEST) every *= 2;
  const size = Math.max(1, Math.round(2 * ratio * Math.min(1, Math.max(0.6, camera.zoom))));
  const left = phase(-camera.x * camera.zoom, every);
  const top = phase(-camera.y * camera.zoom, every);
  const row = dotRow(palette.dot, every * ratio, size, Math.ceil((w + every) * ratio));
  for (let y = top - every; y < h; y += every) context.drawImage(row, Math.round((left - every) * ratio), Math.round(y * ratio));
}

let row: { key: string; canvas: HTMLCanvasElement } | undefined;

/** One row of dots; the ground is that row again and again. */
function dotRow(colour: string, every: number, size: number, wide: number): HTMLCanvasElement {
  const key = `${colour}/${every}/${size}/${wide}`;
  if (row?.key === key) return row.canvas;
  const canvas = row?.canvas ?? document.createElement('canvas');
  const long = Math.ceil(wide + every);
  if (canvas.width < long || canvas.height !== size) {
    canvas.width = long;
    canvas.height = size;
  }
  const context = drawingOn(canvas);
  if (context) {
    context.clearRect(0, 0, canvas.width, size);
    context.fillStyle = colour;
    for (let x = 0; x < long; x += every) {
      context.beginPath();
      context.arc(Math.round(x) + size / 2, size / 2, size / 2, 0, Math.PI * 2);
      context.fill();
    }
  }
  row = { key, canvas };
  return canvas;
}

function phase(value: number, every: number): number {
  return ((value % every) + every) % every;
}
