import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, test, vi } from 'vitest';
import ActionsMenu from './ActionsMenu';
import { AltBar } from './AltBar';
import { ChatField } from './ChatField';
import { FindBar } from './FindBar';
import { compared, docOf } from './heldBoard';
import { Palette } from './Palette';
import { type Stage, stage } from './testing';
import { Zoom } from './Zoom';
import { openBoard } from '../model';
import type { BoardContent } from '../served';

Element.prototype.scrollIntoView ??= () => undefined;

function withNotes(): Stage & { readonly ids: readonly string[] } {
  const on = stage();
  const ids = ['Ring once', 'Ring twice', 'Write it down'].map((text, at) => on.add({ kind: 'note', text, x: at * 210, y: 0 }));
  return { ...on, ids };
}

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
}

describe('the tools', () => {
  test('are one tab stop, say their keys, and what they would undo', async () => {
    const on = withNotes();
    on.show(<Palette />);
    const bar = screen.getByRole('toolbar', { name: 'Board tools' });
    const buttons = within(bar).getAllByRole('button');
    expect(buttons.filter((button) => button.tabIndex === 0)).toHaveLength(1);
    expect(within(bar).getByRole('button', { name: 'Add a note' }).getAttribute('aria-keyshortcuts')).toBe('N');
    expect(within(bar).getByRole('button', { name: 'Undo: Add' }).getAttribute('aria-keyshortcuts')).toBe('Control+Z');
    act(() => buttons[0]?.focus());
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(buttons[1]);
    await userEvent.keyboard('{End}');
    expect(document.activeElement).toBe(buttons.at(-1));
    expect(await faults()).toEqual([]);
  });

  test('give support to what is chosen, and take it back', async () => {
    const on = withNotes();
    on.view.focus(on.ids[0] ?? null);
    on.show(<Palette />);
    await userEvent.click(screen.getByRole('button', { name: 'Support' }));
    expect(on.board.get(on.ids[0] ?? '')?.reactions.get('👍')).toEqual(['me']);
    await userEvent.click(await screen.findByRole('button', { name: 'Supported: take it back', pressed: true }));
    expect(on.board.get(on.ids[0] ?? '')?.reactions.get('👍') ?? []).toEqual([]);
  });

  test('leave out what one may not do', () => {
    const on = stage({ your_role: 'observer' });
    on.show(<Palette />);
    expect(screen.queryByRole('button', { name: 'Add a note' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Select' })).toBeTruthy();
  });

  test('zoom says how near one is', async () => {
    const on = withNotes();
    on.show(<Zoom />);
    await userEvent.click(screen.getByRole('button', { name: 'Zoom in' }));
    expect(await screen.findByRole('button', { name: /^\d+ %, actual size$/ })).toBeTruthy();
  });
});

describe('finding', () => {
  test('says how many there are; Enter goes round, Escape ends it', async () => {
    const on = withNotes();
    const closed = vi.fn();
    on.show(<FindBar onClose={closed} />);
    await userEvent.keyboard('ring');
    expect(await screen.findByText('2 found', { selector: 'span' })).toBeTruthy();
    await userEvent.keyboard('{Enter}');
    expect(on.view.state().focused).toBe(on.ids[0]);
    expect(screen.getByText('1 of 2')).toBeTruthy();
    await userEvent.keyboard('{Enter}{Enter}');
    expect(on.view.state().focused).toBe(on.ids[0]);
    expect(document.activeElement).toBe(screen.getByLabelText('Find'));
    await userEvent.keyboard('{Escape}');
    expect(closed).toHaveBeenCalledOnce();
    expect(on.view.state().found).toEqual([]);
  });

  test('says when there is nothing', async () => {
    const on = withNotes();
    on.show(<FindBar onClose={() => undefined} />);
    await userEvent.keyboard('xylophone');
    expect(await screen.findByText('Nothing found', { selector: 'span' })).toBeTruthy();
  });
});

describe('the menu of everything', () => {
  test('holds what can be done with what is chosen, with its keys, and does it', async () => {
    const on = withNotes();
    const [first = '', second = ''] = on.ids;
    on.view.focus(first);
    const closed = vi.fn();
    on.show(<ActionsMenu asked={{ question: 'menu', ids: [first] }} onClose={closed} />);
    const menu = await screen.findByRole('menu', { name: 'Actions' });
    for (const name of [/^Edit the text/, /^Move to area…/, /^Connect/, /^Lock…/, /^Tags…/, /^Colour…/, /^Support/, /^Remove/])
      expect(within(menu).getByRole('menuitem', { name })).toBeTruthy();
    expect(within(menu).queryByRole('menuitem', { name: /^Add a note/ })).toBeNull();
    expect(await faults()).toEqual([]);
    await userEvent.click(within(menu).getByRole('menuitem', { name: /^Change places with the one after/ }));
    await waitFor(() => expect(on.board.get(first)?.x).toBe(210));
    expect(on.board.get(second)?.x).toBe(0);
    expect(closed).toHaveBeenCalled();
  });

  test('says why something cannot be done', async () => {
    const on = stage({ your_role: 'participant', rules: { locks: [], areas: [] } });
    const note = on.other.edit('Add', (edit) => edit.add({ kind: 'note', text: 'Not yours' }));
    on.view.allow({ ...on.view.permit(), why: (action) => (action === 'remove' ? 'In “Ideas” only facilitators can remove things.' : null) });
    on.view.focus(note);
    on.show(<ActionsMenu asked={{ question: 'menu', ids: [note] }} onClose={() => undefined} />);
    const item = await screen.findByRole('menuitem', { name: /^Remove/ });
    expect(item.getAttribute('aria-disabled')).toBe('true');
    expect(item.textContent).toContain('only facilitators can remove');
  });
});

describe('small things', () => {
  test('an image that was added can be described without stopping anybody', async () => {
    const on = stage();
    const image = on.add({ kind: 'image', picture: { file: 'f1', width: 100, height: 80 } });
    const closed = vi.fn();
    on.show(<AltBar ids={[image]} onClose={closed} />);
    await userEvent.type(screen.getByLabelText(/What does this image show/), 'The ward at nine{Enter}');
    expect(on.other.get(image)?.alt).toBe('The ward at nine');
    expect(closed).toHaveBeenCalledOnce();
  });

  test('what is said beside a cursor ends with Enter and is kept in the list', async () => {
    const on = stage();
    on.show(<ChatField />);
    act(() => on.opened.chat.open());
    const field = await screen.findByLabelText('Say something to those who are here');
    expect(document.activeElement).toBe(field);
    await userEvent.keyboard('Look here{Enter}');
    expect(screen.queryByLabelText('Say something to those who are here')).toBeNull();
    expect(on.opened.chat.log().map(({ name, text }) => [name, text])).toEqual([['You', 'Look here']]);
  });
});

describe('a version', () => {
  const version = ({ board }: Stage): BoardContent =>
    JSON.parse(JSON.stringify({ title: '', legend: Object.fromEntries(board.legend()), objects: board.all().map((object) => ({ ...object, reactions: Object.fromEntries(object.reactions) })) }));

  test('opens as the board it was', () => {
    const on = withNotes();
    on.board.edit('Legend', (edit) => edit.setLegend('mint', 'Idea'));
    const held = openBoard(docOf(version(on)), { id: 'nobody', authors: 'hidden' });
    expect(held.all()).toEqual(on.board.all());
    expect(held.legend().get('mint')).toBe('Idea');
  });

  test('is compared with now, as a whole or by area', () => {
    const on = withNotes();
    const area = on.add({ kind: 'area', text: 'Ward', x: 0, y: 500 });
    const inside = on.add({ kind: 'note', text: 'In it', parent: area, x: 20, y: 560 });
    const then = version(on);
    const [first = '', second = ''] = on.ids;
    on.board.edit('Change', (edit) => {
      edit.remove(first);
      edit.setText(second, 'Ring thrice');
      edit.add({ kind: 'note', text: 'New', parent: area });
      edit.react(inside, '👍', true);
    });
    const since = compared(then.objects, on.board.all());
    expect([since.added.length, since.removed, since.changed]).toEqual([1, [first], [second]]);
    const here = compared(then.objects, on.board.all(), area);
    expect([here.added.length, here.removed.length, here.changed.length]).toEqual([1, 0, 0]);
  });
});
