// World: the real page of the board — areas as regions, wires, and the options of the listbox — of which only what is
// near is kept. Everything in it is placed in board units; one transform brings it to the screen.
import type { Board, BoardObject, Box, ObjectId } from '../model/types';
import type { Camera, ViewState } from '../view/types';
import styles from './board.module.css';
import { fillOption, makeOption, makePart, setHidden } from './elements';
import { meet } from './grid';
import { hiddenWords, type Now, regionName } from './naming';
import { type Place, readingOrder } from './order';
import type { Scene } from './scene';
import { plain } from './markdown';
import { headOf, pathOf, STROKES } from './wires';

const SVG = 'http://www.w3.org/2000/svg';
const GROUPED = 'data-area';

export class World {
  readonly root = div(styles.world);
  readonly listbox = div(styles.listbox);
  /** For what lies over objects at their scale: a text field. */
  readonly covers = div(styles.covers);
  private readonly areas = div(styles.areas);
  private readonly clusters = div(styles.clusters);
  private readonly wires = document.createElementNS(SVG, 'svg');
  private readonly options = new Map<ObjectId, HTMLElement>();
  private readonly groups = new Map<ObjectId, HTMLElement>();
  private readonly regions = new Map<ObjectId, HTMLElement>();
  private readonly outlines = new Map<ObjectId, HTMLElement>();
  private readonly lines = new Map<ObjectId, SVGGElement>();
  private places: ReadonlyMap<ObjectId, Place> = new Map();
  private finds: ReadonlySet<ObjectId> = new Set();
  private orderStale = true;
  private shown: Camera = { x: 0, y: 0, zoom: 1 };
  private moved = new Set<ObjectId>();

  constructor(
    private readonly board: Board,
    private readonly scene: Scene,
    private readonly doings: (id: ObjectId) => Now,
    label: string,
  ) {
    this.listbox.setAttribute('role', 'listbox');
    this.listbox.setAttribute('aria-multiselectable', 'true');
    this.listbox.setAttribute('aria-label', label);
    this.listbox.tabIndex = 0;
    this.wires.setAttribute('class', styles.wires!);
    this.wires.setAttribute('aria-hidden', 'true');
    this.root.append(this.areas, this.clusters, this.wires, this.listbox, this.covers);
  }

  get mounted(): ReadonlyMap<ObjectId, HTMLElement> {
    return this.options;
  }

  /** Options and wires. */
  *drawn(): Iterable<ObjectId> {
    yield* this.options.keys();
    yield* this.lines.keys();
  }

  element(id: ObjectId): HTMLElement | null {
    return this.options.get(id) ?? null;
  }

  has(id: ObjectId): boolean {
    return this.options.has(id) || this.lines.has(id);
  }

  /** Everything mounted is written anew. */
  refresh(ids: Iterable<ObjectId> = [...this.options.keys(), ...this.lines.keys()]): void {
    for (const id of ids) this.write(id);
    for (const id of this.regions.keys()) this.writeArea(id);
  }

  /** Puts an object into the page, or brings what is there up to date. */
  write(id: ObjectId): void {
    const object = this.board.get(id);
    if (!object) {
      this.remove(id);
      return;
    }
    if (object.kind === 'connector') this.writeWire(object);
    else this.writeOption(object);
    if (object.kind === 'area') this.writeArea(id);
    if (object.kind === 'cluster') this.writeCluster(object);
  }

  /** The option of a connector: only while it is chosen, else its words are on the notes. */
  writeOption(object: BoardObject): void {
    let element = this.options.get(object.id);
    const sheet = this.scene.sheet(object.id);
    if (!sheet) return;
    if (!element) {
      element = makeOption(object);
      element.classList.toggle(styles.found!, this.finds.has(object.id));
      this.options.set(object.id, element);
      this.insert(object.id, element);
    }
    fillOption(element, object, sheet, hiddenWords(object, this.board, this.scene, this.doings(object.id)), (file) => this.scene.options.imageUrl(file, false));
    this.place(object, element);
  }

  /** Only where it is. */
  move(id: ObjectId): void {
    const object = this.board.get(id);
    if (!object) return;
    const element = this.options.get(id);
    if (element) this.place(object, element);
    if (object.kind === 'connector' && this.lines.has(id)) this.writeWire(object);
    if (object.kind === 'area') this.writeArea(id);
    if (object.kind === 'cluster') this.writeCluster(object);
  }

