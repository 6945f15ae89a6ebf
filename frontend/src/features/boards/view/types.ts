// One person's view of a board: what they have selected, where they look. Nothing of it is in the document.
// Canvas, outline, panels and commands all speak to this and not to each other.
import type { Board, Box, Colour, Kind, ObjectId, Point } from '../model/types';

export type Tool = 'select' | 'hand' | 'note' | 'heading' | 'area' | 'connect';

/** The board point in the viewport's upper left corner, and pixels per board unit (0.05 to 4). */
export interface Camera extends Point {
  readonly zoom: number;
}

export interface ViewState {
  readonly selection: ReadonlySet<ObjectId>;
  /** The one that arrow keys start from; null: the board itself. */
  readonly focused: ObjectId | null;
  /** Whose text is being edited here. */
  readonly editing: ObjectId | null;
  readonly tool: Tool;
  /** Waiting for the other end of a connector that starts here. */
  readonly connecting: ObjectId | null;
  /** Move mode: arrows move the selection until Enter or Escape. */
  readonly moving: boolean;
  /** No cursors, no animation, one area at a time (`calmArea`; null: what is in no area). */
  readonly calm: boolean;
  readonly calmArea: ObjectId | null;
  /** Others' cursors are shown. */
  readonly cursors: boolean;
  readonly minimap: boolean;
  /** Single-letter shortcuts act. */
  readonly letters: boolean;
  /** What plain arrow keys do: go between notes, or move the selected ones. */
  readonly arrows: 'go' | 'move';
  /** Of the next new note: the last one that was chosen. */
  readonly colour: Colour;
  /** What "find" found, in order. */
  readonly found: readonly ObjectId[];
}

export type Action = 'add' | 'edit' | 'move' | 'remove' | 'comment' | 'lock' | 'unlock' | 'lead';

/** `who`: only whoever locked it, or only facilitators, may still change it and take the lock off. */
export interface Lock {
  readonly object: ObjectId;
  readonly level: 'position' | 'content' | 'all';
  readonly who: 'me' | 'facilitators';
  readonly by: { readonly id: string; readonly name: string };
}

/** What this person may do here. `null`: it may be done; else why not, in words for them. The server decides again. */
export interface Permit {
  /** Person id; null: nobody in particular. */
  readonly me: string | null;
  readonly writes: boolean;
  readonly leads: boolean;
  /** `id`: the object, or for `add` the area it would be in (null: outside every area). */
  why(action: Action, id: ObjectId | null): string | null;
  /**
   * The lock that holds for it, its own or its area's. Pointers pass over what is locked in its place, whoever
   * points: also for those who may still move it by a command.
   */
  lock(id: ObjectId): Lock | null;
}

export interface BoardView {
  readonly board: Board;
  /** Id of the board; empty when it was not told. What is copied says where it came from. */
  readonly id: string;
  /** May be replaced when roles, locks or area permissions change. */
  permit(): Permit;
  /** Roles, locks or area permissions changed. */
  allow(permit: Permit): void;
  state(): ViewState;
  /** Called when `state()` became another object, or the permit was replaced; not for the camera. */
  subscribe(listener: () => void): () => void;
  select(ids: Iterable<ObjectId>, how?: 'only' | 'add' | 'toggle'): void;
  /** Keyboard focus on the board; selects it alone unless `keep`. Brings it into view unless `still`. */
  focus(id: ObjectId | null, how?: { keep?: boolean; still?: boolean }): void;
  edit(id: ObjectId | null): void;
  set(change: Partial<Pick<ViewState, 'tool' | 'connecting' | 'moving' | 'calm' | 'calmArea' | 'cursors' | 'minimap' | 'letters' | 'arrows' | 'colour' | 'found'>>): void;

  camera(): Camera;
  /** Called at most once a frame. */
  onCamera(listener: (camera: Camera) => void): () => void;
  /** In CSS pixels. The canvas keeps it up to date. */
  viewport(): { readonly w: number; readonly h: number };
  resize(w: number, h: number): void;
  /** So many pixels at the bottom are hidden by an on-screen keyboard. */
  cover(bottom: number): void;
  /** `glide`: eased over 200 ms, at once where motion is not wanted. */
  look(camera: Camera, how?: { glide?: boolean }): void;
  zoomBy(factor: number, at?: Point): void;
  /** The whole board when no box is given. Never above 100 % unless `close`. */
  fit(box?: Box, how?: { glide?: boolean; close?: boolean }): void;
  /** The smallest move that shows it; zooms in when its text would be smaller than `text` px. */
  reveal(id: ObjectId, how?: { text?: number }): void;
  toBoard(screen: Point): Point;
  toScreen(board: Point): Point;

  /** Where a new object of this kind goes when nobody pointed: beside the focused one, else in the middle. */
  spotFor(kind: Kind): { readonly at: Point; readonly parent: ObjectId | null };
  /** Politely, in the page's live region. */
  say(words: string): void;
  destroy(): void;
}
