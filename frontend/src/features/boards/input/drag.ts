// Dragging objects. Here at once, for others by awareness, in the document when the hand rests: one step in all.
import type { Guide } from '../canvas/types';
import { mergeNotes } from '../commands/merge';
import { named } from '../commands/base';
import type { BoardObject, Box, ObjectId, Point } from '../model/types';
import { carried, landing, parentAt, putAt, putInto } from '../view/carry';
import { nameOf } from '../view/naming';
import { around } from '../view/places';
import { createSnapping } from './snapping';
import type { Gesture, Press, Tools } from './types';

/** The document is written when the hand has been still for so long, and at least so often while it is not. */
const RESTS = 100;
const AT_LEAST = 1_000;

export function startDrag(tools: Tools, start: Press, ids: readonly ObjectId[]): Gesture | null {
  const { view, canvas } = tools;
  const { board } = view;
  const objects = carried(board, view.permit(), ids, true);
  const first = around(board, objects.keys());
  if (objects.size === 0 || !first) return null;
  const gesture = board.gesture('Move');
  const tops = [...objects.values()].filter(({ parent }) => parent === null || !objects.has(parent));
  const snap = createSnapping(view, new Set(objects.keys()), first);
  const from = view.toBoard(start.at);
  let by: Point = { x: 0, y: 0 };
  let written: Point = { x: 0, y: 0 };
  let writtenAt = start.time;
  let callOff: (() => void) | null = null;

  const write = (time: number) => {
    if (by.x === written.x && by.y === written.y) return;
    writtenAt = time;
    written = by;
    gesture.edit((edit) => putAt(edit, objects, by));
    show();
  };
  const show = () => {
    const rest = { x: by.x - written.x, y: by.y - written.y };
    canvas.setOffset(objects.keys(), rest.x, rest.y);
    tools.hold(objects.keys(), rest.x, rest.y);
  };
  const end = () => {
    callOff?.();
    callOff = null;
    canvas.setOffset([], 0, 0);
    canvas.showGuides([]);
    canvas.showDrop(null);
    tools.hold([], 0, 0);
  };
  const target = (press: Press): BoardObject | undefined => (press.alt ? noteUnder(tools, press.at, objects, tops) : undefined);

  return {
    name: 'drag',
    move(press) {
      const now = view.toBoard(press.at);
      const raw = { x: now.x - from.x, y: now.y - from.y };
      const snapped: { by: Point; guides: readonly Guide[] } = press.mod || press.alt ? { by: raw, guides: [] } : snap(raw);
      by = { x: Math.round(snapped.by.x), y: Math.round(snapped.by.y) };
      canvas.showGuides(snapped.guides);
      canvas.showDrop(hint(tools, target(press), tops, objects, { x: by.x - written.x, y: by.y - written.y }));
      callOff?.();
      callOff = tools.after(RESTS, () => write(press.time + RESTS));
      if (press.time - writtenAt >= AT_LEAST) write(press.time);
      else show();
    },
    up(press) {
      const onto = target(press);
      end();
      if (onto) {
        gesture.cancel();
        return mergeNotes(view, [onto.id, ...tops.map(({ id }) => id)]);
      }
      gesture.edit((edit) => putAt(edit, objects, by));
      const { parents, refused } = landing(board, view.permit(), objects);
      if (refused !== null) {
        gesture.cancel();
        return view.say(`${refused} Put back.`);
      }
      if (parents.size > 0) gesture.edit((edit) => putInto(edit, parents));
      gesture.done();
      const [parent] = parents.values();
      view.say(`${named(tops)} moved${parent ? ` into ${nameOf(board, parent)}` : ''}.`);
    },
    cancel() {
      end();
      gesture.cancel();
    },
  };
}

/** A note on which only notes are dropped, and which is none of them. */
function noteUnder({ view, canvas }: Tools, at: Point, moving: ReadonlyMap<ObjectId, unknown>, tops: readonly BoardObject[]): BoardObject | undefined {
  if (tops.some(({ kind }) => kind !== 'note')) return undefined;
  for (const { id } of canvas.at(at)) {
    const object = moving.has(id) ? undefined : view.board.get(id);
    if (object?.kind === 'note' && view.permit().why('edit', id) === null) return object;
  }
  return undefined;
}

function hint({ view }: Tools, onto: BoardObject | undefined, tops: readonly BoardObject[], moving: ReadonlyMap<ObjectId, BoardObject>, by: Point): { box: Box; words?: string } | null {
  const { board } = view;
  if (onto) return { box: board.box(onto.id) ?? onto, words: `Merge with ${nameOf(board, onto.id)}` };
  const [top] = tops;
  const box = top && board.box(top.id);
  if (!top || !box || top.kind === 'area' || top.kind === 'connector') return null;
  const parent = parentAt(board, { x: box.x + by.x + box.w / 2, y: box.y + by.y + box.h / 2 }, moving, top.kind !== 'cluster');
  const frame = parent === null || parent === top.parent ? undefined : board.box(parent);
  return parent !== null && frame ? { box: frame, words: `Into ${nameOf(board, parent)}` } : null;
}