  /** The words that are only heard: others came and went, a connector was drawn. */
  rename(id: ObjectId): void {
    const object = this.board.get(id);
    const element = this.options.get(id);
    if (!object || !element || object.kind === 'area' || object.kind === 'connector') return;
    setHidden(element, hiddenWords(object, this.board, this.scene, this.doings(id)));
  }

  remove(id: ObjectId): void {
    this.options.get(id)?.remove();
    this.options.delete(id);
    this.lines.get(id)?.remove();
    this.lines.delete(id);
    this.moved.delete(id);
    const gone = !this.board.get(id);
    if (gone) {
      this.regions.get(id)?.remove();
      this.regions.delete(id);
      this.outlines.get(id)?.remove();
      this.outlines.delete(id);
      const group = this.groups.get(id);
      if (group) {
        for (const child of [...group.children]) this.listbox.append(child);
        group.remove();
        this.groups.delete(id);
      }
    }
  }

  removeOption(id: ObjectId): void {
    this.options.get(id)?.remove();
    this.options.delete(id);
  }

  /** Selection, focus and editing. `held`: the one that is the tab stop. */
  mark(state: ViewState, ids: Iterable<ObjectId>): void {
    for (const id of ids) {
      const element = this.options.get(id);
      const chosen = state.selection.has(id);
      if (element) {
        element.setAttribute('aria-selected', String(chosen));
        element.classList.toggle(styles.selected!, chosen);
        element.classList.toggle(styles.editing!, state.editing === id);
        element.classList.toggle(styles.target!, state.connecting === id);
        element.tabIndex = state.focused === id ? 0 : -1;
      }
      this.regions.get(id)?.classList.toggle(styles.selected!, chosen);
      this.outlines.get(id)?.classList.toggle(styles.selected!, chosen);
      this.lines.get(id)?.classList.toggle(styles.selected!, chosen);
    }
    const held = state.focused !== null && this.options.has(state.focused);
    this.listbox.tabIndex = held ? -1 : 0;
  }

  found(ids: ReadonlySet<ObjectId>): void {
    this.finds = ids;
    for (const [id, element] of this.options) element.classList.toggle(styles.found!, ids.has(id));
  }

  /** Reading order changed, or may have. */
  reorder(): void {
    this.orderStale = true;
  }

  /** Puts everything mounted in reading order, with its number; at leisure, as nothing seen depends on it. */
  settleOrder(): void {
    if (!this.orderStale) return;
    this.orderStale = false;
    this.places = readingOrder(this.board);
    const sorted = [...this.options].sort(([a], [b]) => this.order(a) - this.order(b));
    const ends = new Map<HTMLElement, Element | null>();
    for (const [id, element] of sorted) {
      const place = this.places.get(id);
      this.number(element, place);
      const parent = this.groupOf(place?.area ?? null);
      const before = ends.get(parent);
      const next: Element | null = before ? before.nextElementSibling : parent.firstElementChild;
      if (element.parentElement !== parent || next !== element) put(parent, element, before ? before.nextElementSibling : parent.firstElementChild);
      ends.set(parent, element);
      const group = this.groups.get(id);
      if (group && element.nextElementSibling !== group) put(parent, group, element.nextElementSibling);
      if (group) ends.set(parent, group);
    }
  }

  at(id: ObjectId): Place | undefined {
    return this.places.get(id);
  }

  /** Brings the page to where the camera is. */
  show(camera: Camera, ratio: number): void {
    const x = Math.round(-camera.x * camera.zoom * ratio) / ratio;
    const y = Math.round(-camera.y * camera.zoom * ratio) / ratio;
    this.root.style.transform = `translate(${x}px, ${y}px) scale(${camera.zoom})`;
    if (camera.zoom !== this.shown.zoom) this.root.style.setProperty('--thick', String(Math.max(1, 1 / camera.zoom)));
    this.shown = camera;
    for (const id of this.moved) {
      const element = this.options.get(id);
      const object = this.board.get(id);
      if (element) {
        element.style.transform = '';
        if (object) this.place(object, element);
      }
    }
    this.moved.clear();
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
      this.moved.add(id);
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
    this.groupOf(place?.area ?? this.areaOf(id)).append(element);
    this.orderStale = true;
  }

