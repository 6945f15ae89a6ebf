// Overlay: what lies over the board in CSS pixels — guides, the marquee, handles, and what the others do.
import type { Box, ObjectId, Point } from '../model/types';
import type { Camera } from '../view/types';
import styles from './board.module.css';
import { svgIcon } from './icons';
import { type Guide, type Other, SIDES, type Side } from './types';
import { headOf, pathOf, route } from './wires';

const SVG = 'http://www.w3.org/2000/svg';
const IDLE_MS = 3_000;
const GAP = 8;
const HANDLE_ALL = 0.5;
const HANDLE_SOME = 0.25;
const HANDLE_WORDS: Record<Side, string> = { left: 'Add a note to the left', right: 'Add a note to the right', above: 'Add a note above', below: 'Add a note below' };
const ARROW = 'M4 3l15 7-6.500 2L10 19z';

interface Place {
  readonly camera: Camera;
  readonly w: number;
  readonly h: number;
}

interface Tracked {
  readonly id: ObjectId;
  readonly side: Side;
  w: number;
  h: number;
  stop(): void;
}

interface Seen {
  readonly element: HTMLElement;
  readonly chat: HTMLElement;
  at: string;
  timer: number;
}

export class Overlay {
  readonly root = div(styles.overlay);
  private readonly others = div(styles.others);
  private readonly tools = div(styles.guides);
  private readonly marquee = div(styles.marquee);
  private readonly drop = div(styles.drop);
  private readonly line = document.createElementNS(SVG, 'svg');
  private readonly handles = new Map<Side, HTMLButtonElement>();
  private readonly cursors = new Map<number, Seen>();
  private readonly rings = new Map<string, { element: HTMLElement; id: ObjectId }>();
  private readonly tracked = new Map<HTMLElement, Tracked>();
  private guides: readonly Guide[] = [];
  private marqueeBox: Box | null = null;
  private dropBox: Box | null = null;
  private lineTo: { from: ObjectId; to: Point } | null = null;
  private handled: ObjectId | null = null;
  private people: readonly Other[] = [];
  private last: Place = { camera: { x: 0, y: 0, zoom: 1 }, w: 0, h: 0 };

  constructor(
    private readonly boxOf: (id: ObjectId) => Box | undefined,
    private readonly showsCursors: () => boolean,
  ) {
    this.others.setAttribute('aria-hidden', 'true');
    this.tools.setAttribute('aria-hidden', 'true');
    this.line.setAttribute('class', styles.line_!);
    this.line.setAttribute('aria-hidden', 'true');
    this.line.append(document.createElementNS(SVG, 'path'), document.createElementNS(SVG, 'path'));
    for (const element of [this.marquee, this.drop]) {
      element.setAttribute('aria-hidden', 'true');
      element.hidden = true;
    }
    this.line.style.display = 'none';
    for (const side of SIDES) {
      const handle = document.createElement('button');
      handle.type = 'button';
      handle.tabIndex = -1;
      handle.className = styles.handle!;
      handle.dataset.side = side;
      handle.setAttribute('aria-label', HANDLE_WORDS[side]);
      handle.append(svgIcon('plus', 16));
      handle.hidden = true;
      this.handles.set(side, handle);
    }
    this.root.append(this.others, this.tools, this.line, this.marquee, this.drop, ...this.handles.values());
  }

  /** Where everything lies now; no element is read here. */
  place(camera: Camera, w: number, h: number): void {
    this.last = { camera, w, h };
    for (const { element, id } of this.rings.values()) this.placeBox(element, this.boxOf(id), 4);
    for (const other of this.people) this.placeCursor(other);
    this.placeGuides();
    this.placeBox(this.marquee, this.marqueeBox ?? undefined);
    this.placeBox(this.drop, this.dropBox ?? undefined);
    this.placeLine();
    this.placeHandles();
    for (const [element, tracked] of this.tracked) this.placeTracked(element, tracked);
  }

  /** After objects moved while the camera stood still. */
  again(): void {
    this.place(this.last.camera, this.last.w, this.last.h);
  }

  showGuides(guides: readonly Guide[]): void {
    this.guides = guides;
    while (this.tools.childElementCount > guides.length) this.tools.lastElementChild!.remove();
    while (this.tools.childElementCount < guides.length) {
      const guide = div(styles.guide);
      guide.append(document.createElement('span'));
      this.tools.append(guide);
    }
    this.placeGuides();
  }

  showMarquee(box: Box | null): void {
    this.marqueeBox = box;
    this.placeBox(this.marquee, box ?? undefined);
  }

  showDrop(hint: { readonly box: Box; readonly words?: string } | null): void {
    this.dropBox = hint?.box ?? null;
    const words = hint?.words ?? '';
    if (this.drop.textContent !== words) this.drop.textContent = words;
    this.drop.classList.toggle(styles.worded!, words !== '');
    this.placeBox(this.drop, hint?.box);
  }

  showLine(line: { readonly from: ObjectId; readonly to: Point } | null): void {
    this.lineTo = line;
    this.placeLine();
  }

