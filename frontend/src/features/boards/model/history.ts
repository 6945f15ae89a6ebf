// Undo and redo of one person's own steps. Texts go through Yjs's undo manager, which knows characters by who wrote them.
import * as Y from 'yjs';
import { inherited, isEmpty, newStep, type Reverted, revert, type Step, tidied, type Writer } from './steps';
import type { ObjectId, Undone } from './types';

export const MOST_STEPS = 200;
/** Typing in one text goes on being one step until a pause of this many milliseconds. */
export const PAUSE = 1_500;

interface Typing {
  readonly step: Step;
  readonly text: ObjectId;
  at: number;
}

export class History {
  #undo: Step[] = [];
  #redo: Step[] = [];
  #typing: Typing | null = null;
  readonly #manager: Y.UndoManager;
  readonly #captured: Y.UndoManager['undoStack'] = [];

  constructor(
    private readonly doc: Y.Doc,
    private readonly writer: Writer,
    /** Origin of every transaction that may be undone. */
    private readonly origin: object,
    private readonly now: () => number,
  ) {
    // An engine for single items: which they are and when they are undone is decided by the steps here.
    this.#manager = new Y.UndoManager([], { doc, captureTimeout: 0, trackedOrigins: new Set([origin]) });
    this.#manager.on('stack-item-added', ({ stackItem }) => void this.#captured.push(stackItem));
  }

  /**
   * The steps of a history over another document that held the same items, except some that were refused. Taken over is
   * what can be taken back here: texts that were taken away are not among it, as nobody has them any more.
   */
  inherit(former: History, texts: (id: ObjectId) => Y.Text | undefined): void {
    const steps = (from: readonly Step[]) => from.map((step) => inherited(this.doc, step, texts)).filter((step) => step !== null);
    this.#undo = steps(former.#undo);
    this.#redo = steps(former.#redo);
  }

  /** Runs one transaction whose changes belong to `step`. `texts` is read when `change` is done. */
  transact<T>(step: Step, texts: ReadonlyMap<Y.Text, ObjectId>, change: () => T): T {
    try {
      return this.doc.transact(() => {
        try {
          return change();
        } finally {
          this.#manager.scope = [...texts.keys()];
        }
      }, this.origin);
    } finally {
      for (const item of this.#captured.splice(0)) step.typed.push({ item, scope: new Map(texts) });
      this.#rest();
    }
  }

  /** A step is done. `typing`: further typing in the same text may join it. */
  push(step: Step, typing = false): void {
    tidied(this.writer, step);
    if (isEmpty(step)) return;
    this.#redo = [];
    if (typing && this.#joins(step)) return;
    this.#undo.push(step);
    if (this.#undo.length > MOST_STEPS) this.#undo.shift();
    const text = typing ? onlyText(step) : null;
    this.#typing = text === null ? null : { step, text, at: this.now() };
  }

  /** Takes back what has been done in a step that is not to be one. */
  drop(step: Step): void {
    tidied(this.writer, step);
    if (!isEmpty(step)) this.#revert(step);
  }

  undo(): Undone | null {
    return this.#back(this.#undo, this.#redo);
  }

  redo(): Undone | null {
    return this.#back(this.#redo, this.#undo);
  }

  canUndo(): string | null {
    return this.#undo.at(-1)?.label ?? null;
  }

  canRedo(): string | null {
    return this.#redo.at(-1)?.label ?? null;
  }

  destroy(): void {
    this.#manager.destroy();
  }

  /** The newest step of which anything is left to say: that it was taken back, or that others' changes were kept. */
  #back(from: Step[], to: Step[]): Undone | null {
    this.#typing = null;
    for (let step = from.pop(); step !== undefined; step = from.pop()) {
      const { inverse, ids, kept, told } = this.#revert(step);
      if (!isEmpty(inverse)) to.push(inverse);
      if (told) return { label: step.label, ids: [...ids], kept: [...kept] };
    }
    return null;
  }

  #revert(step: Step): Reverted {
    const texts = new Map(step.typed.flatMap(({ scope }) => [...scope]));
    const inverse = newStep(step.label);
    const reverted = this.transact(inverse, texts, () => {
      return revert(this.writer, step, ({ item, scope }) => {
        this.#manager.scope = [...scope.keys()];
        this.#manager.undoStack = [item];
        return this.#manager.undo() !== null;
      });
    });
    reverted.inverse.typed.push(...inverse.typed);
    return reverted;
  }

  #joins(step: Step): boolean {
    const typing = this.#typing;
    if (typing === null || this.#undo.at(-1) !== typing.step || typing.step.label !== step.label) return false;
    if (this.now() - typing.at > PAUSE || onlyText(step) !== typing.text) return false;
    typing.step.typed.push(...step.typed);
    typing.at = this.now();
    return true;
  }

  #rest(): void {
    this.#manager.scope = [];
    this.#manager.undoStack = [];
    this.#manager.redoStack = [];
  }
}

/** The one object in whose text it was, if a step did nothing else. */
function onlyText(step: Step): ObjectId | null {
  const ids = new Set(step.typed.flatMap(({ scope }) => [...scope.values()]));
  const nothingElse = step.puts.size === 0 && step.born.size === 0 && step.unborn.size === 0;
  return nothingElse && ids.size === 1 ? [...ids][0]! : null;
}
