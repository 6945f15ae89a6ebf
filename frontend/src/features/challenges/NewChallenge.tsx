/** A new challenge: a name, the question, who can see it. Opens its statement when made. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api/client';
import type { Challenge } from '../../api/types';
import { Button, Dialog, DialogActions, Form, FormError, RadioGroup, TextField } from '../../ui';
import { challengeQuery } from './queries';
import { WHO_SEES, type WhoSees } from './visibility';

export default function NewChallenge({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [title, setTitle] = useState('');
  const [question, setQuestion] = useState('');
  const [seenBy, setSeenBy] = useState<WhoSees>('invited');
  const [problems, setProblems] = useState<{ title?: string; question?: string }>({});
  const create = useMutation({
    mutationFn: () =>
      api.post<Challenge>('/api/challenges', {
        title: title.trim(),
        question: question.trim(),
        open_to_lab: seenBy === 'lab',
      }),
    onSuccess: (challenge) => {
      client.setQueryData(challengeQuery(challenge.id).queryKey, challenge);
      void client.invalidateQueries({ queryKey: ['challenges'] });
      onClose();
      go(`/challenges/${challenge.id}`);
    },
  });
  return (
    <Dialog title="New challenge" isOpen onClose={onClose}>
      <Form
        onSubmit={() => {
          const found = {
            title: title.trim() ? undefined : 'Give it a short name.',
            question: question.trim() ? undefined : 'Write the question it is about.',
          };
          setProblems(found);
          if (!found.title && !found.question) create.mutate();
        }}
      >
        <FormError error={create.error} />
        <TextField
          label="Name"
          hint="A few words, as people will call it."
          maxLength={120}
          value={title}
          onChange={setTitle}
          problem={problems.title}
          required
        />
        <TextField
          label="Question"
          hint="One sentence. What should become better, and for whom?"
          rows={3}
          voice
          maxLength={500}
          value={question}
          onChange={setQuestion}
          problem={problems.question}
          required
        />
        <RadioGroup label="Who can see it" value={seenBy} onChange={setSeenBy} options={WHO_SEES} />
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            Make challenge
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
