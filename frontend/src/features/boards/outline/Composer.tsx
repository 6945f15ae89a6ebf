// Adding a note without looking for its place: words, an area, Enter. Stays ready for the next one.
import { Plus } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { plain } from '../canvas/markdown';
import { MOST_TEXT, type BoardObject, type ObjectId } from '../model/types';
import { useScope } from '../scope';
import { addNote } from './actions';
import styles from './outline.module.css';

interface ComposerProps {
  readonly areas: readonly BoardObject[];
  /** Where one is; the note goes there unless another area is chosen. */
  readonly here: ObjectId | null;
}

export function Composer({ areas, here }: ComposerProps) {
  const { view } = useScope();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  /** Undefined: wherever one is. */
  const [chosen, setChosen] = useState<ObjectId | null | undefined>(undefined);
  const wanted = chosen === undefined ? here : chosen;
  const area = wanted !== null && areas.some((each) => each.id === wanted) ? wanted : null;

  function add(): void {
    const words = text.trim();
    if (words === '') {
      field.current?.focus();
      return;
    }
    if (addNote(view, words, area, view.state().colour) === null) return;
    setText('');
    field.current?.focus();
  }

  return (
    <form
      className={styles.composer}
      aria-label="Add a note"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label htmlFor={id} className="vh">
        New note
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        value={text}
        maxLength={MOST_TEXT}
        placeholder="Write a note, then Enter"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            add();
          }
        }}
      />
      {areas.length > 0 ? (
        <>
          <label htmlFor={`${id}-in`} className="vh">
            In
          </label>
          <select id={`${id}-in`} value={area ?? ''} onChange={(event) => setChosen(event.target.value === '' ? null : event.target.value)}>
            {areas.map((each) => (
              <option key={each.id} value={each.id}>
                {plain(each.text) || 'Area without a name'}
              </option>
            ))}
            <option value="">Outside the areas</option>
          </select>
        </>
      ) : null}
      <button type="submit" className={styles.add}>
        <Plus aria-hidden />
        Add<span className="vh"> the note</span>
      </button>
    </form>
  );
}
