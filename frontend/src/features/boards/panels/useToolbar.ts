// One tab stop for a row of buttons: arrows, Home and End move inside it (the toolbar pattern of the ARIA guide).
import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react';

export function useToolbar<T extends HTMLElement>(onEscape: () => void) {
  const row = useRef<T>(null);
  const last = useRef<HTMLElement | null>(null);
  const all = () => [...(row.current?.querySelectorAll<HTMLElement>('button:not([disabled])') ?? [])];
  const settle = () => {
    const buttons = all();
    const stop = last.current && buttons.includes(last.current) ? last.current : buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  };
  // After every render: buttons come and go.
  useEffect(settle);

  return {
    row,
    props: {
      onFocus(event: FocusEvent) {
        if (!(event.target instanceof HTMLElement)) return;
        last.current = event.target;
        settle();
      },
      onKeyDown(event: KeyboardEvent) {
        const buttons = all();
        const at = buttons.indexOf(event.target as HTMLElement);
        if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
        const back = document.dir === 'rtl' ? 1 : -1;
        const to = { ArrowRight: at - back, ArrowLeft: at + back, Home: 0, End: buttons.length - 1 }[event.key];
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
