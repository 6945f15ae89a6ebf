import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { BoardContent } from '../served';
import HistoryDialog from './HistoryDialog';
import { type Stage, stage } from './testing';
import { LONGEST_NAME, nameBefore } from './versions';

const close = vi.fn();

interface Call {
  readonly path: string;
  readonly body: unknown;
  /** What was on the board when the server was asked. */
  readonly texts: readonly string[];
}

/** A lab that keeps one version: the board as `on` has it at this moment. `refuses`: a path that it says no to. */
function keeping(on: Stage, refuses?: string): Call[] {
  const objects = on.board.all().map(({ reactions: _, ...object }) => ({ ...object, reactions: {} }));
  const kept = { id: 'v1', name: 'Before lunch', kind: 'named', at: '2026-11-20T10:00:00Z', by: null, notes: 2 };
  const board: BoardContent = { title: 'Ideas', legend: {}, objects };
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const path = new URL(String(url), window.location.origin).pathname;
    if (init?.method === 'POST') {
      calls.push({ path, body: JSON.parse(String(init.body)), texts: texts(on) });
      if (path === refuses)
        return Response.json({ title: 'No', status: 409, code: 'too_many_versions', detail: 'A board keeps at most 500 named versions.' }, { status: 409 });
      return Response.json(kept, { status: 201 });
    }
    return Response.json(path.endsWith('/versions') ? { items: [kept], next: null } : { ...kept, board });
  });
  return calls;
}

const texts = (on: Stage) => on.board.all().map(({ text }) => text).sort();

async function goesBack(on: Stage, to = 'The whole board') {
  close.mockReset();
  on.show(<HistoryDialog onClose={close} />);
  await userEvent.selectOptions(await screen.findByLabelText('Go back with'), to);
  await userEvent.click(screen.getByRole('button', { name: 'Go back to this' }));
  const asks = await screen.findByRole('alertdialog');
  await userEvent.click(within(asks).getByRole('button', { name: 'Go back' }));
  return asks;
}

describe('going back', () => {
  test('what is there now is kept under a name before anything is changed', async () => {
    const on = stage();
    on.add({ kind: 'note', text: 'then' });
    const calls = keeping(on);
    on.add({ kind: 'note', text: 'since', x: 400 });
    await goesBack(on);
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(calls).toEqual([
      { path: '/api/boards/board1/versions', body: { name: 'Before restoring: Before lunch' }, texts: ['since', 'then'] },
      { path: '/api/boards/board1/restored', body: { version: 'v1' }, texts: ['then'] },
    ]);
    on.board.undo();
    expect(texts(on)).toEqual(['since', 'then']);
  });

  test('so it is for one area', async () => {
    const on = stage();
    const area = on.add({ kind: 'area', text: 'Ward', w: 600, h: 600 });
    on.add({ kind: 'note', text: 'then', parent: area });
    const calls = keeping(on);
    on.add({ kind: 'note', text: 'in it', parent: area, x: 300 });
    on.add({ kind: 'note', text: 'outside', x: 2_000 });
    await goesBack(on, 'Ward');
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(calls.map(({ body }) => body)).toEqual([{ name: 'Before restoring an area: Before lunch' }, { version: 'v1', area }]);
    expect(texts(on)).toEqual(['Ward', 'outside', 'then']);
  });

  test('where it cannot be kept, nothing is changed, and why is said', async () => {
    const on = stage();
    on.add({ kind: 'note', text: 'then' });
    const calls = keeping(on, '/api/boards/board1/versions');
    on.add({ kind: 'note', text: 'since', x: 400 });
    const asks = await goesBack(on);
    expect(await within(asks).findByText(/at most 500 named versions/)).toBeTruthy();
    expect(calls).toHaveLength(1);
    expect(texts(on)).toEqual(['since', 'then']);
    expect(close).not.toHaveBeenCalled();
  });
});

test('the name says which version, and is never longer than names may be', () => {
  expect(nameBefore({ name: null, at: '2026-11-20T10:00:00Z' }, true)).toMatch(/^Before restoring an area: 20 November 2026/);
  const long = nameBefore({ name: '🟡'.repeat(120), at: '' }, false);
  expect([...long]).toHaveLength(LONGEST_NAME);
  expect(() => encodeURIComponent(long)).not.toThrow();
});
