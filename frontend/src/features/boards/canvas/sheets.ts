// Sheets: what is drawn of one object, piece by piece, in board units from its upper left corner. Page and canvas
// both draw from the same sheet.
import type { BoardObject, Colour } from '../model/types';
import type { Permit } from '../view/types';
import { plain } from './markdown';
import type { CanvasOptions, EvidenceShown } from './types';
import type { Type, Typeset, Typesetter } from './typeset';

export type Ink = 'note' | 'ink' | 'ink-2' | 'ink-3' | 'act';

export interface Part {
  readonly what: 'text' | 'title' | 'tags' | 'site' | 'chip' | 'caption' | 'prompt' | 'number' | 'label';
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly set: Typeset;
  readonly ink: Ink;
}

/** At the lower right of a sheet. */
export type Mark =
  | { readonly what: 'support'; readonly n: number; readonly mine: boolean }
  | { readonly what: 'reaction'; readonly emoji: string; readonly n: number; readonly mine: boolean }
  | { readonly what: 'comments'; readonly n: number }
  | { readonly what: 'lock'; readonly double: boolean };

export interface MarkAt {
  readonly mark: Mark;
  readonly x: number;
}

export interface Foot {
  readonly y: number;
  readonly by: string;
  readonly marks: readonly MarkAt[];
}

export interface Sheet {
  readonly w: number;
  readonly h: number;
  /** A sticky note's paper, a white card, or nothing under the words. */
  readonly paper: Colour | 'card' | null;
  readonly parts: readonly Part[];
  readonly foot: Foot | null;
  /** Of an image: the height of the picture itself. */
  readonly picture: number;
}

export const SUPPORT = '👍';

/** Of a sheet, without making it. */
export function paperOf(object: BoardObject): Sheet['paper'] {
  if (object.kind === 'note') return object.colour;
  return object.kind === 'source' || object.kind === 'evidence' ? 'card' : null;
}
const PAD = 12;
export const META: Type = { face: 'tool', size: 13, leading: 16, weight: 400 };
const META_BOLD: Type = { ...META, weight: 600 };
export const WIRE_LABEL = META_BOLD;
const FOOT = 24;
const NOTE_TYPES: readonly Type[] = [
  { face: 'tool', size: 16, leading: 20, weight: 400 },
  { face: 'tool', size: 15, leading: 19, weight: 400 },
  { face: 'tool', size: 14, leading: 18, weight: 400 },
];
const HEADING: Type = { face: 'tool', size: 24, leading: 30, weight: 600 };
const TITLE: Type = { face: 'tool', size: 16, leading: 22, weight: 600 };
const AREA_TITLE: Type = { face: 'tool', size: 16, leading: 22, weight: 700 };
const SMALL: Type = { face: 'tool', size: 14, leading: 19, weight: 400 };
const BODY: Type = { face: 'tool', size: 15, leading: 20, weight: 400 };
const VOICE: Type = { face: 'voice', size: 17, leading: 24, weight: 400 };
const ICON = 12;

/** What a sheet says beyond the object itself. */
export interface About {
  readonly options: CanvasOptions;
  readonly legend: ReadonlyMap<Colour, string>;
  readonly permit: Permit;
  /** Of an area: how many notes lie in it. */
  notes(id: string): number;
  /** Of a cluster: support of its notes together. */
  support(id: string): number;
}

export function sheetOf(object: BoardObject, type: Typesetter, about: About): Sheet {
  switch (object.kind) {
    case 'note':
      return note(object, type, about);
    case 'heading': {
      const set = type.set(object.text || 'Heading', object.w, HEADING);
      return { w: object.w, h: Math.max(HEADING.leading, set.height), paper: null, foot: null, picture: 0, parts: [{ what: 'text', x: 0, y: 0, w: object.w, set, ink: 'ink' }] };
    }
    case 'area':
      return area(object, type, about);
    case 'cluster':
      return cluster(object, type, about);
    case 'image': {
      const set = type.set(object.text, object.w, SMALL);
      const caption = object.text.trim() !== '';
      return {
        w: object.w, h: object.h + (caption ? 6 + set.height : 0), paper: null, foot: null, picture: object.h,
        parts: caption ? [{ what: 'caption', x: 0, y: object.h + 6, w: object.w, set, ink: 'ink-2' }] : [],
      };
    }
    case 'source':
      return source(object, type, about);
    case 'evidence':
      return evidence(object, type, about);
    case 'connector':
      return { w: object.w, h: object.h, paper: null, parts: [], foot: null, picture: 0 };
  }
}

