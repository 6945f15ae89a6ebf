// A board over its document: reading, editing, undo. types.ts says what is promised.
import type * as Y from 'yjs';
import { Catalogue, keysOf } from './catalogue';
import { Edits } from './edits';
import { type Facets, isLive, readerOf, textOf } from './facets';
import { History } from './history';
import type { Person } from './person';
import { newStep, type Step, textHas, type Writer } from './steps';
import type { Board, BoardObject, Box, Changes, Colour, Edit, ObjectId, Undone, Whose } from './types';
import { cut, isColour, minute, newId, record } from './values';
import { Slots, Versions } from './versions';

/** Changes of these are changes of what it says, and not only of where it lies. */
const CONTENT = ['style', 'start', 'end', 'relation', 'picture', 'alt', 'source', 'evidence', 'prompt', 'merged'];

interface Pending {
  readonly keys: Set<ObjectId>;
  readonly whose: Whose;
  legend: boolean;
}

/** What a board takes from outside: tests pass their own. */
export interface Outside {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

/** `former`: the same board over a document that held the same items and is given up; what was done there can be undone here. */
export function openBoard(doc: Y.Doc, person: Person, outside: Partial<Outside> = {}, former?: Board): Board {
  const board = new OpenBoard(doc, person, { now: Date.now, newId, ...outside });
  if (former instanceof OpenBoard) board.inherit(former);
  return board;
}

class OpenBoard implements Board {
  readonly #facets: Facets;
  readonly #legendMap: Y.Map<unknown>;
  readonly #catalogue: Catalogue;
  readonly #history: History;
  readonly #versions: Versions;
  readonly #writer: Writer;
  readonly #origin = { board: this };
  /** Clients that this page has been. */
  readonly #clients = new Set<number>();
  /** Clients that once made something in this person's name. */
  readonly #own = new Set<number>();
  readonly #listeners = new Set<(changes: Changes) => void>();
  readonly #pending: Pending[] = [];
  readonly #gestures = new Set<Gesture>();
  #legend: ReadonlyMap<Colour, string> | null = null;
  #current: Edits | null = null;

