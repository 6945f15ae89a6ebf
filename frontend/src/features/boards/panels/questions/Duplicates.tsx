// Notes that say the same: looked at group by group, merged only by hand.
import { Button, Dialog } from '../../../../ui';
import { mergeNotes } from '../../commands/merge';
import { duplicates } from '../../model';
import { useObjects, useScope } from '../../scope';
import { called } from '../../view/naming';
import { areaOf } from '../../view/places';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { still } from './words';

export default function Duplicates({ ids, onClose }: QuestionProps) {
  const { view, board } = useScope();
  useObjects(board);
  const groups = duplicates(board, ids.length > 1 ? new Set(ids) : undefined);
  return (
    <Dialog title="Notes that say the same" isOpen onClose={onClose} wide footer={<Button onPress={onClose}>Done</Button>}>
      <p className={styles.explain}>
        {groups.length === 0
          ? 'There are none. Capitals, punctuation and small words such as “the” were left out of the comparison.'
          : 'Capitals, punctuation and small words were left out of the comparison. Merging keeps every text, tag and connector; undo takes it back.'}
      </p>
      <ul className={styles.groups} aria-label="Groups of notes that say the same">
        {groups.map((group) => (
          <li key={group.join()} className={styles.group}>
            <ul>
              {still(board, group).map((note) => {
                const area = areaOf(board, note.id);
                const home = area === null ? undefined : board.get(area);
                return (
                  <li key={note.id}>
                    {note.text} <span className={styles.note}>{home ? `in ${called(home)}` : 'in no area'}</span>
                  </li>
                );
              })}
            </ul>
            <Button size="small" onPress={() => mergeNotes(view, group)}>
              Merge these {group.length}
            </Button>{' '}
            <Button
              size="small"
              variant="quiet"
              onPress={() => {
                onClose();
                view.select(group);
                const [first] = group;
                if (first !== undefined) view.focus(first, { keep: true });
              }}
            >
              Show them
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
