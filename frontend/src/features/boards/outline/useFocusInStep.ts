// The line that has the focus follows the board's: never taking it from somewhere else on the page.
import { Component, type RefObject, useCallback, useEffect, useRef } from 'react';
import { isLost } from '../focus';
import type { ObjectId } from '../model/types';

/** `lines`: what the outline consists of; it may be drawn later than the focus moves, or move the line itself. What it
 * returns belongs into a `BeforeChange` on the same page. */
export function useFocusInStep(
  root: RefObject<HTMLElement | null>,
  focused: ObjectId | null,
  editing: ObjectId | null,
  writesHere: boolean,
  lines: unknown,
): () => void {
  const before = useRef({ editing, inside: false });
  const led = useRef<ObjectId | null>(null);
  // Remembered from before the page changed: the line that had the focus may be gone by now.
  const remember = useCallback(() => {
    before.current.inside ||= root.current?.contains(document.activeElement) ?? false;
  }, [root]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `lines` says that the page has changed
  useEffect(() => {
    const { inside, editing: was } = before.current;
    if (focused === null) {
      before.current = { editing, inside: false };
      led.current = null;
      return;
    }
    const line = root.current?.querySelector<HTMLElement>(`button[data-item="${focused}"]`);
    // Not drawn yet: what was so before still counts when it is.
    if (!line) return;
    before.current = { editing, inside: false };
    const at = document.activeElement;
    const lost = isLost(at);
    const here = (root.current?.contains(at) ?? false) || (inside && lost);
    if (here || (was !== null && editing === null && writesHere && lost)) {
      // Buttons of the chosen line keep what they have.
      if (at?.closest('[data-row], [data-head]')?.contains(line) && at !== document.body) return;
      line.focus({ preventScroll: true });
    }
    // What others add above it does not make the page jump.
    if (led.current !== focused || was !== editing || (here && at !== line)) line.scrollIntoView?.({ block: 'nearest' });
    led.current = focused;
  }, [root, focused, editing, writesHere, lines]);
  return remember;
}

interface BeforeChangeProps {
  readonly take: () => void;
}

/** Calls `take` in the last moment before the page changes. A slow drawing may have begun when the focus was elsewhere
 * still, so the time of drawing is too early, and an effect is too late: only a class is told in between. */
export class BeforeChange extends Component<BeforeChangeProps> {
  override getSnapshotBeforeUpdate(): null {
    this.props.take();
    return null;
  }

  override componentDidUpdate(): void {}

  override render(): null {
    return null;
  }
}
