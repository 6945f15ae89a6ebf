// What the commands have in common: what they act on, what of it is allowed, how they say what became of it.
import type { BoardObject, Kind, ObjectId } from '../model/types';
import { called, counted } from '../view/naming';
import type { Action, BoardView } from '../view/types';
import type { Command, Context, Group } from './types';

/** Not even offered. */
export const NOT_HERE = '';

interface Parts {
  readonly quiet?: boolean;
  readonly typing?: 'only' | 'also';
  readonly native?: boolean;
  why?(context: Context): string | null;
  run(context: Context): void;
}

export function command(id: string, label: string, group: Group, keys: readonly string[], parts: Parts): Command {
  return { id, label, group, keys, why: () => null, ...parts };
}

/** The selection, lowest first; without one the focused object. */
export function chosen({ state, board }: BoardView): readonly BoardObject[] {
  const { selection, focused } = state();
  if (selection.size === 0) {
    const one = focused === null ? undefined : board.get(focused);
    return one ? [one] : [];
  }
  const objects = [...selection].map((id) => board.get(id)).filter((one): one is BoardObject => one !== undefined);
  return objects.sort((a, b) => (a.z < b.z ? -1 : a.z > b.z ? 1 : a.id < b.id ? -1 : 1));
}

/** The one that has the focus, or the only selected one. */
export function one({ state, board }: BoardView): BoardObject | undefined {
  const { selection, focused } = state();
  const [only] = selection;
  const id = focused ?? (selection.size === 1 ? only : undefined);
  return id === undefined ? undefined : board.get(id);
}

export function ofKind(view: BoardView, ...kinds: Kind[]): readonly BoardObject[] {
  return chosen(view).filter(({ kind }) => kinds.includes(kind));
}

export function allowed(view: BoardView, action: Action, objects: readonly BoardObject[]): readonly BoardObject[] {
  const permit = view.permit();
  return objects.filter(({ id }) => permit.why(action, id) === null);
}

/** Null when at least one may be acted on; not offered when there is none; else why the first may not. */
export function whyNone(view: BoardView, action: Action, objects: readonly BoardObject[]): string | null {
  const [first] = objects;
  if (!first) return NOT_HERE;
  const permit = view.permit();
  return objects.some(({ id }) => permit.why(action, id) === null) ? null : permit.why(action, first.id);
}

/** "“Ask at the bedside”", or "3 notes". */
export function named(objects: readonly BoardObject[]): string {
  const [first] = objects;
  return objects.length === 1 && first ? called(first) : counted(objects);
}

export function sayDone(view: BoardView, done: string, objects: readonly BoardObject[], of: readonly BoardObject[] = objects): void {
  const left = of.length - objects.length;
  view.say(`${named(objects)} ${done}.${left > 0 ? ` ${left} left as ${left === 1 ? 'it was' : 'they were'}: not yours to change.` : ''}`);
}

export const ids = (objects: readonly BoardObject[]): ObjectId[] => objects.map(({ id }) => id);

/** While moving, connecting or typing most commands wait. */
export function busy({ state }: BoardView): boolean {
  const { moving, connecting } = state();
  return moving || connecting !== null;
}

/** A command that puts a question about what is chosen. */
export function asking(id: string, label: string, group: Group, keys: readonly string[], parts: {
  question: Parameters<Context['ask']>[0]['question'];
  action: Action;
  only?: readonly Kind[];
}): Command {
  const about = (view: BoardView) => (parts.only ? ofKind(view, ...parts.only) : chosen(view));
  return command(id, label, group, keys, {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, parts.action, about(view))),
    run: ({ view, ask }) => ask({ question: parts.question, ids: ids(allowed(view, parts.action, about(view))) }),
  });
}
