/** After a route changes, focus goes to the new page's heading and its title is announced. */
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { announce } from '../ui';

const PATIENCE = 5_000;
const SAME_PAGE = 400;

export function RouteFocus() {
  const [location] = useLocation();
  const before = useRef(location);

  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    window.scrollTo(0, 0);
    const old = document.querySelector('h1');
    const started = performance.now();
    let heading: HTMLElement | null = null;
    let frame = requestAnimationFrame(function look() {
      const waited = performance.now() - started;
      const found = document.querySelector<HTMLElement>('h1');
      // The old page's heading may still stand for a frame or two, or be the same one for the next part.
      if (!heading && found && (found !== old || waited > SAME_PAGE)) {
        heading = found;
        land(heading);
        announce(document.title);
      } else if (heading && found && !heading.isConnected && document.activeElement === document.body) {
        // A page that loaded in two steps drew its heading anew, and focus fell out of it.
        heading = found;
        land(heading);
      }
      if (waited < PATIENCE) frame = requestAnimationFrame(look);
      else if (!heading) land(document.getElementById('main'));
    });
    return () => cancelAnimationFrame(frame);
  }, [location]);

  return null;
}

function land(target: HTMLElement | null): void {
  // Somebody quick may already be typing in the page's first field.
  if (!target || isTyping()) return;
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

function isTyping(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.matches('input, textarea, select') || at.isContentEditable);
}
