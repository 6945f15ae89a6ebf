import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Challenge } from '../../api/types';
import { ToastProvider } from '../../ui';
import { Stages } from './Stages';
import { added, draftOf, form, heir, MOST_STAGES, moved, problemWith, removable, removed, renamed } from './stages';

const STAGES = [
  { key: 'understand', label: 'Understand' },
  { key: 'test', label: 'Develop and test' },
  { key: 'share', label: 'Share' },
];
const CHALLENGE = { id: 'c1', stages: STAGES, stage: { index: 1, key: 'test', label: 'Develop and test' } } as unknown as Challenge;
const draft = draftOf(STAGES, 'test');
const labels = (one: typeof draft) => one.stages.map(({ label }) => label);

test('a stage moves one place, and stays at either end', () => {
  expect(labels(moved(draft, 'share', -1))).toEqual(['Understand', 'Share', 'Develop and test']);
  expect(labels(moved(draft, 'understand', 1))).toEqual(['Develop and test', 'Understand', 'Share']);
  expect(moved(draft, 'understand', -1)).toBe(draft);
  expect(moved(draft, 'share', 1)).toBe(draft);
  expect(moved(draft, 'nothing', 1)).toBe(draft);
});

test('when the stage of the work is taken out, the work goes to the stage before, else to the one after', () => {
  expect(removed(draft, 'test')).toMatchObject({ current: 'understand' });
  expect(removed(draftOf(STAGES, 'understand'), 'understand')).toMatchObject({ current: 'test' });
  expect(removed(draft, 'share')).toMatchObject({ current: 'test' });
  expect(heir(added(draftOf(STAGES.slice(0, 1), 'understand'), 'new'), 'understand')).toBeUndefined();
});

test('one stage stays, and the work never goes to one that is not saved', () => {
  const last = draftOf(STAGES.slice(0, 1), 'understand');
  expect(removable(last, 'understand')).toBe(false);
  expect(removed(last, 'understand')).toBe(last);
  const two = added(last, 'new');
  expect(removable(two, 'understand')).toBe(false);
  expect(removable(two, 'new')).toBe(true);
});

test('there are at most eight, each with a name of its own', () => {
  let many = draft;
  for (let n = 0; n < 20; n++) many = added(many, `new-${n}`);
  expect(many.stages).toHaveLength(MOST_STAGES);
  const twice = renamed(added(draft, 'new'), 'new', ' share ');
  expect(twice.stages.map((stage) => problemWith(twice, stage))).toEqual([null, null, 'Two stages have this name.', 'Two stages have this name.']);
  expect(problemWith(draft, { id: 'x', label: '  ', saved: false })).toBe('Each stage needs a name.');
  expect(form(renamed(added(draft, 'new'), 'new', ' Look back '))).toEqual({ stage: 'test', stages: [...STAGES, { label: 'Look back' }] });
});

const sent: unknown[] = [];
beforeEach(() => {
  sent.length = 0;
  document.getElementById('announcements')?.remove();
  vi.stubGlobal('fetch', (_: string, init: RequestInit = {}) => {
    const changes = JSON.parse(String(init.body));
    sent.push(changes);
    const stages = changes.stages.map((stage: { key?: string; label: string }, n: number) => ({ key: stage.key ?? `made-${n}`, label: stage.label }));
    const index = stages.findIndex((stage: { key: string }) => stage.key === changes.stage);
    return Promise.resolve(new Response(JSON.stringify({ ...CHALLENGE, stages, stage: { index, ...stages[index] } })));
  });
});

function open() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ToastProvider>
        <Stages challenge={CHALLENGE} />
      </ToastProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}
const names = () => screen.getAllByRole('textbox').map((field) => (field as HTMLInputElement).value);
const said = () => document.getElementById('announcements')?.textContent ?? '';

test('buttons and keys move a stage, focus goes with it, and it is said', async () => {
  const user = open();
  await user.click(screen.getByRole('button', { name: 'Move Share up' }));
  expect(names()).toEqual(['Understand', 'Share', 'Develop and test']);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Move Share up' }));
  expect(said()).toContain('Share is now stage 2 of 3.');
  await user.keyboard('{Enter}');
  expect(names()[0]).toBe('Share');
  // At the top its button is of no use any more; the field of the same stage has focus.
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name of stage 1' }));
  await user.keyboard('{Alt>}{ArrowDown}{ArrowDown}{ArrowDown}{/Alt}');
  expect(names()).toEqual(['Understand', 'Develop and test', 'Share']);
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name of stage 3' }));
});

test('a new stage gets focus and a key, and can be chosen once it is saved', async () => {
  const user = open();
  await user.click(screen.getByRole('button', { name: 'Add a stage' }));
  const field = screen.getByRole('textbox', { name: 'Name of stage 4' });
  expect(document.activeElement).toBe(field);
  expect(screen.queryByText('Each stage needs a name.')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Save stages' }));
  expect(screen.getByText('Each stage needs a name.')).toBeTruthy();
  expect(sent).toEqual([]);
  await user.type(field, 'Look back');
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /Look back/ }).disabled).toBe(true);
  await user.click(screen.getByRole('button', { name: 'Save stages' }));
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>('radio', { name: /Look back/ }).disabled).toBe(false));
  expect(sent).toEqual([{ stage: 'test', stages: [...STAGES, { label: 'Look back' }] }]);
});

test('a stage is taken out at once; the one the work is in, after a question', async () => {
  const user = open();
  await user.click(screen.getByRole('button', { name: 'Take Share out' }));
  expect(names()).toEqual(['Understand', 'Develop and test']);
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name of stage 2' }));
  await user.click(screen.getByRole('button', { name: 'Take Develop and test out' }));
  const dialog = within(screen.getByRole('alertdialog', { name: 'Take Develop and test out?' }));
  expect(dialog.getByText(/It goes to Understand/)).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Take it out' }));
  await waitFor(() => expect(names()).toEqual(['Understand']));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name of stage 1' })));
  expect(said()).toContain('The work is now in Understand.');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Take Understand out' }).disabled).toBe(true);
});
