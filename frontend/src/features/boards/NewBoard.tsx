// A new board: a title, areas to begin with, and whether it says who wrote what.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api/client';
import type { Challenge } from '../../api/types';
import { Button, ConfirmDialog, Dialog, DialogActions, Form, FormError, Loading, RadioGroup, TextField } from '../../ui';
import { AUTHORS } from './authors';
import { templatesQuery } from './queries';
import { LONGEST_TITLE } from './RenameBoard';
import type { Authors, BoardShown, BoardTemplate } from './served';
import { TemplatePreview } from './TemplatePreview';
import styles from './boards.module.css';

interface NewBoardProps {
  challenge: Challenge;
  onClose: () => void;
  onImport: () => void;
}

export default function NewBoard({ challenge, onClose, onImport }: NewBoardProps) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const templates = useQuery(templatesQuery(challenge.id));
  const [title, setTitle] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [template, setTemplate] = useState<string | null>(null);
  const [authors, setAuthors] = useState<Authors>('shown');
  const make = useMutation({
    mutationFn: () => api.post<BoardShown>(`/api/challenges/${challenge.id}/boards`, { title: title.trim(), authors, ...(template ? { template } : {}) }),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['challenge', challenge.id, 'boards'] });
      onClose();
      go(`/challenges/${challenge.id}/boards/${id}`);
    },
  });
  const [removing, setRemoving] = useState<BoardTemplate | null>(null);
  const mine = templates.data?.find(({ id, built_in, yours }) => id === template && !built_in && yours) ?? null;
  return (
    <Dialog title="New board" isOpen onClose={onClose} wide>
      {removing ? (
        <ConfirmDialog
          title={`Remove the template “${removing.title}”?`}
          confirm="Remove it"
          isOpen
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await api.delete(`/api/board-templates/${removing.id}`);
            setTemplate(null);
            await client.invalidateQueries({ queryKey: templatesQuery(challenge.id).queryKey });
          }}
        >
          Nobody can begin a board with it any more. Boards that were begun with it stay as they are.
        </ConfirmDialog>
      ) : null}
      <Form
        onSubmit={() => {
          if (title.trim() === '') setProblem('Give the board a title, such as “Ideas for going home”.');
          else if (!make.isPending) make.mutate();
        }}
      >
        <FormError error={make.error} />
        <TextField label="Title" value={title} onChange={setTitle} problem={problem} maxLength={LONGEST_TITLE} autoFocus required />
        <fieldset className={styles.gallery}>
          <legend>Begin with</legend>
          <FormError error={templates.error} />
          {templates.isPending ? <Loading what="the templates" lines={3} /> : null}
          <div className={styles.tiles}>
            <Tile chosen={template === null} onChoose={() => setTemplate(null)} shown={EMPTY} />
            {templates.data?.filter(({ id }) => id !== 'blank').map((each) => (
              <Tile key={each.id} chosen={template === each.id} onChoose={() => setTemplate(each.id)} shown={each} />
            ))}
          </div>
          {mine ? (
            <Button size="small" variant="quiet" onPress={() => setRemoving(mine)}>
              Remove the template “{mine.title}”
            </Button>
          ) : null}
        </fieldset>
        <RadioGroup label="Who made a note is" value={authors} onChange={setAuthors} options={AUTHORS} />
        <DialogActions>
          <Button variant="quiet" onPress={onImport}>
            Bring in a file instead
          </Button>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={make.isPending}>
            Make the board
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

const EMPTY: BoardTemplate = { id: 'blank', title: 'Empty', about: 'Nothing on it yet.', family: 'blank', built_in: true, areas: [], yours: false };

function Tile({ shown, chosen, onChoose }: { shown: BoardTemplate; chosen: boolean; onChoose: () => void }) {
  const id = `template-${shown.id}`;
  return (
    <label className={styles.tile}>
      <input type="radio" name="template" checked={chosen} onChange={onChoose} aria-labelledby={id} aria-describedby={`${id}-about`} />
      <TemplatePreview shape={shown.built_in ? shown.id : ''} areas={shown.areas.length} />
      <span className={styles.tileTitle} id={id}>
        {shown.title}
      </span>
      <span className={styles.quiet} id={`${id}-about`}>
        {shown.about}
        {shown.built_in ? '' : ' Saved in this challenge.'}
      </span>
    </label>
  );
}
