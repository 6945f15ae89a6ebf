// Making areas and images larger or smaller by a corner. An image keeps its proportions unless Shift is held.
import { LEAST, RESIZABLE } from '../commands/size';
import type { Box, ObjectId } from '../model/types';
import { rounded } from './marquee';
import type { Gesture, Press, Tools } from './types';

export type Corner = 'nw' | 'ne' | 'sw' | 'se';

/** In the document at most so often; in between its outline says where it is. */
const EVERY = 100;

export function startResize({ view, canvas }: Tools, start: Press, id: ObjectId, corner: Corner): Gesture | null {
  const object = view.board.get(id);
  const box = view.board.box(id);
  const kind = RESIZABLE.find((one) => one === object?.kind);
  if (!object || !box || !kind || view.permit().why('move', id) !== null) return null;
  const gesture = view.board.gesture('Resize');
  const from = view.toBoard(start.at);
  const next = (press: Press): Box => {
    const to = view.toBoard(press.at);
    return rounded(pulled(box, corner, { x: to.x - from.x, y: to.y - from.y }, LEAST[kind], kind === 'image' && !press.shift));
  };
  const put = (press: Press) => gesture.edit((edit) => edit.set(id, next(press)));
  let last = start.time;
  return {
    name: 'resize',
    move(press) {
      canvas.showDrop({ box: next(press) });
      if (press.time - last < EVERY) return;
      last = press.time;
      put(press);
    },
    up(press) {
      canvas.showDrop(null);
      put(press);
      gesture.done();
    },
    cancel() {
      canvas.showDrop(null);
      gesture.cancel();
    },
  };
}

/** The box when this corner is pulled so far; the opposite corner stays. */
export function pulled(box: Box, corner: Corner, by: { x: number; y: number }, least: { w: number; h: number }, keep: boolean): Box {
  const left = corner.endsWith('w');
  const top = corner.startsWith('n');
  let w = Math.max(least.w, box.w + (left ? -by.x : by.x));
  let h = Math.max(least.h, box.h + (top ? -by.y : by.y));
  if (keep) {
    const scale = Math.max(w / box.w, h / box.h, least.w / box.w, least.h / box.h);
    w = box.w * scale;
    h = box.h * scale;
  }
  return { x: left ? box.x + box.w - w : box.x, y: top ? box.y + box.h - h : box.y, w, h };
}
