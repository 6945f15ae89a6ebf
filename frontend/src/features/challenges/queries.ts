/** What this feature asks the server for, and under which keys the answers are kept. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Challenge, Lab, Member, Page } from '../../api/types';

export const labQuery = queryOptions({
  queryKey: ['lab'],
  queryFn: ({ signal }) => api.get<Lab>('/api/lab', signal),
});

export const challengesQuery = (archived: boolean) =>
  queryOptions({
    queryKey: ['challenges', { archived }],
    queryFn: async ({ signal }) => (await allPages<Challenge>(`/api/challenges?archived=${archived}`, signal)),
  });

/** Everything kept about one challenge begins with this key, so that one call refreshes it all. */
export const challengeKey = (id: string) => ['challenge', id] as const;

export const challengeQuery = (id: string) =>
  queryOptions({
    queryKey: [...challengeKey(id), 'self'],
    queryFn: ({ signal }) => api.get<Challenge>(`/api/challenges/${id}`, signal),
  });

export const membersQuery = (id: string) =>
  queryOptions({
    queryKey: [...challengeKey(id), 'members'],
    queryFn: ({ signal }) => allPages<Member>(`/api/challenges/${id}/members`, signal),
  });

/** May this role change people, settings and stage? */
export function manages(challenge: Challenge): boolean {
  return challenge.your_role === 'staff' || challenge.your_role === 'facilitator';
}

async function allPages<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const join: string = path.includes('?') ? '&' : '?';
    const page: Page<T> = await api.get<Page<T>>(cursor ? `${path}${join}cursor=${encodeURIComponent(cursor)}` : path, signal);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}
