// Putting in line, in rows and in groups: the geometry is the model's, here it is applied to what is chosen.
import { align, distribute, tidy, type Alignment, type Moves, type Placed } from '../model/arrange';
import { freeCorner, groups, makeGroups, planGroups, type GroupBy, type Naming } from '../model/grouping';
import type { BoardObject, ObjectId } from '../model/types';
import { carried, putAt } from '../view/carry';
import { around } from '../view/places';
import { SUPPORT } from './support';
import type { BoardView } from '../view/types';
import { NOT_HERE, allowed, busy, chosen, command, ids, whyNone } from './base';
import type { Command } from './types';

const ALIGNMENTS: readonly { how: Alignment; label: string; done: string }[] = [
  { how: 'left', label: 'Align left edges', done: 'aligned on the left' },
  { how: 'centre', label: 'Align centres', done: 'aligned on their centres' },
  { how: 'right', label: 'Align right edges', done: 'aligned on the right' },
  { how: 'top', label: 'Align top edges', done: 'aligned at the top' },
  { how: 'middle', label: 'Align middles', done: 'aligned on their middles' },
  { how: 'bottom', label: 'Align bottom edges', done: 'aligned at the bottom' },
];

export const GEOMETRY: readonly Command[] = [
  ...ALIGNMENTS.map(({ how, label, done }) => arranging(`align.${how}`, label, [], 2, done, (things) => align(things, how))),
  arranging('distribute.across', 'Equal gaps across', [], 3, 'spread out across', (things) => distribute(things, 'across')),
  arranging('distribute.down', 'Equal gaps down', [], 3, 'spread out down', (things) => distribute(things, 'down')),
  arranging('tidy', 'Tidy up', ['Shift+T'], 2, 'tidied', (things) => tidy(things)),
];

function arranging(id: string, label: string, keys: readonly string[], least: number, done: string, plan: (things: readonly Placed[]) => Moves): Command {
  return command(id, label, 'Arrange', keys, {
    why: ({ view }) => (busy(view) || arrangeable(view).length < least ? NOT_HERE : whyNone(view, 'move', arrangeable(view))),
    run: ({ view }) => {
      // What may not be moved is left out of it: others line up with each other, not with it.
      const objects = allowed(view, 'move', arrangeable(view));
      const placed = objects.map(({ id: one }) => ({ id: one, box: view.board.box(one) })).flatMap(({ id: one, box }) => (box ? [{ id: one, ...box }] : []));
      apply(view, label, plan(placed));
      view.say(`${objects.length} objects ${done}.`);
    },
  });
}

/** Not what moves along with something else that is chosen. */
function arrangeable(view: BoardView): readonly BoardObject[] {
  const objects = chosen(view);
  const all = new Set(ids(objects));
  return objects.filter(({ kind, parent }) => kind !== 'connector' && (parent === null || !all.has(parent)));
}

/** Everything to its new corner, members with their cluster or area: one step. */
export function apply(view: BoardView, label: string, moves: Moves): void {
  const { board } = view;
  const plans = [...moves].map(([id, to]) => ({ objects: carried(board, view.permit(), [id]), box: board.box(id), to }));
  board.edit(label, (edit) => {
    for (const { objects, box, to } of plans) if (box) putAt(edit, objects, { x: to.x - box.x, y: to.y - box.y });
  });
}

/** `support`: the most supported first. */
export type ClusterBy = GroupBy | 'support';

/** Labelled areas below everything; one undo brings back how it was. Returns the areas. */
export function clusterBy(view: BoardView, wanted: Iterable<ObjectId>, by: ClusterBy, naming: Naming): readonly ObjectId[] {
  const { board } = view;
  const permit = view.permit();
  const why = permit.why('add', null);
  if (why !== null) {
    view.say(why);
    return [];
  }
  const free = [...wanted].filter((id) => permit.why('move', id) === null);
  const found = by === 'support' ? bySupport(board.all().filter(({ id }) => free.includes(id))) : groups(board, free, by, naming);
  if (found.length === 0) {
    view.say('There is nothing here to sort into groups.');
    return [];
  }
  const made = board.edit('Cluster', (edit) => makeGroups(edit, planGroups(board, found, freeCorner(board)), 'area'));
  view.select(made);
  const box = around(board, made);
  if (box) view.fit(box, { glide: true });
  view.say(`${free.length} objects sorted into ${made.length} ${made.length === 1 ? 'area' : 'areas'}: ${found.map(({ title, ids: members }) => `${title}, ${members.length}`).join('; ')}.`);
  return made;
}

function bySupport(objects: readonly BoardObject[]): { title: string; ids: ObjectId[] }[] {
  const things = objects.filter(({ kind }) => kind !== 'area' && kind !== 'cluster' && kind !== 'connector');
  const count = ({ reactions }: BoardObject) => reactions.get(SUPPORT)?.length ?? 0;
  const sorted = [...things].sort((a, b) => count(b) - count(a));
  const groups = new Map<number, ObjectId[]>();
  for (const object of sorted) groups.set(count(object), [...(groups.get(count(object)) ?? []), object.id]);
  return [...groups].map(([n, members]) => ({ title: n === 0 ? 'No support yet' : n === 1 ? 'Supported by one' : `Supported by ${n}`, ids: members }));
}
