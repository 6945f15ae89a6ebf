import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import {
  announce,
  AvatarStack,
  Button,
  Checkbox,
  ConfirmDialog,
  CopyField,
  Dialog,
  EmptyState,
  Form,
  IconButton,
  initials,
  inWords,
  Loading,
  Menu,
  MenuChoice,
  MenuItem,
  Progress,
  RadioGroup,
  Select,
  spoken,
  Tabs,
  Tag,
  TextField,
  ToastProvider,
  useToast,
} from './index';

async function problems(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`);
}

test('every part at rest breaks no rule', async () => {
  render(
    <ToastProvider>
      <Button variant="primary">Save</Button>
      <Button busy>Saving</Button>
      <IconButton label="Bold" icon={<svg aria-hidden="true" />} pressed={false} />
      <TextField label="Name" hint="As others see it" problem="Write a name." value="" onChange={() => undefined} />
      <TextField label="Question" rows={3} optional value="" onChange={() => undefined} />
      <TextField label="Password" type="password" value="" onChange={() => undefined} />
      <Select label="Role" value="a" onChange={() => undefined} options={[{ value: 'a', label: 'Participant' }]} />
      <Checkbox checked={false} onChange={() => undefined} hint="Keeps nothing">
        Shared
      </Checkbox>
      <RadioGroup label="Who" value="a" onChange={() => undefined} options={[{ value: 'a', label: 'All', hint: 'Really' }]} />
      <Tabs label="Views" tabs={[{ id: 'a', label: 'Open', content: 'one' }, { id: 'b', label: 'Resolved', content: 'two' }]} />
      <Progress index={0} total={3} label="Understand" />
      <CopyField label="Link" value="https://example.org" hint="Once" />
      <EmptyState title="Nothing yet">It will come.</EmptyState>
      <Loading what="people" />
      <Tag tone="good">Saved</Tag>
      <AvatarStack label="Here now" people={[{ id: '1', name: 'Amara Osei', colour: 'p2' }]} />
    </ToastProvider>,
  );
  expect(await problems()).toEqual([]);
  expect(screen.getByText('Stage 1 of 3')).toBeTruthy();
});

test('a busy button keeps its place and focus and does not fire', async () => {
  const user = userEvent.setup();
  const pressed = vi.fn();
  const submitted = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
  render(
    <form onSubmit={submitted}>
      <Button busy type="submit" onPress={pressed}>
        Save
      </Button>
    </form>,
  );
  const button = screen.getByRole('button', { name: 'Save' });
  await user.tab();
  expect(document.activeElement).toBe(button);
  await user.keyboard('{Enter}');
  expect(pressed).not.toHaveBeenCalled();
  expect(submitted).not.toHaveBeenCalled();
  expect(button.getAttribute('aria-disabled')).toBe('true');
});

test('an icon button is a toggle only where it is told its state', () => {
  render(
    <>
      <IconButton label="Close" icon={null} />
      <IconButton label="Bold" icon={null} pressed />
    </>,
  );
  expect(screen.getByRole('button', { name: 'Close' }).hasAttribute('aria-pressed')).toBe(false);
  expect(screen.getByRole('button', { name: 'Bold' }).getAttribute('aria-pressed')).toBe('true');
  expect(screen.getByTitle('Bold')).toBeTruthy();
});

test('a dialog takes focus, closes with Escape, and gives focus back', async () => {
  const user = userEvent.setup();
  function Page() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <Button onPress={() => setOpen(true)}>Invite</Button>
        <Dialog title="Invite people" isOpen={open} onClose={() => setOpen(false)}>
          <TextField label="For whom" value="" onChange={() => undefined} />
        </Dialog>
      </>
    );
  }
  render(<Page />);
  await user.click(screen.getByRole('button', { name: 'Invite' }));
  const dialog = await screen.findByRole('dialog', { name: 'Invite people' });
  expect(dialog.contains(document.activeElement)).toBe(true);
  expect(await problems()).toEqual([]);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Invite' })));
});

test('a confirmation that fails says why and stays open', async () => {
  const user = userEvent.setup();
  const closed = vi.fn();
  const act = vi.fn().mockRejectedValueOnce(new Error('Somebody has to look after it.')).mockResolvedValueOnce(undefined);
  render(
    <ConfirmDialog title="Remove Amara?" confirm="Remove" isOpen onClose={closed} onConfirm={act}>
      She loses access.
    </ConfirmDialog>,
  );
  await user.click(screen.getByRole('button', { name: 'Remove' }));
  expect(await screen.findByText('Somebody has to look after it.')).toBeTruthy();
  expect(closed).not.toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

test('a menu opens by keyboard, moves by arrows, and acts', async () => {
  const user = userEvent.setup();
  const act = vi.fn();
  const choose = vi.fn();
  render(
    <Menu label="Account" trigger={<IconButton label="Account" icon={null} />}>
      <MenuItem onAction={() => undefined}>Profile</MenuItem>
      <MenuItem onAction={act}>Sign out</MenuItem>
      <MenuChoice title="Theme" value="light" onChange={choose} options={[{ id: 'light', label: 'Light' }, { id: 'dark', label: 'Dark' }]} />
    </Menu>,
  );
  await user.tab();
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('menu', { name: 'Account' })).toBeTruthy();
  expect(screen.getByRole('menuitemradio', { name: 'Light' }).getAttribute('aria-checked')).toBe('true');
  await user.keyboard('{ArrowDown}{Enter}');
  expect(act).toHaveBeenCalledOnce();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Account' })));
  await user.keyboard('{Enter}');
  await user.click(await screen.findByRole('menuitemradio', { name: 'Dark' }));
  expect(choose).toHaveBeenCalledWith('dark');
});

test('a form sent with something missing takes people to it', async () => {
  const user = userEvent.setup();
  function Page() {
    const [problem, setProblem] = useState<string | null>(null);
    return (
      <Form onSubmit={() => setProblem('Write a name.')}>
        <TextField label="E-mail" value="a@b.org" onChange={() => undefined} />
        <TextField label="Name" problem={problem} value="" onChange={() => undefined} />
        <Button type="submit">Send</Button>
      </Form>
    );
  }
  render(<Page />);
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(document.activeElement).toBe(screen.getByLabelText('Name'));
});

test('a password can be shown and hidden again', async () => {
  const user = userEvent.setup();
  render(<TextField label="Password" type="password" value="four words" onChange={() => undefined} />);
  const field = screen.getByLabelText('Password');
  await user.click(screen.getByRole('button', { name: 'Show password' }));
  expect(field.getAttribute('type')).toBe('text');
  await user.click(screen.getByRole('button', { name: 'Hide password' }));
  expect(field.getAttribute('type')).toBe('password');
});

test('a toast leaves by itself; an error and one with an action wait', () => {
  vi.useFakeTimers();
  try {
    const run = vi.fn();
    function Page() {
      const toast = useToast();
      return (
        <>
          <button onClick={() => toast('Saved.')}>one</button>
          <button onClick={() => toast('It failed.', { tone: 'error' })}>two</button>
          <button onClick={() => toast('Removed.', { action: { label: 'Take back', run } })}>three</button>
        </>
      );
    }
    render(
      <ToastProvider>
        <Page />
      </ToastProvider>,
    );
    for (const name of ['one', 'two', 'three']) act(() => screen.getByRole('button', { name }).click());
    expect(screen.getByRole('alert').textContent).toContain('It failed.');
    act(() => vi.advanceTimersByTime(60_000));
    expect(screen.queryByText('Saved.')).toBeNull();
    expect(screen.getByText('It failed.')).toBeTruthy();
    act(() => screen.getByRole('button', { name: 'Take back' }).click());
    expect(run).toHaveBeenCalledOnce();
    expect(screen.queryByText('Removed.')).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('what is announced in one moment is read in order and then cleared', () => {
  vi.useFakeTimers();
  try {
    announce('One');
    announce('Two');
    const region = document.getElementById('announcements');
    expect(region?.getAttribute('aria-live')).toBe('polite');
    expect([...(region?.children ?? [])].map((line) => line.textContent)).toEqual(['One', 'Two']);
    vi.runAllTimers();
    expect(region?.childElementCount).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('copying that is not allowed selects instead, and says so', async () => {
  const user = userEvent.setup({ writeToClipboard: false });
  vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: () => Promise.reject(new Error('no')) } });
  render(<CopyField label="Link" value="https://example.org/join" />);
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  await waitFor(() => expect(document.getElementById('announcements')?.textContent).toMatch(/Press Control and C/));
});

test.each([
  ['Amara Osei', 'AO'],
  ['Jo van der Marsh', 'JM'],
  ['élodie', 'ÉL'],
  ['Jo Marsh (example)', 'JM'],
  ['Ana & Ben', 'AB'],
  ['  ', '?'],
  ['李 小龙', '李小'],
])('the letters of “%s” are %s', (name, letters) => expect(initials(name)).toBe(letters));

test('names are listed as a person would say them', () => {
  expect(spoken(['Amara'])).toBe('Amara');
  expect(spoken(['Amara', 'Tom'])).toBe('Amara and Tom');
  expect(spoken(['Amara', 'Tom'], 4)).toBe('Amara, Tom and 4 others');
});

test('times are said as people say them', () => {
  const now = new Date(2026, 10, 25, 14, 0);
  const ago = (ms: number) => inWords(new Date(now.getTime() - ms), now);
  expect(ago(20_000)).toBe('just now');
  expect(ago(40 * 60_000)).toBe('40 min ago');
  expect(ago(3 * 3_600_000)).toBe('3 h ago');
  expect(ago(24 * 3_600_000)).toBe('yesterday');
  expect(ago(5 * 24 * 3_600_000)).toBe('Friday');
  expect(ago(60 * 24 * 3_600_000)).toBe('26 September');
});
