// The scene: every object of the board as drawn — its sheet, its box, its wire — kept up to date change by change.
import type { Board, BoardObject, Box, End, ObjectId, Point } from '../model/types';
import type { Permit } from '../view/types';
import { around, contains, Grid, grown, meet } from './grid';
import { plain } from './markdown';
import { type About, SUPPORT, type Sheet, sheetOf, WIRE_LABEL } from './sheets';
import type { CanvasOptions, Hit } from './types';
import type { Typesetter } from './typeset';
import { distance, labelOf, labelPlace, type Route, route } from './wires';

/** Between a cluster's outline and its members. */
const CLUSTER_PAD = 10;
const AREA_HEAD = 40;

export interface Offset {
  readonly dx: number;
  readonly dy: number;
}

export class Scene implements About {
  readonly grid = new Grid();
  private readonly sheets = new Map<ObjectId, Sheet>();
  private readonly routes = new Map<ObjectId, Route>();
  private readonly labels = new Map<ObjectId, { readonly words: string; readonly at: Point }>();
  private readonly counts = new Map<ObjectId, number>();
  private readonly mine = new Map<ObjectId, Offset>();
  private held = new Map<ObjectId, Offset>();
  /** Who lies in a cluster as last seen, so that the cluster left behind is drawn anew as well. */
  private readonly parents = new Map<ObjectId, ObjectId | null>();
  private ranks: Map<ObjectId, number> | undefined;
  /** What the ranks were made of. */
  private readonly orders = new Map<ObjectId, string | undefined>();
  private readonly piled = new Map<ObjectId, boolean>();
  /** Notes taken to be as tall as they were made, until there is time to set their text. */
  private readonly guessed = new Set<ObjectId>();
  private guessing = false;

  constructor(
    readonly board: Board,
    readonly type: Typesetter,
    readonly options: CanvasOptions,
    private readonly permits: () => Permit,
  ) {}

  get permit(): Permit {
    return this.permits();
  }

  get legend() {
    return this.board.legend();
  }

  /**
   * Everything anew: at first, and when fonts, names or the author setting changed. `guess`: nobody can read the
   * notes from where one looks, so that the text of thousands need not be set before the first picture.
   */
  rebuild(guess = false): void {
    this.guessed.clear();
    this.guessing = guess;
    this.sheets.clear();
    this.counts.clear();
    this.ranks = undefined;
    this.piled.clear();
    const there = new Set<ObjectId>();
    const late: BoardObject[] = [];
    const wires: BoardObject[] = [];
    for (const object of this.board.all()) {
      there.add(object.id);
      this.parents.set(object.id, object.parent);
      if (object.kind === 'connector') wires.push(object);
      else if (object.kind === 'cluster') late.push(object);
      else this.settle(object);
    }
    for (const object of late) this.settle(object);
    for (const object of wires) this.settle(object);
    for (const id of [...this.parents.keys()]) if (!there.has(id)) this.drop(id);
    this.guessing = false;
  }

  /** All text has been set. */
  get measured(): boolean {
    return this.guessed.size === 0;
  }

  /** Sets text that was put off, for so many milliseconds. Returns what became taller by it, and whether that was all. */
  measureSome(milliseconds: number): { readonly stale: Set<ObjectId>; readonly done: boolean } {
    const until = performance.now() + milliseconds;
    const stale = new Set<ObjectId>();
    for (const id of this.guessed) {
      if (performance.now() >= until) break;
      for (const each of this.measure(id)) stale.add(each);
    }
    return { stale, done: this.guessed.size === 0 };
  }

  /** The same for all that lies here, at once: it is about to be seen from near. */
  measureIn(box: Box): void {
    if (this.guessed.size === 0) return;
    for (const id of this.grid.find(box)) if (this.guessed.has(id)) this.measure(id);
  }