  showHandles(id: ObjectId | null): void {
    this.handled = id;
    this.placeHandles();
  }

  track(element: HTMLElement, id: ObjectId, side: Side): () => void {
    this.tracked.get(element)?.stop();
    const tracked: Tracked = { id, side, w: element.offsetWidth, h: element.offsetHeight, stop: () => undefined };
    const sizes = new ResizeObserver(() => {
      tracked.w = element.offsetWidth;
      tracked.h = element.offsetHeight;
      this.placeTracked(element, tracked);
    });
    tracked.stop = () => {
      sizes.disconnect();
      if (this.tracked.get(element) === tracked) this.tracked.delete(element);
    };
    this.tracked.set(element, tracked);
    element.classList.add(styles.tracked!);
    sizes.observe(element);
    this.placeTracked(element, tracked);
    return tracked.stop;
  }

  /** To be placed after that. */
  setOthers(people: readonly Other[]): void {
    this.people = people;
    const rings = new Set<string>();
    const here = new Set<number>();
    for (const other of people) {
      here.add(other.client);
      for (const id of other.selection) this.ring(rings, other, id, 'chosen', other.name);
      if (other.editing) this.ring(rings, other, other.editing, 'writes', `${other.name} is writing`);
      // One flag is enough for a heap that moves together.
      for (const [at, id] of (other.hold?.ids ?? []).entries()) this.ring(rings, other, id, 'moves', at === 0 ? `${other.name} is moving this` : '');
      this.cursor(other);
    }
    for (const [key, ring] of this.rings) {
      if (rings.has(key)) continue;
      ring.element.remove();
      this.rings.delete(key);
    }
    for (const [client, seen] of this.cursors) {
      if (here.has(client)) continue;
      clearTimeout(seen.timer);
      seen.element.remove();
      this.cursors.delete(client);
    }
  }

  destroy(): void {
    for (const seen of this.cursors.values()) clearTimeout(seen.timer);
    for (const tracked of [...this.tracked.values()]) tracked.stop();
    this.root.remove();
  }

  private ring(rings: Set<string>, other: Other, id: ObjectId, what: 'chosen' | 'writes' | 'moves', words: string): void {
    // Holding says more than having chosen.
    if (what === 'chosen' && (other.hold?.ids.includes(id) || other.editing === id)) return;
    const key = `${other.client}/${id}`;
    rings.add(key);
    let ring = this.rings.get(key);
    if (!ring) {
      const element = div();
      element.append(document.createElement('span'));
      ring = { element, id };
      this.rings.set(key, ring);
      this.others.append(element);
    }
    become(ring.element, `${styles.ring} ${what === 'moves' ? styles.dashed : ''} ${other.colour}`);
    const flag = ring.element.firstElementChild as HTMLElement;
    if (flag.textContent !== words) flag.textContent = words;
    flag.hidden = words === '';
  }

  private cursor(other: Other): void {
    let seen = this.cursors.get(other.client);
    if (!seen) {
      const element = div();
      const svg = document.createElementNS(SVG, 'svg');
      svg.setAttribute('viewBox', '0 0 24 24');
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('d', ARROW);
      svg.append(path);
      const name = document.createElement('span');
      const chat = document.createElement('p');
      element.append(svg, name, chat);
      seen = { element, chat, at: '', timer: 0 };
      this.cursors.set(other.client, seen);
      this.others.append(element);
    }
    const { element, chat } = seen;
    const name = element.children[1] as HTMLElement;
    if (name.textContent !== other.name) name.textContent = other.name;
    const words = other.chat ?? '';
    if (chat.textContent !== words) chat.textContent = words;
    chat.hidden = words === '';
    const at = other.cursor ? `${other.cursor.x}/${other.cursor.y}/${words}` : '';
    const awake = `${styles.cursor} ${other.colour}`;
    if (at === seen.at) {
      become(element, seen.timer === 0 ? `${awake} ${styles.idle}` : awake);
      return;
    }
    become(element, awake);
    seen.at = at;
    clearTimeout(seen.timer);
    const now = seen;
    seen.timer = window.setTimeout(() => {
      now.timer = 0;
      element.classList.add(styles.idle!);
    }, IDLE_MS);
  }

  private placeCursor(other: Other): void {
    const seen = this.cursors.get(other.client);
    if (!seen) return;
    const { camera, w, h } = this.last;
    const point = other.cursor;
    const shown = point !== null && this.showsCursors();
    seen.element.hidden = !shown;
    if (!shown) return;
    const x = (point.x - camera.x) * camera.zoom;
    const y = (point.y - camera.y) * camera.zoom;
    seen.element.hidden = x < -40 || y < -40 || x > w + 40 || y > h + 40;
    seen.element.style.transform = `translate(${x}px, ${y}px)`;
  }

