/** Light, dark, or as the device says. The choice stays on this device. */
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'lab.theme';
const listeners = new Set<() => void>();

export function applyTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    const theme = chosen();
    document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  };
  paint();
  dark.addEventListener('change', paint);
  listeners.add(paint);
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(
    (listen) => {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    chosen,
  );
  return [theme, choose];
}

function choose(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be shut (private windows): the choice then lasts as long as the page.
  }
  kept = theme;
  for (const tell of listeners) tell();
}

let kept: Theme | undefined;

function chosen(): Theme {
  kept ??= stored();
  return kept;
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
