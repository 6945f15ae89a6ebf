// Minimap: the whole board in a corner, with a window that can be dragged. Pointer only: the outline and the list of
// areas are the same for the keyboard, so nothing in it is a tab stop.
import type { BoardObject, Box } from '../model/types';
import type { BoardView, Camera } from '../view/types';
import styles from './board.module.css';
import { drawingOn } from './drawing';
import { around } from './grid';
import { plain } from './markdown';
import type { Palette } from './palette';
import type { Scene } from './scene';
import { paperOf } from './sheets';

const WIDEST = 200;
const TALLEST = 140;
const PAD = 6;
const EVERY_MS = 300;
const LEAST_TARGET = 24;

export class Minimap {
  readonly root = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly window = document.createElement('div');
  private readonly names = document.createElement('div');
  private scale = 0;
  private left = 0;
  private top = 0;
  private timer = 0;
  private drag: { dx: number; dy: number } | null = null;
  private shown = false;

  constructor(
    private readonly view: BoardView,
    private readonly scene: Scene,
    private palette: Palette,
    private readonly shows: (object: BoardObject) => boolean,
  ) {
    const { root } = this;
    root.className = styles.minimap!;
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', 'Overview of the board');
    root.hidden = true;
    this.canvas.setAttribute('aria-hidden', 'true');
    this.window.className = styles.window!;
    this.names.className = styles.names!;
    root.append(this.canvas, this.names, this.window);
    root.addEventListener('pointerdown', this.down);
    root.addEventListener('pointermove', this.move);
    root.addEventListener('pointerup', this.up);
    root.addEventListener('pointercancel', this.up);
    // Turning the wheel over it is meant for nothing below it.
    root.addEventListener('wheel', (event) => event.stopPropagation(), { passive: true });
  }

  show(on: boolean): void {
    if (this.shown === on) return;
    this.shown = on;
    this.root.hidden = !on;
    if (on) this.draw();
  }

  repaint(palette: Palette): void {
    this.palette = palette;
    this.draw();
  }

