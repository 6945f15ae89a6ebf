/** Server rows in the browser: fetched once, refreshed when the server says they changed. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client';
import { meQuery } from '../api/me';

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: askWhoWeAre }),
    mutationCache: new MutationCache({ onError: askWhoWeAre }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => isPassing(error) && failures < 2,
      },
    },
  });
  /** The sign-in may have ended, or another tab may have changed it: the pages follow what `/api/me` says. */
  function askWhoWeAre(error: Error): void {
    if (error instanceof ApiError && (error.status === 401 || error.code === 'csrf_failed')) {
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
    }
  }
  return client;
}

/** Worth asking again: no answer at all, or a server that is busy or restarting. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502);
}
