// Covers: elements (text fields) that lie exactly over an object's words, in the same type.
import type { Board, ObjectId } from '../model/types';
import styles from './board.module.css';
import type { Scene } from './scene';
import { noteText } from './sheets';

const WORDS = new Set(['text', 'title', 'label', 'caption']);

export class Covers {
  private readonly elements = new Map<HTMLElement, ObjectId>();

  constructor(
    private readonly layer: HTMLElement,
    private readonly board: Board,
    private readonly scene: Scene,
  ) {}

  add(element: HTMLElement, id: ObjectId): () => void {
    element.classList.add(styles.cover!);
    this.elements.set(element, id);
    this.layer.append(element);
    this.place();
    return () => {
      this.elements.delete(element);
      element.remove();
    };
  }

  place(): void {
    for (const [element, id] of this.elements) {
      const object = this.board.get(id);
      const box = object?.kind === 'cluster' ? this.scene.label(id) : this.scene.box(id);
      const sheet = this.scene.sheet(id);
      if (!object || !box || !sheet) continue;
      const word = this.scene.word(id);
      const part = sheet.parts.find((each) => WORDS.has(each.what));
      const room =
        object.kind === 'note' ? noteText(object, this.scene) : { x: part?.x ?? 0, y: part?.y ?? 0, w: part?.w ?? box.w, h: part?.set.height ?? 20 };
      const style = element.style;
      if (object.kind === 'connector') {
        const at = word?.at ?? this.scene.route(id)?.wire.label ?? box;
        style.left = `${at.x - 80}px`;
        style.top = `${at.y - 10}px`;
        style.width = '160px';
        style.height = '20px';
        continue;
      }
      style.left = `${box.x + room.x}px`;
      style.top = `${box.y + room.y}px`;
      style.width = `${room.w}px`;
      style.height = `${Math.max(room.h, part?.set.height ?? 0)}px`;
      if (!part) continue;
      style.fontSize = `${part.set.type.size}px`;
      style.lineHeight = `${part.set.type.leading}px`;
      style.fontWeight = String(part.set.type.weight);
    }
  }
}
