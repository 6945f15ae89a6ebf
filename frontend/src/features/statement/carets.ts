/** Other people's carets and selections: a bar in their colour with their name, which fades when they rest. */
import { Extension } from '@tiptap/core';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
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
    ],
  });
}

function caret(user: User): HTMLElement {
  const bar = document.createElement('span');
  bar.className = `${styles.caret} ${colour(user)}`;
  // Hidden from screen readers: who is here is told in words elsewhere, and letters must not be broken by names.
  bar.setAttribute('aria-hidden', 'true');
  const label = document.createElement('span');
  label.className = styles.caretName ?? '';
  label.textContent = typeof user.name === 'string' ? (user.name.split(' ')[0] ?? '') : '';
  // Zero-width joiners keep the line from breaking between the caret and its word.
  bar.append('\u2060', label, '\u2060');
  return bar;
}

function colour(user: User): string {
  return typeof user.colour === 'string' && COLOURS.has(user.colour) ? user.colour : 'p1';
}
