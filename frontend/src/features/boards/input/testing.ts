// For tests: a board with a view and a canvas that draws nothing, a clock that stands still, pointers by hand.
import type { BoardCanvas, Hit } from '../canvas/types';
import type { Asking } from '../commands/types';
import type { Box, NewObject, ObjectId, Point } from '../model/types';
import { clock, type Opened, together } from '../model/testing/peers';
import { OPEN } from '../view/permit';
import type { Clock } from '../view/sight';
import type { BoardView, Permit } from '../view/types';
import { createView } from '../view/view';
import type { Device, Press, Tools } from './types';

export interface Desk {
  readonly board: Opened;
  /** Somebody else on the same board. */
  readonly other: Opened;
  readonly view: BoardView;
  readonly canvas: FakeCanvas;
  readonly tools: Tools;
  readonly said: string[];
  readonly asked: Asking[];
  readonly held: { ids: ObjectId[]; dx: number; dy: number }[];
  /** Runs what was to run within so many milliseconds. */
  pass(milliseconds: number): void;
  put(object: NewObject): ObjectId;
  note(x: number, y: number, text?: string, parent?: ObjectId | null): ObjectId;
}

export interface FakeCanvas extends BoardCanvas {
  offset: { ids: ObjectId[]; dx: number; dy: number };
  marquee: Box | null;
  drop: Box | null;
  line: boolean;
  guides: number;
}

export function desk(options: { permit?: Permit; storage?: Pick<Storage, 'getItem' | 'setItem'> | null } = {}): Desk {
  const time = clock();
  const [board, other] = together(time, { id: 'asha', authors: 'shown' }, { id: 'ben', authors: 'shown' });
  if (!board || !other) throw new Error('two boards');
  const said: string[] = [];
  const asked: Asking[] = [];
  const held: Desk['held'] = [];
  let later: { at: number; run(): void }[] = [];
  let now = 0;
  const still: Clock = { frame: (run) => later.push({ at: now + 16, run }), dropFrame: () => undefined, now: () => now, still: () => true };
  const view = createView(board, { id: 'board', permit: options.permit ?? { ...OPEN, me: 'asha' }, say: (words) => said.push(words), storage: options.storage ?? null, clock: still });
  view.resize(1_000, 800);
  view.look({ x: 0, y: 0, zoom: 1 });
  const canvas = fakeCanvas(view);
  const after = (milliseconds: number, run: () => void) => {
    const entry = { at: now + milliseconds, run };
    later.push(entry);
    return () => {
      later = later.filter((each) => each !== entry);
    };
  };
  return {
    board,
    other,
    view,
    canvas,
    said,
    asked,
    held,
    tools: {
      view,
      canvas,
      after,
      ask: (asking) => asked.push(asking),
      hold: (ids, dx, dy) => held.push({ ids: [...ids], dx, dy }),
    },
    pass(milliseconds) {
      const until = now + milliseconds;
      time.pass(milliseconds);
      for (let due = next(until); due; due = next(until)) {
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    },
    put: (object) => board.edit('Put', (edit) => edit.add(object)),
    note: (x, y, text = 'words', parent = null) => board.edit('Put', (edit) => edit.add({ kind: 'note', x, y, text, parent })),
  };

  function next(until: number) {
    const due = later.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
    if (due) later = later.filter((each) => each !== due);
    return due;
  }
}

export function press(x: number, y: number, how: Partial<Omit<Press, 'at'>> & { device?: Device } = {}): Press {
  return { pointer: 1, device: 'mouse', at: { x, y }, button: 0, shift: false, alt: false, mod: false, time: 0, ...how };
}

function fakeCanvas(view: BoardView): FakeCanvas {
  const { board } = view;
  const overlay = document.createElement('div');
  const inside = (box: Box, { x, y }: Point) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
  const canvas: FakeCanvas = {
    offset: { ids: [], dx: 0, dy: 0 },
    marquee: null,
    drop: null,
    line: false,
    guides: 0,
    overlay,
    destroy: () => undefined,
    element: () => null,
    takeFocus: () => undefined,
    box: (id) => board.box(id),
    heightOf: ({ h, text }) => (text.length > 100 ? 300 : h),
    at(screen) {
      const point = view.toBoard(screen);
      return [...board.all()].reverse().flatMap(({ id, kind }): Hit[] => {
        const box = board.box(id);
        if (!box || !inside(box, point) || kind === 'connector') return [];
        return [{ id, part: (kind === 'area' || kind === 'cluster') && point.y < box.y + 40 ? 'title' : 'body' }];
      });
    },
    within(box, wholly) {
      return board.all().flatMap(({ id, kind }) => {
        const other = board.box(id);
        if (!other || kind === 'connector') return [];
        const all = other.x >= box.x && other.y >= box.y && other.x + other.w <= box.x + box.w && other.y + other.h <= box.y + box.h;
        const some = other.x < box.x + box.w && box.x < other.x + other.w && other.y < box.y + box.h && box.y < other.y + other.h;
        return (wholly ? all : some) ? [id] : [];
      });
    },
    setOffset(ids, dx, dy) {
      canvas.offset = { ids: [...ids], dx, dy };
    },
    refresh: () => undefined,
    settled: () => true,
    cover(element) {
      document.body.append(element);
      return () => element.remove();
    },
    track: () => () => undefined,
    setOthers: () => undefined,
    showGuides(guides) {
      canvas.guides = guides.length;
    },
    showMarquee(box) {
      canvas.marquee = box;
    },
    showDrop(hint) {
      canvas.drop = hint?.box ?? null;
    },
    showLine(line) {
      canvas.line = line !== null;
    },
    showHandles: () => undefined,
  };
  return canvas;
}