  /** Takes in what changed. Returns everything that is to be drawn anew because of it. */
  update(ids: Iterable<ObjectId>): Set<ObjectId> {
    const stale = new Set<ObjectId>();
    const clusters = new Set<ObjectId>();
    const wires = new Set<ObjectId>();
    for (const id of ids) {
      stale.add(id);
      const object = this.board.get(id);
      if (this.orders.get(id) !== object?.z) this.ranks = undefined;
      const before = this.parents.get(id);
      for (const parent of [before, object?.parent]) this.above(parent, clusters, stale);
      if (!object) {
        for (const wire of this.board.connectors(id)) wires.add(wire.id);
        this.drop(id);
        continue;
      }
      this.parents.set(id, object.parent);
      this.sheets.delete(id);
      if (object.kind === 'connector') {
        wires.add(id);
        // The words of a connector are on the notes it connects.
        for (const end of [object.start?.object, object.end?.object]) if (end) stale.add(end);
      } else if (object.kind === 'cluster') clusters.add(id);
      else this.settle(object);
      for (const wire of this.board.connectors(id)) wires.add(wire.id);
    }
    for (const id of clusters) {
      stale.add(id);
      this.sheets.delete(id);
      const object = this.board.get(id);
      if (object) this.settle(object);
      for (const wire of this.board.connectors(id)) wires.add(wire.id);
    }
    for (const id of wires) {
      stale.add(id);
      const object = this.board.get(id);
      if (object) this.settle(object);
    }
    return stale;
  }

  /** Replaces the offsets of this person's own drag. Returns what moved because of it. */
  offset(ids: Iterable<ObjectId>, dx: number, dy: number): Set<ObjectId> {
    const touched = new Set(this.mine.keys());
    this.mine.clear();
    for (const id of ids) {
      this.mine.set(id, { dx, dy });
      touched.add(id);
    }
    return this.moved(touched);
  }

  /** The same for what others hold. */
  holds(held: Map<ObjectId, Offset>): Set<ObjectId> {
    const touched = new Set([...this.held.keys(), ...held.keys()]);
    for (const id of [...touched]) {
      const [before, now] = [this.held.get(id), held.get(id)];
      if (before && now && before.dx === now.dx && before.dy === now.dy) touched.delete(id);
    }
    this.held = held;
    return this.moved(touched);
  }

  get offsets(): ReadonlySet<ObjectId> {
    return new Set([...this.mine.keys(), ...this.held.keys()]);
  }

  sheet(id: ObjectId): Sheet | undefined {
    let sheet = this.sheets.get(id);
    if (!sheet) {
      const object = this.board.get(id);
      if (!object) return undefined;
      sheet = sheetOf(object, this.type, this);
      this.sheets.set(id, sheet);
      if (this.guessed.has(id)) this.measure(id);
    }
    return sheet;
  }

  /** As drawn, drags included. */
  box(id: ObjectId): Box | undefined {
    return this.grid.box(id);
  }

  route(id: ObjectId): Route | undefined {
    return this.routes.get(id);
  }

  /** What stands on a wire, and where its middle is. */
  word(id: ObjectId): { readonly words: string; readonly at: Point } | undefined {
    return this.labels.get(id);
  }

  /** Higher lies above. */
  rank(id: ObjectId): number {
    if (!this.ranks) {
      this.ranks = new Map();
      this.orders.clear();
      for (const [below, object] of this.board.all().entries()) {
        this.ranks.set(object.id, below + 1);
        this.orders.set(object.id, object.z);
      }
    }
    return this.ranks.get(id) ?? 0;
  }

  /** Whether it lies over or under another sheet, so that the order of drawing matters. */
  isPiled(id: ObjectId): boolean {
    let piled = this.piled.get(id);
    if (piled === undefined) {
      const box = this.grid.box(id);
      piled = false;
      if (box) {
        for (const other of this.grid.find(box)) {
          if (other !== id && isSheet(this.board.get(other))) {
            piled = true;
            break;
          }
        }
      }
      this.piled.set(id, piled);
    }
    return piled;
  }

