// The line that has the focus follows the board's: never taking it from somewhere else on the page.
import { type RefObject, useEffect, useRef } from 'react';
import type { ObjectId } from '../model/types';

export function useFocusInStep(root: RefObject<HTMLElement | null>, focused: ObjectId | null, editing: ObjectId | null, writesHere: boolean): void {
  const before = useRef({ editing, inside: false });
  // Remembered from before the page changed: the line that had the focus may be gone by now.
  if (typeof document !== 'undefined' && root.current) before.current.inside ||= root.current.contains(document.activeElement);

  useEffect(() => {
    const { inside, editing: was } = before.current;
    before.current = { editing, inside: false };
    if (focused === null) return;
    const line = root.current?.querySelector<HTMLElement>(`button[data-item="${focused}"]`);
    if (!line) return;
    const at = document.activeElement;
    const lost = at === document.body || at === null;
    const here = (root.current?.contains(at) ?? false) || (inside && lost);
    if (here || (was !== null && editing === null && writesHere && lost)) {
      // Buttons of the chosen line keep what they have.
      if (at?.closest('[data-row], [data-head]')?.contains(line) && at !== document.body) return;
      line.focus({ preventScroll: true });
    }
    line.scrollIntoView?.({ block: 'nearest' });
  }, [root, focused, editing, writesHere]);
}
