// Saying that we are here, and where: at most so often, at once after a pause, and newer than what others last heard.
import { type Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import type { Connection } from './connection';

export const AWARENESS_GAP = 80;

interface Change {
  readonly added: number[];
  readonly updated: number[];
  readonly removed: number[];
}

export class Announcer {
  #sentAt = Number.NEGATIVE_INFINITY;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly awareness: Awareness,
    private readonly connection: Connection,
    /** Of what comes from the server. */
    private readonly origin: unknown,
  ) {
    awareness.on('update', this.#changed);
  }

  destroy(): void {
    this.awareness.off('update', this.#changed);
    this.rest();
  }

  /** Nothing that waits is sent. */
  rest(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }

  /** Which also keeps the connection alive: the server echoes it. */
  send(): void {
    this.rest();
    this.#sentAt = performance.now();
    this.connection.send({ kind: 'awareness', update: encodeAwarenessUpdate(this.awareness, [this.awareness.clientID]) });
  }

  /** Renewed rather than repeated: the others forget a presence whose clock stands still. */
  renew(): void {
    const state = this.awareness.getLocalState();
    if (state !== null) this.awareness.setLocalState(state);
    this.send();
  }

  /** When our last socket died the others were told that we left, perhaps with our next clock: be newer than that. */
  outdo(): void {
    const state = this.awareness.getLocalState();
    if (state === null) return;
    this.awareness.setLocalState(state);
    this.awareness.setLocalState(state);
  }

  #changed = (change: Change, origin: unknown): void => {
    if (origin === this.origin || this.#waiting !== undefined) return;
    if (![...change.added, ...change.updated, ...change.removed].includes(this.awareness.clientID)) return;
    const wait = this.#sentAt + AWARENESS_GAP - performance.now();
    this.#waiting = setTimeout(() => this.send(), Math.max(0, wait));
  };
}
