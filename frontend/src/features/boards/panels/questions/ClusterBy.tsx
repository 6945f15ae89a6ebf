// Sorting notes into labelled areas by what they have in common.
import { useState } from 'react';
import { Button, Dialog, RadioGroup } from '../../../../ui';
import { clusterBy, type ClusterBy as By } from '../../commands/geometry';
import { useScope } from '../../scope';
import { COLOUR_NAMES, theseWords } from './words';
import styles from './questions.module.css';
import type { QuestionProps } from './types';

export default function ClusterBy({ ids, onClose }: QuestionProps) {
  const { view, board, served, person } = useScope();
  const [by, setBy] = useState<By>('colour');
  const options: { value: By; label: string; hint?: string }[] = [
    { value: 'colour', label: 'Colour', hint: 'named by what each colour means here' },
    { value: 'tag', label: 'Tag', hint: 'the first tag of each decides' },
    { value: 'area', label: 'Area' },
    { value: 'support', label: 'Support', hint: 'most supported first' },
  ];
  if (served.authors !== 'hidden') options.splice(2, 0, { value: 'author', label: 'Who made it' });
  const about = ids.length > 0 ? ids : board.all().map(({ id }) => id);
  return (
    <Dialog
      title="Sort into groups"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onPress={() => {
              onClose();
              clusterBy(view, about, by, {
                colour: (colour) => board.legend().get(colour) ?? COLOUR_NAMES[colour],
                author: (id) => person(id)?.name ?? 'Somebody who has left',
                noTag: 'No tag',
                noAuthor: 'Not recorded',
                noArea: 'In no area',
              });
            }}
          >
            Sort
          </Button>
        </>
      }
    >
      <p className={styles.explain}>
        {theseWords(board, about)} will go into new areas below the board. One undo brings back how it was.
      </p>
      <RadioGroup label="By" value={by} onChange={setBy} options={options} />
    </Dialog>
  );
}
