// Writing: notes, headings, areas; changing and removing what is there.
import type { Board, BoardObject, NewObject, ObjectId } from '../model/types';
import { called } from '../view/naming';
import { nearest, walkAll } from '../view/places';
import { SIZES } from '../model/edits';
import type { BoardView } from '../view/types';
import { newArea } from './areas';
import { NOT_HERE, allowed, asking, busy, chosen, command, ids, named, ofKind, one, sayDone, whyNone } from './base';
import { writeNew } from './fresh';
import { goBeside, onward, type Side } from './siblings';
import type { Command, Context } from './types';

const WRITTEN = ['note', 'heading', 'area', 'cluster', 'connector', 'image', 'source'] as const;

export const WRITE: readonly Command[] = [
  adding('note.add', 'Add a note', 'N', 'note', 'Add note'),
  adding('heading.add', 'Add a heading', 'T', 'heading', 'Add heading'),
  adding('area.add', 'Add an area', 'A', 'area', 'Add area'),
  command('picture.add', 'Add an image…', 'Write', ['Shift+I'], { why: whyAdd, run: ({ ask }) => ask({ question: 'picture', ids: [] }) }),
  command('source.add', 'Add a link…', 'Write', ['Mod+K'], { why: whyAdd, run: ({ ask }) => ask({ question: 'source', ids: [] }) }),
  beside('note.right', 'Note after this one', ['Tab'], (text) => onward(text, 'right')),
  beside('note.left', 'Note before this one', ['Shift+Tab'], (text) => onward(text, 'left')),
  beside('note.below', 'Note below this one', ['Mod+Enter'], () => 'below'),
  beside('note.above', 'Note above this one', ['Mod+Shift+Enter'], () => 'above'),
  command('edit', 'Edit the text', 'Write', ['Enter', 'F2'], {
    why: ({ view }) => {
      const object = one(view);
      if (busy(view) || !object || !(WRITTEN as readonly string[]).includes(object.kind)) return NOT_HERE;
      return view.permit().why('edit', object.id);
    },
    run: ({ view }) => view.edit(one(view)?.id ?? null),
  }),
  command('edit.leave', 'Leave the text', 'Write', ['Escape'], {
    quiet: true,
    typing: 'only',
    why: ({ view }) => (view.state().editing === null ? NOT_HERE : null),
    run: ({ view }) => view.edit(null),
  }),
  command('duplicate', 'Duplicate', 'Write', ['Mod+D'], {
    why: ({ view }) => (busy(view) ? NOT_HERE : chosen(view).length === 0 ? NOT_HERE : whyCopy(view)),
    run: ({ view }) => duplicate(view),
  }),
  command('remove', 'Remove', 'Write', ['Delete', 'Backspace'], {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'remove', chosen(view))),
    run: (context) => remove(context),
  }),
  asking('colour', 'Colour…', 'Write', ['K'], { question: 'colour', action: 'edit', only: ['note', 'heading', 'area', 'cluster'] }),
  asking('tags', 'Tags…', 'Write', ['#'], { question: 'tags', action: 'edit' }),
  asking('alt', 'Describe the image…', 'Write', [], { question: 'alt', action: 'edit', only: ['image'] }),
  asking('source.edit', 'Change the link…', 'Write', [], { question: 'source', action: 'edit', only: ['source'] }),
];

function adding(id: string, label: string, key: string, kind: 'note' | 'heading' | 'area', step: string): Command {
  return command(id, label, 'Write', [key], {
    why: ({ view }) => (busy(view) ? NOT_HERE : view.permit().why('add', view.spotFor(kind).parent)),
    run: ({ view }) => {
      const { at, parent } = view.spotFor(kind);
      if (kind === 'area') return newArea(view, { ...at, ...SIZES.area });
      const size = kind === 'note' ? {} : SIZES[kind];
      const colour = kind === 'note' ? { colour: view.state().colour } : {};
      writeNew(view, { kind, x: at.x, y: at.y, parent, ...size, ...colour }, step);
    },
  });
}

