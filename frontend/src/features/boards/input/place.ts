// New notes by hand: where somebody clicked twice, where a tool points, where a (+) handle was dragged to.
import { writeNew } from '../commands/fresh';
import { slotBeside } from '../commands/siblings';
import { GAP, type Box, type ObjectId, type Point } from '../model/types';
import { parentAt } from '../view/carry';
import { nameOf } from '../view/naming';
import { areaOf } from '../view/places';
import { SIZES } from '../model/edits';
import type { BoardView } from '../view/types';
import type { Gesture, Tools } from './types';

/** Within so many units of a free place beside a note, a new one takes exactly that place. */
const SLOT = 10;

/** Middle on the point, text open. */
export function placeAt(view: BoardView, point: Point, kind: 'note' | 'heading' = 'note', like?: ObjectId): ObjectId | null {
  const { board } = view;
  const parent = parentAt(board, point, new Map(), kind === 'note');
  const why = view.permit().why('add', parent);
  if (why !== null) {
    view.say(why);
    return null;
  }
  const size = SIZES[kind];
  const wanted = { x: Math.round(point.x - size.w / 2), y: Math.round(point.y - size.h / 2), ...size };
  const { x, y } = kind === 'note' ? slotted(view, wanted) : wanted;
  const from = like === undefined ? undefined : board.get(like);
  const colour = from?.kind === 'note' ? from.colour : view.state().colour;
  return writeNew(view, { kind, x, y, parent, ...(kind === 'note' ? { colour } : size) }, kind === 'note' ? 'Add note' : 'Add heading');
}

function slotted(view: BoardView, wanted: Box): Point {
  const { board } = view;
  let best: Box = wanted;
  let least = SLOT + 0.001;
  for (const { id, kind } of board.all()) {
    if (kind !== 'note') continue;
    const box = board.box(id);
    if (!box || Math.abs(box.x - wanted.x) > 2 * wanted.w || Math.abs(box.y - wanted.y) > box.h + wanted.h + GAP) continue;
    for (const side of ['left', 'right', 'above', 'below'] as const) {
      const slot = slotBeside(box, side);
      const far = Math.max(Math.abs(slot.x - wanted.x), Math.abs(slot.y - wanted.y));
      if (far < least) [best, least] = [slot, far];
    }
  }
  return best;
}

/** A new one where it is let go: from a (+) handle, a note like that one; with a tool in hand. */
export function startPlace({ view, canvas }: Tools, kind: 'note' | 'heading', like?: ObjectId): Gesture {
  const size = SIZES[kind];
  return {
    name: 'place',
    move({ at }) {
      const { x, y } = view.toBoard(at);
      const parent = parentAt(view.board, { x, y }, new Map(), true);
      const area = parent === null ? null : areaOf(view.board, parent);
      canvas.showDrop({ box: { x: x - size.w / 2, y: y - size.h / 2, ...size }, words: `New ${kind}${area === null ? '' : ` in ${nameOf(view.board, area)}`}` });
    },
    up({ at }) {
      canvas.showDrop(null);
      placeAt(view, view.toBoard(at), kind, like);
      view.set({ tool: 'select' });
    },
    cancel: () => canvas.showDrop(null),
  };
}
