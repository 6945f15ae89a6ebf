// Talking about what is on the board; locks; the board as a whole.
import type { ObjectId } from '../model/types';
import { counted } from '../view/naming';
import type { BoardView } from '../view/types';
import { NOT_HERE, allowed, asking, busy, chosen, command, ids, named, one, whyNone } from './base';
import { SUPPORT } from './support';
import type { Command, Context, Group, Question } from './types';

export const TALK: readonly Command[] = [
  command('support', 'Support, or take it back', 'Talk', ['V'], {
    why: ({ view }) => (busy(view) ? NOT_HERE : whyNone(view, 'comment', supportable(view))),
    run: ({ view }) => support(view),
  }),
  asking('react', 'React…', 'Talk', ['R'], { question: 'react', action: 'comment' }),
  asking('comment', 'Comment…', 'Talk', ['Shift+C'], { question: 'comment', action: 'comment' }),
  command('chat', 'Say something beside your cursor', 'Talk', ['/'], {
    why: ({ view }) => (busy(view) ? NOT_HERE : view.state().calm ? 'In calm mode there are no cursors to speak from.' : null),
    run: ({ ask }) => ask({ question: 'chat', ids: [] }),
  }),
  command('evidence.open', 'Open the evidence card', 'Talk', ['Enter'], {
    quiet: true,
    why: ({ view }) => (!busy(view) && one(view)?.kind === 'evidence' ? null : NOT_HERE),
    run: ({ view, ask }) => ask({ question: 'details', ids: [one(view)?.id ?? ''] }),
  }),
  command('source.open', 'Open the link', 'Talk', ['O'], {
    why: ({ view }) => {
      const source = one(view)?.source;
      return busy(view) || !source ? NOT_HERE : /^https?:/i.test(source.url) ? null : 'This is not an address that can be opened here.';
    },
    run: ({ view }) => {
      window.open(one(view)?.source?.url, '_blank', 'noopener,noreferrer');
    },
  }),
  command('details', 'Details', 'Talk', ['I'], {
    why: ({ view }) => (busy(view) || chosen(view).length === 0 ? NOT_HERE : null),
    run: ({ view, ask }) => {
      const all = ids(chosen(view));
      const { focused } = view.state();
      // They are told of one: of several, the one that one is at.
      ask({ question: 'details', ids: focused !== null && all.includes(focused) ? [focused, ...all.filter((id) => id !== focused)] : all });
    },
  }),
];

function supportable(view: BoardView) {
  return chosen(view).filter(({ kind }) => kind !== 'connector' && kind !== 'area' && kind !== 'cluster');
}

/** One by one: given where it was not, else taken back everywhere. */
function support(view: BoardView): void {
  const { me } = view.permit();
  const objects = supportable(view);
  const mine = objects.filter(({ reactions }) => me !== null && reactions.get(SUPPORT)?.includes(me));
  const on = mine.length < objects.length;
  view.board.edit(on ? 'Support' : 'Take support back', (edit) => {
    for (const { id } of objects) edit.react(id, SUPPORT, on);
  });
  view.say(on ? `You support ${named(objects)}.` : `Support for ${named(objects)} taken back.`);
}

export const LOCK: readonly Command[] = [
  asking('lock', 'Lock…', 'Lock', ['L'], { question: 'lock', action: 'lock' }),
  command('unlock', 'Unlock…', 'Lock', ['Shift+L'], {
    why: ({ view }) => {
      const locked = chosen(view).filter(({ id }) => view.permit().lock(id) !== null);
      return busy(view) || locked.length === 0 ? NOT_HERE : whyNone(view, 'unlock', locked);
    },
    run: ({ view, ask }) => {
      const locked = allowed(view, 'unlock', chosen(view)).map(({ id }) => view.permit().lock(id)?.object);
      ask({ question: 'lock', ids: [...new Set(locked)].filter((id): id is ObjectId => id !== undefined), payload: 'unlock' });
    },
  }),
  command('area.rules', 'Who may do what in this area…', 'Lock', [], {
    why: ({ view }) => {
      const areas = chosen(view).filter(({ kind }) => kind === 'area');
      return busy(view) || areas.length === 0 ? NOT_HERE : view.permit().why('lead', areas[0]?.id ?? null);
    },
    run: ({ view, ask }) => ask({ question: 'area', ids: ids(chosen(view).filter(({ kind }) => kind === 'area')) }),
  }),
];

export const BOARD: readonly Command[] = [
  command('undo', 'Undo', 'Board', ['Mod+Z'], {
    typing: 'also',
    why: ({ view }) => whyWriting(view) ?? (view.board.canUndo() === null ? 'Nothing of yours to undo.' : null),
    run: ({ view }) => back(view, 'undo'),
  }),
  command('redo', 'Redo', 'Board', ['Mod+Shift+Z', 'Mod+Y'], {
    typing: 'also',
    why: ({ view }) => whyWriting(view) ?? (view.board.canRedo() === null ? 'Nothing to redo.' : null),
    run: ({ view }) => back(view, 'redo'),
  }),
  command('menu', 'Everything that can be done with this', 'Board', ['.', 'Shift+F10', 'ContextMenu'], {
    why: ({ view }) => (busy(view) ? NOT_HERE : null),
    run: ({ view, ask }) => ask({ question: 'menu', ids: ids(chosen(view)) }),
  }),
  opening('shortcuts', 'Keyboard shortcuts', ['?'], 'shortcuts'),
  opening('history', 'Versions…', [], 'history'),
  opening('removed', 'What was removed…', [], 'removed'),
  opening('duplicates', 'Find notes that say the same…', [], 'duplicates'),
  opening('legend', 'What the colours mean…', [], 'legend'),
  opening('settings', 'Board settings…', [], 'settings'),
  opening('export', 'Export…', ['Mod+Shift+E'], 'export'),
];

function opening(id: string, label: string, keys: readonly string[], question: Question, group: Group = 'Board'): Command {
  return command(id, label, group, keys, { run: ({ ask }: Context) => ask({ question, ids: [] }) });
}

function whyWriting(view: BoardView): string | null {
  return view.permit().writes ? null : view.permit().why('edit', null);
}

/** Says what came of it: also what stayed, because others have changed it since. */
function back(view: BoardView, way: 'undo' | 'redo'): void {
  const { board } = view;
  const done = board[way]();
  if (!done) {
    view.say(way === 'undo' ? 'Nothing of yours to undo.' : 'Nothing to redo.');
    return;
  }
  const here = done.ids.filter((id) => board.get(id));
  const { editing, focused } = view.state();
  // Typing goes on where it is; otherwise what changed is shown.
  if (editing === null && here.length > 0) {
    const [first] = here;
    if (first !== undefined && focused !== first) view.focus(first, { keep: true });
    view.select(here);
  }
  const kept = done.kept.map((id) => board.get(id)).filter((object) => object !== undefined);
  const left = kept.length === 0 ? '' : ` ${counted(kept)} left: changed by others since.`;
  view.say(`${way === 'undo' ? 'Undone' : 'Done again'}: ${done.label}.${left}`);
}
