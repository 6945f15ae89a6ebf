// Stock: what of the board is in the page. It follows the camera at leisure: what came near is put in a slice a frame,
// what is far is taken out when nothing happens.
import type { Board, BoardObject, Box, ObjectId } from '../model/types';
import type { Camera } from '../view/types';
import { contains, grown, meet } from './grid';
import type { Scene } from './scene';
import type { World } from './world';

/** Options put into the page per frame. */
const SLICE = 80;
const MOST_OUT = 4 * SLICE;
/** Kept in the page round what is seen, in CSS pixels. */
const MARGIN = 260;
/** A rectangle left from farther out holds too much: it is drawn anew. */
const ROOMY = 2.5;

export class Stock {
  /** What lies in here is in the page; null: nothing is sure to be. */
  private near: Box | null = null;
  private queue: ObjectId[] = [];
  private readonly written = new Map<ObjectId, BoardObject>();

  constructor(
    private readonly board: Board,
    private readonly scene: Scene,
    private readonly world: World,
    private readonly shows: (object: BoardObject) => boolean,
  ) {}

  /** The next gathering looks at everything near again. */
  doubt(): void {
    this.near = null;
    this.queue = [];
  }

  /** The camera moved on before all was put in. */
  interrupt(): void {
    if (this.queue.length > 0) this.doubt();
  }

  /** Plans what has to be put in for this view. A view that has not left the last rectangle needs nothing. */
  gather(camera: Camera, w: number, h: number): void {
    const seen: Box = { x: camera.x, y: camera.y, w: w / camera.zoom, h: h / camera.zoom };
    const margin = MARGIN / camera.zoom;
    if (this.near && contains(this.near, seen) && this.near.w <= ROOMY * (seen.w + 2 * margin)) return;
    this.near = grown(seen, margin);
    this.scene.measureIn(this.near);
    this.queue = [...this.scene.grid.find(this.near)].filter((id) => {
      const object = this.board.get(id);
      return object !== undefined && !this.world.has(id) && this.shows(object);
    });
  }

  /** One frame's worth. Returns what was put in. */
  putSome(): readonly ObjectId[] {
    const slice = this.queue.splice(0, SLICE);
    for (const id of slice) this.write(id);
    return slice;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Whether one frame is enough for what waits. */
  get few(): boolean {
    return this.queue.length <= SLICE;
  }

  write(id: ObjectId): void {
    this.world.write(id);
    this.remember(id);
  }

  remember(id: ObjectId): void {
    const object = this.board.get(id);
    if (object) this.written.set(id, object);
  }

  /** The page as a whole was written anew. */
  rewrite(): void {
    this.written.clear();
    for (const id of [...this.world.drawn()]) {
      const object = this.board.get(id);
      if (!object || !this.shows(object)) this.world.remove(id);
    }
    for (const object of this.board.all()) if (object.kind === 'area' && this.shows(object)) this.world.write(object.id);
    this.world.refresh();
    for (const id of this.world.drawn()) this.remember(id);
    this.doubt();
  }

  /**
   * An object changed: brings the page up to date with it. `kept`: it is there wherever it lies. `anew`: something that
   * is said with it changed, and not the object.
   */
  update(object: BoardObject, kept: boolean, near: boolean, anew: boolean): { readonly moved: boolean; readonly reworded: boolean } {
    const { id } = object;
    const old = this.written.get(id);
    const moved = old?.parent !== object.parent || old.x !== object.x || old.y !== object.y;
    const reworded = old?.text !== object.text;
    if (this.world.has(id)) {
      // What an area or cluster says depends on its members too.
      const grouping = object.kind === 'area' || object.kind === 'cluster';
      if (old && !anew && !grouping && onlyMoved(old, object)) this.world.move(id);
      else this.world.write(id);
      this.remember(id);
    } else if (this.wanted(object, kept, near)) this.write(id);
    return { moved, reworded };
  }

  remove(id: ObjectId): void {
    this.world.remove(id);
    this.written.delete(id);
  }

  /** Takes out what is far from what is seen. Whether there is more of it. */
  trim(kept: ReadonlySet<ObjectId>, selection: ReadonlySet<ObjectId>): boolean {
    if (!this.near) return false;
    const edge = grown(this.near, MARGIN);
    const gone: ObjectId[] = [];
    for (const id of this.world.drawn()) {
      if (kept.has(id) || selection.has(id) || this.board.get(id)?.kind === 'area') continue;
      const box = this.scene.box(id);
      if (!box || !meet(box, edge)) gone.push(id);
    }
    for (const id of gone.slice(0, MOST_OUT)) this.remove(id);
    return gone.length > MOST_OUT;
  }

  private wanted(object: BoardObject, kept: boolean, near: boolean): boolean {
    if (!this.shows(object)) return false;
    if (object.kind === 'area' || kept) return true;
    const box = near && this.near ? this.scene.box(object.id) : undefined;
    return box !== undefined && meet(box, this.near!);
  }
}

function onlyMoved(before: BoardObject, now: BoardObject): boolean {
  for (const key of Object.keys(now) as (keyof BoardObject)[]) {
    if (key !== 'x' && key !== 'y' && key !== 'z' && before[key] !== now[key]) return false;
  }
  return true;
}
