// Locks are the server's: taken and given back there, at once for everybody.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../api/client';
import { Button, Dialog, FormError, RadioGroup } from '../../../../ui';
import { boardKey } from '../../queries';
import { useScope } from '../../scope';
import type { Lock } from '../../view/types';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { theseWords } from './words';

export default function LockOf({ ids, payload, onClose }: QuestionProps) {
  const { view, board, served } = useScope();
  const client = useQueryClient();
  const opening = payload === 'unlock';
  const [level, setLevel] = useState<Lock['level']>('position');
  const [who, setWho] = useState<Lock['who']>('me');
  const leads = view.permit().leads;
  const send = useMutation({
    mutationFn: async () => {
      for (const id of ids) {
        const path = `/api/boards/${served.id}/locks/${encodeURIComponent(id)}`;
        await (opening ? api.delete(path) : api.put(path, { level, who }));
      }
    },
    onSuccess: () => {
      view.say(`${theseWords(board, ids)} ${opening ? 'unlocked' : 'locked'}.`);
      onClose();
    },
    // Some of several may have been done.
    onSettled: () => client.invalidateQueries({ queryKey: boardKey(served.id) }),
  });
  return (
    <Dialog
      title={`${opening ? 'Unlock' : 'Lock'} ${theseWords(board, ids)}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" busy={send.isPending} onPress={() => send.mutate()}>
            {opening ? 'Unlock' : 'Lock'}
          </Button>
        </>
      }
    >
      <FormError error={send.error} />
      {opening ? (
        <p className={styles.explain}>Everybody who writes here can then move and change it again.</p>
      ) : (
        <>
          <p className={styles.explain}>It stays readable and can be commented on. What is locked in an area holds for what lies in it.</p>
          <RadioGroup
            label="Locked is"
            value={level}
            onChange={setLevel}
            options={[
              { value: 'position', label: 'its place', hint: 'words can still be changed' },
              { value: 'content', label: 'its words', hint: 'it can still be moved' },
              { value: 'all', label: 'both' },
            ]}
          />
          <RadioGroup
            label="Who may still change it"
            value={who}
            onChange={setWho}
            options={[
              { value: 'me', label: 'I and the facilitators' },
              ...(leads ? [{ value: 'facilitators' as const, label: 'facilitators only' }] : []),
            ]}
          />
        </>
      )}
    </Dialog>
  );
}
