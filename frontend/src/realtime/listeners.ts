// Who wants to hear of a room: that its state is another, and what the server tells.
import type { RoomEvent, RoomEventOf } from './types';

export class Listeners {
  readonly #changed = new Set<() => void>();
  readonly #events = new Map<string, Set<(event: RoomEvent) => void>>();

  subscribe(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  onEvent<T extends RoomEvent['type']>(type: T, listener: (event: RoomEventOf<T>) => void): () => void {
    const listeners = this.#events.get(type) ?? new Set();
    this.#events.set(type, listeners.add(listener as (event: RoomEvent) => void));
    return () => listeners.delete(listener as (event: RoomEvent) => void);
  }

  changed(): void {
    for (const listener of [...this.#changed]) listener();
  }

  tell(event: RoomEvent): void {
    for (const listener of this.#events.get(event.type) ?? []) {
      try {
        listener(event);
      } catch (error) {
        reportError(error); // A screen's mistake is not the connection's.
      }
    }
  }

  clear(): void {
    this.#changed.clear();
    this.#events.clear();
  }
}
