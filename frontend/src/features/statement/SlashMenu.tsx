/** What the `/` menu looks like. Keys are handled in `slash.ts`, where the caret is. */
import type { Editor } from '@tiptap/core';
import { useEffect, useReducer } from 'react';
import { announce, names } from '../../ui';
import { matching } from './blocks';
import { choose, optionId, SLASH_LIST, slashState } from './slash';
import styles from './statement.module.css';
import { useEditorValue } from './useEditor';

export function SlashMenu({ editor }: { editor: Editor }) {
  const from = useEditorValue(editor, (e) => slashState(e).from, null);
  const query = useEditorValue(editor, (e) => slashState(e).query, '');
  const index = useEditorValue(editor, (e) => slashState(e).index, 0);
  const choices = matching(query);
  const open = from !== null && choices.length > 0;
  const count = choices.length;
  useEffect(() => {
    if (open) announce(count === 1 ? '1 choice' : `${count} choices, up and down to choose, Enter to take`);
  }, [open, count]);
  const [, placeAgain] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (!open) return;
    // Wherever it was scrolled: the line moves, so does the menu.
    window.addEventListener('scroll', placeAgain, { capture: true, passive: true });
    window.addEventListener('resize', placeAgain);
    return () => {
      window.removeEventListener('scroll', placeAgain, { capture: true });
      window.removeEventListener('resize', placeAgain);
    };
  }, [open]);
  if (!open) return null;
  const lit = choices[index];
  return (
    <div
      id={SLASH_LIST}
      role="listbox"
      aria-label="Turn this line into"
      className={styles.slash}
      style={placeAt(editor, from)}
      // The caret must not leave the text when a choice is pressed.
      onMouseDown={(event) => event.preventDefault()}
    >
      {choices.map((choice) => (
        <div
          key={choice.id}
          id={optionId(choice)}
          role="option"
          tabIndex={-1}
          aria-selected={choice === lit}
          ref={choice === lit ? (element) => element?.scrollIntoView?.({ block: 'nearest' }) : undefined}
          className={names(styles.option, choice === lit && styles.lit)}
          onClick={() => choose(editor, choice)}
          onKeyDown={() => undefined}
        >
          <choice.icon aria-hidden />
          <span>{choice.label}</span>
          <span className={styles.optionHint}>{choice.hint}</span>
        </div>
      ))}
    </div>
  );
}

/** Below the caret, or above it where there is no room, never beyond the edge. */
function placeAt(editor: Editor, position: number): { left: number; top?: number; bottom?: number } {
  const caret = editor.view.coordsAtPos(position);
  const left = Math.max(8, Math.min(caret.left, window.innerWidth - 296));
  // The keyboard of a phone takes from what is seen, not from the window.
  const seen = window.visualViewport ? window.visualViewport.offsetTop + window.visualViewport.height : window.innerHeight;
  return caret.bottom + 320 < seen || caret.top < 320
    ? { left, top: caret.bottom + 6 }
    : { left, bottom: window.innerHeight - caret.top + 6 };
}
