// For tests: three people at one board, whose updates arrive late and in any order, and who undo all the time.
import * as Y from 'yjs';
import { openBoard } from '../board';
import { COLOURS, KINDS, type NewObject, type ObjectId } from '../types';
import { clock, content, dice, type Opened } from './peers';

const NAMES = ['ana', 'ben', 'cleo'];
const WORDS = ['tea', 'milk ', '😀', '\n- ', 'a', 'é', ' ', 'round'];

interface Actor {
  readonly board: Opened;
  readonly inbox: Uint8Array[];
  /** Keys that somebody else wrote last, as far as this actor knows. */
  readonly theirs: Set<string>;
  gesture: ReturnType<Opened['gesture']> | null;
}

export class Fuzz {
  readonly actors: Actor[];
  readonly undone = { steps: 0, kept: 0 };
  private made = 0;
  private readonly dice;
  private readonly now = clock();

  constructor(
    readonly seed: number,
    names: readonly string[] = NAMES,
  ) {
    this.dice = dice(seed);
    this.actors = names.map((id, at) => this.#actor(id, at));
    for (const { board } of this.actors) {
      board.doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin === 'wire') return;
        for (const other of this.actors) if (other.board !== board) other.inbox.push(update);
      });
    }
  }

  step(): void {
    const actor = this.dice.one(this.actors);
    if (this.dice.chance(0.4)) this.deliver(actor, 1 + this.dice.below(5));
    if (this.dice.chance(0.2)) this.now.pass(this.dice.below(3_000));
    const act = this.dice.next();
    if (act < 0.2) this.guarded(actor, () => actor.board.undo());
    else if (act < 0.3) this.guarded(actor, () => actor.board.redo());
    else if (act < 0.34) this.backAndForth(actor);
    else if (act < 0.5) this.gesture(actor);
    else actor.board.edit('Edit', (edit) => this.change(actor, edit));
  }

  /** Everything arrives, in any order; then all must see the same, and their catalogues what is in the document. */
  settle(): void {
    for (const actor of this.actors) this.deliver(actor, Infinity);
    const [first, ...others] = this.actors.map(({ board }) => JSON.stringify(content(board)));
    for (const other of others) this.require(other === first, 'two people see different boards');
    for (const { board } of this.actors) {
      const fresh = new Y.Doc();
      Y.applyUpdate(fresh, Y.encodeStateAsUpdate(board.doc));
      const opened = openBoard(fresh, { id: 'dan', authors: 'shown' });
      this.require(JSON.stringify(content(opened)) === first, 'the catalogue differs from the document');
      for (const { id } of opened.all()) {
        for (const list of ['members', 'connectors'] as const) {
          const ids = (from: Opened) => JSON.stringify(from[list](id).map((each) => each.id).sort());
          this.require(ids(opened) === ids(board), `${list} differ from the document`);
        }
        this.require(JSON.stringify(opened.box(id)) === JSON.stringify(board.box(id)), 'a box differs');
      }
      this.require(JSON.stringify(opened.members(null)) === JSON.stringify(board.members(null)), 'the order of reading differs');
      opened.destroy();
    }
  }

  #actor(id: string, at: number): Actor {
    const doc = new Y.Doc();
    doc.clientID = this.seed * 10 + at + 1;
    const theirs = new Set<string>();
    for (const [root, prefix] of [['objects', ''], ['board', 'board:']] as const) {
      const map = doc.getMap(root);
      const seen = new Map<string, string>();
      map.observe((event, { local }) => {
        for (const key of event.keysChanged as Set<string>) {
          const item = map._map.get(key)!;
          const now = `${JSON.stringify(item.lastId)}${item.deleted}`;
          if (local) theirs.delete(prefix + key);
          // What arrives may be older than what is there, and then changes nothing.
          else if (seen.get(key) !== now) theirs.add(prefix + key);
          seen.set(key, now);
        }
      });
    }
    const newId = () => {
      this.made++;
      return `${id}${this.made}`;
    };
    return { board: openBoard(doc, { id, authors: 'shown' }, { now: this.now, newId }), inbox: [], theirs, gesture: null };
  }

  deliver({ board, inbox }: Actor, most: number): void {
    for (let count = 0; count < most && inbox.length > 0; count++) {
      const [update] = inbox.splice(this.dice.below(Math.min(inbox.length, 8)), 1);
      Y.applyUpdate(board.doc, update!, 'wire');
    }
  }

  /** Undo, redo or cancel: no character and no value of somebody else may be otherwise afterwards. */
  guarded<T>(actor: Actor, act: () => T): T {
    const characters = foreignCharacters(actor.board);
    const theirs = new Map([...actor.theirs].map((key) => [key, JSON.stringify(valueAt(actor.board, key))]));
    const result = act();
    for (const [id, item] of characters) this.require(!item.deleted, `a character of somebody else went: ${id}`);
    for (const [key, value] of theirs) this.require(JSON.stringify(valueAt(actor.board, key)) === value, `a value of somebody else changed: ${key}`);
    const undone = result as { ids?: unknown[]; kept?: unknown[] } | null | undefined;
    this.undone.steps += undone?.ids?.length ? 1 : 0;
    this.undone.kept += undone?.kept?.length ? 1 : 0;
    return result;
  }

  /** When nothing arrives in between, redo is the exact opposite of undo. */
  backAndForth(actor: Actor): void {
    const before = JSON.stringify(content(actor.board));
    // Where everything was kept there is nothing to do again, and redo would be about an earlier step.
    if (actor.gesture !== null || !this.guarded(actor, () => actor.board.undo())?.ids.length) return;
    this.guarded(actor, () => actor.board.redo());
    this.require(JSON.stringify(content(actor.board)) === before, 'redo did not bring back what undo took');
  }

  gesture(actor: Actor): void {
    if (actor.gesture === null) actor.gesture = actor.board.gesture('Gesture');
    else if (this.dice.chance(0.3)) {
      const { gesture } = actor;
      actor.gesture = null;
      if (this.dice.chance(0.5)) gesture.done();
      else this.guarded(actor, () => gesture.cancel());
      return;
    }
    actor.gesture.edit((edit) => this.change(actor, edit));
  }

  change({ board }: Actor, edit: Parameters<Parameters<Opened['edit']>[1]>[0]): void {
    const { below, chance, one } = this.dice;
    const there = board.all();
    const any = (): ObjectId | null => (there.length === 0 ? null : one(there).id);
    const id = any();
    if (id === null || chance(there.length < 8 ? 0.3 : 0.1)) {
      for (let count = chance(0.1) ? 6 : 1; count > 0; count--) {
        const kind = one(KINDS);
        const end = () => ({ object: chance(0.8) ? any() : null, x: below(9), y: below(9) });
        const object: NewObject = { kind, x: below(500), y: below(500), text: one(WORDS), parent: chance(0.5) ? any() : null };
        edit.add(kind === 'connector' ? { ...object, start: end(), end: end() } : object);
      }
      return;
    }
    switch (below(9)) {
      case 0:
        edit.set(id, { x: below(4), y: below(4) });
        break;
      case 1:
        edit.set(id, { colour: one(COLOURS.slice(0, 3)), parent: chance(0.5) ? any() : null });
        break;
      case 2:
        edit.set(id, { tags: ['a', 'b', 'c'].filter(() => chance(0.5)), w: 100 + below(3) });
        break;
      case 3:
        edit.react(id, one(['👍', '🎉']), chance(0.5));
        break;
      case 4:
        if (chance(0.5)) edit.remove(id);
        else edit.bringBack(one(board.removed())?.id ?? id);
        break;
      case 5:
        edit.setLegend(one(COLOURS), one(['Problem', 'Idea', '']));
        break;
      default: {
        const text = [...(board.get(id)?.text ?? '')];
        text.splice(below(text.length + 1), below(4), one(WORDS));
        edit.setText(id, text.join(''));
      }
    }
  }

  private require(holds: boolean, what: string): void {
    if (!holds) throw new Error(`${what} (seed ${this.seed})`);
  }
}

/** Every character that is there and not this page's own. */
function foreignCharacters({ doc }: Opened): Map<string, Y.Item> {
  const found = new Map<string, Y.Item>();
  for (const value of doc.getMap('objects').values()) {
    if (!(value instanceof Y.Text)) continue;
    for (let item = value._start; item !== null; item = item.right) {
      if (!item.deleted && item.countable && item.id.client !== doc.clientID) found.set(`${item.id.client}:${item.id.clock}`, item);
    }
  }
  return found;
}

function valueAt({ doc }: Opened, key: string): unknown {
  const value = key.startsWith('board:') ? doc.getMap('board').get(key.slice('board:'.length)) : doc.getMap('objects').get(key);
  return value instanceof Y.Text ? null : value;
}
