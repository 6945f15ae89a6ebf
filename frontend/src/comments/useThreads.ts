/** Threads of comments, whatever they are about: asked from the server, changed at once, put back when it says no. */
import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client';
import type { Page, Thread } from '../api/types';
import { useCommentNews } from './news';

/** `anchor`: what in the whole it is about; null: all of it, or nothing that is still known. */
export type TalkThread<Anchor = unknown> = Omit<Thread, 'anchor'> & { anchor: Anchor | null };

export type Change<Anchor = unknown> =
  | { do: 'start'; anchor: Anchor; text: string; mentions: string[] }
  | { do: 'answer'; thread: string; text: string; mentions: string[] }
  | { do: 'edit'; thread: string; post: string; text: string; mentions: string[] }
  | { do: 'delete'; thread: string; post: string }
  | { do: 'resolve' | 'reopen'; thread: string };

export interface Talk<Anchor = unknown> {
  readonly threads: readonly TalkThread<Anchor>[];
  readonly loading: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly mayWrite: boolean;
  readonly send: (change: Change<Anchor>) => Promise<unknown>;
}

export interface TalkOptions<Anchor> {
  /** Where the server keeps them: `/api/…/comments`. */
  readonly path: string;
  readonly queryKey: QueryKey;
  readonly mayWrite: boolean;
  /** For saying what is new: " on “…”"; empty when there is nothing to say. */
  readonly about: (thread: TalkThread<Anchor>) => string;
}

export function useThreads<Anchor>({ path, queryKey, mayWrite, about }: TalkOptions<Anchor>): Talk<Anchor> {
  const client = useQueryClient();
  const query = useQuery({ queryKey, queryFn: ({ signal }) => everyThread<Anchor>(path, signal) });
  const threads = useMemo(() => query.data ?? [], [query.data]);
  useCommentNews(query.data ?? null, about);

  const change = useMutation({
    mutationFn: (wanted: Change<Anchor>) => carryOut(path, wanted),
    onMutate: async (wanted) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData<TalkThread<Anchor>[]>(queryKey);
      if (before) client.setQueryData(queryKey, before.map((thread) => done(thread, wanted)));
      return { before };
    },
    onError: (_error, _wanted, context) => client.setQueryData(queryKey, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });

  return {
    threads,
    loading: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    mayWrite,
    send: (wanted) => change.mutateAsync(wanted),
  };
}

/** What is shown before the lab has answered. New words are not: they stay in their field until they are safe. */
function done<Anchor>(thread: TalkThread<Anchor>, wanted: Change<Anchor>): TalkThread<Anchor> {
  if (!('thread' in wanted) || thread.id !== wanted.thread) return thread;
  switch (wanted.do) {
    case 'resolve':
      return { ...thread, resolved: { at: new Date().toISOString(), by: null } };
    case 'reopen':
      return { ...thread, resolved: null };
    case 'delete':
      return { ...thread, posts: thread.posts.map((post) => (post.id === wanted.post ? { ...post, deleted: true, text: '' } : post)) };
    case 'answer':
    case 'edit':
      return thread;
  }
}

function carryOut(path: string, wanted: Change): Promise<unknown> {
  switch (wanted.do) {
    case 'start':
      return api.post(path, { anchor: wanted.anchor, text: wanted.text, mentions: wanted.mentions });
    case 'answer':
      return api.post(`${path}/${wanted.thread}/posts`, { text: wanted.text, mentions: wanted.mentions });
    case 'edit':
      return api.patch(`${path}/${wanted.thread}/posts/${wanted.post}`, { text: wanted.text, mentions: wanted.mentions });
    case 'delete':
      return api.delete(`${path}/${wanted.thread}/posts/${wanted.post}`);
    case 'resolve':
    case 'reopen':
      return api.post(`${path}/${wanted.thread}/${wanted.do}`);
  }
}

async function everyThread<Anchor>(path: string, signal: AbortSignal): Promise<TalkThread<Anchor>[]> {
  const all: TalkThread<Anchor>[] = [];
  let cursor: string | null = null;
  do {
    const more = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
    const page: Page<TalkThread<Anchor>> = await api.get(`${path}${more}`, signal);
    all.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return all;
}
