// The wheel: two-finger scrolling pans, Ctrl or a pinch on a trackpad zooms to the pointer.
import type { Point } from '../model/types';
import type { BoardView } from '../view/types';

const LINE = 20;
/** Of one event: a mouse's notch comes as a hundred pixels at once. */
const MOST = 25;
const DOUBLES_IN = 100;

export interface Turn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export function turned(view: BoardView, turn: Turn, at: Point): void {
  const unit = turn.deltaMode === 1 ? LINE : turn.deltaMode === 2 ? view.viewport().h : 1;
  const [x, y] = [turn.deltaX * unit, turn.deltaY * unit];
  if (turn.ctrlKey || turn.metaKey) {
    view.zoomBy(2 ** (-Math.max(-MOST, Math.min(MOST, y)) / DOUBLES_IN), at);
    return;
  }
  // Shift turns a plain wheel sideways; some systems have done so already.
  const [dx, dy] = turn.shiftKey && x === 0 ? [y, 0] : [x, y];
  const camera = view.camera();
  view.look({ ...camera, x: camera.x + dx / camera.zoom, y: camera.y + dy / camera.zoom });
}
