// Notes beside a note: made by Tab and its relatives while typing, and by the (+) handles.
import { GAP, NOTE_HEIGHT, NOTE_WIDTH, type Board, type BoardObject, type Box, type ObjectId, type Point } from '../model/types';
import { AREA_EDGE, areaAt } from '../view/spot';
import { areaOf } from '../view/places';
import type { BoardView } from '../view/types';
import { writeNew } from './fresh';

export type Side = 'left' | 'right' | 'above' | 'below';

const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** Tab goes on in the direction the text is read. */
export function onward(text: string, side: 'left' | 'right'): Side {
  if (!RIGHT_TO_LEFT.test(text)) return side;
  return side === 'left' ? 'right' : 'left';
}

/** Into the note that is there already, else a new one. Says why when none may be made. */
export function goBeside(view: BoardView, id: ObjectId, side: Side): void {
  const { board } = view;
  const from = board.get(id);
  const box = board.box(id);
  if (!from || !box) return;
  const slot = slotBeside(box, side);
  const there = noteIn(board, slot, id);
  if (there) {
    if (view.permit().why('edit', there.id) === null) view.edit(there.id);
    else {
      view.edit(null);
      view.focus(there.id);
    }
    return;
  }
  makeBeside(view, from, slot);
}

export function slotBeside(box: Box, side: Side): Box {
  const size = { w: NOTE_WIDTH, h: NOTE_HEIGHT };
  switch (side) {
    case 'right':
      return { x: box.x + box.w + GAP, y: box.y, ...size };
    case 'left':
      return { x: box.x - GAP - size.w, y: box.y, ...size };
    case 'below':
      return { x: box.x, y: box.y + box.h + GAP, ...size };
    case 'above':
      return { x: box.x, y: box.y - GAP - size.h, ...size };
  }
}

function makeBeside(view: BoardView, from: BoardObject, slot: Box): void {
  const { board } = view;
  const parent = parentFor(board, from, slot);
  const why = view.permit().why('add', parent);
  if (why !== null) {
    view.say(why);
    return;
  }
  const colour = from.kind === 'note' ? from.colour : view.state().colour;
  writeNew(view, { kind: 'note', x: slot.x, y: slot.y, parent, colour }, 'Add note', (edit) => {
    const frame = board.get(areaOf(board, from.id) ?? '');
    if (frame && areaOf(board, from.id) === parentArea(board, parent)) {
      const grown = grownFor(board, frame, slot);
      if (grown && view.permit().why('move', frame.id) === null) edit.set(frame.id, grown);
    }
  });
}

/** That of the note it comes from, as long as it still lies there. */
function parentFor(board: Board, from: BoardObject, slot: Box): ObjectId | null {
  if (from.parent === null || from.kind === 'area') return areaAt(board, middle(slot));
  const area = board.get(areaOf(board, from.id) ?? '');
  if (!area || holds(area, slot) || grownFor(board, area, slot)) return from.parent;
  return areaAt(board, middle(slot));
}

function parentArea(board: Board, parent: ObjectId | null): ObjectId | null {
  return parent === null ? null : areaOf(board, parent);
}

/** The area made large enough to the right and downward; null when it is, or when another area would be under it. */
export function grownFor(board: Board, area: BoardObject, slot: Box): { w: number; h: number } | null {
  if (slot.x < area.x || slot.y < area.y || holds(area, slot)) return null;
  const w = Math.max(area.w, slot.x + slot.w + AREA_EDGE.side - area.x);
  const h = Math.max(area.h, slot.y + slot.h + AREA_EDGE.side - area.y);
  const clear = board.all().every((other) => other.kind !== 'area' || other.id === area.id || overlap(other, area) || !overlap(other, { x: area.x, y: area.y, w, h }));
  return clear ? { w, h } : null;
}

function noteIn(board: Board, slot: Box, except: ObjectId): BoardObject | undefined {
  let found: BoardObject | undefined;
  let most = 0;
  for (const object of board.all()) {
    if (object.kind !== 'note' || object.id === except) continue;
    const box = board.box(object.id);
    if (!box) continue;
    const shared = Math.max(0, Math.min(box.x + box.w, slot.x + slot.w) - Math.max(box.x, slot.x)) * Math.max(0, Math.min(box.y + box.h, slot.y + slot.h) - Math.max(box.y, slot.y));
    // A corner that reaches in does not take the place.
    if (shared > most && shared > 0.2 * slot.w * Math.min(slot.h, box.h)) [found, most] = [object, shared];
  }
  return found;
}

function middle({ x, y, w, h }: Box): Point {
  return { x: x + w / 2, y: y + h / 2 };
}

function holds(outer: Box, inner: Box): boolean {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w && inner.y + inner.h <= outer.y + outer.h;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
