// The clipboard: what goes onto it from a board, and what becomes of what comes from it.
//
// Objects travel as JSON inside an attribute of the HTML flavour, so that any browser carries them; beside them the
// texts as a plain list, for everything else.
import { wholeObjects } from './carried';
import { cells } from './spreadsheet';
import type { Carried } from './carried';
import { MOST_TEXT } from './types';
import { cut } from './values';

/** Longer than this is refused before anybody looks into it. */
export const MOST_PASTED = 5_000_000;
export const MOST_PASTED_OBJECTS = 1_000;
/** From here on it is asked first. */
export const MANY_LINES = 30;

export interface Flavours {
  readonly html?: string;
  readonly text?: string;
}

export type Pasted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'objects'; readonly objects: readonly Carried[]; readonly board: string }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'links'; readonly urls: readonly string[] }
  | { readonly kind: 'text'; readonly text: string };

const ATTRIBUTE = 'data-lab-board';
const BULLET = /^\s*(?:[-*•‣◦·–—]|\[[ xX]\]|(?:\d{1,3}|[a-zA-Z])[.)])\s+/;

/** `json` as `carry` made it. */
export function toFlavours(json: string, lines: readonly string[]): Required<Flavours> {
  const list = lines.map((line) => `<li>${escaped(line)}</li>`).join('');
  return { html: `<ul ${ATTRIBUTE}="${encodeURIComponent(json)}">${list}</ul>`, text: lines.map((line) => `- ${line.replaceAll('\n', ' ')}`).join('\n') };
}

/** `plain`: all of it as one text, whatever it looks like. */
export function readPasted({ html = '', text = '' }: Flavours, { plain = false } = {}): Pasted {
  if (html.length > MOST_PASTED || text.length > MOST_PASTED) {
    return refused(`This is too much to paste at once: ${Math.max(html.length, text.length).toLocaleString('en-GB')} characters. Paste it in parts.`);
  }
  const ours = plain ? null : new RegExp(`\\b${ATTRIBUTE}="([^"]*)"`).exec(html)?.[1];
  if (ours) {
    const carried = wholeObjects(decoded(ours), MOST_PASTED_OBJECTS);
    if (typeof carried === 'string') return refused(carried);
    if (carried !== null) return carried.objects.length > 0 ? { kind: 'objects', ...carried } : { kind: 'nothing' };
  }
  const words = text.replace(/\r\n?/g, '\n').trim();
  if (words === '') return { kind: 'nothing' };
  if (plain) return { kind: 'text', text: words };
  if (text.includes('\t')) return readTable(text);
  const lines = toLines(words);
  if (lines.length > MOST_PASTED_OBJECTS) return tooMany(lines.length);
  const urls = lines.map(address);
  if (urls.every((url) => url !== null)) return { kind: 'links', urls };
  return lines.length > 1 ? { kind: 'lines', lines } : { kind: 'text', text: lines[0]! };
}

/** One entry a line, bullets and numbering taken off. */
export function toLines(text: string): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => cut(line.replace(BULLET, '').trim(), MOST_TEXT))
    .filter(Boolean);
}

/** What a row or a cell says on a note of its own. */
export function tableTexts(rows: readonly (readonly string[])[], each: 'row' | 'cell'): string[] {
  const texts = each === 'cell' ? rows.flat() : rows.map((row) => row.filter(Boolean).join('\n'));
  return texts.filter(Boolean).map((text) => cut(text, MOST_TEXT));
}

function readTable(text: string): Pasted {
  const rows = cells(text);
  const count = rows.reduce((sum, row) => sum + row.filter(Boolean).length, 0);
  if (count > 20 * MOST_PASTED_OBJECTS) return tooMany(count);
  if (rows.length === 0) return { kind: 'nothing' };
  if (rows.every((row) => row.filter(Boolean).length === 1)) {
    const lines = tableTexts(rows, 'row');
    return lines.length > MOST_PASTED_OBJECTS ? tooMany(lines.length) : lines.length > 1 ? { kind: 'lines', lines } : { kind: 'text', text: lines[0]! };
  }
  return rows.length > MOST_PASTED_OBJECTS ? tooMany(rows.length) : { kind: 'table', rows };
}

/** A web address and nothing else. */
function address(line: string): string | null {
  return /^https?:\/\/[^\s<>"]{1,1990}$/i.test(line) && URL.canParse(line) ? line : null;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>');
}

function refused(why: string): Pasted {
  return { kind: 'refused', why };
}

function tooMany(count: number): Pasted {
  return refused(`This has ${count.toLocaleString('en-GB')} entries; at most ${MOST_PASTED_OBJECTS.toLocaleString('en-GB')} can be pasted at once.`);
}
