import { absolutePositionToRelativePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import { applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { expect, test, vi } from 'vitest';
import { exchange, lines, writer } from './testEditors';

/** Ben is here too, with his caret at a place of Ana's text. */
async function together() {
  const start = lines('Shared words');
  const [ana, ben] = [writer(start), writer(start)];
  const at = (position: number) => {
    const { binding, type } = ySyncPluginKey.getState(ben.editor.state);
    const place = absolutePositionToRelativePosition(position, type, binding.mapping);
    ben.awareness.setLocalState({ user: { id: 'b', name: 'Ben Okri', colour: 'p4' }, cursor: { anchor: place, head: place } });
    applyAwarenessUpdate(ana.awareness, encodeAwarenessUpdate(ben.awareness, [ben.doc.clientID]), 'network');
  };
  at(7);
  const bar = await vi.waitUntil(() => ana.editor.view.dom.querySelector<HTMLElement>('[data-client]'));
  return { ana, ben, bar, at };
}

function watched(bar: HTMLElement) {
  const fade = { cancel: vi.fn(), play: vi.fn() };
  bar.getAnimations = () => [fade as unknown as Animation];
  return fade.play;
}

test('a caret has its person’s colour and first name, and is not read out', async () => {
  const { bar } = await together();
  expect(bar.textContent?.replaceAll('\u2060', '')).toBe('Ben');
  expect(bar.classList.contains('p4')).toBe(true);
  expect(bar.getAttribute('aria-hidden')).toBe('true');
  expect(bar.getAttribute('style')).toBeNull();
});

test('the name shows again when its person moves', async () => {
  const { bar, at } = await together();
  const shown = watched(bar);
  at(3);
  expect(shown).toHaveBeenCalledTimes(1);
});

test('and when they write, even where their caret does not move by it; not when somebody else does', async () => {
  const { ana, ben, bar } = await together();
  const shown = watched(bar);
  ana.editor.commands.insertContentAt(1, 'Mine. ');
  expect(shown).not.toHaveBeenCalled();
  ben.editor.commands.insertContentAt(13, ' and more');
  exchange(ana, ben);
  expect(shown).toHaveBeenCalled();
});
