// Putting down what was pasted or dropped: one step each, all of it selected.
import { grid } from '../model/arrange';
import { putDown, putLines, putTable } from '../model/carried';
import { MANY_LINES, tableTexts, type Pasted } from '../model/clipboard';
import { SIZES } from '../model/edits';
import type { Edit, ObjectId, Point } from '../model/types';
import { counted } from '../view/naming';
import { parentAt } from '../view/carry';
import { areaOf, around } from '../view/places';
import { keep, readKept, type Storing } from '../view/settings';
import { grownFor } from './siblings';
import type { Context } from './types';
import type { BoardView } from '../view/types';

/** What becomes of a table: notes where its cells stand, one for each row, one for each cell in rows of five. */
export type TableChoice = 'table' | 'rows' | 'cells';

/** Of the question `paste`. */
export interface PasteQuestion {
  readonly pasted: Extract<Pasted, { kind: 'lines' | 'table' }>;
  readonly at: Point;
  readonly parent: ObjectId | null;
  /** What was chosen last time. */
  readonly remembered: TableChoice;
}

const STORED = 'lab.board.paste';

export function rememberedChoice(storage: Storing | null): TableChoice {
  const { table } = readKept(storage, STORED);
  return table === 'table' || table === 'cells' ? table : 'rows';
}

export function rememberChoice(storage: Storing | null, table: TableChoice): void {
  keep(storage, STORED, { table });
}

/** Is it asked first? */
export function asksFirst(pasted: Pasted): pasted is PasteQuestion['pasted'] {
  return pasted.kind === 'table' || (pasted.kind === 'lines' && pasted.lines.length > MANY_LINES);
}

/** The answer to that question, or without one. */
export function putPasted(view: BoardView, pasted: Pasted, at: Point, parent: ObjectId | null, choice: TableChoice = 'rows'): readonly ObjectId[] {
  const { board } = view;
  if (pasted.kind === 'nothing') return [];
  if (pasted.kind === 'refused') {
    view.say(pasted.why);
    return [];
  }
  const why = view.permit().why('add', parent === null ? null : areaOf(board, parent));
  if (why !== null) {
    view.say(why);
    return [];
  }
  const { colour } = view.state();
  let left = 0;
  const put = (edit: Edit): readonly ObjectId[] => {
    switch (pasted.kind) {
      case 'objects': {
        const done = putDown(edit, pasted, at, { parent, here: view.id });
        left = done.images;
        return done.ids;
      }
      case 'lines':
        return putLines(edit, pasted.lines, at, { parent, colour });
      case 'table':
        if (choice === 'table') return putTable(edit, pasted.rows, at, { parent, colour });
        return putLines(edit, tableTexts(pasted.rows, choice === 'rows' ? 'row' : 'cell'), at, { parent, colour });
      case 'links':
        return putLinks(edit, pasted.urls, at, parent);
      case 'text':
        return [edit.add({ kind: 'note', text: pasted.text, x: at.x, y: at.y, parent, colour })];
    }
  };
  const made = board.edit('Paste', (edit) => {
    const ids = put(edit);
    hold(view, edit, ids, parent);
    return ids;
  });
  const objects = made.map((id) => board.get(id)).filter((object) => object !== undefined);
  const [first] = made;
  view.select(made);
  if (first !== undefined) view.focus(first, { keep: true });
  const files = left === 0 ? '' : ` ${left} ${left === 1 ? 'image stays' : 'images stay'} with the other board: add ${left === 1 ? 'it' : 'them'} here as ${left === 1 ? 'a file' : 'files'}.`;
  view.say(`${counted(objects)} pasted.${files}`);
  return made;
}

function putLinks(edit: Edit, urls: readonly string[], at: Point, parent: ObjectId | null): ObjectId[] {
  const places = grid(urls.map(() => SIZES.source), at, { perRow: 4 });
  return urls.map((url, index) => edit.add({ kind: 'source', source: { url, title: '', site: new URL(url).hostname.replace(/^www\./, '') }, parent, ...SIZES.source, ...places[index] }));
}

/** An area grows round what was put into it, where nothing is in the way. */
function hold(view: BoardView, edit: Edit, made: readonly ObjectId[], parent: ObjectId | null): void {
  const { board } = view;
  const area = parent === null ? null : areaOf(board, parent);
  const frame = area === null ? undefined : board.get(area);
  const box = around(board, made);
  if (!frame || !box || view.permit().why('move', frame.id) !== null) return;
  const grown = grownFor(board, frame, box);
  if (grown) edit.set(frame.id, grown);
}

/** `at`: where somebody points on the board, if they do. */
export function pasteOrAsk({ view, ask }: Context, pasted: Pasted, at: Point | null, storage: Storing | null): void {
  const place = placeFor(view, at, pasted.kind === 'objects' ? pasted.objects : []);
  if (asksFirst(pasted)) ask({ question: 'paste', ids: [], payload: { pasted, ...place, remembered: rememberedChoice(storage) } satisfies PasteQuestion });
  else putPasted(view, pasted, place.at, place.parent);
}

/** Several keep the middle of them where one points; one begins there. */
export function placeFor(view: BoardView, at: Point | null, objects: readonly { x: number; y: number; w: number; h: number; kind: string }[]): { at: Point; parent: ObjectId | null } {
  const spot = view.spotFor('note');
  const point = at ?? spot.at;
  const parent = at === null ? spot.parent : parentAt(view.board, at, new Map(), true);
  const solid = objects.filter(({ kind }) => kind !== 'connector' && kind !== 'cluster');
  if (solid.length === 0 || at === null) return { at: { x: Math.round(point.x), y: Math.round(point.y) }, parent };
  const [left, top] = [Math.min(...solid.map(({ x }) => x)), Math.min(...solid.map(({ y }) => y))];
  const [right, bottom] = [Math.max(...solid.map(({ x, w }) => x + w)), Math.max(...solid.map(({ y, h }) => y + h))];
  return { at: { x: Math.round(point.x - (right - left) / 2), y: Math.round(point.y - (bottom - top) / 2) }, parent };
}
