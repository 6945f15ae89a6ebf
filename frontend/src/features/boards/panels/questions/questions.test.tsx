import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, test, vi } from 'vitest';
import type { Question } from '../../commands/types';
import type { ObjectId } from '../../model/types';
import { type Stage, stage } from '../testing';
import { isDialog, QuestionDialog } from './index';

const close = vi.fn();

async function ask(on: Stage, question: Question, ids: readonly ObjectId[], payload?: unknown) {
  close.mockReset();
  on.show(<QuestionDialog asking={{ question, ids, payload }} onClose={close} />);
  return screen.findByRole(question === 'remove' ? 'alertdialog' : 'dialog');
}

function sent(status = 200, body: unknown = {}) {
  const calls: { method: string | undefined; url: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    calls.push({ method: init?.method, url: String(url), body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined });
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
  });
  return calls;
}

test('moving without dragging: to an area, and out of it, in one step', async () => {
  const on = stage();
  const area = on.add({ kind: 'area', text: 'Before the round', x: 0, y: 0, w: 400, h: 300 });
  const note = on.add({ kind: 'note', text: 'Ask early', x: 900, y: 900 });
  const dialog = await ask(on, 'move-to', [note]);
  expect(within(dialog).getByRole('heading')).toHaveProperty('textContent', 'Move “Ask early” to');
  expect(within(dialog).getByRole('button', { name: /Outside every area/ }).getAttribute('aria-current')).toBe('true');
  await userEvent.click(within(dialog).getByRole('button', { name: /Before the round/ }));
  expect(close).toHaveBeenCalledOnce();
  expect(on.board.get(note)?.parent).toBe(area);
  expect(on.board.undo()?.ids).toContain(note);
  expect(on.board.get(note)).toMatchObject({ parent: null, x: 900, y: 900 });
});

test('an area that is kept for facilitators says so, and cannot be chosen', async () => {
  const on = stage({ your_role: 'participant' });
  const area = on.add({ kind: 'area', text: 'Decided' });
  const note = on.add({ kind: 'note', text: 'x', x: 900, y: 900 });
  const { permitFor } = await import('../../view/permit');
  on.view.allow(permitFor(on.board, { me: 'me', role: 'participant', archived: false, rules: { locks: [], areas: [{ object: area, add: 'facilitators', edit: 'everyone', move: 'everyone', remove: 'everyone' }] } }));
  const dialog = await ask(on, 'move-to', [note]);
  const choice = within(dialog).getByRole('button', { name: /Decided/ });
  expect(choice.getAttribute('aria-disabled')).toBe('true');
  expect(choice.textContent).toContain('only facilitators');
  await userEvent.click(choice);
  expect(on.board.get(note)?.parent).toBeNull();
});

test('connecting by a list, with what it says; the list can be searched', async () => {
  const on = stage();
  const from = on.add({ kind: 'note', text: 'From here', x: 0, y: 0 });
  for (let n = 0; n < 12; n += 1) on.add({ kind: 'note', text: `Other ${n}`, x: n * 210, y: 300 });
  const dialog = await ask(on, 'connect-to', [from]);
  await userEvent.selectOptions(within(dialog).getByLabelText('What the connector says'), 'supports');
  await userEvent.type(within(dialog).getByLabelText('Search in this list'), 'other 7');
  expect(within(dialog).getByRole('status').textContent).toBe('1 of 12');
  await userEvent.click(within(dialog).getByRole('button', { name: /Other 7/ }));
  const [connector] = on.board.connectors(from);
  expect(connector).toMatchObject({ relation: 'supports', start: { object: from } });
});

test('a colour is chosen by name and meaning', async () => {
  const on = stage();
  const ids = [on.add({ kind: 'note', text: 'a' }), on.add({ kind: 'note', text: 'b', x: 300 })];
  on.board.edit('Legend', (edit) => edit.setLegend('mint', 'Solution'));
  const dialog = await ask(on, 'colour', ids);
  await userEvent.click(within(dialog).getByRole('button', { name: /^Mint\s*Solution$/ }));
  expect(ids.map((id) => on.board.get(id)?.colour)).toEqual(['mint', 'mint']);
  expect(on.said.at(-1)).toBe('2 notes: Mint: Solution.');
  on.board.undo();
  expect(ids.map((id) => on.board.get(id)?.colour)).toEqual(['butter', 'butter']);
});

