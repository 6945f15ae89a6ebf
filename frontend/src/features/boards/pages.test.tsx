import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Challenge } from '../../api/types';
import { ToastProvider } from '../../ui';
import BoardsPage from './BoardsPage';
import type { BoardShown } from './served';

const CHALLENGE = { id: 'c1', title: 'Medicines to take home', archived: false, your_role: 'facilitator' } as Challenge;
const board = (more: Partial<BoardShown> = {}): BoardShown => ({
  id: 'b1', challenge: { id: 'c1', title: 'Medicines to take home' }, title: 'Ideas', notes: 12, authors: 'shown', archived: false, your_role: 'facilitator',
  created_by: { id: 'a', name: 'Amara Osei', colour: 'p2' }, created_at: '2026-11-20T10:00:00Z', updated_at: '2026-11-20T10:00:00Z',
  here: [{ id: 't', name: 'Tom Whitby', colour: 'p4' }], ...more,
});

let answers: Record<string, unknown>;
let sent: { route: string; body: unknown }[];

/** Uploads go by the older way; it is answered from the same table. */
class FakeRequest {
  upload: { onprogress?: unknown } = {};
  status = 0;
  statusText = '';
  responseText = '';
  onload: () => void = () => undefined;
  private route = '';
  open(method: string, path: string) {
    this.route = `${method} ${path}`;
  }
  setRequestHeader() {}
  send(form: FormData) {
    sent.push({ route: this.route, body: Object.fromEntries(form) });
    const answer = answers[this.route];
    this.status = answer === undefined ? 404 : ((answer as { status?: number }).status ?? 200);
    this.responseText = JSON.stringify(answer ?? {});
    queueMicrotask(() => this.onload());
  }
  abort() {}
}

beforeEach(() => {
  document.documentElement.lang = 'en-GB';
  document.title = 'Boards';
  sent = [];
  answers = {
    'GET /api/challenges/c1/boards?archived=false': { items: [board()], next: null },
    'GET /api/challenges/c1/boards?archived=true': { items: [board({ id: 'b2', title: 'Last spring', archived: true, here: [] })], next: null },
    'GET /api/board-templates?challenge=c1': {
      items: [
        { id: 'blank', title: 'Blank board', about: 'Nothing on it yet.', family: 'Start', built_in: true, areas: [], yours: false },
        { id: 'matrix', title: 'Two by two', about: 'Sets two questions against each other.', family: 'Choose', built_in: true, areas: ['a', 'b', 'c', 'd'], yours: false },
      ],
      next: null,
    },
    'POST /api/challenges/c1/boards': board({ id: 'b9', title: 'New one' }),
  };
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, window.location.origin);
    const route = `${init.method ?? 'GET'} ${url.pathname}${url.search}`;
    sent.push({ route, body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    return answers[route] === undefined ? Response.json({ title: 'No', status: 404, code: 'not_found', detail: 'There is nothing here.' }, { status: 404 }) : Response.json(answers[route]);
  });
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
  window.history.replaceState(null, '', '/challenges/c1/boards');
});

function open(challenge: Challenge = CHALLENGE) {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ToastProvider>
        <main>
          <BoardsPage challenge={challenge} />
        </main>
      </ToastProvider>
    </QueryClientProvider>,
  );
}

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
}

describe('the list of boards', () => {
  test('says what each is, who made it and who is on it', async () => {
    open();
    const row = (await screen.findByRole('heading', { level: 2, name: 'Ideas' })).closest('li') as HTMLElement;
    expect(within(row).getByRole('link', { name: 'Ideas' }).getAttribute('href')).toBe('/challenges/c1/boards/b1');
    expect(row.textContent).toContain('12 notes');
    expect(row.textContent).toContain('begun by Amara Osei');
    expect(within(row).getByText('On it now: Tom Whitby')).toBeTruthy();
    expect(await faults()).toEqual([]);
  });

  test('an empty one says what to do first', async () => {
    answers['GET /api/challenges/c1/boards?archived=false'] = { items: [], next: null };
    open();
    expect(await screen.findByText('Start with an empty one, or with areas already drawn.')).toBeTruthy();
  });

  test('what could not be fetched is told', async () => {
    delete answers['GET /api/challenges/c1/boards?archived=false'];
    open();
    expect(await screen.findByText('There is nothing here.')).toBeTruthy();
  });

  test('an observer is offered nothing to change', async () => {
    open({ ...CHALLENGE, your_role: 'observer' });
    await screen.findByRole('heading', { level: 2, name: 'Ideas' });
    expect(screen.queryByRole('button', { name: 'New board' })).toBeNull();
    expect(screen.queryByRole('button', { name: /More about/ })).toBeNull();
  });

  test('archiving asks first, and archived boards can be worked on again', async () => {
    answers['PATCH /api/boards/b1'] = board({ archived: true });
    answers['PATCH /api/boards/b2'] = board({ id: 'b2' });
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'More about Ideas' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Archive…' }));
    await userEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Archive' }));
    await waitFor(() => expect(sent).toContainEqual({ route: 'PATCH /api/boards/b1', body: { archived: true } }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    await userEvent.click(screen.getByLabelText('Show archived boards'));
    await userEvent.click(await screen.findByRole('button', { name: 'More about Last spring' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Work on it again' }));
    await waitFor(() => expect(sent).toContainEqual({ route: 'PATCH /api/boards/b2', body: { archived: false } }));
  });
});

describe('a new board', () => {
  test('has a title, areas to begin with, and says what becomes of names', async () => {
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'New board' }));
    const dialog = await screen.findByRole('dialog', { name: 'New board' });
    await userEvent.click(await within(dialog).findByRole('radio', { name: 'Two by two' }));
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Not recorded' }));
    expect(await faults()).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Make the board' }));
    expect(await within(dialog).findByText(/Give the board a title/)).toBeTruthy();
    await userEvent.type(within(dialog).getByLabelText('Title'), 'Going home');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Make the board' }));
    await waitFor(() => expect(window.location.pathname).toBe('/challenges/c1/boards/b9'));
    expect(sent).toContainEqual({ route: 'POST /api/challenges/c1/boards', body: { title: 'Going home', authors: 'hidden', template: 'matrix' } });
  });
});

test('a template that one saved can be removed, after a question', async () => {
  const own = { id: 't7', title: 'Our Monday board', about: 'Two columns.', family: 'Saved', built_in: false, areas: ['a', 'b'], yours: true };
  answers['GET /api/board-templates?challenge=c1'] = { items: [own, { ...own, id: 't8', title: 'Hers', yours: false }], next: null };
  answers['DELETE /api/board-templates/t7'] = {};
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'New board' }));
  const dialog = await screen.findByRole('dialog', { name: 'New board' });
  await userEvent.click(await within(dialog).findByRole('radio', { name: 'Hers' }));
  expect(within(dialog).queryByRole('button', { name: /^Remove the template/ })).toBeNull();
  await userEvent.click(within(dialog).getByRole('radio', { name: 'Our Monday board' }));
  await userEvent.click(within(dialog).getByRole('button', { name: /^Remove the template/ }));
  const sure = await screen.findByRole('alertdialog', { name: /^Remove the template “Our Monday board”/ });
  answers['GET /api/board-templates?challenge=c1'] = { items: [], next: null };
  await userEvent.click(within(sure).getByRole('button', { name: 'Remove it' }));
  await waitFor(() => expect(within(dialog).queryByRole('radio', { name: 'Our Monday board' })).toBeNull());
  expect(sent).toContainEqual({ route: 'DELETE /api/board-templates/t7', body: undefined });
});

