/** What stands after the # of the address: the part browsers do not send to anybody. */
import { useSyncExternalStore } from 'react';

export function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash.slice(1),
  );
}
