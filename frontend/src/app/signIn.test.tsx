import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { isSharedDevice, rememberSharedDevice } from '../api/device';
import { accessibilityProblems, Network, NOBODY, openApp, problem, somebody } from './testing';
import { nextPlace } from './Routes';

const EMPTY = { body: { items: [], next: null } };
let network: Network;

beforeEach(() => {
  rememberSharedDevice(false);
  network = new Network()
    .on('GET /api/me', { body: NOBODY })
    .on('GET /api/me/sessions', EMPTY)
    .on('GET /api/me/tokens', EMPTY)
    .on('GET /api/me/mentions', EMPTY);
});

test('a page that needs a sign-in asks for it and then shows the page that was wanted', async () => {
  const user = userEvent.setup();
  network.on('POST /api/sign-in', { body: somebody('Amara') });
  openApp('/account?from=letter');

  await user.type(await screen.findByLabelText('E-mail'), 'amara@example.org');
  await user.type(screen.getByLabelText('Password'), 'four words of mine');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));

  expect(await screen.findByRole('heading', { level: 1, name: 'Your account' })).toBeTruthy();
  expect(window.location.pathname + window.location.search).toBe('/account?from=letter');
  expect(network.bodies('POST /api/sign-in')).toEqual([
    { email: 'amara@example.org', password: 'four words of mine', shared_device: false },
  ]);
});

test('calls after signing in carry the new csrf word', async () => {
  const user = userEvent.setup();
  network.on('POST /api/sign-in', { body: somebody('Amara') }).on('PATCH /api/me', { body: somebody('Amara') });
  openApp('/sign-in?next=/account');
  await user.type(await screen.findByLabelText('E-mail'), 'amara@example.org');
  await user.type(screen.getByLabelText('Password'), 'four words of mine');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await user.click(await screen.findByRole('button', { name: 'Save' }));
  await waitFor(() => expect(network.sent.find((each) => each.method === 'PATCH')?.csrf).toBe('csrf-of-Amara'));
});

test('a wrong password is said in the server’s words and nothing typed is lost', async () => {
  const user = userEvent.setup();
  network.on('POST /api/sign-in', problem(401, 'sign_in_failed', 'Address and password do not belong together.'));
  openApp('/sign-in');
  await user.type(await screen.findByLabelText('E-mail'), 'amara@example.org');
  await user.type(screen.getByLabelText('Password'), 'not this one');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('Address and password do not belong together.')).toBeTruthy();
  expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'amara@example.org');
  expect(await accessibilityProblems()).toEqual([]);
});

test('an unfinished form says what is missing beside the field and sends nothing', async () => {
  const user = userEvent.setup();
  openApp('/sign-in');
  await user.type(await screen.findByLabelText('E-mail'), 'amara');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  const field = screen.getByLabelText('E-mail');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  const said = document.getElementById(field.getAttribute('aria-describedby') ?? '');
  expect(said?.textContent).toMatch(/whole e-mail address/);
  expect(network.bodies('POST /api/sign-in')).toEqual([]);
});

test('a link by e-mail needs no password and says what happens next', async () => {
  const user = userEvent.setup();
  network.on('POST /api/sign-in/link', { status: 202 });
  openApp('/sign-in');
  await user.type(await screen.findByLabelText('E-mail'), 'amara@example.org');
  await user.click(screen.getByRole('button', { name: 'E-mail me a sign-in link' }));
  expect(await screen.findByRole('heading', { name: 'Look in your e-mail' })).toBeTruthy();
  expect(network.bodies('POST /api/sign-in/link')).toEqual([{ email: 'amara@example.org' }]);
});

test('without e-mail in the lab, the form says whom to ask', async () => {
  network.on('GET /api/me', { body: { ...NOBODY, mail: false } });
  openApp('/sign-in');
  expect(await screen.findByText(/Ask staff of the lab for a sign-in link/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'E-mail me a sign-in link' })).toBeNull();
});

test('opening a sign-in link uses nothing up; pressing its button does', async () => {
  const user = userEvent.setup();
  network
    .on('POST /api/sign-in/redeem', { body: somebody('Amara') })
    .on('GET /api/lab', problem(500, 'x', 'x'))
    .on('GET /api/challenges', EMPTY);
  openApp('/sign-in#secret-word');
  const button = await screen.findByRole('button', { name: 'Sign in' });
  expect(network.bodies('POST /api/sign-in/redeem')).toEqual([]);
  await user.click(screen.getByRole('checkbox', { name: 'This is a shared computer' }));
  await user.click(button);
  expect(await screen.findByRole('heading', { level: 2, name: 'Challenges' })).toBeTruthy();
  expect(network.bodies('POST /api/sign-in/redeem')).toEqual([{ token: 'secret-word', shared_device: true }]);
  expect(window.location.hash).toBe('');
  expect(isSharedDevice()).toBe(true);
});

test('a used link explains itself and offers the other ways in', async () => {
  const user = userEvent.setup();
  network.on('POST /api/sign-in/redeem', problem(410, 'link_used', 'This link was used already. Ask for a new one.'));
  openApp('/sign-in#old');
  await user.click(await screen.findByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('This link was used already. Ask for a new one.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Sign in another way' }));
  expect(await screen.findByLabelText('Password')).toBeTruthy();
});

test('the way back never leads out of the lab', () => {
  expect(nextPlace('?next=/challenges/1/history')).toBe('/challenges/1/history');
  expect(nextPlace('?next=%2Fjoin%23abc')).toBe('/join#abc');
  for (const bad of ['//elsewhere.example', '/\\elsewhere.example', 'https://elsewhere.example/', 'javascript:alert(1)', '']) {
    expect(nextPlace(`?next=${encodeURIComponent(bad)}`)).toBe('/');
  }
});