test('tags: one spelling on a board, limits told, taken off again', async () => {
  const on = stage();
  on.add({ kind: 'note', text: 'elsewhere', tags: ['Carers'], x: 900 });
  const note = on.add({ kind: 'note', text: 'x' });
  const dialog = await ask(on, 'tags', [note]);
  const field = within(dialog).getByLabelText('New tag');
  await userEvent.type(field, '#carers{Enter}');
  expect(on.board.get(note)?.tags).toEqual(['Carers']);
  await userEvent.type(field, 'a/b{Enter}');
  expect(within(dialog).getByText('A tag has no slash in it.')).toBeTruthy();
  await userEvent.clear(field);
  await userEvent.type(field, '{Enter}');
  expect(within(dialog).getByText('Write a word or two.')).toBeTruthy();
  await userEvent.click(await within(dialog).findByRole('button', { name: 'Take off Carers' }));
  expect(on.board.get(note)?.tags).toEqual([]);
});

test('sorting into groups; by author only where authors are shown', async () => {
  const on = stage();
  on.add({ kind: 'note', text: 'a', colour: 'mint' });
  on.add({ kind: 'note', text: 'b', colour: 'sky', x: 300 });
  const dialog = await ask(on, 'cluster-by', []);
  expect(within(dialog).getByRole('radio', { name: 'Who made it' })).toBeTruthy();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Sort' }));
  expect(on.board.all().filter(({ kind }) => kind === 'area').map(({ text }) => text).sort()).toEqual(['Mint', 'Sky']);
});

test('hidden authors are offered nowhere', async () => {
  const on = stage({ authors: 'hidden' });
  const note = on.add({ kind: 'note', text: 'a' });
  const dialog = await ask(on, 'cluster-by', [note]);
  expect(within(dialog).queryByRole('radio', { name: 'Who made it' })).toBeNull();
});

test('removing what others worked on is asked first, and can be taken back', async () => {
  const on = stage();
  const note = on.add({ kind: 'note', text: 'mine' });
  on.other.edit('Type', (edit) => edit.setText(note, 'mine and theirs'));
  const dialog = await ask(on, 'remove', [note]);
  expect(dialog.textContent).toContain('Somebody else has worked on this too.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Remove' }));
  expect(on.board.get(note)).toBeUndefined();
  on.board.undo();
  expect(on.board.get(note)?.text).toBe('mine and theirs');
});

test('the list of removed things brings them back', async () => {
  const on = stage();
  const note = on.add({ kind: 'note', text: 'slipped' });
  on.other.edit('Remove', (edit) => edit.remove(note));
  const dialog = await ask(on, 'removed', []);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Bring back “slipped”' }));
  expect(on.board.get(note)?.text).toBe('slipped');
  expect(await within(dialog).findByText('Nothing was removed')).toBeTruthy();
});

test('several images are described one after the other', async () => {
  const on = stage();
  const picture = { file: 'abc', width: 10, height: 10 };
  const ids = [on.add({ kind: 'image', picture }), on.add({ kind: 'image', picture, x: 400 })];
  const dialog = await ask(on, 'alt', ids);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Next' }));
  expect(within(dialog).getByText(/Say in a sentence/)).toBeTruthy();
  await userEvent.type(within(dialog).getByLabelText('What it shows'), 'A medicine trolley');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Next' }));
  await userEvent.type(within(dialog).getByLabelText('What it shows'), 'A ward{Enter}');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect(ids.map((id) => on.board.get(id)?.alt)).toEqual(['A medicine trolley', 'A ward']);
  expect(close).toHaveBeenCalled();
});

test('a link is made whole, a bad one refused', async () => {
  const on = stage();
  const dialog = await ask(on, 'source', []);
  const field = within(dialog).getByLabelText('Address');
  await userEvent.type(field, 'javascript:alert(1)');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add link' }));
  expect(within(dialog).getByText(/Write a web address/)).toBeTruthy();
  expect(on.board.all()).toEqual([]);
  await userEvent.clear(field);
  await userEvent.type(field, 'www.example.org/paper');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add link' }));
  expect(on.board.all()[0]?.source).toEqual({ url: 'https://www.example.org/paper', title: '', site: 'example.org' });
});

