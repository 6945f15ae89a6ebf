/** What the board screens ask the server for, and under which keys the answers are kept. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Member, Page, PersonRef } from '../../api/types';
import type { BoardShown, BoardTemplate, BoardVersion, BoardVersionWhole, BoardWhole, Quota } from './served';

/** Everything kept about one board begins with this key. */
export const boardKey = (id: string) => ['board', id] as const;

export const boardQuery = (id: string) =>
  queryOptions({
    queryKey: [...boardKey(id), 'self'],
    queryFn: ({ signal }) => api.get<BoardWhole>(`/api/boards/${id}`, signal),
  });

export const boardsQuery = (challenge: string, archived: boolean) =>
  queryOptions({
    queryKey: ['challenge', challenge, 'boards', { archived }],
    queryFn: ({ signal }) => everyItem<BoardShown>(`/api/challenges/${challenge}/boards?archived=${archived}`, signal),
  });

export const templatesQuery = (challenge: string) =>
  queryOptions({
    queryKey: ['challenge', challenge, 'board-templates'],
    queryFn: ({ signal }) => everyItem<BoardTemplate>(`/api/board-templates?challenge=${challenge}`, signal),
    staleTime: 60_000,
  });

export const versionsQuery = (board: string) =>
  queryOptions({
    queryKey: [...boardKey(board), 'versions'],
    queryFn: ({ signal }) => everyItem<BoardVersion>(`/api/boards/${board}/versions`, signal),
  });

/** What a version holds never changes. */
export const versionQuery = (board: string, version: string) =>
  queryOptions({
    queryKey: [...boardKey(board), 'version', version],
    queryFn: ({ signal }) => api.get<BoardVersionWhole>(`/api/boards/${board}/versions/${version}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Names for the person ids that a document holds. */
export const peopleQuery = (challenge: string) =>
  queryOptions({
    queryKey: ['challenge', challenge, 'members'],
    queryFn: ({ signal }) => everyItem<Member>(`/api/challenges/${challenge}/members`, signal),
    staleTime: 60_000,
  });

/**
 * Everybody who has signed something on a board. `strangers`: whom one wants to know, so that it is asked again when
 * there is another. Not among what is asked again whenever the board changes.
 */
export const authorsQuery = (board: string, strangers: string) =>
  queryOptions({
    queryKey: ['board-authors', board, strangers],
    queryFn: ({ signal }) => everyItem<PersonRef>(`/api/boards/${board}/authors`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const quotaQuery = (challenge: string) =>
  queryOptions({
    queryKey: ['challenge', challenge, 'quota'],
    queryFn: ({ signal }) => api.get<Quota>(`/api/challenges/${challenge}/quota`, signal),
  });

export async function everyItem<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const join: string = path.includes('?') ? '&' : '?';
    const page: Page<T> = await api.get<Page<T>>(cursor ? `${path}${join}cursor=${encodeURIComponent(cursor)}` : path, signal);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}
