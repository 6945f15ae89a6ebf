import { getExtensionField } from '@tiptap/core';
import { expect, test } from 'vitest';
import { EDITOR_KEYS, PAGE_KEYS, shortcutOf, written } from './shortcuts';
import { writer } from './testEditors';

const sorted = (keys: string) => {
  const parts = keys.split('-');
  const last = parts.pop() ?? '';
  return [...parts.sort(), last.toLowerCase()].join('-');
};

/** With Ctrl, Alt or a function key: those one has to be told of. The same thing under another key is told once. */
function editorsOwn(): Set<string> {
  const { editor } = writer();
  const found = new Set<string>();
  for (const extension of editor.extensionManager.extensions) {
    const context = { name: extension.name, options: extension.options, storage: extension.storage, editor, type: editor.schema.nodes[extension.name] ?? editor.schema.marks[extension.name] };
    const add = getExtensionField<(() => Record<string, unknown>) | undefined>(extension, 'addKeyboardShortcuts', context);
    for (const keys of Object.keys(add?.() ?? {})) found.add(sorted(keys));
  }
  return found;
}
const ALIASES = ['Mod-y', 'Mod-Enter', 'Mod-Backspace', 'Mod-Delete', 'Mod-a', 'Mod-Alt-4', 'Mod-Alt-5', 'Mod-Alt-6'].map(sorted);

test('the editor has every key that the help lists', () => {
  const own = editorsOwn();
  for (const { keys } of EDITOR_KEYS) for (const each of keys) expect(own, each).toContain(sorted(each));
});

test('the help lists every key of the editor that one has to be told of', () => {
  const listed = new Set([...EDITOR_KEYS.flatMap(({ keys }) => keys).map(sorted), ...ALIASES]);
  const silent = [...editorsOwn()].filter((keys) => /mod-|alt-|^f\d/i.test(keys) && !listed.has(keys));
  expect(silent).toEqual([]);
});

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  shortcutOf({ key, code: `Key${key.toUpperCase()}`, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, getModifierState: () => false, ...more })?.act;

test('each key of the page does its own thing, and no other key does it', () => {
  expect(press('F7')).toBe('next');
  expect(press('F7', { shiftKey: true })).toBe('previous');
  expect(press('F7', { ctrlKey: true })).toBeUndefined();
  expect(press('F10', { altKey: true })).toBe('toolbar');
  expect(press('k', { ctrlKey: true })).toBe('link');
  expect(press('K', { metaKey: true })).toBe('link');
  expect(press('k')).toBeUndefined();
  expect(press('µ', { ctrlKey: true, altKey: true, code: 'KeyM' })).toBe('comment');
  expect(press('µ', { ctrlKey: true, altKey: true, code: 'KeyM', getModifierState: () => true })).toBeUndefined();
  expect(new Set(PAGE_KEYS.map(({ act }) => act)).size).toBe(PAGE_KEYS.length);
});

test('keys are written as they are on the keyboard', () => {
  expect([written('Mod-Alt-m', false), written('Shift-Mod-z', true), written('F7', false), written('$Mod and a click', true)]).toEqual([
    'Ctrl+Alt+M', 'Cmd+Shift+Z', 'F7', 'Cmd and a click',
  ]);
});
