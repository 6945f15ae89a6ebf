// How the board behaves for one person on one device; and, for those who lead, how it shows who made what.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../../api/client';
import { Button, Checkbox, Dialog, FormError, RadioGroup } from '../../../../ui';
import { AUTHORS } from '../../authors';
import { setPersonal, usePersonal } from '../../personal';
import { boardKey } from '../../queries';
import { useScope, useViewState } from '../../scope';
import type { Authors } from '../../served';
import styles from './questions.module.css';
import type { QuestionProps } from './types';

export default function Settings({ onClose }: QuestionProps) {
  const { view, served } = useScope();
  const { calm, cursors, minimap, letters, arrows } = useViewState(view);
  const { news } = usePersonal();
  return (
    <Dialog title="Board settings" isOpen onClose={onClose} footer={<Button onPress={onClose}>Done</Button>}>
      <h3 className={styles.groupTitle}>For you, on this device</h3>
      <div className={styles.fields}>
        <Checkbox checked={calm} onChange={(on) => view.set({ calm: on })} hint="No cursors, nothing glides, one area at a time.">
          Calm mode
        </Checkbox>
        <Checkbox checked={cursors} disabled={calm} onChange={(on) => view.set({ cursors: on })}>
          Show other people’s cursors
        </Checkbox>
        <Checkbox checked={minimap} onChange={(on) => view.set({ minimap: on })}>
          Show the overview in the corner
        </Checkbox>
        <RadioGroup
          label="Arrow keys"
          value={arrows}
          onChange={(next) => view.set({ arrows: next })}
          options={[
            { value: 'go', label: 'go from note to note', hint: 'M and then arrows moves the chosen one' },
            { value: 'move', label: 'move the chosen note', hint: 'Alt and arrows goes from note to note' },
          ]}
        />
        <Checkbox checked={letters} onChange={(on) => view.set({ letters: on })}>
          Single letters act as shortcuts
        </Checkbox>
        <RadioGroup
          label="Tell me what others do"
          value={news}
          onChange={(next) => setPersonal({ news: next })}
          options={[
            { value: 'all', label: 'everywhere on the board' },
            { value: 'area', label: 'in the area I am in' },
            { value: 'mine', label: 'with what I made or have chosen' },
            { value: 'off', label: 'not at all' },
          ]}
        />
        <p className={styles.note}>Told by screen readers, gathered every five seconds, never while you type.</p>
      </div>
      {view.permit().leads ? <ForAll authors={served.authors} board={served.id} /> : null}
    </Dialog>
  );
}

function ForAll({ authors, board }: { authors: Authors; board: string }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (next: Authors) => api.patch(`/api/boards/${board}`, { authors: next }),
    onSettled: () => client.invalidateQueries({ queryKey: boardKey(board) }),
  });
  return (
    <>
      <h3 className={styles.groupTitle}>For everybody on this board</h3>
      <FormError error={save.error} />
      <RadioGroup label="Who made a note is" value={save.isPending ? save.variables : authors} onChange={(next) => save.mutate(next)} options={AUTHORS} />
    </>
  );
}
