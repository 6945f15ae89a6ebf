// Which writing of a value lies in the document now: so that "still what I wrote" is a fact and not a resemblance.
//
// Every writing is an item of its own in the document. When undo writes a former value again that is a new item, but it
// stands for the former writing: earlier steps, which expect that one, go on being undoable.
import * as Y from 'yjs';

/** The two root maps as one: keys of objects as they are, keys of the board itself behind `board:`. */
export class Slots {
  constructor(
    readonly facets: Y.Map<unknown>,
    readonly board: Y.Map<unknown>,
  ) {}

  /** Plain values only: a shared type could not be written a second time. */
  get(key: string): unknown {
    const [map, name] = this.#at(key);
    const value = map.get(name);
    return value instanceof Y.AbstractType || value instanceof Y.Doc ? undefined : value;
  }

  set(key: string, value: unknown): void {
    const [map, name] = this.#at(key);
    if (value === undefined) map.delete(name);
    else map.set(name, value);
  }

  /** The newest item there, even when it is deleted. */
  item(key: string): Y.Item | undefined {
    const [map, name] = this.#at(key);
    return map._map.get(name);
  }

  #at(key: string): readonly [Y.Map<unknown>, string] {
    return key.startsWith('board:') ? [this.board, key.slice('board:'.length)] : [this.facets, key];
  }
}

export class Versions {
  readonly #aliases = new Map<string, { readonly item: string; readonly version: string }>();

  constructor(private readonly slots: Slots) {}

  /** What stands for what, over another document that held the same items. */
  inherit(former: Versions): void {
    for (const [key, alias] of former.#aliases) this.#aliases.set(key, alias);
  }

  of(key: string): string {
    const item = this.#item(key);
    const alias = this.#aliases.get(key);
    return alias?.item === item ? alias.version : item;
  }

  /** What lies there now is that former writing again. */
  standsFor(key: string, version: string): void {
    const item = this.#item(key);
    if (item === version) this.#aliases.delete(key);
    else this.#aliases.set(key, { item, version });
  }

  /** The client that wrote what lies there. Undefined: there is nothing. */
  author(key: string): number | undefined {
    const item = this.slots.item(key);
    return item === undefined || item.deleted ? undefined : item.id.client;
  }

  /** The client that wrote there last, even if that has been deleted since. */
  lastAuthor(key: string): number | undefined {
    return this.slots.item(key)?.lastId.client;
  }

  #item(key: string): string {
    const item = this.slots.item(key);
    if (item === undefined) return '';
    const { client, clock } = item.lastId;
    return `${client}:${clock}${item.deleted ? '-' : ''}`;
  }
}