  /** In an area, its clusters included. */
  notes(area: ObjectId): number {
    let n = this.counts.get(area);
    if (n === undefined) {
      n = 0;
      for (const member of this.board.members(area)) {
        if (member.kind === 'note') n += 1;
        else if (member.kind === 'cluster') n += this.board.members(member.id).filter((each) => each.kind === 'note').length;
      }
      this.counts.set(area, n);
    }
    return n;
  }

  support(cluster: ObjectId): number {
    return this.board.members(cluster).reduce((sum, member) => sum + (member.reactions.get(SUPPORT)?.length ?? 0), 0);
  }

  /** The area something lies in, itself included; null: none. */
  areaOf(id: ObjectId): ObjectId | null {
    let at: ObjectId | null = id;
    for (let step = 0; at !== null && step < 4; step += 1) {
      const object: BoardObject | undefined = this.board.get(at);
      if (!object) return null;
      if (object.kind === 'area') return object.id;
      at = object.parent;
    }
    return null;
  }

  heightOf(object: BoardObject): number {
    return (this.board.get(object.id) === object ? this.sheet(object.id) : undefined)?.h ?? sheetOf(object, this.type, this).h;
  }

  at(point: Point, near: number): readonly Hit[] {
    const found: Hit[] = [];
    const ids = [...this.grid.find({ x: point.x - near, y: point.y - near, w: 2 * near, h: 2 * near })];
    ids.sort((a, b) => layer(this.board.get(b)) - layer(this.board.get(a)) || this.rank(b) - this.rank(a));
    for (const id of ids) {
      const object = this.board.get(id);
      const box = this.grid.box(id);
      if (!object || !box) continue;
      const inside = point.x >= box.x && point.y >= box.y && point.x < box.x + box.w && point.y < box.y + box.h;
      switch (object.kind) {
        case 'connector': {
          const way = this.routes.get(id);
          if (way && distance(way, point) <= near) found.push({ id, part: 'body' });
          break;
        }
        case 'area': {
          const edge = meet(box, { ...point, w: 0.01, h: 0.01 }) && !contains(grown(box, -near), { ...point, w: 0, h: 0 });
          if (edge) found.push({ id, part: 'edge' });
          else if (inside) found.push({ id, part: point.y < box.y + AREA_HEAD ? 'title' : 'body' });
          break;
        }
        case 'cluster': {
          const label = this.label(id);
          if (label && meet(label, { ...point, w: 0.01, h: 0.01 })) found.push({ id, part: 'title' });
          else if (inside) found.push({ id, part: 'body' });
          break;
        }
        default:
          if (inside) found.push({ id, part: 'body' });
      }
    }
    return found;
  }

  within(box: Box, wholly: boolean): ObjectId[] {
    return [...this.grid.find(box)].filter((id) => {
      const object = this.board.get(id);
      if (!object || object.kind === 'connector') return false;
      // An area is caught only whole: its notes would hardly ever be wanted with it.
      return wholly || object.kind === 'area' || object.kind === 'cluster' ? contains(box, this.grid.box(id)!) : true;
    });
  }

  /** The pill at the foot of a cluster. */
  label(id: ObjectId): Box | undefined {
    const box = this.grid.box(id);
    const sheet = this.sheet(id);
    return box && sheet ? { x: box.x + (box.w - sheet.w) / 2, y: box.y + box.h - sheet.h / 2, w: sheet.w, h: sheet.h } : undefined;
  }

  private moved(touched: Set<ObjectId>): Set<ObjectId> {
    const stale = new Set(touched);
    const clusters = new Set<ObjectId>();
    const wires = new Set<ObjectId>();
    for (const id of touched) {
      const object = this.board.get(id);
      if (!object) continue;
      if (object.kind !== 'connector') this.settle(object);
      const parent = object.parent === null ? undefined : this.board.get(object.parent);
      if (parent?.kind === 'cluster') clusters.add(parent.id);
      for (const wire of this.board.connectors(id)) wires.add(wire.id);
    }
    for (const id of clusters) {
      stale.add(id);
      this.settle(this.board.get(id)!);
      for (const wire of this.board.connectors(id)) wires.add(wire.id);
    }
    for (const id of wires) {
      stale.add(id);
      this.settle(this.board.get(id)!);
    }
    return stale;
  }

