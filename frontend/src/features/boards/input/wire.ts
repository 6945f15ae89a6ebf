// Drawing a connector, and moving the free or fixed end of one.
import { connect, connectable } from '../commands/connecting';
import type { ObjectId, Point } from '../model/types';
import { middle } from '../view/places';
import { nameOf } from '../view/naming';
import type { Gesture, Tools } from './types';

export function startWire(tools: Tools, from: ObjectId): Gesture {
  const { view, canvas } = tools;
  const end = () => {
    canvas.showLine(null);
    canvas.showDrop(null);
  };
  return {
    name: 'wire',
    move({ at }) {
      canvas.showLine({ from, to: view.toBoard(at) });
      showTarget(tools, objectAt(tools, at, from));
    },
    up({ at }) {
      end();
      const to = objectAt(tools, at, from);
      const id = connect(view, from, to ?? view.toBoard(at));
      view.set({ tool: 'select', connecting: null });
      if (id !== null) view.focus(to ?? from, { still: true });
    },
    cancel: end,
  };
}

/** Takes one end of a connector somewhere else. */
export function startEnd(tools: Tools, connector: ObjectId, which: 'start' | 'end'): Gesture | null {
  const { view, canvas } = tools;
  const object = view.board.get(connector);
  const other = which === 'start' ? object?.end : object?.start;
  if (!object || !other || view.permit().why('move', connector) !== null) return null;
  const stays = other.object;
  return {
    name: 'end',
    move({ at }) {
      if (stays !== null) canvas.showLine({ from: stays, to: view.toBoard(at) });
      showTarget(tools, objectAt(tools, at, stays));
    },
    up({ at }) {
      canvas.showLine(null);
      canvas.showDrop(null);
      const to = objectAt(tools, at, stays);
      const box = to === null ? undefined : view.board.box(to);
      const place: Point = box ? middle(box) : view.toBoard(at);
      const end = { object: to, x: Math.round(place.x), y: Math.round(place.y) };
      view.board.edit('Connect elsewhere', (edit) => edit.set(connector, which === 'start' ? { start: end } : { end }));
    },
    cancel() {
      canvas.showLine(null);
      canvas.showDrop(null);
    },
  };
}

export function objectAt({ view, canvas }: Pick<Tools, 'view' | 'canvas'>, at: Point, except: ObjectId | null): ObjectId | null {
  for (const { id, part } of canvas.at(at)) {
    const object = view.board.get(id);
    if (!object || id === except || !connectable(object)) continue;
    // The inside of an area is ground.
    if ((object.kind === 'area' || object.kind === 'cluster') && part === 'body') continue;
    return id;
  }
  return null;
}

function showTarget({ view, canvas }: Tools, id: ObjectId | null): void {
  const box = id === null ? undefined : view.board.box(id);
  canvas.showDrop(id !== null && box ? { box, words: `To ${nameOf(view.board, id)}` } : null);
}
