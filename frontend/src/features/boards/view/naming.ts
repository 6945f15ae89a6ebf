// What an object is called in a sentence: a few of its words, or what it is.
import type { Board, BoardObject, Kind, ObjectId } from '../model/types';

const NAMES: Record<Kind, string> = {
  note: 'empty note',
  heading: 'empty heading',
  area: 'area without a name',
  cluster: 'cluster without a name',
  connector: 'connector',
  image: 'image',
  source: 'link',
  evidence: 'evidence card',
};
const LONGEST = 60;

export function nameOf(board: Board, id: ObjectId): string {
  const object = board.get(id);
  return object ? called(object) : 'an object';
}

export function called(object: BoardObject): string {
  const words = object.text.trim() || object.source?.title || object.alt;
  return words ? `“${excerpt(words)}”` : NAMES[object.kind];
}

/** On one line, cut at a word. */
export function excerpt(text: string, longest = LONGEST): string {
  const line = text.replace(/[*_]{2,}|^- /gm, '').replace(/\s+/g, ' ').trim();
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), longest / 2))}…`;
}

/** "3 notes", "1 area", "4 objects" when they are of several kinds. */
export function counted(objects: readonly BoardObject[]): string {
  const nouns: Record<Kind, string> = { note: 'note', heading: 'heading', area: 'area', cluster: 'cluster', connector: 'connector', image: 'image', source: 'link', evidence: 'evidence card' };
  const kinds = new Set(objects.map(({ kind }) => kind));
  const [only] = kinds;
  const noun = kinds.size === 1 && only ? nouns[only] : 'object';
  return `${objects.length} ${noun}${objects.length === 1 ? '' : 's'}`;
}
