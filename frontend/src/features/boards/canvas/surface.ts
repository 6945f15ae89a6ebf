// Surface: the canvas element behind the page, its size in real pixels, and the colours it draws with.
import type { BoardObject, ObjectId } from '../model/types';
import type { Camera } from '../view/types';
import styles from './board.module.css';
import { drawingOn } from './drawing';
import { paintGround } from './ground';
import { paint } from './paint';
import { type Palette, readPalette } from './palette';
import { Pictures } from './pictures';
import type { Scene } from './scene';

export class Surface {
  readonly element = document.createElement('canvas');
  w = 0;
  h = 0;
  ratio = 1;
  palette: Palette;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly pictures: Pictures;

  constructor(
    private readonly host: HTMLElement,
    arrived: () => void,
  ) {
    this.element.className = styles.canvas!;
    this.element.setAttribute('aria-hidden', 'true');
    this.context = drawingOn(this.element, { alpha: false });
    this.pictures = new Pictures(arrived);
    this.palette = readPalette(host);
  }

  readColours(): void {
    this.palette = readPalette(this.host);
  }

  /** Whether it is another size than before. */
  resize(w: number, h: number, ratio: number): boolean {
    if (w === this.w && h === this.h && ratio === this.ratio) return false;
    this.w = w;
    this.h = h;
    this.ratio = ratio;
    this.element.width = Math.max(1, Math.ceil(w * ratio));
    this.element.height = Math.max(1, Math.ceil(h * ratio));
    this.element.style.width = `${this.element.width / ratio}px`;
    this.element.style.height = `${this.element.height / ratio}px`;
    return true;
  }

  ground(camera: Camera): void {
    const { context, w, h, ratio, palette } = this;
    if (context) paintGround({ context, camera, w, h, ratio, palette });
  }

  board(camera: Camera, scene: Scene, selection: ReadonlySet<ObjectId>, skip: ReadonlySet<ObjectId>, shows: (object: BoardObject) => boolean): void {
    const { context, w, h, ratio, palette, pictures } = this;
    if (context) paint({ context, camera, w, h, ratio, palette, scene, pictures, selection, skip, shows });
  }
}
