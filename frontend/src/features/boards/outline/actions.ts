// What the outline does that the board does by dragging: adding into an area, and exchanging places.
import type { Board, Colour, ObjectId } from '../model/types';
import { carried, putAt } from '../view/carry';
import { nameOf } from '../view/naming';
import { spotAround, spotInArea } from '../view/spot';
import type { BoardView } from '../view/types';
import { around } from '../view/places';

/** The first free place in the area; in none, below everything. Null: it may not be added, and that was said. */
export function addNote(view: BoardView, text: string, area: ObjectId | null, colour: Colour): ObjectId | null {
  const { board } = view;
  const why = view.permit().why('add', area);
  if (why !== null) {
    view.say(why);
    return null;
  }
  const spot = (area === null ? null : spotInArea(board, area, 'note')) ?? spotOutside(board);
  const id = board.edit('Add note', (edit) => edit.add({ kind: 'note', text, x: spot.at.x, y: spot.at.y, parent: area, colour }));
  view.focus(id);
  view.say(area === null ? 'Note added.' : `Note added in ${nameOf(board, area)}.`);
  return id;
}

/** Under what is in no area, or under everything. */
function spotOutside(board: Board) {
  const loose = board.members(null).filter(({ kind }) => kind !== 'area').map(({ id }) => id);
  const box = around(board, loose.length > 0 ? loose : board.all().map(({ id }) => id));
  const middle = box ? { x: box.x + 100, y: loose.length > 0 ? box.y + 75 : box.y + box.h + 130 } : { x: 0, y: 0 };
  const { at } = spotAround(board, middle, 'note');
  return { at, parent: null };
}

/** The one before or after it among those it lies with, in reading order. */
export function beside(board: Board, id: ObjectId, step: 1 | -1): ObjectId | null {
  const object = board.get(id);
  if (!object) return null;
  const together = board.members(object.parent).filter(({ kind }) => (kind === 'area') === (object.kind === 'area'));
  const at = together.findIndex((each) => each.id === id);
  return at < 0 ? null : (together[at + step]?.id ?? null);
}

/** Each goes to where the other was, with what lies in it. */
export function exchange(view: BoardView, id: ObjectId, step: 1 | -1): void {
  const { board } = view;
  const other = beside(board, id, step);
  const [a, b] = [board.box(id), other === null ? undefined : board.box(other)];
  if (other === null || !a || !b) {
    view.say(step === 1 ? 'This is the last one here.' : 'This is the first one here.');
    return;
  }
  const permit = view.permit();
  const why = permit.why('move', id) ?? permit.why('move', other);
  if (why !== null) {
    view.say(why);
    return;
  }
  const [mine, theirs] = [carried(board, permit, [id]), carried(board, permit, [other])];
  board.edit(step === 1 ? 'Move down' : 'Move up', (edit) => {
    putAt(edit, mine, { x: b.x - a.x, y: b.y - a.y });
    putAt(edit, theirs, { x: a.x - b.x, y: a.y - b.y });
  });
  view.say(`Moved ${step === 1 ? 'after' : 'before'} ${nameOf(board, other)}.`);
}
