import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ObjectId } from '../model/types';
import { setPersonal } from '../personal';
import { type Stage, stage } from '../panels/testing';
import { exchange } from './actions';
import { outlineOf } from './entries';
import Outline from './Outline';

// jsdom lays nothing out.
Element.prototype.scrollIntoView ??= () => undefined;

interface Drawn extends Stage {
  readonly before: ObjectId;
  readonly bedside: ObjectId;
  readonly list: ObjectId;
  readonly owner: ObjectId;
  readonly bag: ObjectId;
  readonly lunch: ObjectId;
}

function drawn(): Drawn {
  const on = stage();
  const { add, board } = on;
  const before = add({ kind: 'area', text: 'Before the round', prompt: 'What must be true by nine?', x: 0, y: 0, w: 460, h: 600 });
  const bedside = add({ kind: 'area', text: 'At the bedside', x: 500, y: 0, w: 460, h: 600 });
  const list = add({ kind: 'note', text: 'Write the list', parent: before, x: 16, y: 60 });
  const owner = add({ kind: 'note', text: 'Name **one** owner', parent: before, x: 230, y: 60, tags: ['quick'] });
  const cluster = add({ kind: 'cluster', text: 'At home already', parent: before });
  const bag = add({ kind: 'note', text: 'Bring your own bag', parent: cluster, x: 16, y: 460, colour: 'mint' });
  const lunch = add({ kind: 'note', text: 'Lunch is kept', parent: bedside, x: 516, y: 60 });
  add({ kind: 'connector', start: { object: list, x: 0, y: 0 }, end: { object: lunch, x: 0, y: 0 }, relation: 'leads_to' });
  board.edit('Legend', (edit) => edit.setLegend('mint', 'Idea'));
  return { ...on, before, bedside, list, owner, bag, lunch };
}

const line = (name: RegExp) => screen.getByRole('button', { name });
const show = (on: Stage) => on.show(<Outline alone writesHere />);
const order = () => screen.getAllByRole('button', { name: /./ }).flatMap((each) => {
    const words = each.querySelector('[class*=text]');
    return each.hasAttribute('data-item') && words ? (words.textContent ?? '') : [];
  });

beforeEach(() => setPersonal({ order: 'placed' }));

describe('what is read', () => {
  test('areas are headings with their number of notes, clusters headings below them, notes lines of lists', async () => {
    show(drawn());
    const area = await screen.findByRole('heading', { level: 3, name: /Before the round/ });
    const section = screen.getByRole('region', { name: 'Before the round' });
    expect(section.contains(area)).toBe(true);
    expect(within(section).getByText('3')).toBeTruthy();
    expect(within(section).getByText('What must be true by nine?')).toBeTruthy();
    expect(within(section).getByRole('heading', { level: 4, name: /At home already/ })).toBeTruthy();
    expect(order()).toEqual(['Before the round', 'Write the list', 'Name one owner', 'At home already', 'Bring your own bag', 'At the bedside', 'Lunch is kept']);
  });

  test('a line says its text first, then what else there is to know', async () => {
    const on = drawn();
    on.other.edit('Support', (edit) => edit.react(on.bag, '👍', true));
    on.board.edit('Support', (edit) => edit.react(on.bag, '👍', true));
    show(on);
    const bag = await screen.findByRole('button', { name: /^Bring your own bag/ });
    expect(bag.textContent?.replace(/\s+/g, ' ')).toContain('Bring your own bag, Idea, by Jo Marsh, 2 support, one is yours');
  });

  test('connectors are read where they begin and where they end, and lead there', async () => {
    const on = drawn();
    show(on);
    await userEvent.click(await screen.findByRole('button', { name: 'leads to Lunch is kept' }));
    const connector = on.view.state().focused ?? '';
    expect(on.board.get(connector)?.kind).toBe('connector');
    await userEvent.click(screen.getByRole('button', { name: 'Go there' }));
    expect(on.view.state().focused).toBe(on.lunch);
    await waitFor(() => expect(document.activeElement).toBe(line(/^Lunch is kept/)));
    await userEvent.click(screen.getByRole('button', { name: 'follows Write the list' }));
    expect(on.view.state().focused).toBe(on.list);
  });

  test('a connector is given words, another meaning, and taken away', async () => {
    const on = drawn();
    show(on);
    await userEvent.click(await screen.findByRole('button', { name: 'leads to Lunch is kept' }));
    const connector = on.view.state().focused ?? '';
    await userEvent.click(screen.getByRole('button', { name: 'Add words' }));
    await userEvent.type(screen.getByLabelText('Words on the connector'), 'by noon{Enter}');
    expect(await screen.findByRole('button', { name: 'leads to Lunch is kept (by noon)' })).toBeTruthy();
    expect(on.other.get(connector)?.text).toBe('by noon');
    act(() => screen.getByRole('button', { name: /^leads to Lunch/ }).focus());
    await userEvent.keyboard('{Delete}');
    await waitFor(() => expect(screen.queryByRole('button', { name: /^leads to Lunch/ })).toBeNull());
  });

  test('two lines are connected with C, arrows and Enter', async () => {
    const on = drawn();
    show(on);
    act(() => screen.getByRole('button', { name: /^Name one owner/ }).focus());
    await userEvent.keyboard('c{ArrowUp}{ArrowUp}{ArrowUp}{Enter}');
    expect(await screen.findByRole('button', { name: 'connected to Before the round' })).toBeTruthy();
  });

  test('most support first, when asked for', async () => {
    const on = drawn();
    on.board.edit('Support', (edit) => edit.react(on.owner, '👍', true));
    show(on);
    await screen.findAllByRole('heading', { level: 3 });
    await userEvent.selectOptions(screen.getByLabelText('Order'), 'support');
    expect(order().slice(0, 3)).toEqual(['Before the round', 'Name one owner', 'Write the list']);
  });

  test('only what carries a tag, when asked for', async () => {
    show(drawn());
    await screen.findAllByRole('heading', { level: 3 });
    await userEvent.selectOptions(screen.getByLabelText('Tag'), 'quick');
    await waitFor(() => expect(order()).toEqual(['Before the round', 'Name one owner']));
  });

  test('in calm mode one area at a time', async () => {
    const on = drawn();
    on.view.set({ calm: true, calmArea: on.bedside });
    show(on);
    await waitFor(() => expect(order()).toEqual(['At the bedside', 'Lunch is kept']));
    await userEvent.selectOptions(screen.getByLabelText('Area'), on.before);
    await waitFor(() => expect(order()[0]).toBe('Before the round'));
  });

  test('nothing in it breaks a rule of accessibility', async () => {
    const on = drawn();
    show(on);
    await userEvent.click(await screen.findByRole('button', { name: /^Write the list/ }));
    const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  });
});