test('reactions are words beside pictures, given and taken back', async () => {
  const on = stage();
  const note = on.add({ kind: 'note', text: 'x' });
  on.other.edit('React', (edit) => edit.react(note, '💡', true));
  const dialog = await ask(on, 'react', [note]);
  const idea = within(dialog).getByRole('button', { name: /New idea/ });
  expect(idea.textContent).toContain('Asha Osei');
  await userEvent.click(idea);
  expect(on.board.get(note)?.reactions.get('💡')).toEqual(expect.arrayContaining(['asha', 'me']));
  await waitFor(() => expect(within(dialog).getByRole('button', { name: /New idea/ }).getAttribute('aria-pressed')).toBe('true'));
  await userEvent.click(within(dialog).getByRole('button', { name: /New idea/ }));
  expect(on.board.get(note)?.reactions.get('💡')).toEqual(['asha']);
});

test('the legend is written in one step', async () => {
  const on = stage();
  on.add({ kind: 'note', text: 'x', colour: 'rose' });
  const dialog = await ask(on, 'legend', []);
  await userEvent.type(within(dialog).getByLabelText('Rose, 1 note'), 'Problem');
  await userEvent.type(within(dialog).getByLabelText('Sky'), 'Question');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect([...on.board.legend()]).toEqual(expect.arrayContaining([['rose', 'Problem'], ['sky', 'Question']]));
  on.board.undo();
  expect(on.board.legend().size).toBe(0);
});

test('duplicates are merged by hand, group by group', async () => {
  const on = stage();
  on.add({ kind: 'note', text: 'Ask the carer!' });
  on.add({ kind: 'note', text: 'ask the carer', x: 300 });
  on.add({ kind: 'note', text: 'Something else', x: 600 });
  const dialog = await ask(on, 'duplicates', []);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Merge these 2' }));
  expect(on.board.all()).toHaveLength(2);
  expect(await within(dialog).findByText(/There are none/)).toBeTruthy();
});

