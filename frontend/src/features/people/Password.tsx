/** Setting or changing the password: the rules stand before the field, not after the mistake. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { become } from '../../api/me';
import type { Me } from '../../api/types';
import { Button, Form, FormError, FormRow, panel, Section, TextField, useToast } from '../../ui';
import { passwordProblem, PASSWORD_RULES } from './words';

export function Password({ isSet }: { isSet: boolean }) {
  const client = useQueryClient();
  const toast = useToast();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [problem, setProblem] = useState<string>();
  const save = useMutation({
    mutationFn: () => api.put<Me>('/api/me/password', isSet ? { current, new: fresh } : { new: fresh }),
    onSuccess: async (me) => {
      become(client, me);
      setCurrent('');
      setFresh('');
      toast(isSet ? 'Your password is changed.' : 'Your password is set.');
      await client.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  return (
    <Section
      title="Password"
      lead={isSet ? undefined : 'You have none yet and sign in by link. With a password you need no link.'}
    >
      <Form
        className={panel.form}
        onSubmit={() => {
          const found = passwordProblem(fresh);
          setProblem(found);
          if (!found) save.mutate();
        }}
      >
        <FormError error={save.error} />
        {isSet ? (
          <TextField
            label="Present password"
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
          />
        ) : null}
        <TextField
          label="New password"
          hint={PASSWORD_RULES}
          type="password"
          autoComplete="new-password"
          value={fresh}
          onChange={setFresh}
          problem={problem}
        />
        <FormRow>
          <Button type="submit" busy={save.isPending}>
            {isSet ? 'Change password' : 'Set password'}
          </Button>
        </FormRow>
      </Form>
    </Section>
  );
}
