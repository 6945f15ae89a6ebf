// Going about: focus from one object to the next, selecting, finding.
import type { ObjectId } from '../model/types';
import { nameOf } from '../view/naming';
import { areaOf, areasInOrder, neighbour, walk, type Direction } from '../view/places';
import type { BoardView } from '../view/types';
import { NOT_HERE, busy, chosen, command, whyNone } from './base';
import { STEP, drop, movingBy, nudge, putBack, startMoving } from './moving';
import type { Command } from './types';

const ARROWS: readonly { direction: Direction; key: string; x: number; y: number }[] = [
  { direction: 'left', key: 'ArrowLeft', x: -1, y: 0 },
  { direction: 'right', key: 'ArrowRight', x: 1, y: 0 },
  { direction: 'up', key: 'ArrowUp', x: 0, y: -1 },
  { direction: 'down', key: 'ArrowDown', x: 0, y: 1 },
];

export const GO: readonly Command[] = [
  ...ARROWS.flatMap(({ direction, key, x, y }) => [
    // The order matters: the first that applies takes the key.
    command(`move.${direction}`, `Move ${direction}`, 'Move', [key], {
      quiet: true,
      why: ({ view }) => (moves(view) ? (view.state().moving ? null : whyNone(view, 'move', chosen(view))) : NOT_HERE),
      run: ({ view }) => step(view, x * STEP, y * STEP),
    }),
    command(`move.${direction}.fine`, `Move ${direction} by one unit`, 'Move', [`Shift+${key}`], {
      quiet: true,
      why: ({ view }) => (moves(view) ? (view.state().moving ? null : whyNone(view, 'move', chosen(view))) : NOT_HERE),
      run: ({ view }) => step(view, x, y),
    }),
    command(`go.${direction}`, `Go ${direction}`, 'Select', [key, `Alt+${key}`], {
      quiet: true,
      run: ({ view }) => go(view, direction, false),
    }),
    command(`extend.${direction}`, `Extend the selection ${direction}`, 'Select', [`Shift+${key}`], {
      quiet: true,
      run: ({ view }) => go(view, direction, true),
    }),
  ]),
  command('go.first', 'First in this area', 'Select', ['Home'], { quiet: true, run: ({ view }) => end(view, 0) }),
  command('go.last', 'Last in this area', 'Select', ['End'], { quiet: true, run: ({ view }) => end(view, -1) }),
  command('area.next', 'Next area', 'Select', ['PageDown'], { run: ({ view }) => area(view, 1) }),
  command('area.previous', 'Previous area', 'Select', ['PageUp'], { run: ({ view }) => area(view, -1) }),
  command('select.toggle', 'Select or leave out', 'Select', ['Space'], {
    quiet: true,
    why: ({ view }) => (view.state().focused === null || busy(view) ? NOT_HERE : null),
    run: ({ view }) => {
      const { focused } = view.state();
      if (focused === null) return;
      view.select([focused], 'toggle');
      const on = view.state().selection.has(focused);
      view.say(`${nameOf(view.board, focused)} ${on ? 'selected' : 'left out'}, ${view.state().selection.size} selected.`);
    },
  }),
  command('select.all', 'Select all in this area, then all', 'Select', ['Mod+A'], {
    why: ({ view }) => (view.board.all().length === 0 ? NOT_HERE : null),
    run: ({ view }) => selectAll(view),
  }),
  command('move.drop', 'Drop here', 'Move', ['Enter', 'Space'], {
    quiet: true,
    why: ({ view }) => (view.state().moving ? null : NOT_HERE),
    run: ({ view }) => drop(view),
  }),
  command('move.mode', 'Move with the arrow keys', 'Move', ['M'], {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'move', chosen(view))),
    run: ({ view }) => startMoving(view),
  }),
  command('escape', 'Step back', 'Select', ['Escape'], { quiet: true, why: ({ view }) => (canStepBack(view) ? null : NOT_HERE), run: ({ view }) => stepBack(view) }),
];

function moves(view: BoardView): boolean {
  const { moving, arrows, connecting, selection } = view.state();
  return moving || (arrows === 'move' && connecting === null && selection.size > 0);
}

