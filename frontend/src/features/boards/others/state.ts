// What one page tells the others about itself, and what it understands of theirs: the field `board` of awareness.
// It is never stored. The server stamps `user`; everything else is the sender's word, so it is read with care.
import type { PersonColour } from '../canvas/types';
import { type Box, type ObjectId, type Point, REACH } from '../model/types';

export const MOST_IDS = 40;
export const CHAT_LENGTH = 64;

/** Objects that are being moved and not yet where they will be; `more` are not listed. */
export interface Hold {
  readonly ids: readonly ObjectId[];
  readonly dx: number;
  readonly dy: number;
  readonly more: number;
}

export interface Chat {
  readonly text: string;
  /** Still being written. */
  readonly open: boolean;
}

export interface Told {
  readonly cursor: Point | null;
  /** What they look at, in board units. */
  readonly view: Box | null;
  readonly selection: readonly ObjectId[];
  readonly editing: ObjectId | null;
  readonly hold: Hold | null;
  readonly chat: Chat | null;
  /** Client id of whom they follow. */
  readonly follows: number | null;
  /** The area they are in, for those who do not look at a canvas. */
  readonly area: ObjectId | null;
}

export const NOTHING: Told = {
  cursor: null, view: null, selection: [], editing: null, hold: null, chat: null, follows: null, area: null,
};

export interface Heard extends Told {
  readonly client: number;
  readonly person: string;
  readonly name: string;
  readonly colour: PersonColour;
}

const COLOURS: readonly string[] = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const ID = /^[0-9A-Za-z_-]{1,32}$/;

/** Null: nobody the server knows, or nothing about a board. */
export function hear(client: number, state: unknown): Heard | null {
  const user = part(state, 'user');
  const board = part(state, 'board');
  if (!user || !board) return null;
  const { id, name, colour } = user;
  if (typeof id !== 'string' || typeof name !== 'string') return null;
  return {
    client,
    person: id,
    name: name.slice(0, 80),
    colour: (typeof colour === 'string' && COLOURS.includes(colour) ? colour : 'p1') as PersonColour,
    cursor: point(board.cursor),
    view: box(board.view),
    selection: ids(board.selection),
    editing: objectId(board.editing),
    hold: hold(board.hold),
    chat: chat(board.chat),
    follows: typeof board.follows === 'number' && Number.isSafeInteger(board.follows) ? board.follows : null,
    area: objectId(board.area),
  };
}

function part(of: unknown, name: string): Record<string, unknown> | null {
  if (typeof of !== 'object' || of === null) return null;
  const found = (of as Record<string, unknown>)[name];
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : null;
}

function number(value: unknown, least = -REACH, most = REACH): number | null {
  return typeof value === 'number' && value >= least && value <= most ? value : null;
}

function point(value: unknown): Point | null {
  const x = number((value as Point | null)?.x);
  const y = number((value as Point | null)?.y);
  return x === null || y === null ? null : { x, y };
}

function box(value: unknown): Box | null {
  const at = point(value);
  const w = number((value as Box | null)?.w, 1, 2 * REACH);
  const h = number((value as Box | null)?.h, 1, 2 * REACH);
  return at === null || w === null || h === null ? null : { ...at, w, h };
}

function objectId(value: unknown): ObjectId | null {
  return typeof value === 'string' && ID.test(value) ? value : null;
}

function ids(value: unknown): ObjectId[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_IDS).filter((id) => objectId(id) !== null) as ObjectId[];
}

function hold(value: unknown): Hold | null {
  if (typeof value !== 'object' || value === null) return null;
  const { ids: held, dx, dy, more } = value as Record<string, unknown>;
  const listed = ids(held);
  const right = number(dx);
  const down = number(dy);
  if (listed.length === 0 || right === null || down === null) return null;
  return { ids: listed, dx: right, dy: down, more: Math.floor(number(more, 0) ?? 0) };
}

function chat(value: unknown): Chat | null {
  if (typeof value !== 'object' || value === null) return null;
  const { text, open } = value as Record<string, unknown>;
  return typeof text === 'string' && text !== '' ? { text: text.slice(0, CHAT_LENGTH), open: open === true } : null;
}
