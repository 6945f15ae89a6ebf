/** Under the person's face: their account, how the lab looks, the keys, the way out. */
import { useQueryClient } from '@tanstack/react-query';
import { CircleUserRound, Keyboard, LogIn, LogOut, Monitor, Moon, Sun, Users } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client';
import { forgetOnSignOut } from '../api/device';
import { meQuery } from '../api/me';
import type { Me } from '../api/types';
import { Avatar, ConfirmDialog, IconButton, Menu, MenuChoice, MenuItem, MenuLine, useToast } from '../ui';
import { KeyboardHelp } from './KeyboardHelp';
import { useTheme, type Theme } from './theme';

const THEMES = [
  { id: 'system', label: 'As this device', icon: <Monitor aria-hidden /> },
  { id: 'light', label: 'Light', icon: <Sun aria-hidden /> },
  { id: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
] as const satisfies readonly { id: Theme; label: string; icon: unknown }[];

export function AccountMenu({ me }: { me: Me }) {
  const [theme, setTheme] = useTheme();
  const [, go] = useLocation();
  const toast = useToast();
  const [keys, setKeys] = useState(false);
  const { person } = me;
  const [unsent, setUnsent] = useState(0);
  const signOut = useSignOut();
  const mentions = me.pending_mentions;

  return (
    <>
      <Menu
        label="Your account"
        trigger={
          <IconButton
            label={person ? `${person.name}, your account${mentions ? `, ${told(mentions)}` : ''}` : 'Settings'}
            icon={person ? <Avatar name={person.name} colour={person.colour} /> : <CircleUserRound aria-hidden />}
          />
        }
      >
        {person ? (
          <MenuItem
            icon={<CircleUserRound aria-hidden />}
            note={mentions ? told(mentions) : (person.email ?? 'Here as a guest')}
            onAction={() => go('/account')}
          >
            {person.name}
          </MenuItem>
        ) : (
          <MenuItem icon={<LogIn aria-hidden />} onAction={() => go('/sign-in')}>
            Sign in
          </MenuItem>
        )}
        {person?.role === 'staff' ? (
          <MenuItem icon={<Users aria-hidden />} onAction={() => go('/people')}>
            People of the lab
          </MenuItem>
        ) : null}
        <MenuLine />
        <MenuChoice title="Appearance" value={theme} onChange={setTheme} options={THEMES} />
        <MenuLine />
        <MenuItem icon={<Keyboard aria-hidden />} onAction={() => setKeys(true)}>
          Keyboard help
        </MenuItem>
        {person ? (
          <MenuItem icon={<LogOut aria-hidden />} onAction={() => void askToSignOut(person.id)}>
            Sign out
          </MenuItem>
        ) : null}
      </Menu>
      <KeyboardHelp isOpen={keys} onClose={() => setKeys(false)} />
      <ConfirmDialog
        title="Sign out and lose unsaved changes?"
        confirm="Sign out anyway"
        cancel="Stay signed in"
        isOpen={unsent > 0}
        onClose={() => setUnsent(0)}
        onConfirm={() => signOut(person?.id ?? '')}
      >
        <p>
          {unsent === 1 ? 'One change of yours is' : `${unsent} changes of yours are`} on this device only. Signing out
          removes them. Stay, and open the statement while you are connected, to save them first.
        </p>
      </ConfirmDialog>
    </>
  );

  async function askToSignOut(id: string) {
    const { unsentOnDevice } = await import('../realtime');
    const waiting = await unsentOnDevice(id);
    if (waiting > 0) setUnsent(waiting);
    else await signOut(id).catch((error: Error) => toast(error.message, { tone: 'error' }));
  }
}

function told(mentions: number): string {
  return mentions === 1 ? 'someone mentioned you' : `${mentions} mentions of you`;
}

/** Signs out, leaves the page, and then removes from this device what was kept for the person. */
function useSignOut(): (person: string) => Promise<void> {
  const client = useQueryClient();
  const [, go] = useLocation();
  return async (person) => {
    await api.post('/api/sign-out');
    forgetOnSignOut();
    go('/sign-in');
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
    await client.fetchQuery({ ...meQuery, staleTime: 0 });
    const { forgetDevice } = await import('../realtime');
    await forgetDevice(person);
  };
}
