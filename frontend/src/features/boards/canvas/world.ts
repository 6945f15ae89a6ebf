// World: the real page of the board, of which only what is near is kept. Everything in it is placed in board units; one
// transform brings it to the screen. Under the options of the listbox lie regions and lines.
import type { Board, BoardObject, Box, ObjectId } from '../model/types';
import type { Camera, ViewState } from '../view/types';
import styles from './board.module.css';
import { fillOption, makeOption, setHidden } from './elements';
import { Lines } from './lines';
import { hiddenWords, type Now, regionName } from './naming';
import { type Place, readingOrder } from './order';
import { Regions } from './regions';
import type { Scene } from './scene';

const NONE: ReadonlySet<ObjectId> = new Set();

export class World {
  readonly root = div(styles.world);
  readonly listbox = div(styles.listbox);
  /** For what lies over objects at their scale: a text field. */
  readonly covers = div(styles.covers);
  private readonly regions: Regions;
  private readonly lines: Lines;
  private readonly options = new Map<ObjectId, HTMLElement>();
  private readonly groups = new Map<ObjectId, HTMLElement>();
  private places: ReadonlyMap<ObjectId, Place> = new Map();
  private finds = NONE;
  private orderStale = true;
  private shown: Camera = { x: 0, y: 0, zoom: 1 };
  private readonly carried = new Set<ObjectId>();

  constructor(
    private readonly board: Board,
    private readonly scene: Scene,
    private readonly doings: (id: ObjectId) => Now,
    label: string,
  ) {
    this.regions = new Regions(board, scene);
    this.lines = new Lines(scene);
    this.listbox.setAttribute('role', 'listbox');
    this.listbox.setAttribute('aria-multiselectable', 'true');
    this.listbox.setAttribute('aria-label', label);
    this.listbox.tabIndex = 0;
    this.root.append(this.regions.areas, this.regions.clusters, this.lines.root, this.listbox, this.covers);
  }

  /** Options and wires. */
  *drawn(): Iterable<ObjectId> {
    yield* this.options.keys();
    for (const id of this.lines.keys()) if (!this.options.has(id)) yield id;
  }

  element(id: ObjectId): HTMLElement | null {
    return this.options.get(id) ?? null;
  }

  has(id: ObjectId): boolean {
    return this.options.has(id) || this.lines.has(id);
  }

  /** Everything that is here is written anew. */
  refresh(): void {
    for (const id of [...this.drawn()]) this.write(id);
    this.regions.rewrite();
    for (const id of this.groups.keys()) this.nameGroup(id);
  }

  /** Puts an object into the page, or brings what is there up to date. */
  write(id: ObjectId): void {
    const object = this.board.get(id);
    if (!object) {
      this.remove(id);
      return;
    }
    if (object.kind === 'connector') {
      this.lines.write(object);
      // Its option exists only while it is chosen: else its words are on what it connects.
      if (this.options.has(id)) this.writeOption(object);
      return;
    }
    this.writeOption(object);
    this.regions.write(id);
    this.nameGroup(id);
  }

  writeOption(object: BoardObject): void {
    const sheet = this.scene.sheet(object.id);
    if (!sheet) return;
    let element = this.options.get(object.id);
    if (!element) {
      element = makeOption(object);
      element.classList.toggle(styles.found!, this.finds.has(object.id));
      this.options.set(object.id, element);
      this.insert(object.id, element);
    }
    fillOption(element, object, sheet, this.hidden(object), (file) => this.scene.options.imageUrl(file, false));
    this.place(object, element);
  }

  /** Only where it is. */
  move(id: ObjectId): void {
    const object = this.board.get(id);
    if (!object) return;
    const element = this.options.get(id);
    if (element) this.place(object, element);
    if (object.kind === 'connector') {
      if (this.lines.has(id)) this.lines.write(object);
    } else this.regions.write(id);
  }

  /** The words that are only heard: others came and went, a connector was drawn. */
  rename(id: ObjectId): void {
    const object = this.board.get(id);
    const element = this.options.get(id);
    if (object && element) setHidden(element, object, this.hidden(object));
  }

  remove(id: ObjectId): void {
    this.removeOption(id);
    this.lines.remove(id);
    if (this.board.get(id)) return;
    this.regions.remove(id);
    const group = this.groups.get(id);
    if (!group) return;
    for (const child of [...group.children]) put(this.listbox, child, null);
    group.remove();
    this.groups.delete(id);
  }

  removeOption(id: ObjectId): void {
    this.options.get(id)?.remove();
    this.options.delete(id);
    this.carried.delete(id);
  }

  /** Selection, focus, editing: of these objects. */
  mark(state: ViewState, ids: Iterable<ObjectId>): void {
    for (const id of ids) {
      const chosen = state.selection.has(id);
      const element = this.options.get(id);
      if (element) {
        set(element, 'aria-selected', String(chosen));
        element.classList.toggle(styles.selected!, chosen);
        element.classList.toggle(styles.editing!, state.editing === id);
        element.classList.toggle(styles.target!, state.connecting === id);
        setTab(element, state.focused === id ? 0 : -1);
      }
      this.regions.mark(id, chosen);
      this.lines.mark(id, chosen);
    }
    const held = state.focused !== null && this.options.has(state.focused);
    setTab(this.listbox, held ? -1 : 0);
  }

  found(ids: ReadonlySet<ObjectId>): void {
    this.finds = ids;
    for (const [id, element] of this.options) element.classList.toggle(styles.found!, ids.has(id));
  }

  /** Regions of which nothing is to be seen, as in calm mode. */
  veil(shows: (id: ObjectId) => boolean): void {
    this.regions.veil(shows);
  }

  /** Reading order changed, or may have. */
  reorder(): void {
    this.orderStale = true;
  }

