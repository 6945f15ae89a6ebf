// Palette: the tokens' colours as they are now, for the canvas, which knows no custom properties.
import { COLOURS, type Colour } from '../model/types';
import type { Face } from './typeset';

export interface Palette {
  readonly ground: string;
  readonly dot: string;
  readonly surface: string;
  /** How much of an area's paper covers the ground. */
  readonly veil: number;
  readonly line: string;
  readonly lineCtl: string;
  readonly ink: Record<'note' | 'ink' | 'ink-2' | 'ink-3' | 'act', string>;
  readonly papers: Record<Colour, string>;
  readonly edge: string;
  /** Every paper gets an outline on the canvas: papers of one colour need it. */
  readonly outlined: boolean;
  readonly ring: string;
  readonly chip: string;
  readonly families: Record<Face, string>;
}

const FORCED = '(forced-colors: active)';
const SIGNS = [FORCED, '(prefers-contrast: more)', '(prefers-color-scheme: dark)'];

export function readPalette(from: Element): Palette {
  const style = getComputedStyle(from);
  const token = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const families = { tool: token('--font-tool', 'sans-serif'), voice: token('--font-voice', 'serif') };
  if (matches(FORCED)) {
    return {
      ground: 'Canvas', dot: 'Canvas', surface: 'Canvas', veil: 1, line: 'CanvasText', lineCtl: 'CanvasText',
      ink: { note: 'CanvasText', ink: 'CanvasText', 'ink-2': 'CanvasText', 'ink-3': 'CanvasText', act: 'LinkText' },
      papers: Object.fromEntries(COLOURS.map((colour) => [colour, 'Canvas'])) as Record<Colour, string>,
      edge: 'CanvasText', outlined: true, ring: 'Highlight', chip: 'Canvas', families,
    };
  }
  const ink = token('--n-ink', '#000');
  const edge = token('--n-edge', ink);
  return {
    ground: token('--board', '#fff'),
    dot: token('--board-dot', '#ccc'),
    surface: token('--surface', '#fff'),
    veil: 0.62,
    line: token('--line', '#ccc'),
    lineCtl: token('--line-ctl', '#777'),
    ink: { note: ink, ink: token('--ink', '#000'), 'ink-2': token('--ink-2', '#333'), 'ink-3': token('--ink-3', '#555'), act: token('--act', '#055') },
    papers: Object.fromEntries(COLOURS.map((colour) => [colour, token(`--n-${colour}`, '#fff')])) as Record<Colour, string>,
    edge: edge === 'currentColor' || edge === 'currentcolor' ? ink : edge,
    outlined: matches('(prefers-contrast: more)'),
    ring: token('--act', '#055'),
    chip: token('--act-soft', '#eee'),
    families,
  };
}

/** Tells when the theme, forced colours or the wish for contrast changed. */
export function watchPalette(changed: () => void): () => void {
  const root = new MutationObserver(changed);
  root.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  const signs = typeof matchMedia === 'function' ? SIGNS.map((sign) => matchMedia(sign)) : [];
  for (const sign of signs) sign.addEventListener('change', changed);
  return () => {
    root.disconnect();
    for (const sign of signs) sign.removeEventListener('change', changed);
  };
}

export function matches(query: string): boolean {
  return typeof matchMedia === 'function' && matchMedia(query).matches;
}
