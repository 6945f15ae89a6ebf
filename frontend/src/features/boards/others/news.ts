// What the others did, in a sentence every few seconds, for those who do not watch the board move.
import type { Board, BoardObject, Changes, ObjectId } from '../model/types';

export const GATHER = 5_000;

/** off: never · mine: what I made or have selected · area: the area I am in · all */
export type Interest = 'off' | 'mine' | 'area' | 'all';

export interface NewsOptions {
  readonly me: string;
  interest(): Interest;
  /** The area one is in; null: outside every area. */
  area(): ObjectId | null;
  selection(): ReadonlySet<ObjectId>;
  /** Not now: somebody is typing. What happened is told later. */
  busy(): boolean;
  name(person: string): string | undefined;
  say(words: string): void;
}

interface Gathered {
  /** Added, by the area they were in when last seen. */
  readonly added: Map<ObjectId, BoardObject>;
  readonly changed: Map<ObjectId, BoardObject>;
  readonly removed: Map<ObjectId, BoardObject>;
}

/** Returns what stops it. */
export function tellNews(board: Board, options: NewsOptions): () => void {
  let known = new Map(board.all().map((object) => [object.id, object]));
  let gathered = nothing();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    timer = undefined;
    if (options.busy()) {
      timer = setTimeout(tell, GATHER);
      return;
    }
    const words = sentence(board, gathered, options);
    gathered = nothing();
    if (words !== '') options.say(words);
  }

  function note({ ids, whose }: Changes): void {
    for (const id of ids) {
      const before = known.get(id);
      const after = board.get(id);
      if (after) known.set(id, after);
      else known.delete(id);
      if (whose === 'mine' || !isOfInterest(after ?? before, options)) continue;
      if (after && !before) gathered.added.set(id, after);
      else if (after && before && after !== before && !gathered.added.has(id)) gathered.changed.set(id, after);
      else if (!after && before) {
        // Come and gone in between: nobody needs to hear of it.
        if (!gathered.added.delete(id)) gathered.removed.set(id, before);
        gathered.changed.delete(id);
      }
    }
    if (count(gathered) > 0) timer ??= setTimeout(tell, GATHER);
  }

  const stop = board.subscribe(note);
  return () => {
    clearTimeout(timer);
    stop();
    known = new Map();
  };
}

function nothing(): Gathered {
  return { added: new Map(), changed: new Map(), removed: new Map() };
}

function count({ added, changed, removed }: Gathered): number {
  return added.size + changed.size + removed.size;
}

function isOfInterest(object: BoardObject | undefined, options: NewsOptions): boolean {
  if (!object || object.kind === 'connector') return false;
  switch (options.interest()) {
    case 'off':
      return false;
    case 'mine':
      return object.by === options.me || options.selection().has(object.id);
    case 'area':
      return object.parent === options.area() || object.id === options.area();
    case 'all':
      return true;
  }
}

/** "Amara and 2 others added 6 notes in Before the round. 3 notes changed." */
function sentence(board: Board, { added, changed, removed }: Gathered, options: NewsOptions): string {
  const parts: string[] = [];
  if (added.size > 0) {
    const objects = [...added.values()];
    parts.push(`${people(objects, options)} added ${things(objects)}${where(board, objects)}.`);
  }
  if (changed.size > 0) parts.push(`${things([...changed.values()])} changed${where(board, [...changed.values()])}.`);
  if (removed.size > 0) parts.push(`${things([...removed.values()])} removed${where(board, [...removed.values()])}.`);
  return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ');
}

function people(objects: readonly BoardObject[], options: NewsOptions): string {
  const names = new Set(objects.map(({ by }) => (by === null ? undefined : options.name(by))));
  const known = [...names].filter((name) => name !== undefined);
  const [first] = known;
  if (first === undefined) return 'Others';
  const more = names.size - 1;
  return more === 0 ? first : `${first} and ${more} ${more === 1 ? 'other' : 'others'}`;
}

const WORDS: Readonly<Record<BoardObject['kind'], readonly [string, string]>> = {
  note: ['note', 'notes'],
  heading: ['heading', 'headings'],
  area: ['area', 'areas'],
  cluster: ['group', 'groups'],
  connector: ['connector', 'connectors'],
  image: ['picture', 'pictures'],
  source: ['link', 'links'],
  evidence: ['evidence card', 'evidence cards'],
};

function things(objects: readonly BoardObject[]): string {
  const kinds = new Set(objects.map(({ kind }) => kind));
  const [kind] = kinds;
  const [one, several] = kinds.size === 1 && kind ? WORDS[kind] : ['thing', 'things'];
  return `${objects.length} ${objects.length === 1 ? one : several}`;
}

function where(board: Board, objects: readonly BoardObject[]): string {
  const parents = new Set(objects.map(({ parent }) => parent));
  const [parent] = parents;
  if (parents.size !== 1 || parent == null) return '';
  const title = board.get(parent)?.text.trim();
  return title ? ` in ${title}` : '';
}
