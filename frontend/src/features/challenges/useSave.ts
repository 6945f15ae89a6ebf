/** Changing a challenge: sent, said, and every view of it asked for again. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { ChangeChallenge, Challenge } from '../../api/types';
import { useToast } from '../../ui';
import { challengeKey, challengeQuery } from './queries';

export function useSave(challenge: Challenge, done: string) {
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (changes: ChangeChallenge) => api.patch<Challenge>(`/api/challenges/${challenge.id}`, changes),
    onSuccess: async (changed) => {
      client.setQueryData(challengeQuery(challenge.id).queryKey, changed);
      toast(done);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['challenges'] }),
        client.invalidateQueries({ queryKey: challengeKey(challenge.id) }),
      ]);
    },
  });
}