describe('going about', () => {
  test('one tab stop; arrows go from line to line, and the board follows', async () => {
    const on = drawn();
    show(on);
    const first = await screen.findByRole('button', { name: /^Before the round/ });
    const stops = () => [...document.querySelectorAll<HTMLElement>('[data-item]')].filter((each) => each.tabIndex === 0).length;
    expect(stops()).toBe(1);
    act(() => first.focus());
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
    expect(document.activeElement).toBe(line(/^Name one owner/));
    expect(on.view.state().focused).toBe(on.owner);
    expect(stops()).toBe(1);
    await userEvent.keyboard('{ArrowUp}');
    expect(document.activeElement).toBe(line(/^leads to Lunch/));
    await userEvent.keyboard('{ArrowUp}');
    expect(on.view.state().focused).toBe(on.list);
  });

  test('a press chooses, another one opens the text', async () => {
    const on = drawn();
    show(on);
    await userEvent.click(await screen.findByRole('button', { name: /^Write the list/ }));
    expect(on.view.state().editing).toBeNull();
    expect(screen.getByRole('group', { name: 'Actions for Write the list' })).toBeTruthy();
    await userEvent.click(line(/^Write the list/));
    expect(on.view.state().editing).toBe(on.list);
  });

  test('keys of the board act here too', async () => {
    const on = drawn();
    show(on);
    act(() => screen.getByRole('button', { name: /^Write the list/ }).focus());
    await userEvent.keyboard('v');
    expect(on.board.get(on.list)?.reactions.get('👍')).toEqual(['me']);
    await userEvent.keyboard('.');
    expect(on.asked.at(-1)).toMatchObject({ question: 'menu', ids: [on.list] });
    await userEvent.keyboard('{Shift>}m{/Shift}');
    expect(on.asked.at(-1)).toMatchObject({ question: 'move-to', ids: [on.list] });
  });

  test('when somebody else removes the line one is on, focus goes to the next one', async () => {
    const on = drawn();
    show(on);
    act(() => screen.getByRole('button', { name: /^Write the list/ }).focus());
    act(() => on.other.edit('Remove', (edit) => edit.remove(on.list)));
    await waitFor(() => expect(document.activeElement).toBe(line(/^Name one owner/)));
    expect(on.said.at(-1)).toContain('Somebody removed “Write the list”');
  });
});

