import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Challenge, Post, Thread } from '../../api/types';
import { commentNews } from '../../comments';
import { ToastProvider } from '../../ui';
import { CommentsColumn } from './CommentsColumn';
import { commentMarks, threadAt } from './commentMarks';
import { makeEditor } from './editor';
import { presenceNews } from './news';
import { lines } from './testEditors';
import { Toolbar } from './Toolbar';
import { about, useComments } from './useComments';

const post = (more: Partial<Post> = {}): Post => ({
  id: 'p1', author: { id: 'a', name: 'Amara Osei', colour: 'p2' }, text: 'Is it so?', mentions: [],
  at: '2026-11-20T10:00:00Z', edited_at: null, deleted: false, yours: false, ...more,
});
const thread = (id: string, quote: string, more: Partial<Thread> = {}): Thread => ({
  id, anchor: { start: '', end: '', quote, prefix: '', suffix: '' }, resolved: null,
  created_at: '2026-11-20T10:00:00Z', posts: [post({ id: `${id}-p` })], ...more,
});
const MEMBERS = ['Priya Nair', 'Priya Rao', 'Tom Whitby'].map((name, index) => ({
  person: { id: `m${index}`, name, colour: 'p1', guest: false }, role: 'participant', joined_at: '2026-11-20T10:00:00Z', here: false,
}));

interface Sent {
  route: string;
  body: { text: string; mentions: string[] } | undefined;
}
// jsdom lays nothing out; the editor asks where a caret is before it scrolls there.
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect ??= () => new DOMRect();

let threads: Thread[];
let sent: Sent[];
let answers: Map<string, () => Promise<Response> | Response>;

beforeEach(() => {
  threads = [thread('t2', 'hours'), thread('t1', 'dressed')];
  sent = [];
  answers = new Map();
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const route = `${init.method ?? 'GET'} ${new URL(input, window.location.origin).pathname}`;
    sent.push({ route, body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    const answer = answers.get(route);
    if (answer) return answer();
    if (route === 'GET /api/challenges/c1/comments') return Response.json({ items: threads, next: null });
    if (route === 'GET /api/challenges/c1/members') return Response.json({ items: MEMBERS, next: null });
    return Response.json({}, { status: 200 });
  });
});

afterEach(() => {
  seen?.editor.view.dom.parentElement?.remove();
});

/** The text and the column beside it, as the page joins them. */
function Beside() {
  const comments = useComments('c1', true);
  const [editor] = useState(() => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, lines('They wait dressed, for hours.'));
    const element = document.body.appendChild(document.createElement('div'));
    return makeEditor({ element, doc, awareness: new Awareness(doc), editable: true, more: [commentMarks(comments.bridge)] });
  });
  seen = { editor, comments };
  return (
    <>
      <Toolbar ref={null} editor={editor} onLink={vi.fn()} onComment={() => comments.begin(editor)} more={null} />
      <CommentsColumn challenge={{ id: 'c1' } as Challenge} me={{ person: null }} editor={editor} comments={comments} />
    </>
  );
}
let seen: { editor: ReturnType<typeof makeEditor>; comments: ReturnType<typeof useComments> };

async function open() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ToastProvider>
        <Beside />
      </ToastProvider>
    </QueryClientProvider>,
  );
  await screen.findAllByRole('article');
  await waitFor(() => expect(seen.comments.places.size).toBe(2));
}

const cards = () => screen.getAllByRole('article').map((card) => within(card).getByText(/^(hours|dressed)$/).textContent);

