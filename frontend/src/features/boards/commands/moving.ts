// Move mode: arrows move the selection until Enter drops it or Escape puts it back. And nudges, where plain arrows
// move: those that follow one another closely are one step.
import { grid } from '../model/arrange';
import { freeCorner } from '../model/grouping';
import { GAP, NOTE_WIDTH, type BoardObject, type Box, type ObjectId, type Point } from '../model/types';
import { AREA_EDGE } from '../view/spot';
import { areaOf } from '../view/places';
import { carried, landing, putAt, putInto } from '../view/carry';
import type { BoardView } from '../view/types';
import { nameOf } from '../view/naming';
import { chosen, ids, named } from './base';

/** Grid step of an arrow key; with Shift one unit. */
export const STEP = 10;
/** Nudges closer together than this are one step. */
const TOGETHER = 1_000;

interface Moving {
  by(step: Point): void;
  drop(): void;
  putBack(): void;
}

const MOVING = new WeakMap<BoardView, Moving>();

export function startMoving(view: BoardView): void {
  const objects = chosen(view);
  const moving = open(view, 'Move');
  if (!moving) return;
  const end = () => {
    MOVING.delete(view);
    unsubscribe();
  };
  MOVING.set(view, {
    by: moving.by,
    drop() {
      end();
      const refused = moving.land();
      view.set({ moving: false });
      view.say(refused ?? `${named(objects)} dropped${moving.where()}.`);
    },
    putBack() {
      end();
      moving.cancel();
      view.set({ moving: false });
      view.say('Put back.');
    },
  });
  view.set({ moving: true });
  // Ended from elsewhere (it was removed, the role changed): what was moved so far stays.
  const unsubscribe = view.subscribe(() => {
    if (view.state().moving || !MOVING.has(view)) return;
    end();
    moving.land();
  });
  view.say(`Moving ${named(objects)}. Arrow keys move, Enter drops, Escape puts back.`);
}

export const movingBy = (view: BoardView, step: Point): void => MOVING.get(view)?.by(step);
export const drop = (view: BoardView): void => MOVING.get(view)?.drop();
export const putBack = (view: BoardView): void => MOVING.get(view)?.putBack();

const NUDGING = new WeakMap<BoardView, { key: string; end(): void; by(step: Point): void; again(): void }>();

/** Before anything that looks at steps, such as undo. */
export const endNudge = (view: BoardView): void => NUDGING.get(view)?.end();

export function nudge(view: BoardView, step: Point): void {
  const key = ids(chosen(view)).join(' ');
  let nudging = NUDGING.get(view);
  if (nudging?.key !== key) {
    const moving = open(view, 'Move');
    if (!moving) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      if (NUDGING.get(view) === own) NUDGING.delete(view);
      const refused = moving.land();
      if (refused) view.say(refused);
    };
    const own = {
      key,
      end,
      by: moving.by,
      again() {
        clearTimeout(timer);
        timer = setTimeout(end, TOGETHER);
      },
    };
    const unsubscribe = view.subscribe(() => {
      if (ids(chosen(view)).join(' ') !== key) end();
    });
    nudging = own;
    NUDGING.set(view, own);
  }
  nudging.again();
  nudging.by(step);
}

function open(view: BoardView, label: string) {
  const objects = carried(view.board, view.permit(), ids(chosen(view)));
  if (objects.size === 0) return null;
  const gesture = view.board.gesture(label);
  let gone = { x: 0, y: 0 };
  return {
    by(step: Point) {
      gone = { x: gone.x + step.x, y: gone.y + step.y };
      gesture.edit((edit) => putAt(edit, objects, gone));
      const [first] = objects.keys();
      if (first !== undefined) view.reveal(first);
    },
    cancel: () => gesture.cancel(),
    /** Ends it, where it came to lie. Not allowed there: put back, and why. */
    land(): string | null {
      const { parents, refused } = landing(view.board, view.permit(), objects);
      if (refused === null) {
        if (parents.size > 0) gesture.edit((edit) => putInto(edit, parents));
        gesture.done();
      } else gesture.cancel();
      return refused;
    },
    where(): string {
      const [first] = objects.keys();
      const area = first === undefined ? null : areaOf(view.board, first);
      return area === null || area === first ? '' : ` in ${nameOf(view.board, area)}`;
    },
  };
}

/** Without dragging: into the first free places of an area, or (null) out of every area, below everything. One step. */
export function moveTo(view: BoardView, wanted: Iterable<ObjectId>, area: ObjectId | null): void {
  const { board } = view;
  const permit = view.permit();
  const why = permit.why('add', area);
  if (why !== null) {
    view.say(why);
    return;
  }
  const moving = [...wanted].map((id) => board.get(id)).filter((object): object is BoardObject => object !== undefined && object.kind !== 'connector' && object.kind !== 'area' && permit.why('move', object.id) === null);
  if (moving.length === 0) return;
  const boxes = moving.map(({ id }) => board.box(id) ?? { x: 0, y: 0, w: 0, h: 0 });
  const frame = area === null ? undefined : board.box(area);
  const corner = frame ? { x: frame.x + AREA_EDGE.side, y: freeRow(view, area, frame) } : freeCorner(board);
  const wide = frame ? frame.w - 2 * AREA_EDGE.side : 5 * (NOTE_WIDTH + GAP);
  const perRow = Math.max(1, Math.floor((wide + GAP) / (Math.max(...boxes.map(({ w }) => w)) + GAP)));
  const places = grid(boxes, corner, { perRow });
  const plans = moving.map((object, at) => ({ object, objects: carried(board, permit, [object.id]), from: boxes[at], to: places[at] }));
  board.edit('Move to area', (edit) => {
    let bottom = 0;
    for (const { object, objects, from, to } of plans) {
      if (!from || !to) continue;
      putAt(edit, objects, { x: to.x - from.x, y: to.y - from.y });
      edit.set(object.id, { parent: area });
      bottom = Math.max(bottom, to.y + from.h);
    }
    const needed = frame ? bottom + AREA_EDGE.side - frame.y : 0;
    if (frame && area !== null && needed > frame.h && permit.why('move', area) === null) edit.set(area, { h: needed });
  });
  const [first] = moving;
  view.select(ids(moving));
  if (first) view.focus(first.id, { keep: true });
  view.say(`${named(moving)} moved ${area === null ? 'out of the areas' : `to ${nameOf(board, area)}`}.`);
}

/** Below what lies in the area already. */
function freeRow(view: BoardView, area: ObjectId | null, frame: Box): number {
  const bottoms = view.board.members(area).map(({ id }) => view.board.box(id)).map((box) => (box ? box.y + box.h + GAP : 0));
  return Math.max(frame.y + AREA_EDGE.top, ...bottoms);
}
