// Looking: zoom, what is shown, calm.
import { around } from '../view/places';
import type { Tool, ViewState } from '../view/types';
import { NOT_HERE, busy, chosen, command, ids } from './base';
import type { Command } from './types';

const NEARER = 1.25;

export const LOOK: readonly Command[] = [
  command('zoom.in', 'Zoom in', 'Look', ['+', '=', 'Mod++', 'Mod+='], { run: ({ view }) => view.zoomBy(NEARER) }),
  command('zoom.out', 'Zoom out', 'Look', ['-', 'Mod+-'], { run: ({ view }) => view.zoomBy(1 / NEARER) }),
  command('zoom.whole', 'Actual size (100 %)', 'Look', ['0', 'Mod+0'], { run: ({ view }) => view.zoomBy(1 / view.camera().zoom) }),
  command('zoom.fit', 'Fit the board', 'Look', ['1'], { run: ({ view }) => view.fit(undefined, { glide: true }) }),
  command('zoom.selection', 'Fit the selection', 'Look', ['2'], {
    why: ({ view }) => (chosen(view).length > 0 ? null : NOT_HERE),
    run: ({ view }) => {
      const box = around(view.board, ids(chosen(view)));
      if (box) view.fit(box, { glide: true, close: true });
    },
  }),
  command('find', 'Find…', 'Look', ['Mod+F'], { run: ({ view, ask }) => ask({ question: 'find', ids: [...view.state().found] }) }),
  command('find.next', 'Next found', 'Look', ['F3', 'Mod+G'], found(1)),
  command('find.previous', 'Previous found', 'Look', ['Shift+F3', 'Mod+Shift+G'], found(-1)),
  toggle('minimap', 'Minimap', [], 'minimap', 'Minimap'),
  toggle('cursors', "Other people's cursors", [], 'cursors', 'Cursors of others'),
  toggle('calm', 'Calm mode', [], 'calm', 'Calm mode'),
  command('arrows', 'Arrow keys: go between notes, or move the selected one', 'Look', [], {
    run: ({ view }) => {
      const arrows = view.state().arrows === 'go' ? 'move' : 'go';
      view.set({ arrows });
      view.say(arrows === 'go' ? 'Arrow keys go between notes.' : 'Arrow keys move the selected notes. With Alt they go between notes.');
    },
  }),
  tool('select', 'Select', ['S']),
  tool('hand', 'Hand: drag the board', ['H']),
  tool('note', 'Place notes', []),
  tool('heading', 'Place headings', []),
  tool('area', 'Draw an area', []),
  tool('connect', 'Draw connectors', []),
];

/** Text found is at least so large on the screen. */
export const READABLE = 14;

function found(by: 1 | -1): Pick<Command, 'why' | 'run'> {
  return {
    why: ({ view }) => (view.state().found.length > 0 ? null : NOT_HERE),
    run: ({ view }) => {
      const { found, focused } = view.state();
      const at = focused === null ? -1 : found.indexOf(focused);
      const next = at === -1 ? (by === 1 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
      const id = found[next];
      if (id === undefined) return;
      view.focus(id, { still: true });
      view.reveal(id, { text: READABLE });
      view.say(`${next + 1} of ${found.length}.`);
    },
  };
}

function toggle(id: string, label: string, keys: readonly string[], what: 'minimap' | 'cursors' | 'calm', said: string): Command {
  return command(id, label, 'Look', keys, {
    run: ({ view }) => {
      const on = !view.state()[what];
      view.set({ [what]: on } as Partial<Pick<ViewState, 'minimap' | 'cursors' | 'calm'>>);
      view.say(`${said} ${on ? 'on' : 'off'}.`);
    },
  });
}

const MAKES: readonly Tool[] = ['note', 'heading', 'area', 'connect'];

function tool(name: Tool, label: string, keys: readonly string[]): Command {
  return command(`tool.${name}`, label, 'Look', keys, {
    quiet: true,
    why: ({ view }) => (busy(view) ? NOT_HERE : MAKES.includes(name) && !view.permit().writes ? view.permit().why('add', null) : null),
    run: ({ view }) => view.set({ tool: name, connecting: null }),
  });
}
