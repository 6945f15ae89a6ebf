// The clipboard as commands: with keys the browser's own events do it, from menus these do.
import { NOT_HERE, chosen, command, whyNone } from './base';
import type { Command, Context } from './types';

export const CLIPBOARD: readonly Command[] = [
  command('copy', 'Copy', 'Write', ['Mod+C'], { native: true, why: whyNothing, run: () => void document.execCommand('copy') }),
  command('cut', 'Cut', 'Write', ['Mod+X'], {
    native: true,
    why: ({ view }) => whyNone(view, 'remove', chosen(view)),
    run: () => void document.execCommand('cut'),
  }),
  command('paste', 'Paste', 'Write', ['Mod+V'], {
    native: true,
    why: ({ view }) => view.permit().why('add', null),
    run: ({ view }) => view.say(`Press ${PASTE} to paste.`),
  }),
  command('paste.plain', 'Paste as one note', 'Write', ['Mod+Shift+V'], {
    native: true,
    why: ({ view }) => view.permit().why('add', null),
    run: ({ view }) => view.say(`Press ${PASTE_PLAIN} to paste as one note.`),
  }),
];

const PASTE = 'Ctrl+V or Command+V';
const PASTE_PLAIN = 'Ctrl+Shift+V or Command+Shift+V';

function whyNothing({ view }: Context): string | null {
  return chosen(view).length === 0 ? NOT_HERE : null;
}
