// From a key press to a command. Keys are bound by character, and by position where a keyboard writes other letters;
// a person may bind them anew on their device.
import { keep, readKept, type Storing } from '../view/settings';
import type { Command, Context } from './types';

/** What is needed of a KeyboardEvent. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing?: boolean;
  getModifierState?(name: string): boolean;
  preventDefault(): void;
}

/**
 * Where the focus is: on the board (or its outline), in the text of a note, in another text field, or elsewhere on
 * the page, where only combinations with Ctrl or Command act.
 */
export type Where = 'board' | 'note' | 'field' | 'page';

const POSITIONS: Record<string, string> = { BracketLeft: '[', BracketRight: ']', Slash: '/', Period: '.', Comma: ',', Minus: '-', Equal: '=', Semicolon: ';', Quote: "'" };
const STORED = 'lab.board.keys';

export function isMac(platform: string = globalThis.navigator?.platform ?? ''): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/** Names of a press in the order they are looked up: "N", "Shift+T", "Mod+D", "Alt+ArrowUp". */
export function names(press: KeyPress, mac: boolean): string[] {
  const { key, code, shiftKey } = press;
  // AltGr arrives as Ctrl with Alt and writes a character: then neither is a modifier.
  const graph = press.getModifierState?.('AltGraph') ?? false;
  const mod = mac ? press.metaKey : press.ctrlKey && !graph;
  const other = mac ? press.ctrlKey : press.metaKey;
  const lead = `${mod ? 'Mod+' : ''}${other ? (mac ? 'Ctrl+' : 'Meta+') : ''}${press.altKey && !graph ? 'Alt+' : ''}`;
  const found: string[] = [];
  const printed = [...key].length === 1;
  if (!printed) found.push(`${lead}${shiftKey ? 'Shift+' : ''}${key}`);
  else if (key === ' ') found.push(`${lead}${shiftKey ? 'Shift+' : ''}Space`);
  else if (/[a-z]/i.test(key)) found.push(`${lead}${shiftKey ? 'Shift+' : ''}${key.toUpperCase()}`);
  else {
    // Shift is part of how "?" is written, and of nothing more.
    if (key <= '~') found.push(lead + key);
    const place = position(code);
    if (place !== null && (key > '~' || shiftKey)) found.push(`${lead}${shiftKey ? 'Shift+' : ''}${place}`);
  }
  return found;
}

function position(code: string): string | null {
  const letter = /^Key([A-Z])$/.exec(code) ?? /^Digit(\d)$/.exec(code);
  return letter?.[1] ?? POSITIONS[code] ?? null;
}

/** A single letter, digit or sign, with or without Shift: what dictation and a stray hand can produce. */
export function isSingle(name: string): boolean {
  return /^(Shift\+)?[^+\s]$/u.test(name) || name === '+';
}

export interface Keymap {
  keys(command: Command): readonly string[];
  /** Null: the keys it comes with. An empty list: none. */
  remap(id: string, keys: readonly string[] | null): void;
  /** Who else has this key. */
  clashes(id: string, key: string): readonly Command[];
  reset(): void;
  subscribe(listener: () => void): () => void;
}

export function createKeymap(commands: readonly Command[], storage: Storing | null): Keymap {
  let own = new Map<string, readonly string[]>();
  for (const [id, keys] of Object.entries(readKept(storage, STORED)))
    if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) own.set(id, keys);
  const listeners = new Set<() => void>();
  const changed = () => {
    keep(storage, STORED, Object.fromEntries(own));
    for (const listener of [...listeners]) listener();
  };
  const keys = (command: Command) => own.get(command.id) ?? command.keys;
  return {
    keys,
    remap(id, next) {
      if (next === null) own.delete(id);
      else own.set(id, [...next]);
      changed();
    },
    // Movements share their keys with each other on purpose; they are told apart by what is going on.
    clashes: (id, key) => commands.filter((other) => other.id !== id && !other.quiet && keys(other).includes(key)),
    reset() {
      own = new Map();
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** True when the press belonged to a command, also to one that cannot be done now and said so. */
export function press(event: KeyPress, context: Context, options: { commands: readonly Command[]; keymap: Keymap; where: Where; mac?: boolean }): boolean {
  // 229: the press belongs to an input method that has not told us its character yet.
  if (event.isComposing || event.key === 'Process' || event.key === 'Dead') return false;
  const { letters } = context.view.state();
  for (const name of names(event, options.mac ?? isMac())) {
    if (!letters && isSingle(name)) continue;
    for (const command of options.commands) {
      if (!actsIn(options.where, command, name) || !options.keymap.keys(command).includes(name)) continue;
      if (command.native) return false;
      const why = command.why(context);
      if (why === '') continue;
      event.preventDefault();
      if (why === null) command.run(context);
      else context.view.say(why);
      return true;
    }
  }
  return false;
}

function actsIn(where: Where, command: Command, name: string): boolean {
  switch (where) {
    case 'note':
      return command.typing !== undefined;
    case 'field':
      return false;
    case 'page':
      return command.typing !== 'only' && /^(Mod\+|F\d)/.test(name);
    case 'board':
      return command.typing !== 'only';
  }
}

/** For people: "Ctrl+Shift+Z", on a Mac "⇧⌘Z". */
export function shown(name: string, mac: boolean = isMac()): string {
  const parts = name === '+' ? ['+'] : name.split(/\+(?=.)/);
  const key = parts.pop() ?? '';
  const words: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', PageUp: 'Page Up', PageDown: 'Page Down' };
  const signs: Record<string, string> = mac ? { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃' } : { Mod: 'Ctrl', Meta: 'Win' };
  const names = parts.map((part) => signs[part] ?? part);
  return mac ? [...names, words[key] ?? key].join('') : [...names, words[key] ?? key].join('+');
}
