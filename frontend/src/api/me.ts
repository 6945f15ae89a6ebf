/** Who is at the keyboard: the one query every screen shares. */
import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { api, rememberCsrf } from './client';
import type { Me } from './types';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => met(await api.get<Me>('/api/me', signal)),
  staleTime: 60_000,
});

export function useMe(): Me | undefined {
  // The page that says "cannot be reached" reads this too: asking again by being shown would never end.
  return useQuery({ ...meQuery, retryOnMount: false }).data;
}

/** After signing in, joining or renaming: the answer is who we are now, and nothing older may be shown. */
export function become(client: QueryClient, me: Me): void {
  const before = client.getQueryData(meQuery.queryKey)?.person?.id;
  if (before !== me.person?.id) client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  client.setQueryData(meQuery.queryKey, met(me));
}

function met(me: Me): Me {
  rememberCsrf(me.csrf);
  return me;
}