function whyAdd({ view }: Context): string | null {
  return busy(view) ? NOT_HERE : view.permit().why('add', view.spotFor('note').parent);
}

function beside(id: string, label: string, keys: readonly string[], side: (text: string) => Side): Command {
  return command(id, label, 'Write', keys, {
    typing: 'only',
    why: ({ view }) => {
      const { editing } = view.state();
      return editing !== null && view.board.get(editing)?.kind === 'note' ? null : NOT_HERE;
    },
    run: ({ view }) => {
      const { editing } = view.state();
      if (editing !== null) goBeside(view, editing, side(view.board.get(editing)?.text ?? ''));
    },
  });
}

function remove(context: Context): void {
  const { view, ask } = context;
  const objects = allowed(view, 'remove', chosen(view));
  if (objects.some(({ id }) => view.board.touchedByOthers(id))) {
    ask({ question: 'remove', ids: ids(objects) });
    return;
  }
  removeNow(view, ids(objects));
}

/** Without a question; the panels call it when the question was answered. Focus goes to what is nearest. */
export function removeNow(view: BoardView, gone: readonly ObjectId[]): void {
  const objects = gone.map((id) => view.board.get(id)).filter((object): object is BoardObject => object !== undefined);
  const [first] = objects;
  if (!first) return;
  const box = view.board.box(view.state().focused ?? first.id) ?? view.board.box(first.id);
  const words = named(objects);
  view.board.edit(`Remove ${objects.length === 1 ? called(first) : words}`, (edit) => {
    for (const { id } of objects) edit.remove(id);
  });
  const next = box ? nearest(view.board, walkAll(view.board), box) : null;
  view.focus(next, { still: true });
  view.say(`${words} removed.`);
}

function whyCopy(view: BoardView): string | null {
  return view.permit().why('add', areaFor(view.board, chosen(view)));
}

function areaFor(board: Board, objects: readonly BoardObject[]): ObjectId | null {
  const [first] = objects;
  return first?.parent ?? (first && board.get(first.id)?.parent) ?? null;
}

/** Beside themselves, links among them kept. */
export function duplicate(view: BoardView): void {
  const objects = withMembers(view.board, chosen(view));
  const made = view.board.edit('Duplicate', (edit) => {
    const copies = new Map<ObjectId, ObjectId>();
    const order = [...objects].sort((a, b) => depth(a) - depth(b));
    for (const object of order) copies.set(object.id, edit.add(copied(object, copies, 20)));
    return copies;
  });
  const [first] = made.values();
  view.select(made.values());
  if (first !== undefined) view.focus(first, { keep: true });
  sayDone(view, 'duplicated', objects);
}

function copied(object: BoardObject, copies: ReadonlyMap<ObjectId, ObjectId>, by: number): NewObject {
  const { id: _id, by: _by, at: _at, reactions: _reactions, z: _z, merged: _merged, ...rest } = object;
  const end = (one: BoardObject['start']) => one && { ...one, x: one.x + by, y: one.y + by, object: one.object === null ? null : (copies.get(one.object) ?? one.object) };
  return { ...rest, x: object.x + by, y: object.y + by, parent: object.parent === null ? null : (copies.get(object.parent) ?? object.parent), start: end(object.start), end: end(object.end) };
}

/** Areas and clusters first, connectors last: what is referred to exists before. */
function depth({ kind }: BoardObject): number {
  return kind === 'area' ? 0 : kind === 'cluster' ? 1 : kind === 'connector' ? 3 : 2;
}

function withMembers(board: Board, objects: readonly BoardObject[]): readonly BoardObject[] {
  const found = new Map(objects.map((object) => [object.id, object]));
  for (const object of found.values())
    if (object.kind === 'area' || object.kind === 'cluster') for (const member of board.members(object.id)) found.set(member.id, member);
  for (const object of board.all())
    if (object.kind === 'connector' && object.start?.object && object.end?.object && found.has(object.start.object) && found.has(object.end.object)) found.set(object.id, object);
  return [...found.values()];
}

export const notes = (view: BoardView): readonly BoardObject[] => ofKind(view, 'note');