  constructor(
    readonly doc: Y.Doc,
    private readonly person: Person,
    private readonly outside: Outside,
  ) {
    const { now } = outside;
    this.#facets = doc.getMap('objects');
    this.#legendMap = doc.getMap('board');
    const read = readerOf(this.#facets);
    const slots = new Slots(this.#facets, this.#legendMap);
    this.#catalogue = new Catalogue(this.#facets);
    this.#versions = new Versions(slots);
    this.#writer = {
      read,
      slots,
      versions: this.#versions,
      isMine: (client) => client === doc.clientID || this.#clients.has(client),
      goneValue: () => ({ by: person.authors === 'hidden' ? null : person.id, at: minute(now()) }),
      marks: (id) => this.#catalogue.marks(id),
      around: (id) => this.#catalogue.around(id),
    };
    this.#history = new History(doc, this.#writer, this.#origin, now);
    for (const { id } of this.#catalogue.all()) this.#recognise(`${id}/made`);
    this.#facets.observeDeep(this.#onObjects);
    this.#legendMap.observe(this.#onLegend);
    doc.on('afterAllTransactions', this.#tell);
  }

  inherit(former: OpenBoard): void {
    former.#finish();
    for (const client of [former.doc.clientID, ...former.#clients]) this.#clients.add(client);
    this.#versions.inherit(former.#versions);
    this.#history.inherit(former.#history, (id) => textOf(this.#writer.read, id));
  }

  get(id: ObjectId): BoardObject | undefined {
    return this.#catalogue.get(id);
  }

  all(): readonly BoardObject[] {
    return this.#catalogue.all();
  }

  members(parent: ObjectId | null): readonly BoardObject[] {
    return this.#catalogue.members(parent);
  }

  connectors(id: ObjectId): readonly BoardObject[] {
    return this.#catalogue.connectors(id);
  }

  box(id: ObjectId): Box | undefined {
    return this.#catalogue.box(id);
  }

  text(id: ObjectId): Y.Text | undefined {
    return isLive(this.#writer.read, id) ? textOf(this.#writer.read, id) : undefined;
  }

  legend(): ReadonlyMap<Colour, string> {
    this.#legend ??= readLegend(this.#legendMap);
    return this.#legend;
  }

  removed(): readonly BoardObject[] {
    return this.#catalogue.removed();
  }

  subscribe(listener: (changes: Changes) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  edit<T>(label: string, change: (edit: Edit) => T): T {
    if (this.#current !== null) return change(this.#current);
    const step = newStep(label);
    try {
      return this.#write(step, change);
    } finally {
      this.#history.push(step, true);
    }
  }

  gesture(label: string): Gesture {
    const gesture = new Gesture(
      label,
      (step, change) => (this.#current === null ? this.#write(step, change) : change(this.#current)),
      (step, keep) => {
        this.#gestures.delete(gesture);
        if (keep) this.#history.push(step);
        else this.#history.drop(step);
      },
      () => void this.#gestures.add(gesture),
    );
    return gesture;
  }

  undo(): Undone | null {
    this.#finish();
    return this.#history.undo();
  }

  redo(): Undone | null {
    this.#finish();
    return this.#history.redo();
  }

  canUndo(): string | null {
    return [...this.#gestures].at(-1)?.label ?? this.#history.canUndo();
  }

  canRedo(): string | null {
    return this.#gestures.size > 0 ? null : this.#history.canRedo();
  }

  touchedByOthers(id: ObjectId): boolean {
    const object = this.get(id);
    if (object === undefined) return false;
    if (object.by !== null && object.by !== this.person.id) return true;
    const maker = this.#versions.author(`${id}/made`);
    const foreign = (client: number | undefined) =>
      client !== undefined && client !== maker && !this.#writer.isMine(client) && !this.#own.has(client);
    if (object.by === null && maker !== undefined && !this.#writer.isMine(maker)) return true;
    const keys = [...CONTENT.map((facet) => `${id}/${facet}`), ...this.#catalogue.marks(id)];
    return keys.some((key) => foreign(this.#versions.author(key))) || textHas(textOf(this.#writer.read, id), foreign);
  }

  destroy(): void {
    this.#facets.unobserveDeep(this.#onObjects);
    this.#legendMap.unobserve(this.#onLegend);
    this.doc.off('afterAllTransactions', this.#tell);
    this.#history.destroy();
    this.#listeners.clear();
  }

  #write<T>(step: Step, change: (edit: Edits) => T): T {
    const texts = new Map<Y.Text, ObjectId>();
    const edits = new Edits(this.#writer, this.#facets, this.#catalogue, this.person, this.outside, step, texts);
    this.#clients.add(this.doc.clientID);
    return this.#history.transact(step, texts, () => {
      this.#current = edits;
      try {
        return change(edits);
      } finally {
        this.#current = null;
      }
    });
  }

  /** Gestures under way end where they are: undo is about something that is done. */
  #finish(): void {
    for (const gesture of [...this.#gestures]) gesture.done();
  }

  #recognise(key: string): void {
    const id = key.endsWith('/made') ? key.slice(0, -'/made'.length) : '';
    const client = id === '' ? undefined : this.#versions.author(key);
    if (client !== undefined && record(this.#writer.read(id, 'made'))?.by === this.person.id) this.#own.add(client);
  }

  // Observers only take notes; who listens is told when the document is at rest, and may edit it then.
  readonly #onObjects = (events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction): void => {
    const pending = this.#note(transaction);
    for (const event of events) {
      for (const key of keysOf(event)) {
        this.#catalogue.touch(key);
        this.#recognise(key);
        pending.keys.add(key.slice(0, Math.max(0, key.indexOf('/'))));
      }
    }
  };

  readonly #onLegend = (_: Y.YMapEvent<unknown>, transaction: Y.Transaction): void => {
    this.#legend = null;
    this.#note(transaction).legend = true;
  };

  #noted: Y.Transaction | null = null;

  #note(transaction: Y.Transaction): Pending {
    if (this.#noted !== transaction || this.#pending.length === 0) {
      this.#noted = transaction;
      this.#pending.push({ keys: new Set(), whose: transaction.local ? 'mine' : 'others', legend: false });
    }
    return this.#pending.at(-1)!;
  }

  readonly #tell = (): void => {
    if (this.#pending.length === 0) return;
    const pending = this.#pending.splice(0);
    this.#noted = null;
    const changed = this.#catalogue.changed();
    pending.forEach(({ keys, whose, legend }, at) => {
      // What changed only because something else did (members of an area that went) belongs to the last.
      const ids = at === pending.length - 1 ? new Set(changed) : new Set([...keys].filter((id) => changed.has(id)));
      for (const id of ids) changed.delete(id);
      if (ids.size === 0 && !legend) return;
      for (const listener of [...this.#listeners]) tellOne(listener, { ids, whose, legend });
    });
  };
}

class Gesture {
  #step: Step | null = null;

  constructor(
    readonly label: string,
    private readonly write: <T>(step: Step, change: (edit: Edit) => T) => T,
    private readonly end: (step: Step, keep: boolean) => void,
    private readonly begin: () => void,
  ) {}

  /** After the end (undo may have ended it) this begins another step. */
  edit<T>(change: (edit: Edit) => T): T {
    if (this.#step === null) {
      this.#step = newStep(this.label);
      this.begin();
    }
    return this.write(this.#step, change);
  }

  done(): void {
    this.#end(true);
  }

  cancel(): void {
    this.#end(false);
  }

  #end(keep: boolean): void {
    const step = this.#step;
    this.#step = null;
    if (step !== null) this.end(step, keep);
  }
}

/** A listener that fails is heard of, and harms nobody else. */
function tellOne(listener: (changes: Changes) => void, changes: Changes): void {
  try {
    listener(changes);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function readLegend(map: Y.Map<unknown>): ReadonlyMap<Colour, string> {
  const legend = new Map<Colour, string>();
  for (const [key, meaning] of map.entries()) {
    const colour = key.startsWith('legend/') ? key.slice('legend/'.length) : null;
    if (isColour(colour) && typeof meaning === 'string' && meaning !== '') legend.set(colour, cut(meaning, 40));
  }
  return legend;
}
