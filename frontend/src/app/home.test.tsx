import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { rememberChallenge } from '../api/device';
import type { Challenge, Lab } from '../api/types';
import { accessibilityProblems, Network, openApp, somebody } from './testing';

const STAGES = [
  { key: 'understand', label: 'Understand' },
  { key: 'test', label: 'Develop and test' },
  { key: 'share', label: 'Share' },
];
const CHALLENGE: Challenge = {
  id: 'c1',
  title: 'Medicines to take home',
  question: 'Why does it take all day?',
  summary: 'People well enough to leave wait most of a day.',
  stage: { index: 1, key: 'test', label: 'Develop and test' },
  stages: STAGES,
  counts: { people: 2, comments: 1, words: 412 },
  archived: false,
  open_to_lab: false,
  example: true,
  your_role: 'facilitator',
  updated_at: '2026-11-20T10:00:00Z',
  people: [{ id: 'tom', name: 'Tom Whitby', colour: 'p4' }],
};
const LAB: Lab = {
  name: 'Getting home well',
  intro: 'Why leaving hospital takes so long.',
  people: { total: 3, by_role: { facilitator: 1, participant: 2 } },
  changes: [],
  since: '2026-11-19T10:00:00Z',
  example: false,
};
let network: Network;

beforeEach(() => {
  localStorage.clear();
  network = new Network()
    .on('GET /api/me', { body: somebody('Rosa', { role: 'facilitator' }) })
    .on('GET /api/lab', { body: LAB })
    .on('GET /api/challenges', { body: { items: [CHALLENGE], next: null } });
});

test('the home shows each challenge with its stage in words, its sentence and its counts', async () => {
  openApp('/');
  const list = await screen.findByRole('link', { name: 'Medicines to take home' });
  const row = within(list.closest('li') as HTMLElement);
  expect(row.getByText('People well enough to leave wait most of a day.')).toBeTruthy();
  expect(row.getByText('Stage 2 of 3')).toBeTruthy();
  expect(row.getByText('Example')).toBeTruthy();
  for (const words of ['412 words', '1 comment', '2 people']) expect(row.getByText(words)).toBeTruthy();
  expect(screen.getByText('1 facilitator, 2 participants')).toBeTruthy();
  expect(screen.getByText(/Nothing new/)).toBeTruthy();
  expect(await accessibilityProblems()).toEqual([]);
});

test('leaving the lab is told, from whichever page, and not while it is in sight', async () => {
  openApp('/account');
  await screen.findByRole('heading', { level: 1 });
  const seen = () => network.bodies('POST /api/lab/seen').length;
  const state = vi.spyOn(document, 'visibilityState', 'get');
  state.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(seen()).toBe(0);
  state.mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(seen()).toBe(1);
});

test('the card to go on where one left off is there only for one who left off', async () => {
  openApp('/').unmount();
  expect(screen.queryByText('Continue where you left off')).toBeNull();
  rememberChallenge('Rosa', 'c1');
  openApp('/');
  expect(await screen.findByText('Continue where you left off')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Open statement' }).getAttribute('href')).toBe('/challenges/c1');
});

test('a participant is not offered what they may not do, and an empty lab says what will come', async () => {
  network
    .on('GET /api/me', { body: somebody('Gwen', { role: null, guest: true }) })
    .on('GET /api/challenges', { body: { items: [], next: null } });
  openApp('/');
  expect(await screen.findByText('No challenges yet')).toBeTruthy();
  expect(screen.getByText(/as soon as somebody invites you/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'New challenge' })).toBeNull();
});

test('making a challenge asks for a name, a question and who sees it', async () => {
  const user = userEvent.setup();
  network.on('POST /api/challenges', { status: 201, body: { ...CHALLENGE, id: 'c2' } });
  openApp('/');
  await user.click(await screen.findByRole('button', { name: 'New challenge' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'New challenge' }));
  await user.click(dialog.getByRole('button', { name: 'Make challenge' }));
  expect(dialog.getByText('Give it a short name.')).toBeTruthy();
  await user.type(dialog.getByLabelText('Name'), 'Transport after six');
  await user.type(dialog.getByLabelText('Question'), 'How do people get home?');
  await user.click(dialog.getByRole('radio', { name: 'Everyone in the lab' }));
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(dialog.getByRole('button', { name: 'Make challenge' }));
  await waitFor(() => expect(window.location.pathname).toBe('/challenges/c2'));
  expect(network.bodies('POST /api/challenges')).toEqual([
    { title: 'Transport after six', question: 'How do people get home?', open_to_lab: true },
  ]);
});

test('after a route changes focus is on the new page’s heading and its title is announced', async () => {
  const user = userEvent.setup();
  network
    .on('GET /api/me/sessions', { body: { items: [], next: null } })
    .on('GET /api/me/tokens', { body: { items: [], next: null } })
    .on('GET /api/me/mentions', { body: { items: [], next: null } });
  openApp('/');
  await user.click(await screen.findByRole('button', { name: 'Rosa, your account' }));
  await user.click(await screen.findByRole('menuitem', { name: /Rosa/ }));
  const heading = await screen.findByRole('heading', { level: 1, name: 'Your account' });
  await waitFor(() => expect(document.activeElement).toBe(heading));
  expect(document.title).toBe('Your account · Getting home well');
  await waitFor(() => expect(document.getElementById('announcements')?.textContent).toContain('Your account'));
});

test('signing out forgets who was here and asks for a sign-in', async () => {
  const user = userEvent.setup();
  network.on('POST /api/sign-out', () => {
    network.on('GET /api/me', { body: { ...somebody('x'), person: null } });
    return { status: 204 };
  });
  openApp('/');
  await user.click(await screen.findByRole('button', { name: 'Rosa, your account' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Sign in' })).toBeTruthy();
  expect(screen.queryByText('Rosa')).toBeNull();
});

test('an address nobody knows says so and leads home', async () => {
  openApp('/no/such/page');
  expect(await screen.findByRole('heading', { level: 1, name: 'There is no page here' })).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Go to the lab home' })).toBeTruthy();
});

test('a lab that does not answer offers to try again', async () => {
  const user = userEvent.setup();
  let asked = 0;
  network.on('GET /api/me', () => (++asked === 1 ? { status: 500, body: { code: 'internal', detail: 'Broken here.' } } : { body: somebody('Rosa') }));
  openApp('/');
  await user.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Getting home well' })).toBeTruthy();
  expect(asked).toBe(2);
});
