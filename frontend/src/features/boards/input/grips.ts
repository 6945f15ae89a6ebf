// Grips: corners of the one selected area, image or heading; the two ends of the one selected connector.
import type { BoardCanvas } from '../canvas/types';
import { wireOf } from '../model/wire';
import type { ObjectId, Point } from '../model/types';
import type { BoardView } from '../view/types';
import { heldInPlace } from '../view/carry';
import styles from './input.module.css';
import type { Grip } from './press';
import { RESIZABLE } from '../commands/size';

const CORNERS = ['nw', 'ne', 'sw', 'se'] as const;

export interface Grips {
  at(element: Element): Grip | null;
  /** After something was moved by hand without the document. */
  place(): void;
  destroy(): void;
}

export function createGrips(view: BoardView, canvas: BoardCanvas): Grips {
  const made = new Map<string, HTMLElement>();
  let id: ObjectId | null = null;

  const points = (): Map<string, Point> => {
    const found = new Map<string, Point>();
    const object = id === null ? undefined : view.board.get(id);
    if (!object) return found;
    if (object.kind === 'connector') {
      const { from, to } = wireOf(object, (one) => canvas.box(one));
      return found.set('start', from).set('end', to);
    }
    const box = canvas.box(object.id);
    if (box)
      for (const corner of CORNERS) found.set(corner, { x: corner.endsWith('w') ? box.x : box.x + box.w, y: corner.startsWith('n') ? box.y : box.y + box.h });
    return found;
  };
  const place = () => {
    const wanted = points();
    for (const [name, element] of made) {
      const point = wanted.get(name);
      element.hidden = point === undefined;
      if (!point) continue;
      const { x, y } = view.toScreen(point);
      element.style.transform = `translate(${x}px, ${y}px)`;
    }
  };
  const choose = () => {
    const { selection, editing, moving, tool } = view.state();
    const [only] = selection;
    const object = selection.size === 1 && only !== undefined && editing === null && !moving && tool !== 'hand' ? view.board.get(only) : undefined;
    const kind = object?.kind;
    const fits = object !== undefined && (kind === 'connector' || RESIZABLE.some((one) => one === kind)) && view.permit().why('move', object.id) === null && !heldInPlace(view.permit(), object.id);
    const next = fits ? object.id : null;
    if (next !== id) {
      id = next;
      for (const element of made.values()) element.remove();
      made.clear();
      for (const name of points().keys()) made.set(name, grip(name));
      canvas.overlay.append(...made.values());
    }
    place();
  };
  const stops = [view.subscribe(choose), view.onCamera(place), view.board.subscribe(({ ids }) => (id !== null && ids.size > 0 ? place() : undefined))];
  choose();
  return {
    at(element) {
      const name = element.closest<HTMLElement>('[data-grip]')?.dataset.grip;
      if (id === null || name === undefined || !made.has(name)) return null;
      if (name === 'start' || name === 'end') return { grip: 'end', id, which: name };
      const corner = CORNERS.find((one) => one === name);
      return corner ? { grip: 'corner', id, corner } : null;
    },
    place,
    destroy() {
      for (const stop of stops) stop();
      for (const element of made.values()) element.remove();
      made.clear();
    },
  };
}

function grip(name: string): HTMLElement {
  const element = document.createElement('div');
  element.className = styles.grip ?? '';
  element.dataset.grip = name;
  // The same can be done with keys; a reader need not hear of four squares.
  element.setAttribute('aria-hidden', 'true');
  return element;
}
