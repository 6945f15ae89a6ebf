// Names of things that dialogs speak of.
import type { Board, BoardObject, Colour, ObjectId } from '../../model/types';
import { called, counted } from '../../view/naming';

export const COLOUR_NAMES: Readonly<Record<Colour, string>> = {
  butter: 'Butter', apricot: 'Apricot', rose: 'Rose', lilac: 'Lilac', sky: 'Sky', mint: 'Mint', chalk: 'Chalk',
};

/** "Butter: Problem", where the board says what butter means. */
export function colourWords(board: Board, colour: Colour): string {
  const meaning = board.legend().get(colour);
  return meaning ? `${COLOUR_NAMES[colour]}: ${meaning}` : COLOUR_NAMES[colour];
}

export function still(board: Board, ids: readonly ObjectId[]): BoardObject[] {
  return ids.map((id) => board.get(id)).filter((object): object is BoardObject => object !== undefined);
}

/** “Ask at the bedside”, or 3 notes. */
export function theseWords(board: Board, ids: readonly ObjectId[]): string {
  const objects = still(board, ids);
  const [first] = objects;
  return objects.length === 1 && first ? called(first) : counted(objects);
}
