// What edits that a board did not take were about, for whoever made them.
import type * as Y from 'yjs';
import type { Described, Entry } from '../../realtime';
import { textOf, readerOf, kindOf, splitKey } from './model/facets';
import type { Kind, ObjectId } from './model/types';
import { excerpt } from './view/naming';

/** More are not read by anybody. */
const MOST = 20;

const NOUNS: Record<Kind, string> = {
  note: 'a note',
  heading: 'a heading',
  area: 'an area',
  cluster: 'a cluster',
  connector: 'a connector',
  image: 'an image',
  source: 'a link',
  evidence: 'an evidence card',
};

/** What a facet is called by those who have never heard of facets. */
const NAMES: Record<string, string> = {
  text: 'its words',
  place: 'where it lies',
  size: 'its size',
  z: 'what it lies above',
  parent: 'where it lies',
  start: 'where it leads',
  end: 'where it leads',
  relation: 'what it says',
  style: 'its colour',
  tag: 'its tags',
  reaction: 'your reaction',
  alt: 'its description',
  prompt: 'its prompt',
};

/** “Ask early”: its words, where it lies. What was written is given back whole. */
export function describeRefused(doc: Y.Doc, entries: readonly Entry[]): Described {
  const read = readerOf(doc.getMap('objects'));
  const touched = new Map<ObjectId, Set<string>>();
  let legend = false;
  for (const { root, key } of entries) {
    const split = root === 'objects' ? splitKey(key) : null;
    if (split === null) legend = true;
    else touched.set(split[0], (touched.get(split[0]) ?? new Set()).add(split[1].split('/')[0] ?? ''));
  }
  const lines: string[] = [];
  const texts: string[] = [];
  for (const [id, facets] of touched) {
    const words = textOf(read, id)?.toString().trim() ?? '';
    const name = words ? `“${excerpt(words)}”` : NOUNS[kindOf(read, id) ?? 'note'];
    lines.push(`${name}: ${deeds(facets)}`);
    if (facets.has('text') && words) texts.push(words);
  }
  if (legend) lines.push('what a colour means');
  const more = lines.length - MOST;
  return { what: more > 0 ? [...lines.slice(0, MOST), `and ${more} more`] : lines, text: texts.join('\n\n') };
}

function deeds(facets: ReadonlySet<string>): string {
  if (facets.has('made')) return 'made new';
  if (facets.has('gone')) return 'removed, or brought back';
  return [...new Set([...facets].map((facet) => NAMES[facet] ?? 'what is in it'))].join(', ');
}
