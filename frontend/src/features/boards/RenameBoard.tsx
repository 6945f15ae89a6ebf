// Another title for a board.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { Button, Dialog, DialogActions, Form, FormError, TextField } from '../../ui';
import { boardKey } from './queries';
import type { BoardShown } from './served';

export const LONGEST_TITLE = 120;

export function RenameBoard({ board, onClose }: { board: BoardShown; onClose: () => void }) {
  const client = useQueryClient();
  const [title, setTitle] = useState(board.title);
  const [problem, setProblem] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => api.patch(`/api/boards/${board.id}`, { title: title.trim() }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: boardKey(board.id) });
      void client.invalidateQueries({ queryKey: ['challenge', board.challenge.id, 'boards'] });
      onClose();
    },
  });
  return (
    <Dialog title="Rename the board" isOpen onClose={onClose}>
      <Form
        onSubmit={() => {
          if (title.trim() === '') setProblem('A board needs a title.');
          else if (!save.isPending) save.mutate();
        }}
      >
        <FormError error={save.error} />
        <TextField label="Title" value={title} onChange={setTitle} problem={problem} maxLength={LONGEST_TITLE} autoFocus required />
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Rename
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