test('a pasted table becomes what was chosen, in one step', async () => {
  const on = stage();
  const payload = { pasted: { kind: 'table', rows: [['a', 'b'], ['c', '']] }, at: { x: 0, y: 0 }, parent: null, remembered: 'rows' };
  const dialog = await ask(on, 'paste', [], payload);
  await userEvent.click(within(dialog).getByRole('radio', { name: 'One note per cell: 3 notes' }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Paste' }));
  expect(on.board.all().map(({ text }) => text).sort()).toEqual(['a', 'b', 'c']);
  on.board.undo();
  expect(on.board.all()).toEqual([]);
});

test('details: who, where, what it is connected with', async () => {
  const on = stage();
  const area = on.add({ kind: 'area', text: 'Ward', w: 500, h: 500 });
  const a = on.add({ kind: 'note', text: 'First', parent: area, tags: ['urgent'], x: 20, y: 60 });
  const b = on.add({ kind: 'note', text: 'Second', parent: area, x: 240, y: 60 });
  on.add({ kind: 'connector', start: { object: a, x: 0, y: 0 }, end: { object: b, x: 0, y: 0 }, relation: 'leads_to' });
  const dialog = await ask(on, 'details', [a]);
  expect(dialog.textContent).toContain('Jo Marsh');
  expect(dialog.textContent).toContain('leads to “Second”');
  expect(dialog.textContent).toContain('in “Ward”');
  expect(dialog.textContent).toContain('urgent');
});

describe('what the server decides', () => {
  test('locking', async () => {
    const calls = sent();
    const on = stage();
    const note = on.add({ kind: 'note', text: 'x' });
    const dialog = await ask(on, 'lock', [note]);
    await userEvent.click(within(dialog).getByRole('radio', { name: 'both' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Lock' }));
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(calls[0]).toMatchObject({ method: 'PUT', url: `/api/boards/board1/locks/${note}`, body: { level: 'all', who: 'me' } });
  });

  test('who does not lead locks what they made, for all but themselves and the facilitators', async () => {
    const calls = sent();
    const on = stage({ your_role: 'participant' });
    const mine = on.add({ kind: 'note', text: 'mine' });
    const theirs = on.other.edit('Add', (edit) => edit.add({ kind: 'note', text: 'theirs', x: 400 }));
    const dialog = await ask(on, 'lock', [mine, theirs]);
    expect(within(dialog).getByRole('heading').textContent).toBe('Lock “mine”');
    expect(within(dialog).getByText('Another one that is selected is not yours to lock.')).toBeTruthy();
    expect(within(dialog).queryByRole('radio', { name: 'facilitators only' })).toBeNull();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Lock' }));
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(calls.map(({ url, body }) => [url, body])).toEqual([[`/api/boards/board1/locks/${mine}`, { level: 'position', who: 'me' }]]);
  });

  test('what somebody else made is not offered to be locked, and why is said', async () => {
    const on = stage({ your_role: 'participant' });
    const theirs = on.other.edit('Add', (edit) => edit.add({ kind: 'note', text: 'theirs' }));
    const dialog = await ask(on, 'lock', [theirs]);
    expect(within(dialog).getByText('You can lock what you made yourself; facilitators can lock everything.')).toBeTruthy();
    expect(within(dialog).queryByRole('radio')).toBeNull();
    expect(within(dialog).getByRole('button', { name: 'Lock' })).toHaveProperty('disabled', true);
  });

  test('a refusal is shown and nothing is closed', async () => {
    sent(403, { title: 'Not allowed', status: 403, code: 'cannot_lock', detail: 'Asha has locked this.' });
    const on = stage();
    const note = on.add({ kind: 'note', text: 'x' });
    const dialog = await ask(on, 'lock', [note]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Lock' }));
    expect(await within(dialog).findByText(/Asha has locked this/)).toBeTruthy();
    expect(close).not.toHaveBeenCalled();
  });

  test('who may do what in an area; its prompt is everybody’s', async () => {
    const calls = sent();
    const on = stage();
    const area = on.add({ kind: 'area', text: 'Decided' });
    const dialog = await ask(on, 'area', [area]);
    await userEvent.selectOptions(within(dialog).getByLabelText('Add things here'), 'facilitators');
    await userEvent.type(within(dialog).getByLabelText(/Prompt/), 'What we will try first');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(calls[0]?.body).toEqual({ add: 'facilitators', edit: 'everyone', move: 'everyone', remove: 'everyone' });
    expect(on.board.get(area)?.prompt).toBe('What we will try first');
  });

  test('only those who lead choose whose names are shown', async () => {
    const calls = sent();
    const on = stage();
    const dialog = await ask(on, 'settings', []);
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Not recorded' }));
    await waitFor(() => expect(calls[0]).toMatchObject({ method: 'PATCH', url: '/api/boards/board1', body: { authors: 'hidden' } }));
  });

  test('others choose for themselves alone', async () => {
    const dialog = await ask(stage({ your_role: 'participant' }), 'settings', []);
    expect(within(dialog).queryByText('For everybody on this board')).toBeNull();
  });
});

describe('shortcuts', () => {
  test('can be searched, switched off and changed; a key belongs to one command', async () => {
    const on = stage();
    const dialog = await ask(on, 'shortcuts', []);
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /Single letters/ }));
    expect(on.view.state().letters).toBe(false);
    await userEvent.type(within(dialog).getByRole('searchbox', { name: 'Search' }), 'tidy');
    const row = within(dialog).getByRole('row', { name: /Tidy up/ });
    await userEvent.click(within(row).getByRole('button', { name: 'Change the keys of Tidy up' }));
    await userEvent.keyboard('{Control>}d{/Control}');
    expect(within(row).getByRole('status').textContent).toContain('belongs to');
    await userEvent.keyboard('{Control>}{Alt>}y{/Alt}{/Control}');
    await waitFor(() => expect(within(dialog).getByRole('row', { name: /Tidy up/ }).textContent).toContain('Ctrl+Alt+Y'));
  });

  test('who only reads is not shown how to write', async () => {
    const dialog = await ask(stage({ your_role: 'observer' }), 'shortcuts', []);
    expect(within(dialog).queryByText('Tidy up')).toBeNull();
    expect(within(dialog).getByText('Find…')).toBeTruthy();
  });
});

const EVERY: readonly Question[] = [
  'move-to', 'connect-to', 'colour', 'tags', 'cluster-by', 'lock', 'area', 'remove', 'alt', 'source', 'react', 'shortcuts', 'export', 'legend',
  'settings', 'duplicates', 'paste', 'removed', 'details',
];

test.each(EVERY)('%s: nothing that axe objects to', async (question) => {
  const on = stage();
  const area = on.add({ kind: 'area', text: 'Ward', w: 500, h: 500 });
  const note = on.add({ kind: 'note', text: 'First', parent: area, tags: ['urgent'], x: 20, y: 60 });
  const image = on.add({ kind: 'image', picture: { file: 'abc', width: 10, height: 10 }, x: 900 });
  const about = question === 'area' ? [area] : question === 'alt' ? [image] : [note];
  const payload = { pasted: { kind: 'table', rows: [['a', 'b'], ['c', 'd']] }, at: { x: 0, y: 0 }, parent: null, remembered: 'rows' };
  expect(isDialog(question)).toBe(true);
  await ask(on, question, about, payload);
  const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } } });
  expect(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
});
