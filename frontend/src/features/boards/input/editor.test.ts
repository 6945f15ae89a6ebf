import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeNew } from '../commands/fresh';
import { createEditor } from './editor';
import { desk, type Desk } from './testing';

const field = () => document.querySelector('textarea')!;
function write(text: string): void {
  field().value = text;
  field().dispatchEvent(new InputEvent('input', { bubbles: true }));
}
function open(at: Desk, id: string) {
  const editor = createEditor(at.view, at.canvas, (event) => {
    if (event.key !== 'Escape') return false;
    at.view.edit(null);
    return true;
  });
  at.view.edit(id);
  return editor;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe('editing in place', () => {
  it('is an ordinary text field with a name, over the note, bound to the shared text', () => {
    const at = desk();
    const id = at.note(0, 0, 'hello');
    const editor = open(at, id);
    expect(field()).toHaveProperty('value', 'hello');
    expect(field().getAttribute('aria-label')).toBe('Text of the note');
    expect(document.activeElement).toBe(field());
    expect(field().selectionStart).toBe(5);
    write('hello there');
    expect(at.other.get(id)?.text).toBe('hello there');
    at.other.edit('Write', (edit) => edit.setText(id, 'oh hello there'));
    expect(field().value).toBe('oh hello there');
    expect(field().selectionStart).toBe('oh hello there'.length);
    editor.destroy();
    expect(document.querySelector('textarea')).toBeNull();
  });

  it('c12: typing is one step per pause of 1.5 s, and undo takes none of what others wrote in it', () => {
    const at = desk();
    const id = at.note(0, 0, '');
    open(at, id);
    write('one');
    write('one two');
    vi.advanceTimersByTime(1_600);
    at.pass(1_600);
    at.other.edit('Write', (edit) => edit.setText(id, 'one two, Ben'));
    write('one two, Ben, three');
    at.view.edit(null);
    at.board.undo();
    expect(at.board.get(id)?.text).toBe('one two, Ben');
    at.board.undo();
    expect(at.board.get(id)?.text).toBe(', Ben');
  });

  it('c1: a new note with its first words is one step; empty it was never there', () => {
    const at = desk();
    const editor = createEditor(at.view, at.canvas, () => false);
    const id = writeNew(at.view, { kind: 'note', x: 0, y: 0 }, 'Add note');
    write('first');
    vi.advanceTimersByTime(1_600);
    at.pass(1_600);
    write('first, second');
    at.view.edit(null);
    at.board.undo();
    expect(at.board.get(id)?.text).toBe('first');
    at.board.undo();
    expect(at.board.get(id)).toBeUndefined();
    writeNew(at.view, { kind: 'note', x: 0, y: 0 }, 'Add note');
    write('x');
    write('');
    at.view.edit(null);
    expect(at.board.all()).toEqual([]);
    expect(at.board.canUndo()).toBeNull();
    editor.destroy();
  });

  it('c3: the height that the text needs is written when typing rests', () => {
    const at = desk();
    const id = at.note(0, 0, '');
    open(at, id);
    write('long '.repeat(30));
    expect(at.board.get(id)?.h).toBe(150);
    vi.advanceTimersByTime(1_600);
    expect(at.board.get(id)?.h).toBe(300);
    write('short');
    at.view.edit(null);
    expect(at.board.get(id)?.h).toBe(300);
  });

  it('c3: counts beyond 280 and stops at 2,000', () => {
    const at = desk();
    const id = at.note(0, 0, '');
    open(at, id);
    expect(field().maxLength).toBe(2_000);
    write('x'.repeat(280));
    expect(at.canvas.overlay.textContent).toBe('');
    write('x'.repeat(281));
    expect(at.canvas.overlay.textContent).toBe('281 characters. Short notes are easier to sort.');
    expect(field().getAttribute('aria-describedby')).toBe(at.canvas.overlay.querySelector('p')?.id);
    write('x'.repeat(1_900));
    expect(at.canvas.overlay.textContent).toBe('100 characters left.');
    expect(at.said).toEqual(['100 characters left.']);
    write('short');
    expect(at.canvas.overlay.textContent).toBe('');
  });

  it('Escape leaves the text and the note keeps the focus', () => {
    const at = desk();
    const id = at.note(0, 0, 'words');
    open(at, id);
    const takeFocus = vi.spyOn(at.canvas, 'takeFocus');
    field().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    expect(at.view.state()).toMatchObject({ editing: null, focused: id });
    expect(takeFocus).toHaveBeenCalled();
    expect(document.querySelector('textarea')).toBeNull();
  });

  it('a note that goes while it is written closes quietly', () => {
    const at = desk();
    const id = at.note(0, 0, 'words');
    open(at, id);
    write('words and');
    at.other.edit('Remove', (edit) => edit.remove(id));
    expect(document.querySelector('textarea')).toBeNull();
    expect(at.view.state().editing).toBeNull();
  });

  it('a name is one line, and Enter ends it', () => {
    const at = desk();
    const id = at.put({ kind: 'area', text: '' });
    open(at, id);
    write('Be\nfore');
    expect(at.board.get(id)?.text).toBe('Be fore');
    field().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    expect(at.view.state().editing).toBeNull();
  });
});
