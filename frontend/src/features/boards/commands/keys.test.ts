import { describe, expect, it } from 'vitest';
import { COMMANDS } from '.';
import { desk } from '../input/testing';
import { createKeymap, isSingle, names, press, shown, type KeyPress, type Where } from './keys';

const key = (name: string, how: Partial<KeyPress> = {}): KeyPress & { prevented: boolean } => {
  const event = { key: name, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, prevented: false, ...how, preventDefault() {
    event.prevented = true;
  } };
  return event;
};
const at = (where: Where = 'board', mac = false) => {
  const here = desk();
  const keymap = createKeymap(COMMANDS, null);
  const context = { view: here.view, ask: (asking: (typeof here.asked)[number]) => void here.asked.push(asking) };
  return { ...here, keymap, do: (event: KeyPress, other: Where = where) => press(event, context, { commands: COMMANDS, keymap, where: other, mac }) };
};

describe('names of keys', () => {
  it.each([
    [key('n'), false, ['N']],
    [key('T', { shiftKey: true }), false, ['Shift+T']],
    [key('?', { shiftKey: true, code: 'Slash' }), false, ['?', 'Shift+/']],
    [key('{', { shiftKey: true, code: 'BracketLeft' }), false, ['{', 'Shift+[']],
    [key('ü', { code: 'BracketLeft' }), false, ['[']],
    [key('т', { code: 'KeyN' }), false, ['N']],
    [key('&', { code: 'Digit1' }), false, ['&']],
    [key('z', { metaKey: true, shiftKey: true }), true, ['Mod+Shift+Z']],
    [key('z', { ctrlKey: true }), true, ['Ctrl+Z']],
    [key('[', { ctrlKey: true, altKey: true, getModifierState: (name) => name === 'AltGraph' }), false, ['[']],
    [key(' '), false, ['Space']],
    [key('ArrowUp', { altKey: true }), false, ['Alt+ArrowUp']],
  ])('%o', (event, mac, expected) => {
    expect(names(event, mac)).toEqual(expected);
  });

  it('for people', () => {
    expect(shown('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(shown('Mod+Shift+Z', true)).toBe('⌘⇧Z');
    expect(shown('Mod++', false)).toBe('Ctrl++');
    expect(shown('+', false)).toBe('+');
    expect(isSingle('Shift+T') && isSingle('?') && isSingle('+')).toBe(true);
    expect(isSingle('Mod+Z') || isSingle('Enter') || isSingle('Space') || isSingle('Shift+ArrowUp')).toBe(false);
  });
});

describe('c24: what a key does', () => {
  it('single letters act only while the board has the focus, and only when they are on', () => {
    const here = at();
    expect(here.do(key('n'), 'page')).toBe(false);
    expect(here.do(key('n'), 'field')).toBe(false);
    expect(here.do(key('n'), 'note')).toBe(false);
    here.view.set({ letters: false });
    expect(here.do(key('n'))).toBe(false);
    expect(here.do(key('?', { shiftKey: true }))).toBe(false);
    here.view.set({ letters: true });
    expect(here.do(key('n'))).toBe(true);
    expect(here.view.state().editing).not.toBeNull();
  });

  it('combinations act on the whole page, but not in a field', () => {
    const here = at('page');
    expect(here.do(key('f', { ctrlKey: true }))).toBe(true);
    expect(here.asked).toMatchObject([{ question: 'find' }]);
    expect(here.do(key('f', { ctrlKey: true }), 'field')).toBe(false);
    expect(here.do(key('f', { metaKey: true }))).toBe(false);
  });

  it('in a note only what belongs to writing acts: siblings, undo, Escape', () => {
    const here = at('note');
    here.view.focus(here.note(0, 0));
    here.view.edit(here.view.state().focused);
    expect(here.do(key('Delete'))).toBe(false);
    expect(here.do(key('a', { ctrlKey: true }))).toBe(false);
    expect(here.do(key('Enter'))).toBe(false);
    expect(here.do(key('Escape'))).toBe(true);
    expect(here.view.state()).toMatchObject({ editing: null });
    expect(here.view.state().focused).not.toBeNull();
  });

  it('Tab belongs to the page unless a note is being written (WCAG 2.1.2)', () => {
    const here = at();
    const id = here.note(0, 0);
    here.view.focus(id);
    expect(here.do(key('Tab'))).toBe(false);
    here.view.edit(id);
    expect(here.do(key('Tab'), 'note')).toBe(true);
    expect(here.do(key('Escape'), 'note')).toBe(true);
    expect(here.do(key('Tab'))).toBe(false);
  });

  it('keys of an input method are left alone', () => {
    expect(at().do(key('n', { isComposing: true }))).toBe(false);
    expect(at().do(key('Process'))).toBe(false);
  });

  it('the clipboard belongs to the browser', () => {
    const here = at();
    here.view.focus(here.note(0, 0));
    const event = key('c', { ctrlKey: true });
    expect(here.do(event)).toBe(false);
    expect(event.prevented).toBe(false);
  });

  it('what cannot be done says why', () => {
    const here = at();
    const id = here.note(0, 0);
    here.view.focus(id);
    here.view.allow({ ...here.view.permit(), why: () => 'This note is locked by Asha.' });
    expect(here.do(key('Delete'))).toBe(true);
    expect(here.said.at(-1)).toBe('This note is locked by Asha.');
  });

  it('can be bound anew on this device', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value) };
    const keymap = createKeymap(COMMANDS, storage);
    const add = COMMANDS.find(({ id }) => id === 'note.add')!;
    keymap.remap('note.add', ['Q']);
    expect(createKeymap(COMMANDS, storage).keys(add)).toEqual(['Q']);
    expect(keymap.clashes('note.add', 'L').map(({ id }) => id)).toEqual(['lock']);
    keymap.remap('note.add', null);
    expect(keymap.keys(add)).toEqual(['N']);
  });

  it('no two commands of menus want the same key at the same time', () => {
    const taken = new Map<string, string[]>();
    for (const { id, keys, quiet, typing } of COMMANDS) if (!quiet) for (const each of keys) taken.set(`${typing === 'only'} ${each}`, [...(taken.get(`${typing === 'only'} ${each}`) ?? []), id]);
    const twice = [...taken].filter(([, ids]) => ids.length > 1);
    // C: a second time, the list instead of the arrows.
    expect(twice).toEqual([['false C', ['connect.list', 'connect']]]);
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
  });
});
