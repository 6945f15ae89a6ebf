// Finding things by what is written on them, and finding what is written twice.
import { essence, folded } from './folding';
import type { Board, BoardObject, ObjectId } from './types';

/** Ids in the order of reading, area by area. `names`: who wrote it, where that is shown. */
export function find(board: Board, query: string, names?: (person: string) => string | null): ObjectId[] {
  const tags = [...query.matchAll(/#(\S+)/g)].map(([, tag]) => folded(tag!)).filter(Boolean);
  const words = folded(query.replace(/#\S+/g, ' ')).split(' ').filter(Boolean);
  if (tags.length === 0 && words.length === 0) return [];
  const fits = (object: BoardObject) => {
    const own = object.tags.map(folded);
    if (!tags.every((tag) => own.some((each) => each.includes(tag)))) return false;
    const author = object.by === null ? '' : (names?.(object.by) ?? '');
    const { alt, prompt, source, text } = object;
    const all = [text, ...object.tags, alt, prompt, source?.title ?? '', source?.site ?? '', author].map(folded).join('\n');
    return words.every((word) => all.includes(word));
  };
  return inOrder(board)
    .filter(fits)
    .map(({ id }) => id);
}

/** Notes that say the same, after case, punctuation and empty words: two or more in each group, in reading order. */
export function duplicates(board: Board, among?: ReadonlySet<ObjectId>): ObjectId[][] {
  const groups = new Map<string, ObjectId[]>();
  for (const { id, kind, text } of inOrder(board)) {
    const key = kind === 'note' && (among?.has(id) ?? true) ? essence(text) : '';
    if (key === '') continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Area by area, each before what is in it; what is in none comes as it lies among them. Connectors last. */
export function inOrder(board: Board): BoardObject[] {
  const found: BoardObject[] = [];
  const visit = (parent: ObjectId | null) => {
    for (const object of board.members(parent)) {
      found.push(object);
      if (object.kind === 'area' || object.kind === 'cluster') visit(object.id);
    }
  };
  visit(null);
  return [...found, ...board.all().filter(({ kind }) => kind === 'connector')];
}
