// What pointers do, without the page: presses in, changes of view and document out.
import type { BoardCanvas } from '../canvas/types';
import type { Asking } from '../commands/types';
import type { ObjectId, Point } from '../model/types';
import type { BoardView } from '../view/types';

export type Device = 'mouse' | 'touch' | 'pen';

/** A pointer at one moment. `at`: CSS pixels from the board's upper left corner. */
export interface Press {
  readonly pointer: number;
  readonly device: Device;
  readonly at: Point;
  /** 0 main, 1 middle, 2 secondary. */
  readonly button: number;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Ctrl, on a Mac Command. */
  readonly mod: boolean;
  /** Milliseconds. */
  readonly time: number;
}

export interface Tools {
  readonly view: BoardView;
  readonly canvas: BoardCanvas;
  ask(asking: Asking): void;
  /** For the others: these are so far from where the document has them, in board units. No ids: let go. */
  hold(ids: Iterable<ObjectId>, dx: number, dy: number): void;
  /** Runs it later; the returned function calls that off. */
  after(milliseconds: number, run: () => void): () => void;
}

/** One thing a pointer does from down to up. Exactly one of `up` and `cancel` is its last call. */
export interface Gesture {
  readonly name: string;
  move(press: Press): void;
  up(press: Press): void;
  /** Everything is as before, and there is no step. */
  cancel(): void;
}

/** In pixels. */
export const FAR_ENOUGH: Record<Device, number> = { mouse: 4, pen: 6, touch: 10 };
