import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { RoomScope } from '../../realtime/hooks';
import { emptyDevice, Lab, visit, YOU } from '../../realtime/testing/lab';
import type { Room } from '../../realtime/types';
import { ToastProvider } from '../../ui';
import { BoardPage, describeRefused } from './BoardPage';
import { openBoard } from './model';
import { setPersonal } from './personal';
import type { BoardWhole } from './served';

// jsdom lays nothing out.
Element.prototype.scrollIntoView ??= () => undefined;

const WHOLE: BoardWhole = {
  id: 'b1', challenge: { id: 'c1', title: 'Medicines to take home' }, title: 'Ideas', notes: 1, authors: 'shown', archived: false, your_role: 'participant',
  created_by: null, created_at: '2026-11-20T10:00:00Z', updated_at: '2026-11-20T10:00:00Z', here: [], rules: { locks: [], areas: [] },
};

let room: Room;
let lab: Lab;
let asked: string[];

beforeEach(async () => {
  await emptyDevice();
  document.documentElement.lang = 'en-GB';
  asked = [];
  setPersonal({ wide: 'outline' });
  vi.stubGlobal('fetch', async (input: string) => {
    asked.push(new URL(input, window.location.origin).pathname);
    return Response.json({ items: [], next: null });
  });
  lab = new Lab();
  const board = openBoard(lab.doc, { id: 'asha', authors: 'shown' });
  board.edit('Draw', (edit) => edit.add({ kind: 'note', text: 'Ring only when something changes' }));
  board.destroy();
  room = await visit(lab, { options: { kind: 'board', key: 'b1', persist: false, describe: describeRefused } });
});

afterEach(() => {
  void room.close();
});

function open(served: BoardWhole = WHOLE) {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ToastProvider>
        <RoomScope room={room}>
          <BoardPage
            served={served}
            me={YOU}
            frame={({ tools, board }) => (
              <>
                <header>{tools}</header>
                {board}
              </>
            )}
          />
        </RoomScope>
      </ToastProvider>
    </QueryClientProvider>,
  );
}

const join = () => act(async () => void lab.join());
const YOU_HERE = { id: YOU.id, authors: 'shown' } as const;

/** The lab takes in and answers whatever comes, until that is so. */
async function serving(done: () => boolean): Promise<void> {
  await waitFor(
    async () => {
      await act(async () => {
        if (lab.wire.readyState === 0) lab.join();
        lab.receive();
        lab.save();
      });
      expect(done()).toBe(true);
    },
    { timeout: 20_000 },
  );
}