/** Where a note's text lies and how much room it has, for what is laid over it. */
export function noteText(object: BoardObject, about: About): { x: number; y: number; w: number; h: number } {
  const tagged = tagLine(object, about) === '' ? 0 : 18;
  return { x: PAD, y: 11, w: Math.max(24, object.w - 2 * PAD), h: Math.max(NOTE_TYPES[2]!.leading, object.h - 11 - FOOT - 7 - tagged) };
}

function note(object: BoardObject, type: Typesetter, about: About): Sheet {
  const room = noteText(object, about);
  const set = type.fit(object.text, room.w, room.h, NOTE_TYPES);
  const h = object.h + Math.max(0, set.height - room.h);
  const parts: Part[] = [{ what: 'text', x: room.x, y: room.y, w: room.w, set, ink: 'note' }];
  const tags = tagLine(object, about);
  if (tags !== '') parts.push({ what: 'tags', x: PAD, y: h - FOOT - 18, w: room.w, set: one(type, tags, room.w, META_BOLD), ink: 'note' });
  return { w: object.w, h, paper: object.colour, parts, foot: foot(object, h, type, about), picture: 0 };
}

/** A colour with a meaning says it in words too. */
function tagLine(object: BoardObject, about: About): string {
  const meaning = about.legend.get(object.colour);
  return (meaning ? [meaning, ...object.tags] : object.tags).join(' · ');
}

function area(object: BoardObject, type: Typesetter, about: About): Sheet {
  const n = about.notes(object.id);
  const counted = `${n} ${n === 1 ? 'note' : 'notes'}`;
  const wide = type.width(META, counted);
  const room = Math.max(24, object.w - 2 * PAD);
  const parts: Part[] = [{ what: 'title', x: PAD, y: 9, w: Math.max(24, room - wide - 12), set: one(type, plain(object.text) || 'Area', Math.max(24, room - wide - 12), AREA_TITLE), ink: 'ink' }];
  if (room > wide + 60) parts.push({ what: 'number', x: object.w - PAD - wide, y: 13, w: wide, set: type.set(counted, wide + 1, META, false), ink: 'ink-3' });
  if (object.prompt.trim() !== '') parts.push({ what: 'prompt', x: PAD, y: 31, w: room, set: clamped(type.set(object.prompt, room, SMALL), 2), ink: 'ink-2' });
  return { w: object.w, h: object.h, paper: null, parts, foot: null, picture: 0 };
}

/** Only its label: where the cluster lies comes from its members. */
function cluster(object: BoardObject, type: Typesetter, about: About): Sheet {
  const support = about.support(object.id);
  const words = `${plain(object.text) || 'Cluster'}${support > 0 ? ` · ${support} support` : ''}`;
  const set = one(type, words, 320, META_BOLD);
  const w = Math.ceil(set.lines[0]?.width ?? 0);
  return { w: w + 22, h: 22, paper: null, foot: null, picture: 0, parts: [{ what: 'label', x: 11, y: 3, w, set, ink: 'ink' }] };
}

function source(object: BoardObject, type: Typesetter, about: About): Sheet {
  const room = Math.max(24, object.w - 32);
  const parts: Part[] = [];
  let y = 14;
  const add = (what: Part['what'], set: Typeset, ink: Ink, gap: number) => {
    parts.push({ what, x: 16, y, w: room, set, ink });
    y += set.height + gap;
  };
  const site = object.source?.site || host(object.source?.url ?? '');
  if (site) add('site', one(type, site, room, META), 'ink-3', 3);
  add('title', clamped(type.set(object.source?.title || object.source?.url || 'Source', room, TITLE, false), 3), 'act', 6);
  if (object.text.trim() !== '') add('text', type.set(object.text, room, BODY), 'ink-2', 6);
  const h = Math.max(y + FOOT, object.h > 150 ? object.h : 0);
  return { w: object.w, h, paper: 'card', parts, foot: foot(object, h, type, about, 16), picture: 0 };
}