describe('bringing in a file', () => {
  const file = (name: string, text: string) => new File([text], name);

  test('a drawing: what was kept and what was left out is told', async () => {
    answers['POST /api/challenges/c1/boards/import'] = {
      board: board({ id: 'b7', title: 'Scene' }), kept: { note: 3, connector: 1 }, left_out: [{ what: 'freehand lines', why: 'a board has no drawing', count: 2 }],
    };
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Bring in a file' }));
    const dialog = await screen.findByRole('dialog', { name: 'Bring in a file' });
    await userEvent.upload(within(dialog).getByLabelText('File'), file('scene.excalidraw', '{}'));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Bring it in' }));
    const told = await screen.findByRole('dialog', { name: '“Scene” is here' });
    expect(within(told).getByText('3 notes')).toBeTruthy();
    expect(within(told).getByText('2 freehand lines: a board has no drawing')).toBeTruthy();
    await userEvent.click(within(told).getByRole('button', { name: 'Open the board' }));
    await waitFor(() => expect(window.location.pathname).toBe('/challenges/c1/boards/b7'));
  });

  test('a table: its columns are named first, and its rows shown as notes', async () => {
    answers['POST /api/challenges/c1/boards/import/preview'] = {
      columns: ['Idea', 'Where'], mapping: { text: 'Idea', area: 'Where' }, rows: [['Ring once', 'Pharmacy'], ['Write it down', 'Ward']], total: 212, delimiter: ',', encoding: 'utf-8',
    };
    answers['POST /api/challenges/c1/boards/import'] = { board: board({ id: 'b8' }), kept: { note: 212 }, left_out: [] };
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Bring in a file' }));
    const dialog = await screen.findByRole('dialog', { name: 'Bring in a file' });
    await userEvent.upload(within(dialog).getByLabelText('File'), file('ideas.csv', 'Idea,Where'));
    const rows = within(await within(dialog).findByRole('list', { name: 'The first rows as notes' })).getAllByRole('listitem');
    expect(rows.map((row) => row.textContent)).toEqual(['Ring oncePharmacy', 'Write it downWard']);
    await userEvent.selectOptions(within(dialog).getByLabelText('Area'), '');
    expect(await faults()).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Bring in 212 rows' }));
    await screen.findByRole('dialog', { name: '“Ideas” is here' });
    const body = sent.find(({ route }) => route === 'POST /api/challenges/c1/boards/import')?.body as { title: string; mapping: string };
    expect(body.title).toBe('ideas');
    expect(JSON.parse(body.mapping)).toEqual({ text: 'Idea', area: null });
  });

  test('the title follows the file until somebody writes one', async () => {
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Bring in a file' }));
    const dialog = await screen.findByRole('dialog', { name: 'Bring in a file' });
    const title = within(dialog).getByLabelText<HTMLInputElement>(/Title of the board/);
    await userEvent.upload(within(dialog).getByLabelText('File'), file('scene.excalidraw', '{}'));
    await userEvent.upload(within(dialog).getByLabelText('File'), file('other.canvas.zip', '{}'));
    expect(title.value).toBe('other');
    await userEvent.clear(title);
    await userEvent.type(title, 'Ours');
    await userEvent.upload(within(dialog).getByLabelText('File'), file('scene.excalidraw', '{}'));
    expect(title.value).toBe('Ours');
  });

  test('without a file it says what is missing', async () => {
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Bring in a file' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Bring it in' }));
    expect(await screen.findByText('Choose a file first.')).toBeTruthy();
  });
});
