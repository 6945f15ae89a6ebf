// Plain values as they lie in the document: comparing them, and bringing whatever was found there into bounds.
import { COLOURS, type Colour, KINDS, type Kind, LONGEST, REACH, RELATIONS, type Relation } from './types';

export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, at) => same(each, b[at]));
  const one = record(a);
  const two = record(b);
  if (one === null || two === null) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(two).length && keys.every((key) => key in two && same(one[key], two[key]));
}

/** The value if it is a plain object; null for everything else, shared types among it. */
export function record(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null) return null;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? (value as Record<string, unknown>) : null;
}

export function within(value: unknown, least: number, most: number, otherwise: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return otherwise;
  return Math.min(most, Math.max(least, value));
}

export function coordinate(value: unknown): number {
  return within(value, -REACH, REACH, 0);
}

export function length(value: unknown, otherwise: number): number {
  return within(value, 1, LONGEST, otherwise);
}

/** What is written has two decimals at most: more says nothing and makes every update longer. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100 || 0;
}

/** At most so many characters, counted as Unicode does: never half of a pair. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let units = 0;
  for (const character of text) {
    if (most-- === 0) break;
    units += character.length;
  }
  return text.slice(0, units);
}

export function words(value: unknown, most: number): string {
  return typeof value === 'string' ? cut(value, most) : '';
}

export function isKind(value: unknown): value is Kind {
  return (KINDS as readonly unknown[]).includes(value);
}

export function isColour(value: unknown): value is Colour {
  return (COLOURS as readonly unknown[]).includes(value);
}

export function isRelation(value: unknown): value is Relation {
  return (RELATIONS as readonly unknown[]).includes(value);
}

const ID = /^[0-9A-Za-z_-]{1,32}$/;

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

const NAME = /^[0-9A-Za-z]{1,26}$/;

/** Id of something that is not on the board: a person, a file, a card, a board. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f]/;
const LONGEST_TAG = 40;
const LONGEST_EMOJI = 16;

export function isTag(tag: string): boolean {
  return tag !== '' && cut(tag, LONGEST_TAG) === tag && tag === tag.trim() && !HIDDEN.test(tag);
}

/** The nearest to it that can be a tag; empty when nothing is left. */
export function asTag(text: string): string {
  return cut(text.replace(new RegExp(HIDDEN, 'g'), ' ').trim(), LONGEST_TAG).trim();
}

export function isEmoji(emoji: string): boolean {
  return emoji !== '' && cut(emoji, LONGEST_EMOJI) === emoji && !/[\s/A-Za-z]/.test(emoji) && !HIDDEN.test(emoji);
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Twelve letters and digits, from the system's source of chance. */
export function newId(): string {
  let id = '';
  while (id.length < 12) {
    // The bytes from 248 on would make the first letters likelier than the others.
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) if (byte < 248 && id.length < 12) id += LETTERS[byte % 62];
  }
  return id;
}

/** To the minute: finer would tell who wrote next to whom. */
export function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}
