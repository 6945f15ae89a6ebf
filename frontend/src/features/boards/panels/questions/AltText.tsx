// What an image shows, in words, for those who do not see it.
import { useState } from 'react';
import { Button, Dialog, DialogActions, Form, TextField } from '../../../../ui';
import { useScope } from '../../scope';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { still } from './words';

const LONGEST = 500;

export default function AltText({ ids, onClose }: QuestionProps) {
  const { view, board, served } = useScope();
  const images = still(board, ids).filter(({ kind }) => kind === 'image');
  const [at, setAt] = useState(0);
  const image = images[at];
  const [text, setText] = useState(image?.alt ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  if (!image) return null;
  function save() {
    if (!image) return;
    const alt = text.replace(/\s+/g, ' ').trim();
    if (alt === '') return setProblem('Say in a sentence what can be seen, and why it is here.');
    if (alt !== image.alt) board.edit('Describe image', (edit) => edit.set(image.id, { alt }));
    const next = images[at + 1];
    if (next) {
      setAt(at + 1);
      setText(next.alt);
      setProblem(null);
    } else {
      onClose();
      view.say('Image described.');
    }
  }
  return (
    <Dialog title={images.length > 1 ? `Describe image ${at + 1} of ${images.length}` : 'Describe the image'} isOpen onClose={onClose}>
      {image.picture ? (
        <p className={styles.explain}>
          <img className={styles.preview} alt="" src={`/api/boards/${served.id}/images/${image.picture.file}/small`} />
        </p>
      ) : null}
      <Form onSubmit={save}>
        <TextField
          label="What it shows"
          hint="For people who hear the board instead of seeing it. Until it is there, they only hear “image”."
          rows={3}
          maxLength={LONGEST}
          value={text}
          onChange={setText}
          problem={problem}
        />
        <DialogActions>
          <Button onPress={onClose}>Later</Button>
          <Button type="submit" variant="primary">
            {at + 1 < images.length ? 'Next' : 'Save'}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
