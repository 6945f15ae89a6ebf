/** Name and e-mail. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { become } from '../../api/me';
import type { Me } from '../../api/types';
import { Button, Form, FormError, FormRow, panel, Section, TextField, useToast } from '../../ui';
import { isEmail } from './words';

export function Details({ person }: { person: NonNullable<Me['person']> }) {
  const client = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState(person.name);
  const [email, setEmail] = useState(person.email ?? '');
  const [problems, setProblems] = useState<{ name?: string; email?: string }>({});
  const save = useMutation({
    mutationFn: () =>
      api.patch<Me>('/api/me', person.guest ? { name: name.trim() } : { name: name.trim(), email: email.trim() }),
    onSuccess: (me) => {
      become(client, me);
      toast('Saved.');
    },
  });
  return (
    <Section title="You">
      <Form
        className={panel.form}
        onSubmit={() => {
          const found = {
            name: name.trim() ? undefined : 'Write the name the others should see.',
            email: person.guest || isEmail(email) ? undefined : 'Write the whole e-mail address.',
          };
          setProblems(found);
          if (!found.name && !found.email) save.mutate();
        }}
      >
        <FormError error={save.error} />
        <TextField
          label="Name"
          hint="The others see it beside what you write."
          autoComplete="name"
          maxLength={80}
          value={name}
          onChange={setName}
          problem={problems.name}
        />
        {person.guest ? null : (
          <TextField
            label="E-mail"
            type="email"
            autoComplete="email"
            value={email}
            onChange={setEmail}
            problem={problems.email}
          />
        )}
        <FormRow>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </FormRow>
      </Form>
    </Section>
  );
}
