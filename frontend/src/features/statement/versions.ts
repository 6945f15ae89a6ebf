/** Versions as the history screens ask for and call them. */
import { api } from '../../api/client';
import type { Page, Version } from '../../api/types';

export const versionsKey = (challenge: string) => ['challenge', challenge, 'versions'] as const;

export async function everyVersion(challenge: string, signal: AbortSignal): Promise<Version[]> {
  const all: Version[] = [];
  let cursor: string | null = null;
  // A year of a busy statement is a few thousand; the newest 500 are what people look for.
  do {
    const more = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
    const page: Page<Version> = await api.get(`/api/challenges/${challenge}/statement/versions${more}`, signal);
    all.push(...page.items);
    cursor = page.next;
  } while (cursor && all.length < 500);
  return all;
}

export function titleOf(version: Version): string {
  if (version.name) return version.name;
  switch (version.kind) {
    case 'restored':
      return 'Before going back';
    case 'imported':
      return 'Before an import';
    case 'named':
    case 'auto':
      return 'Kept by itself';
  }
}