describe('the page of a board', () => {
  test('says that it is loading until the content is there, then shows it', async () => {
    open();
    expect(screen.getByText('Loading the board')).toBeTruthy();
    await join();
    expect(await screen.findByRole('button', { name: /^Ring only when something changes/ })).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1, name: 'Ideas' })).toBeTruthy();
    document.title = 'Ideas';
    const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  });

  test('what is written in the outline reaches the room', async () => {
    open();
    await join();
    await userEvent.type(await screen.findByLabelText('New note'), 'A tray for today{Enter}');
    lab.receive();
    const there = openBoard(lab.doc, { id: 'asha', authors: 'shown' });
    expect(there.all().map(({ text, by }) => [text, by])).toContainEqual(['A tray for today', YOU.id]);
  });

  test('where names are not recorded, none is written down', async () => {
    open({ ...WHOLE, authors: 'hidden' });
    await join();
    await userEvent.type(await screen.findByLabelText('New note'), 'Honestly{Enter}');
    lab.receive();
    const there = openBoard(lab.doc, { id: 'asha', authors: 'shown' });
    expect(there.all().find(({ text }) => text === 'Honestly')?.by).toBeNull();
  });

  test('whoever may only read is told so by the tools that are not there', async () => {
    lab.access = 'read';
    open({ ...WHOLE, your_role: 'observer' });
    await join();
    await screen.findByRole('button', { name: /^Ring only/ });
    expect(screen.queryByLabelText('New note')).toBeNull();
  });

  test('a room that stopped says why', async () => {
    open();
    await join();
    await screen.findByRole('button', { name: /^Ring only/ });
    act(() => lab.wire.cut(4403, 'not_allowed'));
    expect(await screen.findByText('This page has stopped')).toBeTruthy();
    expect(screen.queryByLabelText('New note')).toBeNull();
  });

  test('an archived board says that nobody can change it', async () => {
    open({ ...WHOLE, archived: true });
    await join();
    expect(await screen.findByText('Archived')).toBeTruthy();
    expect(screen.queryByLabelText('New note')).toBeNull();
  });

  test('a replaced document is opened anew', async () => {
    open();
    await join();
    await screen.findByRole('button', { name: /^Ring only/ });
    lab.epoch += 1;
    lab.doc = new Y.Doc();
    openBoard(lab.doc, { id: 'asha', authors: 'shown' }).edit('Draw', (edit) => edit.add({ kind: 'note', text: 'Another beginning' }));
    const before = lab.wires.length;
    act(() => {
      lab.wire.tell({ type: 'epoch', epoch: lab.epoch });
      lab.wire.cut(4409, 'epoch');
    });
    await waitFor(() => expect(lab.wires.length).toBeGreaterThan(before));
    await join();
    expect(await screen.findByRole('button', { name: /^Another beginning/ })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Ring only/ })).toBeNull();
  });

  test('a refused edit is told, with what it was about; one goes on where one was', async () => {
    open();
    await join();
    const line = await screen.findByRole('button', { name: /^Ring only/ });
    const composer = () => screen.getByLabelText<HTMLTextAreaElement>('New note');
    await userEvent.type(composer(), 'First{Enter}');
    act(() => lab.receive());
    act(() => lab.save());
    // A rule that this page has not heard of yet.
    lab.judge = (update) => (new TextDecoder().decode(update).includes('of course') ? { reason: 'update_refused:rule', message: 'This note is locked by Asha Osei.' } : null);
    const before = room.doc;
    await userEvent.click(line);
    const [note] = openBoard(lab.doc, { id: 'asha', authors: 'shown' }).all();
    act(() => openBoard(room.doc, YOU_HERE).edit('Typing', (edit) => edit.setText(note!.id, 'Ring only when something changes, of course')));
    await userEvent.type(composer(), 'Half a thou');
    await serving(() => room.doc !== before && room.state().saved === 'saved');
    const told = await screen.findByText(/This note is locked by Asha Osei. 1 change of yours was not taken/);
    expect(told.closest('[role=alert]')).not.toBeNull();
    expect(screen.getByText('“Ring only when something changes, of course”: its words')).toBeTruthy();
    expect((await screen.findByRole('button', { name: /^Ring only/ })).textContent).not.toContain('of course');
    // What was being written is still there, and goes where it should.
    expect(composer().value).toBe('Half a thou');
    expect(document.activeElement).toBe(composer());
    await userEvent.type(composer(), 'ght{Enter}');
    await serving(() => room.state().pending === 0 && room.state().saved === 'saved');
    expect(openBoard(lab.doc, { id: 'asha', authors: 'shown' }).all().map(({ text }) => text).sort()).toEqual(['First', 'Half a thought', 'Ring only when something changes']);
    await userEvent.keyboard('{Control>}z{/Control}');
    await userEvent.click(screen.getByRole('button', { name: 'Discard it' }));
    expect(screen.queryByText(/was not taken/)).toBeNull();
  });

  test('whoever has signed something and has left is named, and asked about once', async () => {
    const asha = { id: 'asha', name: 'Asha Osei', colour: 'p2' };
    vi.stubGlobal('fetch', async (input: string) => {
      asked.push(new URL(input, window.location.origin).pathname);
      return Response.json({ items: asked.at(-1)?.endsWith('/authors') ? [asha] : [], next: null });
    });
    open();
    await join();
    await waitFor(() => expect(screen.getByRole('button', { name: /^Ring only/ }).textContent).toContain('Asha Osei'));
    // Known by now: nothing more is asked when she comes and goes, or the board changes.
    act(() => lab.wire.tell({ type: 'changed', what: 'board' }));
    await userEvent.type(screen.getByLabelText('New note'), 'Mine{Enter}');
    expect(asked.filter((path) => path === '/api/boards/b1/authors')).toHaveLength(1);
  });

  test('where authors are hidden nobody asks who they are', async () => {
    open({ ...WHOLE, authors: 'hidden' });
    await join();
    await screen.findByRole('button', { name: /^Ring only/ });
    await waitFor(() => expect(asked).toContain('/api/challenges/c1/members'));
    expect(asked).not.toContain('/api/boards/b1/authors');
  });

  test('rows that changed are asked for again', async () => {
    open();
    await join();
    await screen.findByRole('button', { name: /^Ring only/ });
    await waitFor(() => expect(asked).toContain('/api/boards/b1/comments'));
    asked.length = 0;
    act(() => lab.wire.tell({ type: 'changed', what: 'comments' }));
    await waitFor(() => expect(asked).toContain('/api/boards/b1/comments'));
  });
});
