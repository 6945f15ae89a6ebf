// Regions: what lies under the notes and groups them — areas, as named regions of the page, and outlines of clusters.
import type { Board, BoardObject, Box, ObjectId } from '../model/types';
import styles from './board.module.css';
import { makePart } from './elements';
import { regionName } from './naming';
import type { Scene } from './scene';
import type { Part } from './sheets';

export class Regions {
  readonly areas = document.createElement('div');
  readonly clusters = document.createElement('div');
  private readonly elements = new Map<ObjectId, HTMLElement>();

  constructor(
    private readonly board: Board,
    private readonly scene: Scene,
  ) {
    this.areas.className = styles.areas!;
    this.clusters.className = styles.clusters!;
  }

  write(id: ObjectId): void {
    const object = this.board.get(id);
    if (object?.kind === 'area') this.writeArea(object);
    else if (object?.kind === 'cluster') this.writeCluster(object);
  }

  rewrite(): void {
    for (const id of this.elements.keys()) this.write(id);
  }

  remove(id: ObjectId): void {
    this.elements.get(id)?.remove();
    this.elements.delete(id);
  }

  mark(id: ObjectId, selected: boolean): void {
    this.elements.get(id)?.classList.toggle(styles.selected!, selected);
  }

  veil(shows: (id: ObjectId) => boolean): void {
    for (const [id, element] of this.elements) element.hidden = !shows(id);
  }

  private writeArea(object: BoardObject): void {
    const sheet = this.scene.sheet(object.id);
    const box = this.scene.box(object.id);
    if (!sheet || !box) return;
    const name = regionName(object, this.scene.notes(object.id));
    const region = this.elements.get(object.id) ?? this.make(object.id, 'section', styles.area, this.areas);
    region.setAttribute('aria-label', name);
    const drawn = `${name}/${object.prompt}/${sheet.w}`;
    if (region.dataset.drawn !== drawn) {
      region.dataset.drawn = drawn;
      region.replaceChildren(...sheet.parts.map((part) => (part.what === 'title' ? heading(part) : makePart(part))));
    }
    put(region, box);
    region.style.zIndex = String(this.scene.rank(object.id));
  }

  private writeCluster(object: BoardObject): void {
    const box = this.scene.box(object.id);
    if (box) put(this.elements.get(object.id) ?? this.make(object.id, 'div', styles.cluster, this.clusters), box);
  }

  private make(id: ObjectId, tag: 'section' | 'div', className: string | undefined, layer: HTMLElement): HTMLElement {
    const element = document.createElement(tag);
    element.className = className ?? '';
    element.dataset.region = id;
    this.elements.set(id, element);
    layer.append(element);
    return element;
  }
}

function heading(part: Part): HTMLElement {
  const like = makePart(part);
  const element = document.createElement('h2');
  element.className = like.className;
  element.style.cssText = like.style.cssText;
  element.append(...like.childNodes);
  return element;
}

function put(element: HTMLElement, { x, y, w, h }: Box): void {
  const style = element.style;
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.width = `${w}px`;
  style.height = `${h}px`;
}
