/** The lab's name and introduction, for staff. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { meQuery } from '../../api/me';
import type { Lab } from '../../api/types';
import { Button, Dialog, DialogActions, Form, FormError, TextField, useToast } from '../../ui';
import { labQuery } from './queries';

export default function EditLab({ lab, onClose }: { lab: Lab; onClose: () => void }) {
  const client = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState(lab.name);
  const [intro, setIntro] = useState(lab.intro);
  const save = useMutation({
    mutationFn: () => api.patch<Lab>('/api/lab', { name: name.trim(), intro: intro.trim() }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: labQuery.queryKey }),
        client.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]);
      toast('Saved.');
      onClose();
    },
  });
  return (
    <Dialog title="The lab" isOpen onClose={onClose}>
      <Form
        onSubmit={() => {
          if (name.trim()) save.mutate();
        }}
      >
        <FormError error={save.error} />
        <TextField
          label="Name"
          maxLength={120}
          value={name}
          onChange={setName}
          problem={name.trim() ? null : 'The lab needs a name.'}
        />
        <TextField
          label="Introduction"
          optional
          hint="One or two sentences: who works here, on what."
          rows={4}
          maxLength={1000}
          value={intro}
          onChange={setIntro}
        />
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
