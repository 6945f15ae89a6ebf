// Writing in place: an ordinary text field, so that dictation, switches and phone keyboards work as everywhere.
import { useId, useLayoutEffect, useRef, useState } from 'react';
import { press } from '../commands';
import { freshly } from '../commands/fresh';
import { bind } from '../input/binding';
import { PAUSE } from '../input/editor';
import { type Edit, type Kind, MOST_TEXT, type ObjectId, SOFT_TEXT } from '../model/types';
import { useScope } from '../scope';
import styles from './outline.module.css';

const LABELS: Record<Kind, string> = {
  note: 'Text of the note',
  heading: 'Heading',
  area: 'Name of the area',
  cluster: 'Name of the cluster',
  connector: 'Words on the connector',
  image: 'Caption',
  source: 'Why this link is here',
  evidence: 'Note on the evidence card',
};
const ONE_LINE: readonly Kind[] = ['area', 'cluster', 'connector'];

export function ItemField({ id }: { id: ObjectId }) {
  const { view, board, context, commands, keymap } = useScope();
  const field = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const kind = board.get(id)?.kind ?? 'note';
  const [length, setLength] = useState(() => board.get(id)?.text.length ?? 0);
  const keys = useRef<{ wrote(): void; compose(on: boolean): void }>({ wrote: () => undefined, compose: () => undefined });

  useLayoutEffect(() => {
    const at = field.current;
    if (!at) return;
    // A pause ends a step, as it does on the board.
    const typing = board.gesture('Typing');
    let pause: ReturnType<typeof setTimeout> | undefined;
    const rest = () => {
      clearTimeout(pause);
      if (board.get(id)?.text.trim()) freshly(view, id)?.settle();
      typing.done();
    };
    const write = (change: (edit: Edit) => void) => {
      const fresh = freshly(view, id);
      if (fresh) fresh.edit(change);
      else typing.edit(change);
    };
    const binding = bind(at, () => board.get(id)?.text ?? '', (text) => write((edit) => edit.setText(id, text)));
    const shown = () => {
      setLength(at.value.length);
      grow(at);
    };
    keys.current = {
      wrote() {
        binding.wrote();
        shown();
        clearTimeout(pause);
        pause = setTimeout(rest, PAUSE);
      },
      compose: binding.compose,
    };
    const stop = board.subscribe(({ ids }) => {
      if (!ids.has(id) || !board.get(id)) return;
      binding.changed();
      shown();
    });
    grow(at);
    at.focus({ preventScroll: true });
    at.setSelectionRange(at.value.length, at.value.length);
    at.scrollIntoView?.({ block: 'nearest' });
    return () => {
      stop();
      rest();
    };
  }, [board, view, id]);

  return (
    <div className={styles.field}>
      <textarea
        ref={field}
        data-item={id}
        aria-label={LABELS[kind]}
        aria-describedby={hint}
        rows={1}
        dir="auto"
        maxLength={MOST_TEXT}
        onInput={(event) => {
          if (ONE_LINE.includes(kind) && event.currentTarget.value.includes('\n')) event.currentTarget.value = event.currentTarget.value.replaceAll('\n', ' ');
          if (!(event.nativeEvent as InputEvent).isComposing) keys.current.wrote();
        }}
        onCompositionStart={() => keys.current.compose(true)}
        onCompositionEnd={() => keys.current.compose(false)}
        onKeyDown={(event) => {
          event.stopPropagation();
          // Tab leaves the field here, as in every form; on the board it goes to the next note.
          if (event.key === 'Tab') return;
          if (press(event.nativeEvent, context, { commands, keymap, where: 'note' })) return;
          if (event.key === 'Enter' && ONE_LINE.includes(kind) && !event.nativeEvent.isComposing) {
            event.preventDefault();
            view.edit(null);
          }
        }}
        onBlur={() => {
          // Another window has the focus: it will come back here.
          if (document.hasFocus() && view.state().editing === id) view.edit(null);
        }}
      />
      <p id={hint} className={styles.hint}>
        {length > SOFT_TEXT ? `${MOST_TEXT - length} characters left. ` : ''}
        {kind === 'note' ? 'Escape leaves the text. Control and Enter begins another note.' : 'Escape leaves the text.'}
      </p>
    </div>
  );
}

/** As tall as its text. */
function grow(field: HTMLTextAreaElement): void {
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight + 2}px`;
}
