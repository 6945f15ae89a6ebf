/**
 * Ties a comment to words: two positions that move with the text, and the words themselves with a little of what stands round
 * them (the quote selector of the W3C annotation model), for when the positions are gone, as after a restore.
 */
import type { Node } from '@tiptap/pm/model';
import type { EditorState } from '@tiptap/pm/state';
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import type { Anchor } from '../../api/types';

const AROUND = 32;
const LONGEST = 300;
/** So many letters must fit, of the words and what stands round them, to take other words for those that were deleted. */
const ENOUGH = 24;

export interface Range {
  readonly from: number;
  readonly to: number;
}

export function anchorOf(state: EditorState, range: Range): Anchor | null {
  const binding = bindingOf(state);
  if (!binding || range.from >= range.to) return null;
  const { text, offsets } = plain(state.doc);
  const from = offsets.findIndex((position) => position >= range.from);
  const after = offsets.findIndex((position) => position >= range.to);
  const to = after < 0 ? text.length : after;
  if (from < 0 || to <= from) return null;
  return {
    start: encode(absolutePositionToRelativePosition(range.from, binding.type, binding.mapping)),
    end: encode(absolutePositionToRelativePosition(range.to, binding.type, binding.mapping)),
    quote: text.slice(from, Math.min(to, from + LONGEST)),
    prefix: text.slice(Math.max(0, from - AROUND), from),
    suffix: text.slice(to, to + AROUND),
  };
}

/** Where the words are now; null when they are gone. */
export function rangeOf(state: EditorState, anchor: Anchor): Range | null {
  const found = byPosition(state, anchor);
  // Deleted here, or cut and pasted elsewhere: only a place that is clearly the same. Any `house` is not that house.
  if (found === 'deleted') return byQuote(state.doc, anchor, ENOUGH);
  return found ?? byQuote(state.doc, anchor, 0);
}

/** Null: these positions say nothing about this document. */
function byPosition(state: EditorState, anchor: Anchor): Range | 'deleted' | null {
  const binding = bindingOf(state);
  const start = decode(anchor.start);
  const end = decode(anchor.end);
  if (!binding || !start || !end) return null;
  const { doc, type, mapping } = binding;
  // Ids of an earlier epoch name nothing in this document.
  if (!known(doc, start) || !known(doc, end)) return null;
  const from = relativePositionToAbsolutePosition(doc, type, start, mapping);
  const to = relativePositionToAbsolutePosition(doc, type, end, mapping);
  if (from === null || to === null || to > state.doc.content.size) return null;
  return from < to ? { from, to } : 'deleted';
}

/** The quoted words; where they stand more than once, the place whose surroundings fit best. */
function byQuote(doc: Node, { quote, prefix, suffix }: Anchor, enough: number): Range | null {
  if (quote.trim() === '') return null;
  const { text, offsets } = plain(doc);
  let best: { at: number; score: number } | null = null;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    const score = sameEnd(text.slice(0, at), prefix) + sameStart(text.slice(at + quote.length), suffix);
    if (best === null || score > best.score) best = { at, score };
  }
  if (best === null) return null;
  const whole = best.score === prefix.length + suffix.length;
  if (!whole && quote.length + best.score < enough) return null;
  const from = offsets[best.at];
  const last = offsets[best.at + quote.length - 1];
  return from === undefined || last === undefined ? null : { from, to: last + 1 };
}

interface Plain {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** A document is asked once for each comment that lost its words, after every letter typed. */
const asked = new WeakMap<Node, Plain>();

/** The text as people read it, and for each of its letters where in the document it stands. */
function plain(doc: Node): Plain {
  const known = asked.get(doc);
  if (known) return known;
  const made = read(doc);
  asked.set(doc, made);
  return made;
}

function read(doc: Node): Plain {
  let text = '';
  const offsets: number[] = [];
  doc.descendants((node, position) => {
    if (node.isTextblock && text !== '') {
      text += '\n';
      offsets.push(position);
    }
    if (!node.isText) return;
    const words = node.text ?? '';
    for (let at = 0; at < words.length; at++) offsets.push(position + at);
    text += words;
  });
  return { text, offsets };
}

interface Binding {
  readonly doc: Y.Doc;
  readonly type: Y.XmlFragment;
  readonly mapping: Parameters<typeof absolutePositionToRelativePosition>[2];
}

function bindingOf(state: EditorState): Binding | null {
  const sync = ySyncPluginKey.getState(state);
  const mapping = sync?.binding?.mapping;
  return mapping ? { doc: sync.doc, type: sync.type, mapping } : null;
}

function known(doc: Y.Doc, position: Y.RelativePosition): boolean {
  return [position.item, position.type].every((id) => !id || id.clock < Y.getState(doc.store, id.client));
}

function encode(position: Y.RelativePosition): string {
  return btoa(String.fromCharCode(...Y.encodeRelativePosition(position)));
}

function decode(text: string): Y.RelativePosition | null {
  try {
    return Y.decodeRelativePosition(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  } catch {
    return null;
  }
}

function sameEnd(text: string, wanted: string): number {
  let same = 0;
  while (same < wanted.length && text.at(-1 - same) === wanted.at(-1 - same)) same++;
  return same;
}

function sameStart(text: string, wanted: string): number {
  let same = 0;
  while (same < wanted.length && text[same] === wanted[same]) same++;
  return same;
}
