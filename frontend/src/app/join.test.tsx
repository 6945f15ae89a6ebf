import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import type { InvitationLook } from '../api/types';
import { accessibilityProblems, Network, NOBODY, openApp, problem, somebody } from './testing';

const LOOK: InvitationLook = {
  challenge: { id: 'c1', title: 'Medicines to take home', question: 'Why does it take all day?' },
  role: 'participant',
  lab: 'Getting home well',
  expires_at: '2030-01-01T00:00:00Z',
};
let network: Network;

beforeEach(() => {
  network = new Network().on('GET /api/me', { body: NOBODY }).on('POST /api/invitations/look', { body: LOOK });
});

test('one screen shows the challenge, the role and one field; a name and a press are enough', async () => {
  const user = userEvent.setup();
  network.on('POST /api/invitations/accept', { body: { ...somebody('Gwen', { guest: true }), challenge: 'c1' } });
  openApp('/join#s3cret');

  expect(await screen.findByRole('heading', { level: 1, name: 'Medicines to take home' })).toBeTruthy();
  expect(screen.getByText('Why does it take all day?')).toBeTruthy();
  expect(screen.getByText('participant')).toBeTruthy();
  expect(await accessibilityProblems()).toEqual([]);

  await user.type(screen.getByLabelText('Your name'), 'Gwen{Enter}');
  await waitFor(() => expect(window.location.pathname).toBe('/challenges/c1'));
  expect(window.location.hash).toBe('');
  expect(network.bodies('POST /api/invitations/accept')).toEqual([
    { secret: 's3cret', name: 'Gwen', shared_device: false },
  ]);
});

test('without a name nothing is sent, and the field says why', async () => {
  const user = userEvent.setup();
  openApp('/join#s3cret');
  await user.click(await screen.findByRole('button', { name: 'Join' }));
  expect(await screen.findByText('Write the name the others should see.')).toBeTruthy();
  expect(network.bodies('POST /api/invitations/accept')).toEqual([]);
});

test('somebody signed in joins as themselves', async () => {
  const user = userEvent.setup();
  network
    .on('GET /api/me', { body: somebody('Amara') })
    .on('POST /api/invitations/accept', { body: { ...somebody('Amara'), challenge: 'c1' } });
  openApp('/join#s3cret');
  await user.click(await screen.findByRole('button', { name: 'Join as Amara' }));
  await waitFor(() => expect(network.bodies('POST /api/invitations/accept')).toEqual([{ secret: 's3cret' }]));
});

test('signing in first comes back to the invitation', async () => {
  openApp('/join#s3cret');
  const link = await screen.findByRole('link', { name: /I have an account/ });
  expect(link.getAttribute('href')).toBe('/sign-in?next=%2Fjoin%23s3cret');
});

test.each([
  [404, 'invitation_unknown', 'This invitation is not known here'],
  [410, 'invitation_expired', 'This invitation has expired'],
  [410, 'invitation_used_up', 'This invitation has been used up'],
  [410, 'invitation_revoked', 'This invitation was withdrawn'],
])('%i %s says what to do', async (status, code, title) => {
  network.on('POST /api/invitations/look', problem(status, code, code));
  openApp('/join#old');
  expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
  expect(screen.getByText(/ask/i)).toBeTruthy();
  expect(await accessibilityProblems()).toEqual([]);
});

test('an invitation that runs out while the page is open says so instead of failing', async () => {
  const user = userEvent.setup();
  network.on('POST /api/invitations/accept', problem(410, 'invitation_used_up', 'used up'));
  openApp('/join#s3cret');
  await user.type(await screen.findByLabelText('Your name'), 'Gwen{Enter}');
  expect(await screen.findByRole('heading', { level: 1, name: 'This invitation has been used up' })).toBeTruthy();
});

test('no answer is a sentence and a button, not an empty page', async () => {
  const user = userEvent.setup();
  let answers = 0;
  network.on('POST /api/invitations/look', () => (++answers === 1 ? problem(500, 'internal', 'Something went wrong here.') : { body: LOOK }));
  openApp('/join#s3cret');
  expect(await screen.findByText('Something went wrong here.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Medicines to take home' })).toBeTruthy();
});
