// What each colour means on this board.
import { useState } from 'react';
import { Button, Dialog, DialogActions, Form, names, TextField } from '../../../../ui';
import { COLOURS, type Colour } from '../../model/types';
import { useScope } from '../../scope';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { COLOUR_NAMES } from './words';

const LONGEST = 40;

export default function Legend({ onClose }: QuestionProps) {
  const { view, board } = useScope();
  const may = view.permit().writes;
  const [words, setWords] = useState<ReadonlyMap<Colour, string>>(() => new Map(board.legend()));
  const used = new Map<Colour, number>();
  for (const { kind, colour } of board.all()) if (kind === 'note') used.set(colour, (used.get(colour) ?? 0) + 1);
  function save(): void {
    const changed = COLOURS.filter((colour) => (words.get(colour) ?? '').trim() !== (board.legend().get(colour) ?? ''));
    onClose();
    if (changed.length === 0) return;
    board.edit('Change legend', (edit) => {
      for (const colour of changed) edit.setLegend(colour, (words.get(colour) ?? '').trim());
    });
    view.say('Legend changed.');
  }
  return (
    <Dialog title="What the colours mean" isOpen onClose={onClose}>
      <Form onSubmit={save}>
        <p className={styles.explain}>The meaning is told wherever the colour is shown, also to people who do not see it.</p>
        <div className={styles.fields}>
          {COLOURS.map((colour) => (
            <div key={colour} className={styles.row}>
              <TextField
                label={`${COLOUR_NAMES[colour]}${used.has(colour) ? `, ${used.get(colour)} ${used.get(colour) === 1 ? 'note' : 'notes'}` : ''}`}
                maxLength={LONGEST}
                readOnly={!may}
                value={words.get(colour) ?? ''}
                onChange={(meaning) => setWords(new Map(words).set(colour, meaning))}
              />
              <span className={names(styles.swatch, styles[colour])} aria-hidden />
            </div>
          ))}
        </div>
        <DialogActions>
          <Button onPress={onClose}>{may ? 'Cancel' : 'Close'}</Button>
          {may ? (
            <Button type="submit" variant="primary">
              Save
            </Button>
          ) : null}
        </DialogActions>
      </Form>
    </Dialog>
  );
}
