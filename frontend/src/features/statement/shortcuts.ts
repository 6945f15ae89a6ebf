/**
 * The keys of a statement. The page acts on those of `PAGE_KEYS` and no others, the editor brings those of `EDITOR_KEYS`
 * (a test compares), and the keyboard help lists both: what is not here is not there.
 */

/** In the editor's notation: `Mod` is Ctrl, on a Mac Cmd. */
export type Keys = string;

export interface Shortcut {
  readonly what: string;
  readonly keys: readonly Keys[];
}

export type Act = 'toolbar' | 'link' | 'comment' | 'next' | 'previous';

interface PageShortcut extends Shortcut {
  readonly act: Act;
  readonly keys: readonly [Keys];
  /** For those who may write only. */
  readonly writing?: boolean;
}

export const PAGE_KEYS: readonly PageShortcut[] = [
  { act: 'toolbar', what: 'Go to the toolbar; Escape leads back', keys: ['Alt-F10'], writing: true },
  { act: 'link', what: 'Add or change a link', keys: ['Mod-k'], writing: true },
  { act: 'comment', what: 'Comment on the chosen words, or go to the comment on them', keys: ['Mod-Alt-m'], writing: true },
  { act: 'next', what: 'Next comment', keys: ['F7'] },
  { act: 'previous', what: 'Previous comment', keys: ['Shift-F7'] },
];

export const EDITOR_KEYS: readonly Shortcut[] = [
  { what: 'Bold, italic, underline', keys: ['Mod-b', 'Mod-i', 'Mod-u'] },
  { what: 'Highlight', keys: ['Mod-Shift-h'] },
  { what: 'Struck through, code', keys: ['Mod-Shift-s', 'Mod-e'] },
  { what: 'Heading 1 to 3, text', keys: ['Mod-Alt-1', 'Mod-Alt-2', 'Mod-Alt-3', 'Mod-Alt-0'] },
  { what: 'Bulleted, numbered list', keys: ['Mod-Shift-8', 'Mod-Shift-7'] },
  { what: 'Quote, block of code', keys: ['Mod-Shift-b', 'Mod-Alt-c'] },
  { what: 'New line in the same paragraph', keys: ['Shift-Enter'] },
  { what: 'Undo, redo your own changes', keys: ['Mod-z', 'Shift-Mod-z'] },
];

/** Not keys alone. `$Mod` is put as the person's keyboard has it. */
export const BESIDES: readonly Shortcut[] = [
  { what: 'Headings, lists, tables', keys: ['/ on an empty line'] },
  { what: 'Open a link', keys: ['$Mod and a click'] },
  { what: 'Leave the text', keys: ['Escape, then Tab'] },
];

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'getModifierState'>;

export function shortcutOf(event: Pressed): PageShortcut | undefined {
  return PAGE_KEYS.find(({ keys: [keys] }) => isPressed(keys, event));
}

function isPressed(keys: Keys, event: Pressed): boolean {
  const parts = keys.split('-');
  const last = parts.pop() ?? '';
  const has = (name: string) => parts.includes(name);
  if ((event.ctrlKey || event.metaKey) !== has('Mod') || event.altKey !== has('Alt') || event.shiftKey !== has('Shift')) return false;
  // Alt changes what a letter key writes, so it is known by its place; AltGr is how some keyboards write signs.
  if (has('Alt') && last.length === 1) return event.code === `Key${last.toUpperCase()}` && !event.getModifierState('AltGraph');
  return event.key.toLowerCase() === last.toLowerCase();
}

/** As it is written on the keys. */
export function written(keys: Keys, mac: boolean): string {
  const mod = mac ? 'Cmd' : 'Ctrl';
  if (keys.includes(' ')) return keys.replace('$Mod', mod);
  const parts = keys.split('-');
  const last = parts.pop() ?? '';
  const order = ['Mod', 'Alt', 'Shift'].filter((name) => parts.includes(name));
  const names: Record<string, string> = { Mod: mod, Alt: mac ? 'Option' : 'Alt', Shift: 'Shift' };
  return [...order.map((name) => names[name]), last.length === 1 ? last.toUpperCase() : last].join('+');
}
