// Copy, cut, paste and drop, as the page's events bring them.
import { copied } from '../commands/clipboard';
import { chosen, named } from '../commands/base';
import { removeChosen } from '../commands/write';
import type { Asking } from '../commands/types';
import { readPasted } from '../model/clipboard';
import type { BoardObject, Point } from '../model/types';
import { around, areaOf } from '../view/places';
import type { Storing } from '../view/settings';
import { grid } from '../model/arrange';
import { pasteOrAsk, placeFor, putPasted } from '../commands/pasting';
import type { BoardView } from '../view/types';


export type Picture = NonNullable<BoardObject['picture']>;

export interface Transfer {
  readonly view: BoardView;
  readonly storage: Storing | null;
  ask(asking: Asking): void;
  /** Sends it to the server and shows how far it is. Null: it did not work, and that was said. */
  upload?(file: File): Promise<Picture | null>;
  /** Where the pointer is over the board. */
  pointer(): Point | null;
}

/** On the board an image is at most so wide at first. */
const WIDE = 320;

export function onCopy(transfer: Transfer, event: ClipboardEvent, cut: boolean): void {
  const { view } = transfer;
  const objects = chosen(view);
  if (objects.length === 0 || !event.clipboardData) return;
  const { html, text } = copied(view, cut);
  event.clipboardData.setData('text/html', html);
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
  if (cut) removeChosen(transfer);
  else view.say(`${named(objects)} copied.`);
}

export function onPaste(transfer: Transfer, event: ClipboardEvent, plain: boolean): void {
  const data = event.clipboardData;
  if (!data) return;
  event.preventDefault();
  take(transfer, data, transfer.pointer(), plain);
}

/** `at`: a place on the board, where somebody pointed. */
export function take(transfer: Transfer, data: DataTransfer, at: Point | null, plain = false): void {
  const { view } = transfer;
  const text = data.getData('text/plain');
  const pictures = [...data.files].filter(({ type }) => type.startsWith('image/'));
  // Spreadsheets bring a picture of their cells beside the cells.
  if (pictures.length > 0 && text.trim() === '') return void addPictures(transfer, pictures, at);
  if (data.files.length > pictures.length && text === '') {
    view.say('Only images can be added to a board as files.');
    return;
  }
  const pasted = readPasted({ html: data.getData('text/html'), text }, { plain });
  pasteOrAsk(transfer, pasted, at, transfer.storage);
}

export function pastePlain(transfer: Transfer, text: string): void {
  const { at, parent } = placeFor(transfer.view, transfer.pointer(), []);
  putPasted(transfer.view, readPasted({ text }, { plain: true }), at, parent);
}

export async function addPictures(transfer: Transfer, files: readonly File[], at: Point | null): Promise<void> {
  const { view, upload } = transfer;
  const { at: from, parent } = placeFor(view, at, []);
  const why = view.permit().why('add', parent === null ? null : areaOf(view.board, parent));
  if (why !== null || !upload) return view.say(why ?? 'Images cannot be added here.');
  const pictures = (await Promise.all(files.map((file) => upload(file)))).filter((picture): picture is Picture => picture !== null);
  if (pictures.length === 0) return;
  const sizes = pictures.map(({ width, height }) => ({ w: Math.min(WIDE, width), h: Math.max(1, Math.round((height * Math.min(WIDE, width)) / width)) }));
  const places = grid(sizes, from, { perRow: 3 });
  // While they were on their way the area may have gone.
  const into = parent !== null && view.board.get(parent) ? parent : null;
  const made = view.board.edit(pictures.length === 1 ? 'Add image' : 'Add images', (edit) => pictures.map((picture, index) => edit.add({ kind: 'image', picture, parent: into, ...sizes[index], ...places[index] })));
  view.select(made);
  const box = around(view.board, made);
  const [first] = made;
  if (first !== undefined && box) view.focus(first, { keep: true });
  transfer.ask({ question: 'alt', ids: made });
}
