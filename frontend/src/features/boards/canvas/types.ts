// What the canvas needs from outside, and what it offers to input, panels and whoever shows the others.
import type { BoardObject, Box, ObjectId, Point } from '../model/types';

export type Authors = 'shown' | 'hover' | 'hidden';
/** A person's colour in the tokens. */
export type PersonColour = 'p1' | 'p2' | 'p3' | 'p4' | 'p5' | 'p6';

export interface PersonShown {
  readonly name: string;
  readonly colour: PersonColour;
}

/** An evidence card as it is now. */
export interface EvidenceShown {
  /** Short and citable: "E12". */
  readonly label: string;
  readonly text: string;
  /** Where it comes from, in one line. */
  readonly source: string;
  /** A quotation is set in the reading face. */
  readonly quoted?: boolean;
}

/** Everything here is asked again after `refresh()`. Who looks, and what is locked, comes from the view's permit. */
export interface CanvasOptions {
  imageUrl(file: string, small: boolean): string;
  /** Undefined: nobody is named. */
  person(id: string): PersonShown | undefined;
  /** Undefined while it is being fetched; null: there is no such card any more. */
  evidence(card: string): EvidenceShown | null | undefined;
  comments?(id: ObjectId): number;
  authors(): Authors;
  /** Of the listbox. */
  readonly label?: string;
  /** Motion is unwanted; by default the device's own setting. */
  reducedMotion?(): boolean;
}

/** Another person on this board, as their awareness says. */
export interface Other {
  readonly client: number;
  readonly name: string;
  readonly colour: PersonColour;
  readonly cursor: Point | null;
  readonly selection: readonly ObjectId[];
  readonly editing: ObjectId | null;
  readonly hold: { readonly ids: readonly ObjectId[]; readonly dx: number; readonly dy: number } | null;
  readonly chat: string | null;
}

/** A line while dragging, in board units. `gap`: between two objects, with this many units. */
export interface Guide {
  readonly from: Point;
  readonly to: Point;
  readonly gap?: number;
}

export type Side = 'left' | 'right' | 'above' | 'below';
export const SIDES: readonly Side[] = ['left', 'right', 'above', 'below'];

/** What lies under a point. `title`: the head of an area or the label of a cluster; `edge`: within 6 px of an area's outline. */
export interface Hit {
  readonly id: ObjectId;
  readonly part: 'body' | 'title' | 'edge';
}

export interface BoardCanvas {
  destroy(): void;
  /** The option of an object, when it is in the page. */
  element(id: ObjectId): HTMLElement | null;
  /** Keyboard focus into the board: the focused object, else the board itself. */
  takeFocus(): void;
  /** Nothing is left to do since the camera last moved. */
  settled(): boolean;
  /** As drawn: with the height its text needs, and where a drag has it now. */
  box(id: ObjectId): Box | undefined;
  heightOf(object: BoardObject): number;
  /** Topmost first; connectors within 8 px. Screen: CSS pixels from the host's upper left corner. */
  at(screen: Point): readonly Hit[];
  /** Objects that touch the box, or lie wholly in it; in board units. Connectors left out. */
  within(box: Box, wholly?: boolean): readonly ObjectId[];
  /** Draws them away from where they are without touching the document; until `setOffset([], 0, 0)`. */
  setOffset(ids: Iterable<ObjectId>, dx: number, dy: number): void;
  /** Names, rights, evidence, locks or the author setting changed. Without ids: everywhere. */
  refresh(ids?: Iterable<ObjectId>): void;

  /** Above everything, in CSS pixels of the host; not moved with the camera. Takes no clicks of its own. */
  readonly overlay: HTMLElement;
  /**
   * Keeps an element (a text field) over an object's text, in the same type and at the same scale, until the
   * returned function is called. It is put beside the listbox, not into the option: options hold no controls.
   */
  cover(element: HTMLElement, id: ObjectId): () => void;
  /** Keeps an element of the overlay beside an object, within the host; 8 px away. */
  track(element: HTMLElement, id: ObjectId, side: Side): () => void;

  setOthers(others: readonly Other[]): void;
  showGuides(guides: readonly Guide[]): void;
  showMarquee(box: Box | null): void;
  /** Where something will land, with what that means ("Into Before the round"). */
  showDrop(hint: { readonly box: Box; readonly words?: string } | null): void;
  /** A connector on its way to a place. */
  showLine(line: { readonly from: ObjectId; readonly to: Point } | null): void;
  /**
   * The four (+) handles round a note: buttons in the overlay with `data-side`, no tab stops. Hidden under 25 %,
   * only the one below until 50 %. Listen on the overlay.
   */
  showHandles(id: ObjectId | null): void;
}