function step(view: BoardView, x: number, y: number): void {
  if (view.state().moving) movingBy(view, { x, y });
  else nudge(view, { x, y });
}

function go(view: BoardView, direction: Direction, extend: boolean): void {
  const { focused, connecting } = view.state();
  const keep = extend || connecting !== null;
  if (focused === null || !view.board.get(focused)) {
    const first = areasInOrder(view.board).flatMap((id) => (id === null ? walk(view.board, null) : [id, ...walk(view.board, id)]))[0];
    if (first !== undefined) view.focus(first, { keep });
    return;
  }
  const next = neighbour(view.board, focused, direction);
  if (next === null) {
    view.say(`Nothing further ${WORDS[direction]}.`);
    return;
  }
  view.focus(next, { keep });
  if (extend) view.select([focused, next], 'add');
}

const WORDS: Record<Direction, string> = { left: 'to the left', right: 'to the right', up: 'up', down: 'down' };

function end(view: BoardView, at: 0 | -1): void {
  const { focused } = view.state();
  const inside = walk(view.board, focused === null ? null : areaOf(view.board, focused));
  const id = inside.at(at);
  if (id !== undefined) view.focus(id);
}

/** Its first note has the focus; of an empty area the area itself. */
function area(view: BoardView, by: 1 | -1): void {
  const { board } = view;
  const { focused, calm, calmArea } = view.state();
  const areas = areasInOrder(board).filter((id) => id !== null || walk(board, null).length > 0);
  if (areas.length === 0) return;
  const here = calm ? calmArea : focused === null ? undefined : areaOf(board, focused);
  const at = here === undefined ? -1 : areas.indexOf(here);
  const next = areas[at === -1 ? (by === 1 ? 0 : areas.length - 1) : (at + by + areas.length) % areas.length] ?? null;
  const members = walk(board, next);
  const to: ObjectId | undefined = members[0] ?? next ?? undefined;
  if (calm) view.set({ calmArea: next });
  if (to !== undefined) view.focus(to);
  const title = next === null ? 'Outside the areas' : nameOf(board, next);
  view.say(`${title}, ${members.length} ${members.length === 1 ? 'object' : 'objects'}.`);
}

function selectAll(view: BoardView): void {
  const { board } = view;
  const { focused, selection, calm, calmArea } = view.state();
  const free = (id: ObjectId) => !locked(view, id);
  const here = focused !== null ? areaOf(board, focused) : calm ? calmArea : null;
  const inside = walk(board, here).filter(free);
  const already = inside.length > 0 && inside.every((id) => selection.has(id));
  // In calm mode what is not shown is not selected either.
  const all = calm ? inside : board.all().map(({ id }) => id).filter(free);
  const wanted = inside.length === 0 || already ? all : inside;
  view.select(wanted);
  view.say(`${wanted.length} selected${wanted === all && !calm ? ' on the whole board' : here === null ? '' : ` in ${nameOf(board, here)}`}.`);
}

function locked(view: BoardView, id: ObjectId): boolean {
  const lock = view.permit().lock(id);
  return lock !== null && lock.level !== 'content';
}

function canStepBack(view: BoardView): boolean {
  const { moving, connecting, tool, found, selection, focused } = view.state();
  return moving || connecting !== null || tool !== 'select' || found.length > 0 || selection.size > 1 || (selection.size === 1 && focused !== null);
}

/** One thing at a time, the innermost first. At the end the board itself has the focus, and Tab leaves it. */
function stepBack(view: BoardView): void {
  const { moving, connecting, tool, found, selection, focused } = view.state();
  if (moving) {
    putBack(view);
    return;
  }
  if (connecting !== null) {
    view.set({ connecting: null });
    view.say('Not connected.');
    return;
  }
  if (tool !== 'select') {
    view.set({ tool: 'select' });
    return;
  }
  if (found.length > 0) {
    view.set({ found: [] });
    return;
  }
  if (selection.size > 1 && focused !== null) {
    view.select([focused]);
    return;
  }
  view.select([]);
  if (selection.size > 0) view.say('Nothing selected.');
}
