// What a room looks like from outside: the values the screens read, and nothing that does anything.
import type * as Y from 'yjs';
import type { Awareness } from 'y-protocols/awareness';

export type RoomKind = 'statement' | 'board' | 'scratch';
export type Access = 'read' | 'write';

/** connecting: the first socket is on its way · open: joined · waiting: between two attempts · stopped: will not try again. */
export type Phase = 'connecting' | 'open' | 'waiting' | 'stopped';

/**
 * Keyed on the person's own unsaved work rather than on the socket.
 *
 * | connected | pending | says          |
 * |-----------|---------|---------------|
 * | yes       | none    | saved         |
 * | yes       | some    | saving, and not-saved after three seconds without an answer |
 * | no        | none    | reconnecting  |
 * | no        | some    | not-saved     |
 *
 * refused wins over all of them; read-only stands for saved where nothing may be written.
 */
export type SavedState = 'saved' | 'saving' | 'reconnecting' | 'not-saved' | 'refused' | 'read-only';

export interface PersonHere {
  readonly id: string;
  readonly name: string;
  /** "p1" to "p6": the presence ring of tokens.css. The server decides. */
  readonly colour: string;
}

export interface Stop {
  readonly code: number;
  /** The server's stable word, for example "not_allowed". */
  readonly reason: string;
  /** What to tell the person. */
  readonly message: string;
}

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** Why edits were not taken, in the lab's words, and what they were about, if that can be told. */
export interface Refused {
  readonly why: readonly string[];
  readonly what: readonly string[];
}

/** An entry of a root map, or (without a key) a root of another type. */
export interface Entry {
  readonly root: string;
  readonly key: string;
}

/** Tells what edits of these entries were about, and what words in there are worth keeping. */
export type Describe = (doc: Y.Doc, entries: readonly Entry[]) => Described | Promise<Described>;

export interface Described {
  readonly what: readonly string[];
  readonly text: string;
}

/** Edits that will not be saved: the document was replaced meanwhile, or the lab refused them. Never merged by itself. */
export interface RecoveryCopy {
  readonly id: string;
  readonly room: string;
  readonly epoch: number;
  /** Milliseconds since 1970 by this device's clock: for showing only. */
  readonly at: number;
  /** The whole document as plain text, unsaved edits included; or what of it `Describe` found worth keeping. May be empty. */
  readonly text: string;
  /** The same as one Yjs update. */
  readonly state: Uint8Array;
  /** How many edits of the person's own had not been saved. */
  readonly pending: number;
  /** Whether it outlives this page. */
  readonly kept: boolean;
  /** Null: the document was replaced. */
  readonly refused: Refused | null;
}

export interface RoomState {
  readonly phase: Phase;
  /** The document shows content: from the server, or from this device's copy while offline. */
  readonly ready: boolean;
  /** The server's state has arrived on the present connection. */
  readonly synced: boolean;
  /** Unknown before the first join; then the last that the server said. */
  readonly access: Access | null;
  /** May the person type now? True offline too, if the last known access was write. */
  readonly editable: boolean;
  readonly epoch: number | null;
  /**
   * Rises when `doc` and `awareness` are replaced: editors are rebuilt. By a new epoch, where nothing of the old holds
   * any more; or, in the same epoch, because edits were refused: then all else is there under the same ids.
   */
  readonly generation: number;
  readonly you: PersonHere | null;
  readonly saved: SavedState;
  /** Own edits the server has not yet called durable. */
  readonly pending: number;
  /** True only when every pending edit is written in this device's storage. */
  readonly keptOnDevice: boolean;
  /** What the server said about its own storage; null when all is well. */
  readonly storageTrouble: string | null;
  readonly refusal: Refusal | null;
  readonly stop: Stop | null;
  readonly recovery: readonly RecoveryCopy[];
}

/** JSON events of the server (frame 102). */
export type RoomEvent =
  | { type: 'joined'; epoch: number; schema: number; access: Access; you: PersonHere }
  | { type: 'access'; access: Access }
  | { type: 'epoch'; epoch: number }
  | { type: 'refused'; reason: string; message: string }
  | { type: 'storage'; ok: boolean; message: string }
  | { type: 'changed'; what: string; [more: string]: unknown }
  | { type: 'restarting' };

export type RoomEventOf<T extends RoomEvent['type']> = Extract<RoomEvent, { type: T }>;

export interface RoomOptions {
  readonly kind: RoomKind;
  readonly key: string;
  /** The schema version this page can edit; null for rooms without one. */
  readonly schema: number | null;
  readonly person: { readonly id: string; readonly name: string };
  /** False on a shared device: nothing is ever written to it. */
  readonly persist: boolean;
  /** Without it, refused edits are shown as the whole text. */
  readonly describe?: Describe;
}

export interface Room {
  /** `kind/key` */
  readonly name: string;
  /** Replaced when `state().generation` rises. */
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** The same object until something changes. */
  state(): RoomState;
  subscribe(listener: () => void): () => void;
  onEvent<T extends RoomEvent['type']>(type: T, listener: (event: RoomEventOf<T>) => void): () => void;
  /** Try to connect now: the button beside "Not saved" and "stopped". */
  retry(): void;
  /** The document as plain text, for copying out of a refused or stopped room. */
  text(): string;
  /** Give up edits the server refuses: they become a recovery copy, and the room opens afresh. */
  startAgain(): Promise<void>;
  discardRecovery(id: string): Promise<void>;
  /** Leave. Unsaved edits stay on the device, if they may. */
  close(): Promise<void>;
}

/** One person in the room, however many tabs and devices they have it open on. */
export interface Presence extends PersonHere {
  readonly self: boolean;
  readonly clients: readonly number[];
}
