/** The comments of a statement: asked from the server, tied to the text, and what the person is doing with them. */
import type { Editor } from '@tiptap/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../api/client';
import type { Anchor, Page, Thread } from '../../api/types';
import { announce, useToast } from '../../ui';
import { anchorOf } from './anchors';
import { type Bridge, type Marked, threadAt } from './commentMarks';
import { useCommentNews } from './news';

export interface Comments {
  readonly threads: readonly Thread[];
  readonly loading: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly bridge: Bridge;
  /** Threads whose words are gone have no place. */
  readonly places: ReadonlyMap<string, number>;
  readonly active: string | null;
  /** 0: the active one is only shown, since its words were clicked and the caret is wanted there. Else focus goes to it; rises. */
  readonly led: number;
  readonly pick: (id: string | null) => void;
  /** A comment being written about these words. */
  readonly draft: Anchor | null;
  /** About the chosen words; with none chosen, on to the comment at the caret. */
  readonly begin: (editor: Editor) => void;
  readonly drop: () => void;
  /** F7 and Shift+F7. */
  readonly next: (step: 1 | -1) => void;
  readonly mayWrite: boolean;
  readonly send: (change: Change) => Promise<unknown>;
}

export type Change =
  | { do: 'start'; anchor: Anchor; text: string; mentions: string[] }
  | { do: 'answer'; thread: string; text: string; mentions: string[] }
  | { do: 'edit'; thread: string; post: string; text: string; mentions: string[] }
  | { do: 'delete'; thread: string; post: string }
  | { do: 'resolve' | 'reopen'; thread: string };

export function useComments(challenge: string, mayWrite: boolean): Comments {
  const client = useQueryClient();
  const toast = useToast();
  const path = `/api/challenges/${challenge}/comments`;
  const key = useMemo(() => ['challenge', challenge, 'comments'], [challenge]);
  const [{ active, led }, setActive] = useState<{ active: string | null; led: number }>({ active: null, led: 0 });
  const lead = (id: string | null) => setActive((before) => ({ active: id, led: before.led + 1 }));
  const [draft, setDraft] = useState<Anchor | null>(null);
  const [places, setPlaces] = useState<ReadonlyMap<string, number>>(new Map());

  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => everyThread(path, signal) });
  const threads = useMemo(() => query.data ?? [], [query.data]);

  useCommentNews(query.data ?? null);

  const change = useMutation({
    mutationFn: (wanted: Change) => carryOut(path, wanted),
    onMutate: async (wanted) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Thread[]>(key);
      if (before) client.setQueryData(key, before.map((thread) => done(thread, wanted)));
      return { before };
    },
    onError: (_error, _wanted, context) => client.setQueryData(key, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });

  const bridge = useRef<Bridge>({ marked: [], redraw: () => undefined, pick: () => undefined, placed: () => undefined }).current;
  bridge.pick = (id) => setActive({ active: id, led: mayWrite ? 0 : 1 });
  bridge.placed = (found) => {
    // Called while the editor draws: React hears of it afterwards, and only when something moved.
    queueMicrotask(() => setPlaces((before) => (sameOrder(before, found) ? before : found)));
  };
  useEffect(() => {
    bridge.marked = marked(threads, active, draft);
    bridge.redraw();
  }, [bridge, threads, active, draft]);

  function begin(editor: Editor): void {
    const { from, to } = editor.state.selection;
    const anchor = mayWrite ? anchorOf(editor.state, { from, to }) : null;
    const there = threadAt(editor.state);
    if (anchor === null && there !== null) {
      lead(there);
      return;
    }
    if (anchor === null) {
      toast('Choose the words you want to comment on first.');
      return;
    }
    setActive({ active: null, led: 0 });
    setDraft(anchor);
  }

  function next(step: 1 | -1): void {
    const open = threads.filter((thread) => !thread.resolved && places.has(thread.id));
    const inOrder = [...open].sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
    if (inOrder.length === 0) {
      announce('There are no open comments.');
      return;
    }
    const at = inOrder.findIndex((thread) => thread.id === active);
    const from = at < 0 ? (step > 0 ? -1 : 0) : at;
    lead(inOrder[(from + step + inOrder.length) % inOrder.length]?.id ?? null);
  }

  return {
    threads,
    loading: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    bridge,
    places,
    active,
    led,
    pick: lead,
    draft,
    begin,
    drop: () => setDraft(null),
    next,
    mayWrite,
    send: (wanted) => change.mutateAsync(wanted),
  };
}

/** What is shown before the lab has answered. New words are not: they stay in their field until they are safe. */
function done(thread: Thread, wanted: Change): Thread {
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

async function everyThread(path: string, signal: AbortSignal): Promise<Thread[]> {
  const all: Thread[] = [];
  let cursor: string | null = null;
  do {
    const more = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
    const page: Page<Thread> = await api.get(`${path}${more}`, signal);
    all.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return all;
}

function marked(threads: readonly Thread[], active: string | null, draft: Anchor | null): Marked[] {
  const shown = threads.flatMap((thread): Marked[] =>
    thread.anchor && (!thread.resolved || thread.id === active)
      ? [{ id: thread.id, anchor: thread.anchor, look: thread.id === active ? 'on' : 'open' }]
      : [],
  );
  return draft ? [...shown, { id: 'draft', anchor: draft, look: 'draft' }] : shown;
}

function sameOrder(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  const order = (places: ReadonlyMap<string, number>) => [...places].sort((a, b) => a[1] - b[1]).map(([id]) => id).join();
  return before.size === after.size && order(before) === order(after);
}
