/** Other people's carets and selections: a bar in their colour with their name, which fades when they rest. */
import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import type { Transaction } from 'yjs';
import styles from './statement.module.css';

const COLOURS = new Set(['p1', 'p2', 'p3', 'p4', 'p5', 'p6']);

interface User {
  readonly name?: unknown;
  readonly colour?: unknown;
}

export function Carets(awareness: Awareness) {
  return Extension.create({
    name: 'carets',
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, { cursorBuilder: caret, selectionBuilder: (user: User) => ({ class: `${styles.chosen} ${colour(user)}` }) }),
      showingNames(awareness),
    ],
  });
}

/**
 * A name shows again when its person moves or writes. Both are asked: the editor keeps the element of a caret that stays
 * beside the same letters, and a caret at the end of a line does not move, as far as presence goes, by writing there.
 */
function showingNames(awareness: Awareness): Plugin {
  return new Plugin({
    view(view) {
      const show = (clients: Iterable<number>) => {
        for (const client of clients) {
          const bar = view.dom.querySelector(`[data-client="${client}"]`);
          for (const fade of bar?.getAnimations?.({ subtree: true }) ?? []) {
            fade.cancel();
            fade.play();
          }
        }
      };
      const moved = ({ updated }: { updated: number[] }) => show(updated);
      const wrote = ({ local, beforeState, afterState }: Transaction) => {
        if (!local) show([...afterState].filter(([client, clock]) => clock !== (beforeState.get(client) ?? 0)).map(([client]) => client));
      };
      awareness.on('change', moved);
      awareness.doc.on('afterTransaction', wrote);
      return {
        destroy() {
          awareness.off('change', moved);
          awareness.doc.off('afterTransaction', wrote);
        },
      };
    },
  });
}

function caret(user: User, client: number): HTMLElement {
  const bar = document.createElement('span');
  bar.className = `${styles.caret} ${colour(user)}`;
  bar.dataset.client = String(client);
  // Hidden from screen readers: who is here is told in words elsewhere, and letters must not be broken by names.
  bar.setAttribute('aria-hidden', 'true');
  const label = document.createElement('span');
  label.className = styles.caretName ?? '';
  label.textContent = typeof user.name === 'string' ? (user.name.split(' ')[0] ?? '') : '';
  // Word joiners keep the line from breaking between the caret and its word.
  bar.append('\u2060', label, '\u2060');
  return bar;
}

function colour(user: User): string {
  return typeof user.colour === 'string' && COLOURS.has(user.colour) ? user.colour : 'p1';
}