  /** Something changed: drawn soon, not often. */
  stale(): void {
    if (!this.shown || this.timer !== 0) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.draw();
    }, EVERY_MS);
  }

  follow(camera: Camera, w: number, h: number): void {
    if (!this.shown || this.scale === 0) return;
    const style = this.window.style;
    const [wide, tall] = [this.canvas.clientWidth || WIDEST, this.canvas.clientHeight || TALLEST];
    const x = Math.max(0, (camera.x - this.left) * this.scale);
    const y = Math.max(0, (camera.y - this.top) * this.scale);
    const right = Math.min(wide, (camera.x + w / camera.zoom - this.left) * this.scale);
    const bottom = Math.min(tall, (camera.y + h / camera.zoom - this.top) * this.scale);
    style.transform = `translate(${Math.min(x, wide - 8)}px, ${Math.min(y, tall - 8)}px)`;
    style.width = `${Math.max(8, right - x)}px`;
    style.height = `${Math.max(8, bottom - y)}px`;
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.root.remove();
  }

  private draw(): void {
    if (!this.shown) return;
    const { scene, palette } = this;
    const objects = scene.board.all().filter((object) => object.kind !== 'connector' && this.shows(object));
    const all = around(objects.map((object) => scene.box(object.id)).filter((box): box is Box => box !== undefined));
    const ratio = window.devicePixelRatio || 1;
    const box = all ?? { x: 0, y: 0, w: 1_000, h: 700 };
    this.scale = Math.min((WIDEST - 2 * PAD) / box.w, (TALLEST - 2 * PAD) / box.h, 0.25);
    const wide = Math.max(80, Math.round(box.w * this.scale) + 2 * PAD);
    const tall = Math.max(56, Math.round(box.h * this.scale) + 2 * PAD);
    this.left = box.x + box.w / 2 - wide / 2 / this.scale;
    this.top = box.y + box.h / 2 - tall / 2 / this.scale;
    this.canvas.width = wide * ratio;
    this.canvas.height = tall * ratio;
    this.canvas.style.width = `${wide}px`;
    this.canvas.style.height = `${tall}px`;
    this.names.replaceChildren(...objects.filter(({ kind }) => kind === 'area').map((area) => this.name(area)));
    const { w, h } = this.view.viewport();
    this.follow(this.view.camera(), w, h);
    const context = drawingOn(this.canvas);
    if (!context) return;
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const scale = this.scale * ratio;
    context.setTransform(scale, 0, 0, scale, -this.left * scale, -this.top * scale);
    const sheets: BoardObject[] = [];
    for (const object of objects) {
      if (object.kind === 'area') this.area(context, object);
      else if (object.kind !== 'cluster') sheets.push(object);
    }
    for (const object of sheets) {
      const at = scene.box(object.id)!;
      const paper = paperOf(object);
      context.fillStyle = paper === null ? palette.ink['ink-3'] : paper === 'card' ? palette.surface : palette.papers[paper];
      const least = 1.5 / this.scale;
      context.fillRect(at.x, at.y, Math.max(least, at.w), Math.max(least, at.h));
      if (palette.outlined) {
        context.strokeStyle = palette.edge;
        context.lineWidth = 1 / this.scale;
        context.strokeRect(at.x, at.y, at.w, at.h);
      }
    }
  }

  private area(context: CanvasRenderingContext2D, object: BoardObject): void {
    const box = this.scene.box(object.id)!;
    context.fillStyle = this.palette.surface;
    context.globalAlpha = this.palette.veil;
    context.fillRect(box.x, box.y, box.w, box.h);
    context.globalAlpha = 1;
    context.strokeStyle = this.palette.lineCtl;
    context.lineWidth = 1 / this.scale;
    context.strokeRect(box.x, box.y, box.w, box.h);
  }

  private name(object: BoardObject): HTMLElement {
    const box = this.scene.box(object.id)!;
    const name = document.createElement('button');
    name.type = 'button';
    name.tabIndex = -1;
    name.textContent = plain(object.text) || 'Area';
    const style = name.style;
    style.left = `${(box.x - this.left) * this.scale}px`;
    style.top = `${(box.y - this.top) * this.scale}px`;
    style.width = `${Math.max(LEAST_TARGET, box.w * this.scale)}px`;
    style.height = `${LEAST_TARGET}px`;
    name.addEventListener('click', () => this.view.fit(this.scene.box(object.id), { glide: true }));
    return name;
  }

  private readonly down = (event: PointerEvent): void => {
    event.stopPropagation();
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    event.preventDefault();
    this.root.setPointerCapture(event.pointerId);
    const at = this.board(event);
    const camera = this.view.camera();
    const { w, h } = this.view.viewport();
    const [wide, tall] = [w / camera.zoom, h / camera.zoom];
    const inside = at.x >= camera.x && at.y >= camera.y && at.x <= camera.x + wide && at.y <= camera.y + tall;
    this.drag = inside ? { dx: at.x - camera.x, dy: at.y - camera.y } : { dx: wide / 2, dy: tall / 2 };
    this.move(event);
  };

  private readonly move = (event: PointerEvent): void => {
    if (!this.drag) return;
    event.stopPropagation();
    const at = this.board(event);
    this.view.look({ x: at.x - this.drag.dx, y: at.y - this.drag.dy, zoom: this.view.camera().zoom });
  };

  private readonly up = (event: PointerEvent): void => {
    event.stopPropagation();
    this.drag = null;
  };

  private board(event: PointerEvent): { x: number; y: number } {
    const rect = this.canvas.getBoundingClientRect();
    return { x: this.left + (event.clientX - rect.left) / this.scale, y: this.top + (event.clientY - rect.top) / this.scale };
  }
}