  private areaOf(id: ObjectId): ObjectId | null {
    const area = this.scene.areaOf(id);
    return area === id ? null : area;
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
      group.setAttribute(GROUPED, area);
      this.groups.set(area, group);
      this.listbox.append(group);
      this.writeArea(area);
    }
    return group;
  }

  private writeArea(id: ObjectId): void {
    const object = this.board.get(id);
    const sheet = this.scene.sheet(id);
    const box = this.scene.box(id);
    if (!object || !sheet || !box) return;
    const name = regionName(object, this.scene.notes(id));
    const group = this.groups.get(id);
    if (group && group.getAttribute('aria-label') !== name) group.setAttribute('aria-label', name);
    let region = this.regions.get(id);
    if (!region) {
      region = document.createElement('section');
      region.className = styles.area!;
      region.dataset.region = id;
      this.regions.set(id, region);
      this.areas.append(region);
    }
    region.setAttribute('aria-label', name);
    const key = `${name}/${object.prompt}/${sheet.w}`;
    if (region.dataset.drawn !== key) {
      region.dataset.drawn = key;
      region.replaceChildren(
        ...sheet.parts.map((part) => {
          const element = makePart(part, 0);
          if (part.what !== 'title') return element;
          const head = document.createElement('h2');
          head.className = element.className;
          head.style.cssText = element.style.cssText;
          head.textContent = plain(object.text) === '' ? 'Area' : (part.set.lines[0]?.pieces.map((piece) => piece.text).join('') ?? '');
          return head;
        }),
      );
    }
    const style = region.style;
    style.left = `${box.x}px`;
    style.top = `${box.y}px`;
    style.width = `${box.w}px`;
    style.height = `${box.h}px`;
    style.zIndex = String(this.scene.rank(id));
  }

  private writeCluster(object: BoardObject): void {
    const box = this.scene.box(object.id);
    if (!box) return;
    let outline = this.outlines.get(object.id);
    if (!outline) {
      outline = div(styles.cluster);
      this.outlines.set(object.id, outline);
      this.clusters.append(outline);
    }
    const style = outline.style;
    style.left = `${box.x}px`;
    style.top = `${box.y}px`;
    style.width = `${box.w}px`;
    style.height = `${box.h}px`;
  }

  private writeWire(object: BoardObject): void {
    const way = this.scene.route(object.id);
    if (!way) return;
    let line = this.lines.get(object.id);
    if (!line) {
      line = document.createElementNS(SVG, 'g');
      line.dataset.wire = object.id;
      line.append(...(['path', 'path', 'text'] as const).map((name) => document.createElementNS(SVG, name)));
      line.children[0]!.setAttribute('class', styles.way!);
      line.children[1]!.setAttribute('class', styles.way!);
      line.children[2]!.setAttribute('class', styles.word!);
      this.lines.set(object.id, line);
      this.wires.append(line);
    }
    const [curve, head, word] = line.children as unknown as [SVGPathElement, SVGPathElement, SVGTextElement];
    const stroke = STROKES[object.relation];
    curve.setAttribute('d', pathOf(way));
    curve.setAttribute('stroke-dasharray', stroke.dash.join(' '));
    head.setAttribute('d', headOf(way));
    line.setAttribute('stroke-width', String(stroke.width));
    const label = this.scene.word(object.id);
    if (word.textContent !== (label?.words ?? '')) word.textContent = label?.words ?? '';
    if (label) {
      word.setAttribute('x', String(label.at.x));
      word.setAttribute('y', String(label.at.y + 4.5));
    }
    const option = this.options.get(object.id);
    if (option) this.place(object, option);
  }
}

/** What of the mounted page no longer belongs there. */
export function outside(world: World, scene: Scene, view: Box, kept: ReadonlySet<ObjectId>): ObjectId[] {
  const gone: ObjectId[] = [];
  for (const id of world.drawn()) {
    if (kept.has(id)) continue;
    const box = scene.box(id);
    if (!box || !meet(box, view)) gone.push(id);
  }
  return gone;
}

function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
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
