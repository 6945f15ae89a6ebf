// Arranging: order above one another, clusters, merging and splitting.
import { between } from '../model/order';
import type { BoardObject, ObjectId } from '../model/types';
import { counted } from '../view/naming';
import { areaOf } from '../view/places';
import type { BoardView } from '../view/types';
import { NOT_HERE, allowed, asking, busy, chosen, command, ids, ofKind, one, sayDone, whyNone } from './base';
import { mergeNotes, splitNote } from './merge';
import type { Command } from './types';

export const ARRANGE: readonly Command[] = [
  command('group', 'Group as a cluster', 'Arrange', ['G'], {
    why: ({ view }) => (busy(view) || groupable(view).length < 2 ? NOT_HERE : whyNone(view, 'move', groupable(view))),
    run: ({ view }) => group(view),
  }),
  command('ungroup', 'Take the cluster apart', 'Arrange', ['Shift+G'], {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'remove', clustersOf(view))),
    run: ({ view }) => ungroup(view),
  }),
  asking('cluster-by', 'Cluster by…', 'Arrange', ['B'], { question: 'cluster-by', action: 'move' }),
  command('merge', 'Merge into one note', 'Arrange', ['J'], {
    why: ({ view }) => (busy(view) || ofKind(view, 'note').length < 2 ? NOT_HERE : whyNone(view, 'edit', ofKind(view, 'note'))),
    run: ({ view }) => {
      const notes = ofKind(view, 'note');
      const first = notes.find(({ id }) => id === view.state().focused) ?? notes[0];
      if (first) mergeNotes(view, [first.id, ...ids(notes)]);
    },
  }),
  command('split', 'Split by lines', 'Arrange', ['Shift+J'], {
    why: ({ view }) => {
      const object = one(view);
      if (busy(view) || object?.kind !== 'note' || !object.text.trim().includes('\n')) return NOT_HERE;
      return view.permit().why('edit', object.id);
    },
    run: ({ view }) => {
      const object = one(view);
      if (object) splitNote(view, object.id);
    },
  }),
  asking('move.to', 'Move to area…', 'Move', ['Shift+M'], { question: 'move-to', action: 'move' }),
  order('up', 'One step up', [']'], 1, false),
  order('down', 'One step down', ['['], -1, false),
  order('top', 'To the front', ['Shift+]'], 1, true),
  order('bottom', 'To the back', ['Shift+['], -1, true),
];

function groupable(view: BoardView): readonly BoardObject[] {
  return chosen(view).filter(({ kind }) => kind !== 'area' && kind !== 'connector' && kind !== 'cluster');
}

function group(view: BoardView): void {
  const objects = allowed(view, 'move', groupable(view));
  const [first] = objects;
  if (!first || objects.length < 2) {
    view.say('Select two or more that you can move.');
    return;
  }
  const area = areaOf(view.board, first.id);
  const why = view.permit().why('add', area);
  if (why !== null) {
    view.say(why);
    return;
  }
  const cluster = view.board.edit('Group', (edit) => {
    const made = edit.add({ kind: 'cluster', parent: area });
    for (const { id } of objects) edit.set(id, { parent: made });
    return made;
  });
  view.focus(cluster);
  view.say(`${counted(objects)} grouped. Press Enter to name the cluster.`);
}

function clustersOf(view: BoardView): readonly BoardObject[] {
  const found = new Map<ObjectId, BoardObject>();
  for (const object of chosen(view)) {
    const cluster = object.kind === 'cluster' ? object : object.parent === null ? undefined : view.board.get(object.parent);
    if (cluster?.kind === 'cluster') found.set(cluster.id, cluster);
  }
  return [...found.values()];
}

/** What was in it stays where it is, in the area. */
function ungroup(view: BoardView): void {
  const clusters = allowed(view, 'remove', clustersOf(view));
  const members = clusters.flatMap(({ id }) => view.board.members(id));
  view.board.edit('Take cluster apart', (edit) => {
    for (const cluster of clusters) edit.remove(cluster.id);
  });
  const [first] = members;
  if (first) view.focus(first.id, { still: true });
  view.select(ids(members));
  view.say(`${counted(members)} no longer in a cluster.`);
}

function order(name: string, label: string, keys: readonly string[], way: 1 | -1, all: boolean): Command {
  return command(`order.${name}`, label, 'Arrange', keys, {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'move', chosen(view))),
    run: ({ view }) => {
      const objects = allowed(view, 'move', chosen(view));
      restack(view, objects, way, all);
      sayDone(view, all ? (way === 1 ? 'in front of everything' : 'behind everything') : `moved one step ${way === 1 ? 'up' : 'down'}`, objects, chosen(view));
    },
  });
}

/** Keeps their order among themselves. One step is past the next one that touches them: others make no difference. */
function restack(view: BoardView, objects: readonly BoardObject[], way: 1 | -1, all: boolean): void {
  const { board } = view;
  const moving = new Set(ids(objects));
  const stack = board.all().filter(({ id }) => !moving.has(id));
  const touching = (other: BoardObject) => objects.some((object) => touch(board.box(object.id) ?? object, board.box(other.id) ?? other));
  const edge = way === 1 ? objects.at(-1) : objects[0];
  if (!edge) return;
  const above = (other: BoardObject) => other.z > edge.z || (other.z === edge.z && other.id > edge.id);
  const past = way === 1 ? stack.find((other) => above(other) && touching(other)) : stack.findLast((other) => !above(other) && touching(other));
  if (!all && !past) return;
  const at = all || !past ? (way === 1 ? stack.length : 0) : stack.indexOf(past) + (way === 1 ? 1 : 0);
  let low = stack[at - 1]?.z ?? null;
  const high = stack[at]?.z ?? null;
  board.edit(way === 1 ? 'Bring forward' : 'Send back', (edit) => {
    for (const { id } of objects) {
      const z = between(low, high);
      edit.set(id, { z });
      low = z;
    }
  });
}

function touch(a: { x: number; y: number; w: number; h: number }, b: { x: number; y: number; w: number; h: number }): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
