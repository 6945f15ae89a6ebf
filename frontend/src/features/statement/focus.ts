/**
 * Where focus goes, and when.
 *
 * Back to the text at once. The editor's own `focus` waits for the next frame: a key pressed before it goes to the
 * button that was left, and whoever has gone on to another by then is fetched back from it, on a slow machine often.
 * Only a menu or dialog that is closing has to wait: until it is gone, it holds focus.
 */
import type { Editor } from '@tiptap/core';

export function toText(editor: Editor): void {
  if (editor.isDestroyed) return;
  editor.view.focus();
  editor.commands.scrollIntoView();
}

/** What is done next is done to the text, with focus in it. */
export function inText(editor: Editor) {
  toText(editor);
  return editor.chain();
}
