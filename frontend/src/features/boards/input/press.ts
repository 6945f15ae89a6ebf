// What a press begins, once it is known whether it is a click or a drag: by the tool in hand and what lies under it.
import { connect, connectable } from '../commands/connecting';
import { goBeside, type Side } from '../commands/siblings';
import type { Hit } from '../canvas/types';
import type { ObjectId } from '../model/types';
import { heldInPlace } from '../view/carry';
import { startDrag } from './drag';
import { startArea, startMarquee } from './marquee';
import { startPan } from './pan';
import { placeAt, startPlace } from './place';
import { startResize, type Corner } from './resize';
import type { Gesture, Press, Tools } from './types';
import { startEnd, startWire } from './wire';

/** A control of ours under the pointer, beside what the board shows. */
export type Grip =
  | { readonly grip: 'side'; readonly id: ObjectId; readonly side: Side }
  | { readonly grip: 'corner'; readonly id: ObjectId; readonly corner: Corner }
  | { readonly grip: 'end'; readonly id: ObjectId; readonly which: 'start' | 'end' };

/** What lies under the pointer for picking it up. Inside areas is ground; what is locked in its place is passed over. */
export function under({ view, canvas }: Pick<Tools, 'view' | 'canvas'>, press: Press): ObjectId | null {
  return canvas.at(press.at).find((hit) => solid(view.board.get(hit.id)?.kind, hit) && !heldInPlace(view.permit(), hit.id))?.id ?? null;
}

function solid(kind: string | undefined, { part }: Hit): boolean {
  return kind !== undefined && ((kind !== 'area' && kind !== 'cluster') || part !== 'body');
}

/** Null: a drag from here does nothing. */
export function dragFrom(tools: Tools, start: Press, on: ObjectId | null, grip: Grip | null): Gesture | null {
  const { view } = tools;
  const { tool, selection } = view.state();
  switch (grip?.grip) {
    case 'side':
      return tool === 'connect' ? startWire(tools, grip.id) : startPlace(tools, 'note', grip.id);
    case 'corner':
      return startResize(tools, start, grip.id, grip.corner);
    case 'end':
      return startEnd(tools, grip.id, grip.which);
  }
  switch (tool) {
    case 'hand':
      return startPan(tools, start);
    case 'area':
      return view.permit().why('add', null) === null ? startArea(tools, start) : null;
    case 'connect':
      return on !== null && connectableAt(tools, on) ? startWire(tools, on) : startMarquee(tools, start);
    case 'note':
    case 'heading':
      return startPlace(tools, tool);
    case 'select':
      break;
  }
  if (on === null || isTied(tools, on)) return startMarquee(tools, start);
  if (!selection.has(on)) view.focus(on, { still: true, keep: start.shift || start.mod });
  const dragged = selection.has(on) ? [...selection] : [on];
  const gesture = startDrag(tools, start, dragged);
  if (gesture === null) view.say(view.permit().why('move', on) ?? 'This cannot be moved by itself.');
  return gesture;
}

/** A connector between two objects lies where they lie: there is nothing to drag. */
function isTied({ view }: Tools, id: ObjectId): boolean {
  const { kind, start, end } = view.board.get(id) ?? {};
  return kind === 'connector' && !!start?.object && !!end?.object && !(view.state().selection.size > 1 && view.state().selection.has(id));
}

export function click(tools: Tools, press: Press, on: ObjectId | null, grip: Grip | null): void {
  const { view } = tools;
  const { tool, connecting } = view.state();
  if (grip) {
    if (grip.grip === 'side') goBeside(view, grip.id, grip.side);
    return;
  }
  if (connecting !== null || tool === 'connect') {
    clickConnecting(tools, on);
    return;
  }
  if (tool === 'note' || tool === 'heading') {
    placeAt(view, view.toBoard(press.at), tool);
    view.set({ tool: 'select' });
    return;
  }
  if (tool === 'area') {
    startArea(tools, press).up(press);
    return;
  }
  if (tool === 'hand') return;
  if (on === null) {
    if (!press.shift && !press.mod) view.focus(null);
    return;
  }
  if (press.shift || press.mod) {
    view.select([on], 'toggle');
    view.focus(on, { keep: true, still: true });
    return;
  }
  view.focus(on, { still: true });
}

function clickConnecting(tools: Tools, on: ObjectId | null): void {
  const { view } = tools;
  const { connecting } = view.state();
  if (on === null || !connectableAt(tools, on) || on === connecting) {
    view.set({ connecting: null });
    return;
  }
  if (connecting === null) {
    view.focus(on, { still: true });
    view.set({ connecting: on });
    view.say('Now choose what it leads to.');
    return;
  }
  connect(view, connecting, on);
  view.set({ connecting: null, tool: 'select' });
  view.focus(on, { still: true });
}

export function doubleClick(tools: Tools, press: Press, on: ObjectId | null): void {
  const { view, ask } = tools;
  if (view.state().tool !== 'select') return;
  if (on === null) {
    // What is locked in its place is passed over, but nobody wants a new note on top of it.
    const held = tools.canvas.at(press.at).find((hit) => solid(view.board.get(hit.id)?.kind, hit))?.id;
    if (held === undefined) placeAt(view, view.toBoard(press.at));
    else open(tools, held);
    return;
  }
  if (view.board.get(on)?.kind === 'evidence') {
    ask({ question: 'details', ids: [on] });
    return;
  }
  view.edit(on);
}

function open({ view }: Tools, id: ObjectId): void {
  const why = view.permit().why('edit', id);
  view.focus(id, { still: true });
  if (why === null) view.edit(id);
  else view.say(why);
}

function connectableAt({ view }: Tools, id: ObjectId): boolean {
  const object = view.board.get(id);
  return object !== undefined && connectable(object);
}