function evidence(object: BoardObject, type: Typesetter, about: About): Sheet {
  const room = Math.max(24, object.w - 32);
  const card: EvidenceShown | null | undefined = object.evidence === null ? null : about.options.evidence(object.evidence);
  const parts: Part[] = [];
  let y = 14;
  const add = (what: Part['what'], set: Typeset, ink: Ink, gap: number) => {
    parts.push({ what, x: 16, y, w: room, set, ink });
    y += set.height + gap;
  };
  if (card) {
    const chip = one(type, card.label, room, { ...META, weight: 700 });
    parts.push({ what: 'chip', x: 22, y: y + 2, w: chip.lines[0]?.width ?? 0, set: chip, ink: 'act' });
    y += 28;
    add('text', clamped(type.set(card.text, room, { ...VOICE, italic: card.quoted ?? false }, false), 10), 'ink', 8);
    if (card.source) add('site', clamped(type.set(card.source, room, META, false), 2), 'ink-3', 6);
  } else {
    add('text', type.set(card === null ? 'This evidence card is not there any more.' : 'Evidence card', room, BODY, false), 'ink-2', 6);
  }
  const h = Math.max(y + FOOT, object.h > 150 ? object.h : 0);
  return { w: object.w, h, paper: 'card', parts, foot: foot(object, h, type, about, 16), picture: 0 };
}

function foot(object: BoardObject, h: number, type: Typesetter, about: About, pad = PAD): Foot {
  const marks: MarkAt[] = [];
  let right = object.w - pad;
  for (const mark of [...marksOf(object, about)].reverse()) {
    const wide = markWidth(mark, type);
    if (right - wide < pad) break;
    marks.unshift({ mark, x: right - wide });
    right -= wide + 8;
  }
  const { options } = about;
  const name = object.by === null || options.authors() === 'hidden' ? '' : (options.person(object.by)?.name ?? '');
  return { y: h - FOOT, by: name === '' ? '' : type.cut(firstName(name), Math.max(0, right - pad - 4), META), marks };
}

export function marksOf(object: BoardObject, about: About): readonly Mark[] {
  const { options, permit } = about;
  const marks: Mark[] = [];
  const comments = options.comments?.(object.id) ?? 0;
  if (comments > 0) marks.push({ what: 'comments', n: comments });
  for (const [emoji, persons] of object.reactions) {
    if (persons.length === 0) continue;
    const mine = permit.me !== null && persons.includes(permit.me);
    marks.push(emoji === SUPPORT ? { what: 'support', n: persons.length, mine } : { what: 'reaction', emoji, n: persons.length, mine });
  }
  marks.sort((a, b) => Number(a.what === 'support') - Number(b.what === 'support'));
  const lock = permit.lock(object.id);
  if (lock) marks.push({ what: 'lock', double: lock.who === 'facilitators' });
  return marks;
}

function markWidth(mark: Mark, type: Typesetter): number {
  switch (mark.what) {
    case 'lock':
      return mark.double ? ICON + 5 : ICON;
    case 'reaction':
      return type.width(META, mark.emoji) + 3 + type.width(META_BOLD, String(mark.n));
    default:
      return ICON + 3 + type.width(META_BOLD, String(mark.n));
  }
}

function one(type: Typesetter, text: string, width: number, as: Type): Typeset {
  return type.set(type.cut(text, width, as), width + 2, as, false);
}

export function clamped(set: Typeset, most: number): Typeset {
  if (set.lines.length <= most) return set;
  const lines = set.lines.slice(0, most);
  const last = lines[most - 1]!;
  const end = last.pieces.at(-1);
  const pieces = end ? [...last.pieces.slice(0, -1), { ...end, text: `${end.text.replace(/[\s.,;:]+$/u, '')}…` }] : last.pieces;
  lines[most - 1] = { ...last, pieces, continues: false };
  return { ...set, lines, height: most * set.type.leading };
}

function firstName(name: string): string {
  return name.split(/\s+/u)[0] ?? name;
}

function host(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./u, '');
  } catch {
    return '';
  }
}
