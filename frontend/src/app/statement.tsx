/** The statement's screens, fetched when first looked at: the editor is the largest part of the lab. */
import { lazy, type ComponentType } from 'react';
import type { Challenge } from '../api/types';
import { Columns, Panel } from '../ui';
import type { SignedIn } from './Routes';

interface ScreenProps {
  challenge: Challenge;
  me: SignedIn;
}
type Screens = { StatementPage: ComponentType<ScreenProps>; HistoryPage: ComponentType<ScreenProps> };

export const SCHEMA_VERSION = 1;

const files = import.meta.glob<Partial<Screens>>('../features/statement/{StatementPage,HistoryPage}.tsx');

export const StatementPage = screen('StatementPage');
export const HistoryPage = screen('HistoryPage');

/** Fetches the editor ahead of its turn, while something else is being waited for. */
export function warmUp(): void {
  // A failure is not news here: it is met again, and told, when the screen is opened.
  fetchScreen('StatementPage')?.catch(() => undefined);
}

function screen(name: keyof Screens) {
  return lazy(async () => ({ default: (await fetchScreen(name))?.[name] ?? Missing }));
}

function fetchScreen(name: keyof Screens) {
  return files[`../features/statement/${name}.tsx`]?.();
}

function Missing({ challenge }: ScreenProps) {
  return (
    <Columns>
      <Panel title={challenge.title} lead={challenge.question}>{null}</Panel>
    </Columns>
  );
}
