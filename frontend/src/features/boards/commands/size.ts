// Larger and smaller by keys: what the corners do by hand.
import type { BoardObject } from '../model/types';
import { NOT_HERE, allowed, busy, command, ids, named, ofKind, whyNone } from './base';
import { STEP } from './moving';
import type { Command } from './types';

/** What has a size of its own; a note's follows from its text. */
export const RESIZABLE = ['area', 'image', 'heading'] as const;
export const LEAST = { area: { w: 240, h: 160 }, image: { w: 40, h: 40 }, heading: { w: 80, h: 24 } };
type Resizable = (typeof RESIZABLE)[number];

export const SIZE: readonly Command[] = [
  sizing('wider', 'Wider', 'Mod+ArrowRight', 1, 0),
  sizing('narrower', 'Narrower', 'Mod+ArrowLeft', -1, 0),
  sizing('taller', 'Taller', 'Mod+ArrowDown', 0, 1),
  sizing('shorter', 'Less tall', 'Mod+ArrowUp', 0, -1),
];

function sizing(name: string, label: string, key: string, w: number, h: number): Command {
  return command(`size.${name}`, label, 'Arrange', [key], {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'move', ofKind(view, ...RESIZABLE))),
    run: ({ view }) => {
      const objects = allowed(view, 'move', ofKind(view, ...RESIZABLE));
      view.board.edit('Resize', (edit) => {
        for (const object of objects) edit.set(object.id, sized(object, w * STEP, h * STEP));
      });
      const [first] = ids(objects);
      const now = first === undefined ? undefined : view.board.get(first);
      if (now) view.say(`${named(objects)}: ${Math.round(now.w)} wide, ${Math.round(now.h)} high.`);
    },
  });
}

function sized({ kind, w, h }: BoardObject, wider: number, taller: number): { w: number; h: number } {
  const least = LEAST[kind as Resizable];
  if (kind !== 'image') return { w: Math.max(least.w, w + wider), h: Math.max(least.h, h + taller) };
  // An image keeps its proportions.
  const scale = Math.max(wider === 0 ? (h + taller) / h : (w + wider) / w, least.w / w, least.h / h);
  return { w: Math.round(w * scale), h: Math.round(h * scale) };
}
