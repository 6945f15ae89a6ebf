/** After a route changes, focus goes to the new page's heading and its title is announced. */
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { announce } from '../ui';

const PATIENCE = 3_000;

export function RouteFocus() {
  const [location] = useLocation();
  const before = useRef(location);

  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    window.scrollTo(0, 0);
    const seen = document.querySelector('h1');
    const started = performance.now();
    let frame = requestAnimationFrame(function look() {
      const heading = document.querySelector<HTMLElement>('h1');
      const late = performance.now() - started > PATIENCE;
      // The old page's heading may still stand for a frame or two, or be the same one for the next part.
      if (heading && (heading !== seen || performance.now() - started > 400)) return settle(heading);
      if (late) return settle(document.getElementById('main'));
      frame = requestAnimationFrame(look);
    });
    return () => cancelAnimationFrame(frame);
  }, [location]);

  return null;
}

function settle(target: HTMLElement | null): void {
  if (target && !target.hasAttribute('tabindex')) target.tabIndex = -1;
  // Somebody quick may already be typing in the page's first field.
  if (!isTyping()) target?.focus({ preventScroll: true });
  announce(document.title);
}

function isTyping(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.matches('input, textarea, select') || at.isContentEditable);
}