  private above(parent: ObjectId | null | undefined, clusters: Set<ObjectId>, stale: Set<ObjectId>): void {
    if (parent === null || parent === undefined) return;
    const object = this.board.get(parent);
    if (!object) return;
    if (object.kind === 'cluster') {
      clusters.add(parent);
      this.above(object.parent, clusters, stale);
      return;
    }
    this.counts.delete(parent);
    this.sheets.delete(parent);
    stale.add(parent);
  }

  private settle(object: BoardObject): void {
    const box = this.lies(object);
    const before = this.grid.box(object.id);
    if (before && before.x === box.x && before.y === box.y && before.w === box.w && before.h === box.h) return;
    if (isSheet(object)) this.unpile(object.id, before, box);
    this.grid.put(object.id, box);
  }

  private lies(object: BoardObject): Box {
    if (object.kind === 'connector') {
      const way = route(this.end(object.start), this.end(object.end));
      this.routes.set(object.id, way);
      const words = labelOf(object.relation, plain(object.text));
      if (words === '') this.labels.delete(object.id);
      else this.labels.set(object.id, { words, at: labelPlace(way, this.type.width(WIRE_LABEL, words)) });
      return way.box;
    }
    const by = this.mine.get(object.id) ?? this.held.get(object.id) ?? { dx: 0, dy: 0 };
    if (object.kind === 'cluster') {
      const members = this.board.members(object.id);
      const box = around(members.map((member) => this.grid.box(member.id) ?? this.lies(member)));
      return box ? grown(box, CLUSTER_PAD) : { x: object.x + by.dx, y: object.y + by.dy, w: object.w, h: object.h };
    }
    const at = { x: object.x + by.dx, y: object.y + by.dy, w: object.w };
    if (this.guessing && object.kind === 'note') {
      this.guessed.add(object.id);
      return { ...at, h: object.h };
    }
    return { ...at, h: this.sheet(object.id)!.h };
  }

  /** Returns what is to be drawn anew because of it. */
  private measure(id: ObjectId): Set<ObjectId> {
    this.guessed.delete(id);
    const before = this.grid.box(id)?.h;
    return this.sheet(id)?.h === before ? new Set() : this.moved(new Set([id]));
  }

  private end(end: End | null): Box {
    const box = end?.object ? this.grid.box(end.object) : undefined;
    return box ?? { x: end?.x ?? 0, y: end?.y ?? 0, w: 0, h: 0 };
  }

  private drop(id: ObjectId): void {
    const before = this.grid.box(id);
    if (before) this.unpile(id, before);
    this.grid.remove(id);
    this.sheets.delete(id);
    this.routes.delete(id);
    this.labels.delete(id);
    this.counts.delete(id);
    this.parents.delete(id);
    this.mine.delete(id);
    this.guessed.delete(id);
  }

  private unpile(id: ObjectId, ...boxes: (Box | undefined)[]): void {
    this.piled.delete(id);
    if (this.piled.size === 0) return;
    for (const box of boxes) if (box) for (const other of this.grid.find(box)) this.piled.delete(other);
  }
}

/** Things that lie on the board as paper does; the others are drawn under or between them. */
export function isSheet(object: BoardObject | undefined): boolean {
  return object !== undefined && object.kind !== 'area' && object.kind !== 'cluster' && object.kind !== 'connector';
}

function layer(object: BoardObject | undefined): number {
  switch (object?.kind) {
    case 'area':
      return 0;
    case 'cluster':
      return 1;
    case 'connector':
      return 2;
    default:
      return 3;
  }
}
