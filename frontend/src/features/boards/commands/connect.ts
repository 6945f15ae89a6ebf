// Connecting: from the one that has the focus to another, and what a connector means.
import type { BoardObject, ObjectId, Relation } from '../model/types';
import { nameOf } from '../view/naming';
import type { BoardView } from '../view/types';
import { NOT_HERE, allowed, busy, command, ofKind, one, sayDone, whyNone } from './base';
import { connect, connectable } from './connecting';
import type { Command } from './types';

const RELATIONS: readonly { relation: Relation; label: string; done: string }[] = [
  { relation: 'plain', label: 'Plain connector', done: 'now without a meaning of its own' },
  { relation: 'supports', label: 'Supports', done: 'now says “supports”' },
  { relation: 'challenges', label: 'Challenges', done: 'now says “challenges”' },
  { relation: 'leads_to', label: 'Leads to', done: 'now says “leads to”' },
];

const START = new WeakMap<BoardView, ObjectId[]>();

export const CONNECT: readonly Command[] = [
  command('connect.here', 'Connect to this one', 'Connect', ['Enter', 'Space'], {
    quiet: true,
    why: ({ view }) => (view.state().connecting === null ? NOT_HERE : null),
    run: ({ view }) => finish(view),
  }),
  command('connect.list', 'Connect to…', 'Connect', ['C'], {
    why: ({ view }) => {
      const { connecting } = view.state();
      // A second C: rather from a list than by arrows.
      return connecting === null ? NOT_HERE : null;
    },
    run: ({ view, ask }) => {
      const { connecting } = view.state();
      view.set({ connecting: null });
      if (connecting !== null) ask({ question: 'connect-to', ids: [connecting] });
    },
  }),
  command('connect', 'Connect', 'Connect', ['C'], {
    why: ({ view }) => {
      const from = one(view);
      if (busy(view) || !from || !connectable(from)) return NOT_HERE;
      return view.permit().why('add', null);
    },
    run: ({ view }) => begin(view),
  }),
  ...RELATIONS.map(({ relation, label, done }) =>
    command(`relation.${relation}`, label, 'Connect', [], {
      why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'edit', wires(view))),
      run: ({ view }) => {
        const objects = allowed(view, 'edit', wires(view));
        view.board.edit('Change connector', (edit) => {
          for (const { id } of objects) edit.set(id, { relation });
        });
        sayDone(view, done, objects, wires(view));
      },
    }),
  ),
  command('connector.turn', 'Turn the connector round', 'Connect', [], {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'move', wires(view))),
    run: ({ view }) => {
      const objects = allowed(view, 'move', wires(view));
      view.board.edit('Turn connector round', (edit) => {
        for (const { id, start, end } of objects) edit.set(id, { start: end, end: start });
      });
      sayDone(view, 'turned round', objects, wires(view));
    },
  }),
  command('connector.next', 'Go to its connectors', 'Select', ['X'], {
    why: ({ view }) => {
      const object = one(view);
      if (busy(view) || !object) return NOT_HERE;
      return aroundIt(view, object).length > 0 ? null : 'Nothing is connected to this.';
    },
    run: ({ view }) => {
      const object = one(view);
      if (!object) return;
      const all = aroundIt(view, object);
      const at = all.findIndex(({ id }) => id === object.id);
      const next = all[(at + 1) % all.length];
      if (!next) return;
      if (object.kind !== 'connector') START.set(view, [object.id]);
      view.focus(next.id);
      view.say(saidOf(view, next));
    },
  }),
  command('connector.follow', 'Go to what it leads to', 'Select', ['Enter'], {
    quiet: true,
    why: ({ view }) => {
      const object = one(view);
      return !busy(view) && object?.kind === 'connector' && farEnd(view, object) !== null ? null : NOT_HERE;
    },
    run: ({ view }) => {
      const object = one(view);
      const to = object && farEnd(view, object);
      if (to) view.focus(to);
    },
  }),
];

function begin(view: BoardView): void {
  const from = one(view);
  if (!from) return;
  view.focus(from.id, { keep: true, still: true });
  view.set({ connecting: from.id });
  view.say(`Connecting ${nameOf(view.board, from.id)}. Go to the other one with the arrow keys and press Enter, or press C for a list. Escape stops.`);
}

function finish(view: BoardView): void {
  const { connecting, focused } = view.state();
  if (connecting === null) return;
  if (focused === null || focused === connecting) {
    view.say('Go to another one first.');
    return;
  }
  view.set({ connecting: null });
  connect(view, connecting, focused);
}

const wires = (view: BoardView): readonly BoardObject[] => ofKind(view, 'connector');

/** Of an object its connectors; of a connector those of the object one came from. */
function aroundIt(view: BoardView, object: BoardObject): readonly BoardObject[] {
  if (object.kind !== 'connector') return view.board.connectors(object.id);
  const from = START.get(view)?.[0] ?? object.start?.object ?? object.end?.object;
  return from ? view.board.connectors(from) : [];
}

/** The end one did not come from. */
function farEnd(view: BoardView, { start, end }: BoardObject): ObjectId | null {
  const from = START.get(view)?.[0];
  return (end?.object === from ? start?.object : end?.object) ?? null;
}

function saidOf(view: BoardView, { start, end, relation, text }: BoardObject): string {
  const name = (id: ObjectId | null | undefined) => (id ? nameOf(view.board, id) : 'a place on the board');
  const words: Record<Relation, string> = { plain: 'is connected to', supports: 'supports', challenges: 'challenges', leads_to: 'leads to' };
  return `${name(start?.object)} ${words[relation]} ${name(end?.object)}${text ? `: ${text}` : ''}.`;
}
