// The on-screen keyboard: what it covers is not there to be seen, so the note being written is moved out from under it.
import type { BoardView } from '../view/types';

/** Less than this is a toolbar of the browser coming and going. */
const KEYBOARD = 80;

export function watchScreenKeyboard(host: HTMLElement, view: BoardView): () => void {
  const seen = globalThis.visualViewport;
  if (!seen) return () => undefined;
  let hidden = 0;
  const measure = () => {
    // Pinched larger, the visual viewport is small for another reason.
    const covered = seen.scale > 1.05 ? 0 : host.getBoundingClientRect().bottom - (seen.offsetTop + seen.height);
    const next = view.state().editing !== null && covered > KEYBOARD ? Math.round(covered) : 0;
    if (next === hidden) return;
    hidden = next;
    view.cover(hidden);
  };
  seen.addEventListener('resize', measure);
  seen.addEventListener('scroll', measure);
  const stop = view.subscribe(measure);
  return () => {
    seen.removeEventListener('resize', measure);
    seen.removeEventListener('scroll', measure);
    stop();
    if (hidden > 0) view.cover(0);
  };
}
