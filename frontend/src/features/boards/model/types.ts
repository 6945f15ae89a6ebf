// What lies on a board, and what may be done with it: the words every part of this feature shares.
//
// Lengths are in board units: one is a CSS pixel at 100 %. x grows to the right, y downward; an object's place is
// its upper left corner. lab/boards/objects.py says the same in Python.
import type * as Y from 'yjs';

export type ObjectId = string;

export const KINDS = ['note', 'heading', 'area', 'cluster', 'connector', 'image', 'source', 'evidence'] as const;
export type Kind = (typeof KINDS)[number];

export const COLOURS = ['butter', 'apricot', 'rose', 'lilac', 'sky', 'mint', 'chalk'] as const;
export type Colour = (typeof COLOURS)[number];

export const RELATIONS = ['plain', 'supports', 'challenges', 'leads_to'] as const;
export type Relation = (typeof RELATIONS)[number];

/** Farthest a coordinate may lie from the middle, either way. */
export const REACH = 1_000_000;
export const LONGEST = 100_000;
export const MOST_TEXT = 2_000;
/** From here on a note shows how many characters are left. */
export const SOFT_TEXT = 280;
export const MOST_TAGS = 20;
export const MOST_OBJECTS = 20_000;
export const NOTE_WIDTH = 200;
/** Of a note whose text fits; a longer text makes it taller. */
export const NOTE_HEIGHT = 150;
/** Between notes that are placed in rows. */
export const GAP = 10;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly w: number;
  readonly h: number;
}

/** One end of a connector: fixed to an object, or, when that is null, to a place. */
export interface End extends Point {
  readonly object: ObjectId | null;
}

export interface BoardObject extends Box {
  readonly id: ObjectId;
  readonly kind: Kind;
  /** Person id of whoever made it; null: not recorded, for ever. */
  readonly by: string | null;
  /** ISO 8601 UTC, to the minute. */
  readonly at: string | null;
  /** Fractional index, compared by code unit; equal ones by id. */
  readonly z: string;
  /** The area or cluster it belongs to. */
  readonly parent: ObjectId | null;
  readonly colour: Colour;
  /** Plain with light Markdown (**bold**, *italic*, "- "). Title of an area or cluster, label of a connector, caption of an image. */
  readonly text: string;
  /** In alphabetical order. */
  readonly tags: readonly string[];
  readonly start: End | null;
  readonly end: End | null;
  readonly relation: Relation;
  readonly picture: { readonly file: string; readonly width: number; readonly height: number } | null;
  readonly alt: string;
  readonly source: { readonly url: string; readonly title: string; readonly site: string } | null;
  /** Id of an evidence card. */
  readonly evidence: string | null;
  readonly prompt: string;
  /** Emoji -> ids of the persons who gave it. */
  readonly reactions: ReadonlyMap<string, readonly string[]>;
  readonly origin: { readonly board: string; readonly object: ObjectId } | null;
  readonly merged: readonly ObjectId[];
}

/** What a change of the document came from. `mine`: this page; `others`: somebody else, or this person elsewhere. */
export type Whose = 'mine' | 'others';

export interface Changes {
  readonly ids: ReadonlySet<ObjectId>;
  readonly whose: Whose;
  /** The legend changed. */
  readonly legend: boolean;
}

/** What undo or redo did, for saying it. */
export interface Undone {
  readonly label: string;
  readonly ids: readonly ObjectId[];
  /** Somebody else changed these after you: theirs was kept. */
  readonly kept: readonly ObjectId[];
}

/** What is needed to make an object; the rest has its kind's defaults. */
export type NewObject = Partial<Omit<BoardObject, 'id' | 'by' | 'at' | 'reactions'>> & { readonly kind: Kind };

/** The changes that can be made within one step. Ids of objects that are gone are passed over in silence. */
export interface Edit {
  /** Returns the new object's id. On top of everything unless `z` is given. */
  add(object: NewObject): ObjectId;
  /** Text is not among these: see `setText`. Tags are set to exactly these. */
  set(id: ObjectId, change: Partial<Omit<BoardObject, 'id' | 'kind' | 'by' | 'at' | 'text' | 'reactions'>>): void;
  /** Changes only where the two texts differ, so that what others type meanwhile stays. */
  setText(id: ObjectId, text: string): void;
  react(id: ObjectId, emoji: string, on: boolean): void;
  /** Connectors that are fixed to it go with it; members of an area or cluster stay, without it. */
  remove(id: ObjectId): void;
  /** Brings back what was removed. */
  bringBack(id: ObjectId): void;
  /** Makes what the document has no trace of, with the id and the time it had; false when there is a trace. For restoring. */
  remake(id: ObjectId, object: NewObject, made: Pick<BoardObject, 'by' | 'at'>): boolean;
  setLegend(colour: Colour, meaning: string): void;
}

/**
 * The board as a model over its Yjs document. Knows no DOM and no React; nothing in it acts on its own.
 * Snapshots (`get`, `all`) are immutable and keep their identity until something of them changes.
 */
export interface Board {
  readonly doc: Y.Doc;
  get(id: ObjectId): BoardObject | undefined;
  /** Everything that is not removed, lowest first. The same array until a change. */
  all(): readonly BoardObject[];
  /** Members of an area or cluster, or what belongs to none (null), in reading order; connectors left out. */
  members(parent: ObjectId | null): readonly BoardObject[];
  /** Connectors fixed to this object. */
  connectors(id: ObjectId): readonly BoardObject[];
  /** Where it is: of a cluster the box round its members, of a connector the box round its line. */
  box(id: ObjectId): Box | undefined;
  /** For binding a text field. Undefined when the object is gone. */
  text(id: ObjectId): Y.Text | undefined;
  legend(): ReadonlyMap<Colour, string>;
  /** Removed in the last while, newest first: what a "Removed" list can bring back. */
  removed(): readonly BoardObject[];
  /** Called once per transaction, with what changed in it. */
  subscribe(listener: (changes: Changes) => void): () => void;
  /** One transaction and one undo step. Nested calls join the outer one. */
  edit<T>(label: string, change: (edit: Edit) => T): T;
  /**
   * A gesture (a drag, typing in one note): every edit until `done` is one undo step; `cancel` puts everything back
   * and leaves no step.
   */
  gesture(label: string): { edit<T>(change: (edit: Edit) => T): T; done(): void; cancel(): void };
  undo(): Undone | null;
  redo(): Undone | null;
  /** Labels for buttons; null: nothing to undo. */
  canUndo(): string | null;
  canRedo(): string | null;
  /** Has anybody else written in it, or changed it, since it was made? Removing it then asks first. */
  touchedByOthers(id: ObjectId): boolean;
  destroy(): void;
}