describe('writing', () => {
  test('Enter opens the text in place, Escape leaves it and comes back to the line', async () => {
    const on = drawn();
    show(on);
    act(() => screen.getByRole('button', { name: /^Write the list/ }).focus());
    await userEvent.keyboard('{Enter}');
    const field = screen.getByLabelText('Text of the note');
    expect(document.activeElement).toBe(field);
    await userEvent.keyboard(' tonight');
    expect(on.other.get(on.list)?.text).toBe('Write the list tonight');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(line(/^Write the list tonight/)));
    expect(on.board.undo()?.label).toBeTruthy();
    expect(on.board.get(on.list)?.text).toBe('Write the list');
  });

  test('what somebody else types in the same text comes in round the caret', async () => {
    const on = drawn();
    show(on);
    act(() => screen.getByRole('button', { name: /^Write the list/ }).focus());
    await userEvent.keyboard('{Enter}');
    const field = screen.getByLabelText<HTMLTextAreaElement>('Text of the note');
    field.setSelectionRange(5, 5);
    act(() => on.other.edit('Typing', (edit) => edit.setText(on.list, 'Today: Write the list')));
    expect(field.value).toBe('Today: Write the list');
    expect(field.selectionStart).toBe(12);
  });

  test('N begins a note beside this one; left empty it was never there', async () => {
    const on = drawn();
    show(on);
    const count = on.board.all().length;
    act(() => screen.getByRole('button', { name: /^Write the list/ }).focus());
    await userEvent.keyboard('n');
    await userEvent.type(await screen.findByLabelText('Text of the note'), 'Ask the night nurse');
    await userEvent.keyboard('{Escape}');
    expect(on.board.all().length).toBe(count + 1);
    expect(on.board.members(on.before).some(({ text }) => text === 'Ask the night nurse')).toBe(true);
    await userEvent.keyboard('n{Escape}');
    expect(on.board.all().length).toBe(count + 1);
  });

  test('a note is added to an area with words and Enter, again and again', async () => {
    const on = drawn();
    show(on);
    await screen.findAllByRole('heading', { level: 3 });
    await userEvent.selectOptions(screen.getByLabelText('In'), on.bedside);
    const field = screen.getByLabelText('New note');
    await userEvent.type(field, 'A time on the board{Enter}A chair by the bed{Enter}');
    expect(on.board.members(on.bedside).map(({ text }) => text)).toEqual(['Lunch is kept', 'A time on the board', 'A chair by the bed']);
    expect(document.activeElement).toBe(field);
    expect(on.said.at(-1)).toBe('Note added in “At the bedside”.');
  });

  test('two lines change places, in one step', async () => {
    const on = drawn();
    show(on);
    act(() => screen.getByRole('button', { name: /^Write the list/ }).focus());
    fireEvent.keyDown(document.activeElement as Element, { key: 'ArrowDown', altKey: true });
    await waitFor(() => expect(order().slice(1, 3)).toEqual(['Name one owner', 'Write the list']));
    expect(on.said.at(-1)).toBe('Moved after “Name one owner”.');
    act(() => void on.board.undo());
    await waitFor(() => expect(order().slice(1, 3)).toEqual(['Write the list', 'Name one owner']));
    exchange(on.view, on.list, -1);
    expect(on.said.at(-1)).toBe('This is the first one here.');
  });

  test('whoever may only read is offered nothing to write with', async () => {
    const on = stage({ your_role: 'observer' });
    on.other.edit('Add', (edit) => edit.add({ kind: 'note', text: 'Read me' }));
    show(on);
    await userEvent.click(await screen.findByRole('button', { name: /^Read me/ }));
    expect(screen.queryByLabelText('New note')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
    await userEvent.keyboard('{Enter}');
    expect(on.view.state().editing).toBeNull();
  });
});

test('three thousand notes are all in one document', () => {
  const { board } = stage();
  board.edit('Many', (edit) => {
    const areas = Array.from({ length: 10 }, (_, at) => edit.add({ kind: 'area', text: `Area ${at}`, x: at * 3_000, y: 0, w: 2_900, h: 9_000 }));
    for (let at = 0; at < 3_000; at += 1) edit.add({ kind: 'note', text: `Note ${at}`, parent: areas[at % 10]!, x: (at % 10) * 3_000 + (Math.floor(at / 10) % 12) * 210, y: 60 + Math.floor(at / 120) * 160 });
  });
  const sections = outlineOf(board, { order: 'placed', tag: null });
  expect(sections.map(({ entries }) => entries.length)).toEqual(Array.from({ length: 10 }, () => 300));
});
