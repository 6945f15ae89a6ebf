// After images were added: a place to say what they show, which asks and does not stop anybody.
import { X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../../ui';
import type { ObjectId } from '../model/types';
import { useObjects, useScope } from '../scope';
import styles from './panels.module.css';

interface AltBarProps {
  readonly ids: readonly ObjectId[];
  readonly onClose: () => void;
}

const LONGEST = 500;

export function AltBar({ ids, onClose }: AltBarProps) {
  const { view, board, served } = useScope();
  useObjects(board);
  const [text, setText] = useState('');
  const waiting = ids.map((id) => board.get(id)).filter((object) => object?.kind === 'image' && object.alt.trim() === '');
  const [image] = waiting;
  if (!image) return null;

  function save(): void {
    const alt = text.replace(/\s+/g, ' ').trim();
    if (!image || alt === '') return;
    board.edit('Describe image', (edit) => edit.set(image.id, { alt }));
    view.say('Image described.');
    setText('');
    if (waiting.length === 1) onClose();
  }

  return (
    <form
      className={`${styles.float} ${styles.alt}`}
      aria-label="Describe the image"
      data-landmark="alt"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {image.picture ? <img alt="" src={`/api/boards/${served.id}/images/${image.picture.file}/small`} /> : null}
      <label>
        <span>What does this image show?{waiting.length > 1 ? ` ${waiting.length} to describe.` : ''}</span>
        <input value={text} maxLength={LONGEST} placeholder="For people who hear the board" onChange={(event) => setText(event.target.value)} onKeyDown={(event) => event.stopPropagation()} />
      </label>
      <Button type="submit" size="small" variant="primary">
        Save
      </Button>
      <IconButton label="Later" icon={<X aria-hidden />} size="small" onPress={onClose} />
    </form>
  );
}
