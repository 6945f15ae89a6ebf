// Connectors: from the one that has the focus to another one, or drawn by hand.
import type { BoardObject, ObjectId, Point, Relation } from '../model/types';
import { middle } from '../view/places';
import { nameOf } from '../view/naming';
import type { BoardView } from '../view/types';

export const RELATION_NAMES: Record<Relation, string> = { plain: 'connected to', supports: 'supports', challenges: 'challenges', leads_to: 'leads to' };

export const connectable = ({ kind }: BoardObject): boolean => kind !== 'connector';

/** `to`: an object, or a place where it ends free. */
export function connect(view: BoardView, from: ObjectId, to: ObjectId | Point): ObjectId | null {
  const { board } = view;
  const start = fixed(view, from);
  const end = typeof to === 'string' ? fixed(view, to) : { object: null, x: Math.round(to.x), y: Math.round(to.y) };
  if (!start || !end || from === to) return null;
  const why = view.permit().why('add', null);
  if (why !== null) {
    view.say(why);
    return null;
  }
  const there = board.connectors(from).find((other) => other.start?.object === from && other.end?.object === to);
  if (typeof to === 'string' && there) {
    view.say('These are connected already.');
    return there.id;
  }
  const id = board.edit('Connect', (edit) => edit.add({ kind: 'connector', start, end, relation: 'plain' }));
  view.say(typeof to === 'string' ? `${nameOf(board, from)} connected to ${nameOf(board, to)}.` : `Connector from ${nameOf(board, from)} added.`);
  return id;
}

function fixed(view: BoardView, id: ObjectId): BoardObject['start'] {
  const box = view.board.box(id);
  if (!box) return null;
  const { x, y } = middle(box);
  return { object: id, x: Math.round(x), y: Math.round(y) };
}
