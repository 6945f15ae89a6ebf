/** A new account: name, e-mail, role. Staff then hands over a sign-in link. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import type { PersonRow, Role } from '../../api/types';
import { Button, Dialog, DialogActions, Form, FormError, RadioGroup, TextField, useToast } from '../../ui';
import { ROLE_MAY, ROLE_NAME, ROLES } from './roles';
import { isEmail } from './words';

interface AddPersonProps {
  isOpen: boolean;
  onClose: () => void;
  onAdded: () => void;
}

export function AddPerson({ isOpen, onClose, onAdded }: AddPersonProps) {
  const toast = useToast();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('participant');
  const [problems, setProblems] = useState<{ name?: string; email?: string }>({});
  const add = useMutation({
    mutationFn: () => api.post<PersonRow>('/api/people', { name: name.trim(), email: email.trim(), role }),
    onSuccess: (person) => {
      onAdded();
      toast(`${person.name} is added. Make them a sign-in link in the list.`);
      close();
    },
  });
  function close() {
    add.reset();
    setName('');
    setEmail('');
    setProblems({});
    onClose();
  }
  return (
    <Dialog title="Add a person" isOpen={isOpen} onClose={close}>
      <Form
        onSubmit={() => {
          const found = {
            name: name.trim() ? undefined : 'Write their name.',
            email: isEmail(email) ? undefined : 'Write the whole e-mail address.',
          };
          setProblems(found);
          if (!found.name && !found.email) add.mutate();
        }}
      >
        <FormError error={add.error} />
        <TextField label="Name" autoComplete="off" maxLength={80} value={name} onChange={setName} problem={problems.name} />
        <TextField label="E-mail" type="email" autoComplete="off" value={email} onChange={setEmail} problem={problems.email} />
        <RadioGroup
          label="Role in the lab"
          value={role}
          onChange={setRole}
          options={ROLES.map((each) => ({ value: each, label: ROLE_NAME[each], hint: `They ${theirs(ROLE_MAY[each])}` }))}
        />
        <DialogActions>
          <Button onPress={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={add.isPending}>
            Add
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

function theirs(sentence: string): string {
  return sentence.replace(' You cannot', ' They cannot');
}
