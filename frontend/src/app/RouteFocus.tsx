/** After a route changes, focus goes to the new page's heading and its title is announced. */
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { announce } from '../ui';

const SETTLED = 100;
/** How long a page may take to come, and then to draw itself anew. */
const PATIENCE = 60_000;
const TWO_STEPS = 5_000;
const SAME_PAGE = 400;

export function RouteFocus() {
  const [location] = useLocation();
  const before = useRef(location);

  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    window.scrollTo(0, 0);
    const old = document.querySelector('h1');
    const pressed = document.activeElement;
    const started = performance.now();
    let heading: HTMLElement | null = null;
    let cameAt = 0;
    // Focus may move by itself: a menu that closes gives it back to its button. Only a person's own doing counts.
    let goneOn = false;
    const goes = () => {
      goneOn = true;
    };
    window.addEventListener('keydown', goes, true);
    window.addEventListener('pointerdown', goes, true);
    let told: ReturnType<typeof setTimeout> | undefined;
    const arrive = (found: HTMLElement, leads: boolean) => {
      heading = found;
      cameAt = performance.now();
      if (leads) land(found);
      clearTimeout(told);
      // The page gives itself its title only after it was painted.
      told = setTimeout(() => announce(document.title), SETTLED);
    };
    let frame = requestAnimationFrame(function look() {
      const waited = performance.now() - started;
      const found = document.querySelector<HTMLElement>('h1');
      // The old page's heading may still stand for a frame or two, or be the same one for the next part.
      if (!heading && found && (found !== old || waited > SAME_PAGE)) {
        // Somebody quick may have gone on from the link they pressed: they are not called back.
        arrive(found, !goneOn || isAt(pressed) || isAt(document.body));
      } else if (heading && found && !heading.isConnected) {
        // A page that loaded in two steps drew its heading anew, and focus may have fallen out of it.
        arrive(found, isAt(document.body));
      }
      if (heading ? performance.now() - cameAt < TWO_STEPS : waited < PATIENCE) frame = requestAnimationFrame(look);
      else if (!heading && document.activeElement === document.body) land(document.getElementById('main'));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(told);
      window.removeEventListener('keydown', goes, true);
      window.removeEventListener('pointerdown', goes, true);
    };
  }, [location]);

  return null;
}

function land(target: HTMLElement | null): void {
  // Somebody quick may already be typing in the page's first field.
  if (!target || isTyping()) return;
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

function isAt(element: Element | null): boolean {
  return document.activeElement === element;
}

function isTyping(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.matches('input, textarea, select') || at.isContentEditable);
}
