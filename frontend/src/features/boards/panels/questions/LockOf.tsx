// Locks are the server's: taken and given back there, at once for everybody.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../api/client';
import { Button, Dialog, FormError, RadioGroup } from '../../../../ui';
import type { ObjectId } from '../../model/types';
import { boardKey } from '../../queries';
import { usePermit, useScope } from '../../scope';
import type { Lock } from '../../view/types';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { theseWords } from './words';

export default function LockOf({ ids: asked, payload, onClose }: QuestionProps) {
  const { view, board, served } = useScope();
  const permit = usePermit(view);
  const client = useQueryClient();
  const opening = payload === 'unlock';
  const [level, setLevel] = useState<Lock['level']>('position');
  const [who, setWho] = useState<Lock['who']>('me');
  const send = useMutation({
    mutationFn: async (which: readonly ObjectId[]) => {
      for (const id of which) {
        const path = `/api/boards/${served.id}/locks/${encodeURIComponent(id)}`;
        await (opening ? api.delete(path) : api.put(path, { level, who }));
      }
    },
    onSuccess: (_, which) => {
      view.say(`${theseWords(board, which)} ${opening ? 'unlocked' : 'locked'}.`);
      onClose();
    },
    // Some of several may have been done.
    onSettled: () => client.invalidateQueries({ queryKey: boardKey(served.id) }),
  });
  // Asked again here: the rules may have changed since the question was put. What is on its way has been decided.
  const action = opening ? 'unlock' : 'lock';
  const ids = send.variables ?? asked.filter((id) => permit.why(action, id) === null);
  const why = asked[0] !== undefined && ids.length === 0 ? permit.why(action, asked[0]) : null;
  const left = asked.length - ids.length;
  return (
    <Dialog
      title={`${opening ? 'Unlock' : 'Lock'} ${theseWords(board, ids.length > 0 ? ids : asked)}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" busy={send.isPending} isDisabled={ids.length === 0} onPress={() => send.mutate(ids)}>
            {opening ? 'Unlock' : 'Lock'}
          </Button>
        </>
      }
    >
      <FormError error={send.error} />
      {why === null ? null : <p className={styles.explain}>{why}</p>}
      {why === null && left > 0 ? <p className={styles.explain}>{left === 1 ? 'Another one that is selected is' : `${left} others that are selected are`} not yours to {opening ? 'unlock' : 'lock'}.</p> : null}
      {why !== null ? null : opening ? (
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
              ...(permit.leads ? [{ value: 'facilitators' as const, label: 'facilitators only' }] : []),
            ]}
          />
        </>
      )}
    </Dialog>
  );
}
