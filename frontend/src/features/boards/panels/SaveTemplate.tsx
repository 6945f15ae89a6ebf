// This board's areas and prompts, kept for boards to come.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client';
import { Button, Dialog, DialogActions, Form, FormError, TextField, useToast } from '../../../ui';
import { useScope } from '../scope';

export default function SaveTemplate({ onClose }: { onClose: () => void }) {
  const { served } = useScope();
  const client = useQueryClient();
  const toast = useToast();
  const [title, setTitle] = useState(served.title);
  const [problem, setProblem] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => api.post(`/api/boards/${served.id}/template`, { title: title.trim() }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['challenge', served.challenge.id, 'board-templates'] });
      toast('Kept. It is offered when somebody makes a new board.');
      onClose();
    },
  });
  return (
    <Dialog title="Keep as a template" isOpen onClose={onClose}>
      <Form
        onSubmit={() => {
          if (title.trim() === '') setProblem('A template needs a title.');
          else if (!save.isPending) save.mutate();
        }}
      >
        <p>Its areas, headings and prompts are kept, and what the colours mean. Notes are not.</p>
        <FormError error={save.error} />
        <TextField label="Title" value={title} onChange={setTitle} problem={problem} maxLength={120} autoFocus required />
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Keep
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
