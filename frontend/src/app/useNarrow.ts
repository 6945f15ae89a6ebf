/** Whether the workspace lies down: the same width as in its stylesheet. */
import { useSyncExternalStore } from 'react';

const NARROW = '(max-width: 60rem)';

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(NARROW);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(NARROW).matches,
  );
}
