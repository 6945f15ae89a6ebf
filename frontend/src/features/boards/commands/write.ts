// Writing: notes, headings, areas; changing and removing what is there.
import type { BoardObject, ObjectId } from '../model/types';
import { called } from '../view/naming';
import { around, nearest, walkAll } from '../view/places';
import { carry, putDown, wholeObjects } from '../model/carried';
import { MOST_PASTED_OBJECTS } from '../model/clipboard';
import { SIZES } from '../model/edits';
import type { BoardView } from '../view/types';
import { newArea } from './areas';
import { NOT_HERE, allowed, asking, busy, chosen, command, ids, named, one, whyNone } from './base';
import { writeNew } from './fresh';
import { goBeside, onward, type Side } from './siblings';
import type { Command, Context } from './types';

/** How far a copy lies from what it is a copy of. */
const BESIDE = 20;
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
    run: removeChosen,
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

export function removeChosen(context: Context): void {
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
  return view.permit().why('add', chosen(view)[0]?.parent ?? null);
}

/** Beside themselves, links among them kept. */
export function duplicate(view: BoardView): void {
  const { board, id: here } = view;
  const objects = chosen(view);
  const box = around(board, ids(objects));
  const carried = wholeObjects(carry(board, ids(objects), here).json, MOST_PASTED_OBJECTS);
  if (carried === null) return;
  if (typeof carried === 'string') {
    view.say(carried);
    return;
  }
  const at = { x: (box?.x ?? 0) + BESIDE, y: (box?.y ?? 0) + BESIDE };
  const made = board.edit('Duplicate', (edit) => putDown(edit, carried, at, { parent: objects[0]?.parent ?? null, here }));
  const [first] = made.ids;
  view.select(made.ids);
  if (first !== undefined) view.focus(first, { keep: true });
  view.say(`${named(objects)} duplicated.`);
}
