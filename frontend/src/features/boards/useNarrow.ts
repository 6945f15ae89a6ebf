// Whether both faces of a board fit beside each other.
import { useSyncExternalStore } from 'react';

const NARROW = '(max-width: 60rem)';
const SMALL_UPRIGHT = '(max-width: 40rem) and (orientation: portrait)';

export function useNarrow(): { readonly is: boolean; readonly smallUpright: boolean } {
  const is = useQuery(NARROW);
  const smallUpright = useQuery(SMALL_UPRIGHT);
  return { is, smallUpright };
}

function useQuery(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = globalThis.matchMedia?.(query);
      list?.addEventListener('change', changed);
      return () => list?.removeEventListener('change', changed);
    },
    () => globalThis.matchMedia?.(query)?.matches ?? false,
  );
}
