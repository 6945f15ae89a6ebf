// The clipboard as commands: with keys the browser's own events do it, from menus these do.
import { carry } from '../model/carried';
import { readPasted, toFlavours, type Flavours } from '../model/clipboard';
import { deviceStorage } from '../view/settings';
import type { BoardView } from '../view/types';
import { NOT_HERE, allowed, chosen, command, ids, named, whyNone } from './base';
import { isMac, shown } from './keys';
import { pasteOrAsk } from './pasting';
import type { Command, Context } from './types';
import { removeChosen } from './write';

export const CLIPBOARD: readonly Command[] = [
  command('copy', 'Copy', 'Write', ['Mod+C'], {
    native: true,
    why: ({ view }) => (chosen(view).length === 0 ? NOT_HERE : null),
    run: ({ view }) => {
      if (putOnClipboard(copied(view))) view.say(`${named(chosen(view))} copied.`);
      else view.say(`This browser wants the keys for that: ${shown('Mod+C', isMac())}.`);
    },
  }),
  command('cut', 'Cut', 'Write', ['Mod+X'], {
    native: true,
    why: ({ view }) => whyNone(view, 'remove', chosen(view)),
    run: (context) => {
      if (putOnClipboard(copied(context.view, true))) removeChosen(context);
    },
  }),
  pasting('paste', 'Paste', 'Mod+V', false),
  pasting('paste.plain', 'Paste as one note', 'Mod+Shift+V', true),
];

/** What goes onto the clipboard. `cut`: only what may be taken away. */
export function copied(view: BoardView, cut = false): Required<Flavours> {
  const objects = cut ? allowed(view, 'remove', chosen(view)) : chosen(view);
  const { json, lines } = carry(view.board, ids(objects), view.id);
  return toFlavours(json, lines);
}

/** From a menu: the browser then asks nobody, and changes nothing in the HTML. */
function putOnClipboard({ html, text }: Required<Flavours>): boolean {
  let put = false;
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/html', html);
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
    put = true;
  };
  document.addEventListener('copy', fill, { capture: true, once: true });
  document.execCommand?.('copy');
  document.removeEventListener('copy', fill, { capture: true });
  return put;
}

/** Null: the browser does not give it, or the person said no. */
async function read(plain: boolean): Promise<Flavours | null> {
  const { clipboard } = navigator;
  try {
    if (plain || !clipboard.read) return { text: await clipboard.readText() };
    const [item] = await clipboard.read();
    const flavour = async (type: string) => (item?.types.includes(type) ? (await item.getType(type)).text() : '');
    return { html: await flavour('text/html'), text: await flavour('text/plain') };
  } catch {
    return null;
  }
}

function pasting(id: string, label: string, keys: string, plain: boolean): Command {
  return command(id, label, 'Write', [keys], {
    native: true,
    why: ({ view }: Context) => view.permit().why('add', null),
    run: (context) => {
      void read(plain).then((flavours) => {
        if (flavours === null) context.view.say(`This browser wants the keys for that: press ${shown(keys, isMac())} on the board.`);
        else pasteOrAsk(context, readPasted(flavours, { plain }), null, deviceStorage());
      });
    },
  });
}
