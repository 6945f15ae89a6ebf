// Drawing a box: round objects to select them, or for a new area.
import type { Box, ObjectId, Point } from '../model/types';
import { heldInPlace } from '../view/carry';
import { newArea } from '../commands/areas';
import { SIZES } from '../model/edits';
import type { Gesture, Press, Tools } from './types';

/** With Alt only what lies wholly inside; with Shift besides what is selected. Locked objects are passed over. */
export function startMarquee({ view, canvas }: Tools, start: Press): Gesture {
  const from = view.toBoard(start.at);
  const before = view.state().selection;
  const added = start.shift || start.mod;
  const found = (press: Press): ObjectId[] => {
    const box = boxOf(from, view.toBoard(press.at));
    return canvas.within(box, press.alt).filter((id) => {
      if (heldInPlace(view.permit(), id)) return false;
      const object = view.board.get(id);
      // The marquee is drawn inside an area far more often than round one.
      return object !== undefined && (object.kind !== 'area' || holds(box, view.board.box(id) ?? object));
    });
  };
  return {
    name: 'marquee',
    move(press) {
      canvas.showMarquee(boxOf(from, view.toBoard(press.at)));
      view.select(added ? [...before, ...found(press)] : found(press));
    },
    up(press) {
      canvas.showMarquee(null);
      const selected = added ? [...before, ...found(press)] : found(press);
      view.select(selected);
      const [first] = view.state().selection;
      view.focus(first ?? null, { keep: true, still: true });
      const { size } = view.state().selection;
      if (size > 0) view.say(`${size} selected.`);
    },
    cancel() {
      canvas.showMarquee(null);
      view.select(before);
    },
  };
}

/** A new area where it was drawn; a mere click makes one of the usual size. */
export function startArea({ view, canvas }: Tools, start: Press): Gesture {
  const from = view.toBoard(start.at);
  return {
    name: 'area',
    move: (press) => canvas.showDrop({ box: boxOf(from, view.toBoard(press.at)), words: 'New area' }),
    up(press) {
      canvas.showDrop(null);
      const drawn = boxOf(from, view.toBoard(press.at));
      const box = drawn.w < 60 || drawn.h < 60 ? { x: from.x, y: from.y, ...SIZES.area } : drawn;
      view.set({ tool: 'select' });
      newArea(view, rounded(box));
    },
    cancel: () => canvas.showDrop(null),
  };
}

export function boxOf(a: Point, b: Point): Box {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
}

export function rounded({ x, y, w, h }: Box): Box {
  return { x: Math.round(x), y: Math.round(y), w: Math.round(w), h: Math.round(h) };
}

function holds(outer: Box, inner: Box): boolean {
  return outer.x <= inner.x && outer.y <= inner.y && outer.x + outer.w >= inner.x + inner.w && outer.y + outer.h >= inner.y + inner.h;
}
