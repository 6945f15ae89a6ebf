/** What others said meanwhile, told politely and seldom. */
import { useEffect, useRef } from 'react';
import { announce } from '../ui';
import type { TalkThread } from './useThreads';

/** Gathered for so long, so that a lively minute is one sentence. */
const GATHER = 5_000;

/** Null until the comments are there: the first are no news. */
export function useCommentNews<Anchor>(threads: readonly TalkThread<Anchor>[] | null, about: (thread: TalkThread<Anchor>) => string): void {
  const told = useRef<readonly TalkThread<Anchor>[] | null>(null);
  const saying = useRef(about);
  saying.current = about;
  useEffect(() => {
    if (threads === null) return;
    if (told.current === null) {
      told.current = threads;
      return;
    }
    const timer = setTimeout(() => {
      const said = commentNews(told.current ?? [], threads, saying.current);
      told.current = threads;
      if (said) announce(said);
    }, GATHER);
    return () => clearTimeout(timer);
  }, [threads]);
}

export function commentNews<Anchor>(
  before: readonly TalkThread<Anchor>[],
  now: readonly TalkThread<Anchor>[],
  about: (thread: TalkThread<Anchor>) => string,
): string | null {
  const known = new Set(before.flatMap((thread) => thread.posts.map((post) => post.id)));
  const fresh = now.flatMap((thread) =>
    thread.posts.filter((post) => !known.has(post.id) && !post.yours && !post.deleted).map((post) => ({ thread, post })),
  );
  const [first] = fresh;
  if (!first) return null;
  if (fresh.length > 1) return `${fresh.length} new comments.`;
  return `${first.post.author.name} ${first.thread.posts[0] === first.post ? 'commented' : 'answered'}${about(first.thread)}.`;
}
