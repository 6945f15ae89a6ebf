// Who may do what in an area. For those who lead; the server holds everybody to it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../api/client';
import { Button, Dialog, DialogActions, Form, FormError, Select, TextField } from '../../../../ui';
import { boardKey } from '../../queries';
import { useScope } from '../../scope';
import type { AreaRule, Whom } from '../../served';
import { nameOf } from '../../view/naming';
import styles from './questions.module.css';
import type { QuestionProps } from './types';

type Ruled = 'add' | 'edit' | 'move' | 'remove';

const QUESTIONS: readonly { readonly what: Ruled; readonly label: string }[] = [
  { what: 'add', label: 'Add things here' },
  { what: 'edit', label: 'Change what is written' },
  { what: 'move', label: 'Move things' },
  { what: 'remove', label: 'Remove things' },
];
const WHOM: readonly { readonly value: Whom; readonly label: string }[] = [
  { value: 'everyone', label: 'Everybody who writes' },
  { value: 'own', label: 'Only what is one’s own' },
  { value: 'facilitators', label: 'Facilitators only' },
];

export default function AreaRules({ ids, onClose }: QuestionProps) {
  const { view, board, served } = useScope();
  const client = useQueryClient();
  const [id] = ids;
  const area = id === undefined ? undefined : board.get(id);
  const present = served.rules.areas.find(({ object }) => object === id);
  const [rule, setRule] = useState<Record<Ruled, Whom>>(() => ({
    add: present?.add ?? 'everyone',
    edit: present?.edit ?? 'everyone',
    move: present?.move ?? 'everyone',
    remove: present?.remove ?? 'everyone',
  }));
  const [prompt, setPrompt] = useState(area?.prompt ?? '');
  const save = useMutation({
    mutationFn: () => api.put<AreaRule>(`/api/boards/${served.id}/areas/${encodeURIComponent(id ?? '')}`, rule),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: boardKey(served.id) });
      if (id !== undefined && area && prompt.trim() !== area.prompt) board.edit('Change prompt', (edit) => edit.set(id, { prompt: prompt.trim() }));
      view.say('Saved.');
      onClose();
    },
  });
  if (id === undefined || !area) return null;
  return (
    <Dialog title={`Area ${nameOf(board, id)}`} isOpen onClose={onClose}>
      <Form onSubmit={() => save.mutate()}>
        <FormError error={save.error} />
        <TextField label="Prompt" optional hint="Shown under the title: what belongs here." rows={2} maxLength={500} value={prompt} onChange={setPrompt} />
        <h3 className={styles.groupTitle}>Who may</h3>
        <div className={styles.fields}>
          {QUESTIONS.map(({ what, label }) => (
            <Select
              key={what}
              label={label}
              value={rule[what]}
              onChange={(whom) => setRule({ ...rule, [what]: whom })}
              options={what === 'add' ? WHOM.filter(({ value }) => value !== 'own') : WHOM}
            />
          ))}
        </div>
        <p className={styles.explain}>Facilitators always may. Reading and commenting stay open to everybody.</p>
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
