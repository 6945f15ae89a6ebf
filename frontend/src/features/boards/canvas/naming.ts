// Naming: the words of an object that are heard and not seen. Its name is its own text, and then these.
import type { Board, BoardObject, Relation } from '../model/types';
import { plain } from './markdown';
import { type About, SUPPORT } from './sheets';

const MOST_LINKS = 4;
const LONGEST = 60;

const GOING: Record<Relation, string> = { plain: 'connected to', supports: 'supports', challenges: 'challenges', leads_to: 'leads to' };
const COMING: Record<Relation, string> = { plain: 'connected from', supports: 'supported by', challenges: 'challenged by', leads_to: 'follows' };
const KIND: Record<BoardObject['kind'], string> = {
  note: '', heading: 'heading', area: 'area', cluster: 'cluster', connector: 'connector', image: 'image', source: 'source', evidence: 'evidence card',
};

/** What is going on with it just now. */
export interface Now {
  /** "Priya is moving this", "Tom is writing here". */
  readonly doings: readonly string[];
}

export function hiddenWords(object: BoardObject, board: Board, about: About, now: Now = { doings: [] }): string {
  const words: string[] = [];
  const add = (...more: string[]) => words.push(...more.filter((word) => word !== ''));
  if (object.kind === 'note' && plain(object.text) === '') add('empty note');
  add(KIND[object.kind]);
  switch (object.kind) {
    case 'area': {
      const n = about.notes(object.id);
      add(`${n} ${n === 1 ? 'note' : 'notes'}`, object.prompt.trim());
      break;
    }
    case 'cluster': {
      const n = board.members(object.id).length;
      add(`${n} ${n === 1 ? 'note' : 'notes'}`);
      break;
    }
    case 'connector':
      add(`from ${endName(object, 'start', board)} to ${endName(object, 'end', board)}`);
      break;
    case 'image':
      if (object.alt.trim() === '') add('without a description');
      break;
    default:
      break;
  }
  if (object.kind === 'note') {
    const meaning = about.legend.get(object.colour);
    if (meaning) add(meaning);
  }
  if (object.tags.length > 0) add(`${object.tags.length === 1 ? 'tag' : 'tags'} ${object.tags.join(', ')}`);
  const named = object.kind !== 'area' && object.kind !== 'cluster';
  if (named && object.by !== null && about.options.authors() !== 'hidden') {
    const name = about.options.person(object.by)?.name;
    if (name) add(`by ${name}`);
  }
  add(...reactions(object, about));
  add(...links(object, board));
  const comments = about.options.comments?.(object.id) ?? 0;
  if (comments > 0) add(`${comments} ${comments === 1 ? 'comment' : 'comments'}`);
  const lock = about.permit.lock(object.id);
  if (lock) add(lockWords(lock.level, lock.who, lock.by.name));
  add(...now.doings);
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}

/** What an object is called when another one speaks of it. */
export function shortName(object: BoardObject | undefined): string {
  if (!object) return 'something that was removed';
  const text =
    plain(object.text) || plain(object.alt) || object.source?.title || object.source?.url || (object.kind === 'note' ? 'an empty note' : KIND[object.kind]);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text;
}

export function regionName(object: BoardObject, notes: number): string {
  return `${plain(object.text) || 'Area'}, ${notes} ${notes === 1 ? 'note' : 'notes'}`;
}

function reactions(object: BoardObject, about: About): string[] {
  const found: string[] = [];
  const { me } = about.permit;
  for (const [emoji, persons] of object.reactions) {
    if (persons.length === 0) continue;
    const mine = me !== null && persons.includes(me) ? (persons.length === 1 ? ', yours' : ', one is yours') : '';
    found.push(`${persons.length} ${emoji === SUPPORT ? 'support' : emoji}${mine}`);
  }
  return found;
}

function links(object: BoardObject, board: Board): string[] {
  if (object.kind === 'connector') return [];
  const found: string[] = [];
  const wires = board.connectors(object.id);
  for (const wire of wires.slice(0, MOST_LINKS)) {
    const goes = wire.start?.object === object.id;
    const other = goes ? wire.end?.object : wire.start?.object;
    if (other === undefined || other === null) continue;
    const label = plain(wire.text);
    found.push(`${(goes ? GOING : COMING)[wire.relation]} “${shortName(board.get(other))}”${label ? ` (${label})` : ''}`);
  }
  if (wires.length > MOST_LINKS) found.push(`and ${wires.length - MOST_LINKS} more connectors`);
  return found;
}

function endName(object: BoardObject, which: 'start' | 'end', board: Board): string {
  const id = object[which]?.object;
  return id ? `“${shortName(board.get(id))}”` : 'a free end';
}

function lockWords(level: 'position' | 'content' | 'all', who: 'me' | 'facilitators', by: string): string {
  const what = level === 'all' ? 'locked' : `${level} locked`;
  return who === 'facilitators' ? `${what} by facilitators` : `${what} by ${by}`;
}
