// Lines: the wires of connectors in the page. Seen only: their words are part of the names of what they connect.
import type { BoardObject, ObjectId } from '../model/types';
import styles from './board.module.css';
import type { Scene } from './scene';
import { headOf, pathOf, STROKES } from './wires';

const SVG = 'http://www.w3.org/2000/svg';

interface Line {
  readonly group: SVGGElement;
  readonly curve: SVGPathElement;
  readonly head: SVGPathElement;
  readonly word: SVGTextElement;
}

export class Lines {
  readonly root = document.createElementNS(SVG, 'svg');
  private readonly lines = new Map<ObjectId, Line>();

  constructor(private readonly scene: Scene) {
    this.root.setAttribute('class', styles.wires!);
    this.root.setAttribute('aria-hidden', 'true');
  }

  keys(): Iterable<ObjectId> {
    return this.lines.keys();
  }

  has(id: ObjectId): boolean {
    return this.lines.has(id);
  }

  write(object: BoardObject): void {
    const way = this.scene.route(object.id);
    if (!way) return;
    const { group, curve, head, word } = this.lines.get(object.id) ?? this.make(object.id);
    const stroke = STROKES[object.relation];
    curve.setAttribute('d', pathOf(way));
    curve.setAttribute('stroke-dasharray', stroke.dash.join(' '));
    head.setAttribute('d', headOf(way));
    group.setAttribute('stroke-width', String(stroke.width));
    const label = this.scene.word(object.id);
    if (word.textContent !== (label?.words ?? '')) word.textContent = label?.words ?? '';
    if (!label) return;
    word.setAttribute('x', String(label.at.x));
    word.setAttribute('y', String(label.at.y + 4.5));
  }

  remove(id: ObjectId): void {
    this.lines.get(id)?.group.remove();
    this.lines.delete(id);
  }

  mark(id: ObjectId, selected: boolean): void {
    this.lines.get(id)?.group.classList.toggle(styles.selected!, selected);
  }

  private make(id: ObjectId): Line {
    const group = document.createElementNS(SVG, 'g');
    const curve = document.createElementNS(SVG, 'path');
    const head = document.createElementNS(SVG, 'path');
    const word = document.createElementNS(SVG, 'text');
    group.dataset.wire = id;
    curve.setAttribute('class', styles.way!);
    head.setAttribute('class', styles.way!);
    word.setAttribute('class', styles.word!);
    group.append(curve, head, word);
    const line = { group, curve, head, word };
    this.lines.set(id, line);
    this.root.append(group);
    return line;
  }
}
