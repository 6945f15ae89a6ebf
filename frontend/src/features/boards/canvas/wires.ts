// Wires: what is drawn of a connector along the model's curve — its stroke, its arrowhead, its label.
import { type Box, distanceFrom, type Point, type Relation, type Wire, wireBetween } from '../model';
import { grown } from './grid';

export interface Route {
  readonly wire: Wire;
  /** Of the arrowhead: two strokes that meet where the wire ends. */
  readonly head: readonly [Point, Point];
  /** The curve and its head lie within. */
  readonly box: Box;
}

/** Told by label and by stroke, so that nobody needs colour for it. In board units. */
export const STROKES: Record<Relation, { readonly dash: readonly number[]; readonly width: number; readonly word: string }> = {
  plain: { dash: [], width: 2, word: '' },
  supports: { dash: [], width: 3, word: 'supports' },
  challenges: { dash: [8, 6], width: 2, word: 'challenges' },
  leads_to: { dash: [], width: 2, word: 'leads to' },
};
/** Of a label, in board units. */
export const LABEL_SIZE = 13;
/** Between the arrowhead and what it points at. */
const CLEAR = 3;
const HEAD = 8;

export function labelOf(relation: Relation, text: string): string {
  const { word } = STROKES[relation];
  return word && text ? `${word}: ${text}` : word || text;
}

/** An end is a box, or a bare point: a box without size. */
export function route(from: Box, to: Box): Route {
  const wire = wireBetween(from, to.w === 0 && to.h === 0 ? to : grown(to, CLEAR));
  // The curve lies within the hull of its four points.
  const points = [wire.from, wire.bendFrom, wire.bendTo, wire.to];
  const left = Math.min(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  const box = { x: left, y: top, w: Math.max(...points.map(({ x }) => x)) - left, h: Math.max(...points.map(({ y }) => y)) - top };
  return { wire, head: arrow(wire), box: grown(box, HEAD) };
}

/** The middle of the label: on the wire, or beside it where the label would hide the whole wire. */
export function labelPlace({ wire }: Route, width: number): Point {
  const { label, from, to } = wire;
  const across = wire.toSide === 'left' || wire.toSide === 'right';
  if (across && Math.abs(to.x - from.x) < width + 36) return Math.abs(to.y - from.y) > 3 * LABEL_SIZE ? label : { x: label.x, y: label.y - LABEL_SIZE };
  if (!across && Math.abs(to.y - from.y) < 3 * LABEL_SIZE) return { x: label.x + width / 2 + 8, y: label.y };
  return label;
}

export function distance({ wire }: Route, point: Point): number {
  return distanceFrom(wire, point);
}

export function pathOf({ wire }: Route): string {
  return `M${at(wire.from)}C${at(wire.bendFrom)} ${at(wire.bendTo)} ${at(wire.to)}`;
}

export function headOf({ wire, head }: Route): string {
  return `M${at(head[0])}L${at(wire.to)}L${at(head[1])}`;
}

function arrow({ to, toSide }: Wire): [Point, Point] {
  const half = HEAD * 0.75;
  const back = toSide === 'left' || toSide === 'top' ? -HEAD : HEAD;
  return toSide === 'left' || toSide === 'right'
    ? [{ x: to.x + back, y: to.y - half }, { x: to.x + back, y: to.y + half }]
    : [{ x: to.x - half, y: to.y + back }, { x: to.x + half, y: to.y + back }];
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