  private placeBox(element: HTMLElement, box: Box | undefined, out = 0): void {
    const { camera, w, h } = this.last;
    if (!box) {
      element.hidden = true;
      return;
    }
    const x = (box.x - camera.x) * camera.zoom - out;
    const y = (box.y - camera.y) * camera.zoom - out;
    const wide = box.w * camera.zoom + 2 * out;
    const tall = box.h * camera.zoom + 2 * out;
    element.hidden = x > w || y > h || x + wide < 0 || y + tall < 0;
    if (element.hidden) return;
    element.style.transform = `translate(${x}px, ${y}px)`;
    element.style.width = `${wide}px`;
    element.style.height = `${tall}px`;
  }

  private placeGuides(): void {
    const { camera } = this.last;
    this.guides.forEach((guide, at) => {
      const element = this.tools.children[at] as HTMLElement;
      const x = (Math.min(guide.from.x, guide.to.x) - camera.x) * camera.zoom;
      const y = (Math.min(guide.from.y, guide.to.y) - camera.y) * camera.zoom;
      const wide = Math.abs(guide.to.x - guide.from.x) * camera.zoom;
      const tall = Math.abs(guide.to.y - guide.from.y) * camera.zoom;
      element.style.transform = `translate(${x}px, ${y}px)`;
      element.style.width = `${Math.max(1, wide)}px`;
      element.style.height = `${Math.max(1, tall)}px`;
      element.classList.toggle(styles.gap!, guide.gap !== undefined);
      const words = guide.gap === undefined ? '' : String(Math.round(guide.gap));
      const label = element.firstElementChild as HTMLElement;
      if (label.textContent !== words) label.textContent = words;
      label.hidden = words === '';
    });
  }

  private placeLine(): void {
    const from = this.lineTo ? this.boxOf(this.lineTo.from) : undefined;
    this.line.style.display = from ? '' : 'none';
    if (!from || !this.lineTo) return;
    const { camera, w, h } = this.last;
    this.line.setAttribute('width', String(w));
    this.line.setAttribute('height', String(h));
    const screen = (box: Box): Box => ({ x: (box.x - camera.x) * camera.zoom, y: (box.y - camera.y) * camera.zoom, w: box.w * camera.zoom, h: box.h * camera.zoom });
    const way = route(screen(from), screen({ ...this.lineTo.to, w: 0, h: 0 }));
    this.line.children[0]!.setAttribute('d', pathOf(way));
    this.line.children[1]!.setAttribute('d', headOf(way));
  }

  private placeHandles(): void {
    const { camera } = this.last;
    const box = this.handled === null ? undefined : this.boxOf(this.handled);
    for (const [side, handle] of this.handles) {
      const shown = box !== undefined && camera.zoom >= HANDLE_SOME && (camera.zoom >= HANDLE_ALL || side === 'below');
      handle.hidden = !shown;
      if (!shown) continue;
      const point = beside(box, side, 18 / camera.zoom);
      handle.style.transform = `translate(${(point.x - camera.x) * camera.zoom}px, ${(point.y - camera.y) * camera.zoom}px) translate(-50%, -50%)`;
    }
  }

  private placeTracked(element: HTMLElement, tracked: Tracked): void {
    const { camera, w, h } = this.last;
    const box = this.boxOf(tracked.id);
    const x = box ? (box.x - camera.x) * camera.zoom : 0;
    const y = box ? (box.y - camera.y) * camera.zoom : 0;
    const wide = (box?.w ?? 0) * camera.zoom;
    const tall = (box?.h ?? 0) * camera.zoom;
    const away = !box || x > w || y > h || x + wide < 0 || y + tall < 0;
    element.style.visibility = away ? 'hidden' : '';
    if (away) return;
    let left = x;
    let top = y;
    switch (tracked.side) {
      case 'below':
        top = y + tall + GAP;
        if (top + tracked.h > h - GAP && y - GAP - tracked.h > GAP) top = y - GAP - tracked.h;
        break;
      case 'above':
        top = y - GAP - tracked.h;
        if (top < GAP) top = y + tall + GAP;
        break;
      case 'left':
        left = x - GAP - tracked.w;
        if (left < GAP) left = x + wide + GAP;
        break;
      case 'right':
        left = x + wide + GAP;
        if (left + tracked.w > w - GAP) left = x - GAP - tracked.w;
        break;
    }
    left = Math.round(Math.max(GAP, Math.min(left, w - tracked.w - GAP)));
    top = Math.round(Math.max(GAP, Math.min(top, h - tracked.h - GAP)));
    element.style.transform = `translate(${left}px, ${top}px)`;
  }
}

/** Outside the middle of a side. */
function beside(box: Box, side: Side, clear: number): Point {
  switch (side) {
    case 'left':
      return { x: box.x - clear, y: box.y + box.h / 2 };
    case 'right':
      return { x: box.x + box.w + clear, y: box.y + box.h / 2 };
    case 'above':
      return { x: box.x + box.w / 2, y: box.y - clear };
    case 'below':
      return { x: box.x + box.w / 2, y: box.y + box.h + clear };
  }
}

/** Many are told of often, and few of them look different each time. */
function become(element: Element, className: string): void {
  if (element.className !== className) element.className = className;
}

function div(className?: string): HTMLDivElement {
  const element = document.createElement('div');
  if (className) element.className = className;
  return element;
}
