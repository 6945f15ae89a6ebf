import { fireEvent, render, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { SlashMenu } from './SlashMenu';
import { slashState } from './slash';
import { exchange, lines, writer } from './testEditors';
import { Toolbar } from './Toolbar';

function press(editor: ReturnType<typeof writer>['editor'], key: string): void {
  fireEvent.keyDown(editor.view.dom, { key });
}

function typing(text: string) {
  const made = writer(lines(''));
  made.editor.view.coordsAtPos = () => ({ left: 0, right: 0, top: 0, bottom: 0 });
  made.editor.commands.setTextSelection(1);
  made.editor.view.dispatch(made.editor.state.tr.insertText(text));
  return made;
}

describe('the / menu', () => {
  test('opens at the start of a line and lists every choice', () => {
    const { editor } = typing('/');
    render(<SlashMenu editor={editor} />);
    expect(within(screen.getByRole('listbox')).getAllByRole('option').length).toBeGreaterThan(7);
  });

  test('stays closed inside a word or an address', () => {
    expect(slashState(typing('and/or').editor).from).toBeNull();
  });

  test('arrows choose, the text box points at the choice, Enter takes it and removes what was typed', () => {
    const { editor } = typing('/head');
    press(editor, 'ArrowDown');
    expect(editor.view.dom.getAttribute('aria-activedescendant')).toContain('h2');
    press(editor, 'Enter');
    expect(editor.isActive('heading', { level: 2 })).toBe(true);
    expect(editor.getText()).toBe('');
  });

  test('Escape closes it and keeps the stroke', () => {
    const { editor } = typing('/head');
    press(editor, 'Escape');
    expect(slashState(editor).from).toBeNull();
    expect(editor.getText()).toBe('/head');
    editor.view.dispatch(editor.state.tr.insertText('i'));
    expect(slashState(editor).from).toBeNull();
  });
});

describe('the / menu is opened by this person typing, and by nothing else', () => {
  test('not by what somebody else writes while the caret rests behind a stroke', () => {
    const start = lines('go to /home');
    const [ana, ben] = [writer(start), writer(start)];
    ana.editor.commands.setTextSelection(12);
    ben.editor.commands.insertContentAt(1, 'Please ');
    exchange(ana, ben);
    expect(ana.editor.getText()).toBe('Please go to /home');
    expect(slashState(ana.editor).from).toBeNull();
  });

  test('not by pasting an address', () => {
    const { editor } = writer(lines(''));
    editor.commands.setTextSelection(1);
    editor.view.pasteText('see /home', new Event('paste') as ClipboardEvent);
    expect(slashState(editor).from).toBeNull();
  });

  test('it stays open while others write, and closes when the text loses the focus', () => {
    const start = lines('', 'Below');
    const [ana, ben] = [writer(start), writer(start)];
    ana.editor.commands.setTextSelection(1);
    ana.editor.view.dispatch(ana.editor.state.tr.insertText('/hea'));
    ben.editor.commands.insertContentAt(ben.editor.state.doc.content.size - 1, ' more');
    exchange(ana, ben);
    expect(slashState(ana.editor).query).toBe('hea');
    ana.editor.view.dispatch(ana.editor.state.tr.setMeta('blur', {}));
    expect(slashState(ana.editor).from).toBeNull();
  });

  test('a stroke that was refused stays refused while others write', () => {
    const start = lines('', 'Below');
    const [ana, ben] = [writer(start), writer(start)];
    ana.editor.commands.setTextSelection(1);
    ana.editor.view.dispatch(ana.editor.state.tr.insertText('/hea'));
    press(ana.editor, 'Escape');
    ben.editor.commands.insertContentAt(ben.editor.state.doc.content.size - 1, ' more');
    exchange(ana, ben);
    ana.editor.view.dispatch(ana.editor.state.tr.insertText('d'));
    expect(slashState(ana.editor).from).toBeNull();
  });
});

describe('the toolbar', () => {
  function shown(text: string) {
    const made = writer(lines(text));
    render(<Toolbar ref={null} editor={made.editor} onLink={vi.fn()} onComment={vi.fn()} more={null} />);
    return made;
  }

  test('is one stop for Tab, and arrows, Home and End move inside it', () => {
    shown('words');
    const buttons = within(screen.getByRole('toolbar', { name: 'Formatting' })).getAllByRole('button');
    const able = buttons.filter((button) => !(button as HTMLButtonElement).disabled);
    expect(able.filter((button) => button.tabIndex === 0)).toHaveLength(1);
    able[0]?.focus();
    fireEvent.keyDown(able[0] as Element, { key: 'ArrowRight' });
    expect(document.activeElement).toBe(able[1]);
    fireEvent.keyDown(able[1] as Element, { key: 'End' });
    expect(document.activeElement).toBe(able.at(-1));
    fireEvent.keyDown(able.at(-1) as Element, { key: 'ArrowRight' });
    expect(document.activeElement).toBe(able[0]);
  });

  test('says which marks are on', async () => {
    const { editor } = shown('words');
    editor.chain().selectAll().toggleMark('bold').run();
    expect((await screen.findByRole('button', { name: 'Bold' })).getAttribute('aria-pressed')).toBe('true');
  });
});

describe('while typing', () => {
  test.each([
    ['**so**', 'bold'],
    ['*so*', 'italic'],
    ['==so==', 'highlight'],
    ['~~so~~', 'strike'],
  ])('%j makes %s', (typed, name) => {
    const { editor } = writer(lines(''));
    editor.commands.setTextSelection(1);
    type(editor, typed);
    expect(editor.getText()).toBe('so');
    expect(editor.state.doc.firstChild?.firstChild?.marks.map((mark) => mark.type.name)).toEqual([name]);
  });

  test.each([
    ['## ', 'heading'],
    ['- ', 'bulletList'],
    ['1. ', 'orderedList'],
    ['> ', 'blockquote'],
  ])('%j makes a %s', (typed, name) => {
    const { editor } = writer(lines(''));
    editor.commands.setTextSelection(1);
    type(editor, typed);
    expect(editor.isActive(name)).toBe(true);
  });
});

/** Letter by letter, as a keyboard does it, so that shortcuts are seen. */
function type(editor: ReturnType<typeof writer>['editor'], text: string): void {
  for (const letter of text) {
    const { from, to } = editor.state.selection;
    const taken = editor.view.someProp('handleTextInput', (handle) => handle(editor.view, from, to, letter, () => editor.state.tr));
    if (!taken) editor.view.dispatch(editor.state.tr.insertText(letter, from, to));
  }
}