  /** Puts everything here in reading order, with its number; at leisure, as nothing that is seen depends on it. */
  settleOrder(): void {
    if (!this.orderStale) return;
    this.orderStale = false;
    this.places = readingOrder(this.board);
    const sorted = [...this.options].sort(([a], [b]) => this.order(a) - this.order(b));
    const ends = new Map<HTMLElement, Element>();
    for (const [id, element] of sorted) {
      const place = this.places.get(id);
      this.number(element, place);
      const parent = this.groupOf(place?.area ?? null);
      for (const each of [element, this.groups.get(id)]) {
        if (!each) continue;
        const before = ends.get(parent);
        const next: Element | null = before ? before.nextElementSibling : parent.firstElementChild;
        if (next !== each) put(parent, each, next);
        ends.set(parent, each);
      }
    }
  }

  /** Brings the page to where the camera is. */
  show(camera: Camera, ratio: number): void {
    const x = Math.round(-camera.x * camera.zoom * ratio) / ratio;
    const y = Math.round(-camera.y * camera.zoom * ratio) / ratio;
    this.root.style.transform = `translate(${x}px, ${y}px) scale(${camera.zoom})`;
    if (camera.zoom !== this.shown.zoom) this.root.style.setProperty('--thick', String(Math.max(1, 1 / camera.zoom)));
    this.shown = camera;
    for (const id of this.carried) {
      const element = this.options.get(id);
      if (element) element.style.transform = '';
    }
    this.carried.clear();
    this.covers.style.transform = '';
  }

  /**
   * While the camera moves only these few follow it, each by itself: moving the whole page under a changing scale is
   * what makes large boards stutter.
   */
  carry(camera: Camera, ids: Iterable<ObjectId>): void {
    const scale = camera.zoom / this.shown.zoom;
    const left = this.shown.x - camera.x * scale;
    const top = this.shown.y - camera.y * scale;
    for (const id of ids) {
      const element = this.options.get(id);
      const box = element && this.boxOf(id);
      if (!element || !box) continue;
      element.style.transform = `translate(${left + box.x * (scale - 1)}px, ${top + box.y * (scale - 1)}px) scale(${scale})`;
      this.carried.add(id);
    }
    if (this.covers.childElementCount > 0) this.covers.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  moving(on: boolean, kept: ReadonlySet<ObjectId>): void {
    this.root.classList.toggle(styles.moving!, on);
    if (!on) return;
    for (const [id, element] of this.options) element.classList.toggle(styles.kept!, kept.has(id));
  }

  keep(id: ObjectId, on: boolean): void {
    this.options.get(id)?.classList.toggle(styles.kept!, on);
  }

  private hidden(object: BoardObject): string {
    return hiddenWords(object, this.board, this.scene, this.doings(object.id));
  }

  private boxOf(id: ObjectId): Box | undefined {
    const object = this.board.get(id);
    if (object?.kind === 'cluster') return this.scene.label(id);
    if (object?.kind === 'connector') {
      const middle = this.scene.route(id)?.wire.label;
      return middle && { x: middle.x - 12, y: middle.y - 12, w: 24, h: 24 };
    }
    return this.scene.box(id);
  }

  private place(object: BoardObject, element: HTMLElement): void {
    const box = this.boxOf(object.id);
    if (!box) return;
    const style = element.style;
    style.left = `${box.x}px`;
    style.top = `${box.y}px`;
    style.width = `${box.w}px`;
    style.height = object.kind === 'area' ? '40px' : `${box.h}px`;
    style.zIndex = String(object.kind === 'area' ? 0 : this.scene.rank(object.id));
  }

  private insert(id: ObjectId, element: HTMLElement): void {
    const place = this.places.get(id);
    this.number(element, place);
    const area = this.scene.areaOf(id);
    this.groupOf(place?.area ?? (area === id ? null : area)).append(element);
    this.orderStale = true;
  }

  private order(id: ObjectId): number {
    return this.places.get(id)?.at ?? Number.MAX_SAFE_INTEGER;
  }

  private number(element: HTMLElement, place: Place | undefined): void {
    if (!place) return;
    set(element, 'aria-posinset', String(place.position));
    set(element, 'aria-setsize', String(place.of));
  }

  /** The options of one area are one group of the listbox, named as the area is. */
  private groupOf(area: ObjectId | null): HTMLElement {
    if (area === null) return this.listbox;
    let group = this.groups.get(area);
    if (!group) {
      group = div();
      group.setAttribute('role', 'group');
      this.groups.set(area, group);
      this.nameGroup(area);
      this.listbox.append(group);
    }
    return group;
  }

  private nameGroup(area: ObjectId): void {
    const group = this.groups.get(area);
    const object = this.board.get(area);
    if (group && object) set(group, 'aria-label', regionName(object, this.scene.notes(area)));
  }
}

function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Written again, even the same number makes the browser think all that is inside over. */
function setTab(element: HTMLElement, to: 0 | -1): void {
  if (element.tabIndex !== to) element.tabIndex = to;
}

/** Moves an element without the page forgetting that it has focus. */
function put(parent: HTMLElement, element: Element, before: Element | null): void {
  const movable = parent as HTMLElement & { moveBefore?: (node: Node, child: Node | null) => void };
  if (element.isConnected && parent.isConnected && movable.moveBefore) {
    movable.moveBefore(element, before);
    return;
  }
  const active = document.activeElement;
  const inside = active instanceof HTMLElement && element.contains(active);
  parent.insertBefore(element, before);
  if (inside) active.focus({ preventScroll: true });
}

function div(className?: string): HTMLDivElement {
  const element = document.createElement('div');
  if (className) element.className = className;
  return element;
}
