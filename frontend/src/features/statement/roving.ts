/** One tab stop for a row of buttons: arrows, Home and End move inside it (the toolbar pattern of the ARIA guide). */
import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react';

const BUTTONS = 'button:not([disabled])';

export function useRoving<T extends HTMLElement>(onEscape: () => void) {
  const row = useRef<T>(null);
  const last = useRef<HTMLElement | null>(null);

  function all(): HTMLElement[] {
    return [...(row.current?.querySelectorAll<HTMLElement>(BUTTONS) ?? [])];
  }
  function settle(): void {
    const buttons = all();
    const stop = last.current && buttons.includes(last.current) ? last.current : buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }
  // After every render: buttons come, go and are disabled.
  useEffect(settle);

  return {
    row,
    focus: () => {
      settle();
      (all().find((button) => button.tabIndex === 0) ?? all()[0])?.focus();
    },
    props: {
      onFocus: (event: FocusEvent) => {
        last.current = event.target as HTMLElement;
        settle();
      },
      onKeyDown: (event: KeyboardEvent) => {
        const buttons = all();
        const at = buttons.indexOf(event.target as HTMLElement);
        if (at < 0) return;
        const rtl = document.dir === 'rtl';
        const to = { ArrowRight: at + (rtl ? -1 : 1), ArrowLeft: at - (rtl ? -1 : 1), Home: 0, End: buttons.length - 1 }[event.key];
        if (to !== undefined) {
          event.preventDefault();
          buttons[(to + buttons.length) % buttons.length]?.focus();
        } else if (event.key === 'Escape') {
          event.preventDefault();
          onEscape();
        }
      },
    },
  };
}
