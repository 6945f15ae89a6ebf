// What was removed, newest first, each with a way back.
import { Button, Dialog, EmptyState } from '../../../../ui';
import { useObjects, useScope } from '../../scope';
import { called } from '../../view/naming';
import styles from './questions.module.css';
import type { QuestionProps } from './types';

const SHOWN = 200;

export default function Removed({ onClose }: QuestionProps) {
  const { view, board } = useScope();
  useObjects(board);
  const gone = board.removed();
  const may = view.permit().writes;
  return (
    <Dialog title="Removed from this board" isOpen onClose={onClose} footer={<Button onPress={onClose}>Done</Button>}>
      {gone.length === 0 ? (
        <EmptyState title="Nothing was removed">What is removed waits here, so that nothing is lost by a slip.</EmptyState>
      ) : (
        <ul className={styles.rows} aria-label="Removed">
          {gone.slice(0, SHOWN).map((object) => (
            <li key={object.id} className={styles.row}>
              <span>{called(object)}</span>
              <Button
                size="small"
                isDisabled={!may}
                aria-label={`Bring back ${called(object)}`}
                onPress={() => {
                  board.edit('Bring back', (edit) => edit.bringBack(object.id));
                  view.say(`${called(object)} is back.`);
                }}
              >
                Bring back
              </Button>
            </li>
          ))}
        </ul>
      )}
      {gone.length > SHOWN ? <p className={styles.note}>The newest {SHOWN} of {gone.length}.</p> : null}
    </Dialog>
  );
}