describe('the comments beside the text', () => {
  test('stand in the order of their words, which are marked in the text', async () => {
    await open();
    expect(cards()).toEqual(['dressed', 'hours']);
    expect([...seen.editor.view.dom.querySelectorAll('[data-thread]')].map((mark) => mark.textContent)).toEqual(['dressed', 'hours']);
  });

  test('keep the quoted words when these are gone from the text, and say so', async () => {
    await open();
    act(() => {
      seen.editor.commands.setContent('<p>They wait for hours.</p>');
    });
    expect(await screen.findByText('These words are no longer in the text.')).toBeTruthy();
    expect(cards()).toEqual(['hours', 'dressed']);
  });

  test('are gone through with F7, also from a card, and Escape goes back to the words', async () => {
    await open();
    act(() => seen.comments.next(1));
    const [first, second] = screen.getAllByRole('article');
    await waitFor(() => expect(document.activeElement).toBe(first));
    fireEvent.keyDown(first as Element, { key: 'F7' });
    await waitFor(() => expect(document.activeElement).toBe(second));
    fireEvent.keyDown(second as Element, { key: 'F7', shiftKey: true });
    await waitFor(() => expect(document.activeElement).toBe(first));
    fireEvent.keyDown(first as Element, { key: 'Escape' });
    await waitFor(() => expect(threadAt(seen.editor.state)).toBe('t1'));
  });

  test('leave the caret in the text when marked words are clicked', async () => {
    await open();
    const outside = document.activeElement;
    const { view } = seen.editor;
    act(() => {
      view.someProp('handleClick', (handle) => handle(view, 13, new MouseEvent('mouseup')));
    });
    expect(seen.editor.state.selection.from).toBe(13);
    await waitFor(() => expect(screen.getAllByRole('article')[0]?.hasAttribute('data-on')).toBe(true));
    expect(document.activeElement).toBe(outside);
  });

  test('with the caret in marked words, the comment key leads to that comment', async () => {
    await open();
    act(() => {
      seen.editor.commands.setTextSelection(13);
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Go to the comment on these words' }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getAllByRole('article')[0]));
  });
});

describe('resolving', () => {
  const RESOLVE = 'POST /api/challenges/c1/comments/t1/resolve';

  test('is seen at once, and leaves the focus in the column', async () => {
    await open();
    let finish: (answer: Response) => void = () => undefined;
    answers.set(RESOLVE, () => new Promise((resolve) => { finish = resolve; }));
    await userEvent.click(within(screen.getAllByRole('article')[0] as HTMLElement).getByRole('button', { name: 'Resolve' }));
    await waitFor(() => expect(cards()).toEqual(['hours']));
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Comments' }));
    threads = [threads[0] as Thread, thread('t1', 'dressed', { resolved: { at: '2026-11-21T10:00:00Z', by: null } })];
    finish(Response.json({}));
    expect(await screen.findByText('Show resolved (1)')).toBeTruthy();
  });

  test('is taken back when the lab does not take it', async () => {
    await open();
    answers.set(RESOLVE, () =>
      Response.json({ type: 'about:blank', title: 'No', status: 403, code: 'not_allowed', detail: 'You may not do that.' }, { status: 403 }),
    );
    await userEvent.click(within(screen.getAllByRole('article')[0] as HTMLElement).getByRole('button', { name: 'Resolve' }));
    expect(await screen.findByText('You may not do that.')).toBeTruthy();
    await waitFor(() => expect(cards()).toEqual(['dressed', 'hours']));
  });
});

describe('calling somebody by name', () => {
  test('@ lists people, arrows and Enter take one, and their id is sent', async () => {
    await open();
    await userEvent.click(within(screen.getAllByRole('article')[0] as HTMLElement).getByRole('button', { name: 'Answer' }));
    const field = await screen.findByLabelText('Your answer');
    await userEvent.type(field, 'Ask @pri');
    const list = await screen.findByRole('listbox', { name: 'People to mention' });
    expect(within(list).getAllByRole('option').map((option) => option.textContent)).toEqual(['Priya Nair', 'Priya Rao']);
    await userEvent.keyboard('{ArrowDown}');
    const lit = within(list).getByRole('option', { selected: true });
    expect(lit.textContent).toBe('Priya Rao');
    expect(field.getAttribute('aria-activedescendant')).toBe(lit.id);
    await userEvent.keyboard('{Enter}');
    expect((field as HTMLTextAreaElement).value).toBe('Ask @Priya Rao ');
    expect(screen.queryByRole('listbox')).toBeNull();
    await userEvent.click(within(field.closest('form') as HTMLElement).getByRole('button', { name: 'Answer' }));
    await waitFor(() => expect(sent.find(({ route }) => route === 'POST /api/challenges/c1/comments/t1/posts')?.body).toEqual({ text: 'Ask @Priya Rao', mentions: ['m1'] }));
  });

  test.each([['somebody who has gone on is not called back', true], ['somebody who waited is led back to the card', false]])('when an answer was taken, %s', async (_, gone) => {
    await open();
    let finish: (answer: Response) => void = () => undefined;
    answers.set('POST /api/challenges/c1/comments/t1/posts', () => new Promise((resolve) => { finish = resolve; }));
    const card = screen.getAllByRole('article')[0] as HTMLElement;
    await userEvent.click(within(card).getByRole('button', { name: 'Answer' }));
    await userEvent.type(await screen.findByLabelText('Your answer'), 'Yes.{Control>}{Enter}{/Control}');
    const elsewhere = screen.getByRole('button', { name: 'Bold' });
    if (gone) elsewhere.focus();
    finish(Response.json({}));
    await waitFor(() => expect(screen.queryByLabelText('Your answer')).toBeNull());
    expect(document.activeElement).toBe(gone ? elsewhere : card);
  });

  test('words the lab did not take stay in their field', async () => {
    await open();
    answers.set('POST /api/challenges/c1/comments/t1/posts', () => Response.error());
    await userEvent.click(within(screen.getAllByRole('article')[0] as HTMLElement).getByRole('button', { name: 'Answer' }));
    const field = await screen.findByLabelText('Your answer');
    await userEvent.type(field, 'Not lost');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(sent.some(({ route }) => route.startsWith('POST'))).toBe(true));
    expect((screen.getByLabelText('Your answer') as HTMLTextAreaElement).value).toBe('Not lost');
  });
});

describe('news, in one sentence', () => {
  test('of comments: others’ new ones only', () => {
    const before = [thread('t1', 'dressed')];
    const answered = [thread('t1', 'dressed', { posts: [post({ id: 't1-p' }), post({ id: 'n' })] })];
    expect(commentNews(before, before, about)).toBeNull();
    expect(commentNews(before, answered, about)).toBe('Amara Osei answered on “dressed”.');
    expect(commentNews(before, [...before, thread('t2', 'hours')], about)).toBe('Amara Osei commented on “hours”.');
    expect(commentNews([], [thread('a', 'x'), thread('b', 'y')], about)).toBe('2 new comments.');
    expect(commentNews([], [thread('a', 'x', { posts: [post({ yours: true })] })], about)).toBeNull();
  });

  test('of people: who came and who left', () => {
    const of = (...people: string[]) => new Map(people.map((name) => [name, name]));
    expect(presenceNews(of(), of('Amara'))).toBe('Amara is also here.');
    expect(presenceNews(of('Amara'), of('Tom', 'Priya'))).toBe('Tom and Priya are also here. Amara has left.');
    expect(presenceNews(of(), of('A', 'B', 'C', 'D', 'E'))).toBe('A, B and 3 others are also here.');
    expect(presenceNews(of('A'), of('A'))).toBeNull();
  });
});
