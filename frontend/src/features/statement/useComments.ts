/** The comments of a statement: asked from the server, tied to the text, and what the person is doing with them. */
import type { Editor } from '@tiptap/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Anchor, Thread } from '../../api/types';
import { type Talk, type TalkThread, useThreads } from '../../comments';
import { announce, useToast } from '../../ui';
import { anchorOf } from './anchors';
import { type Bridge, type Marked, threadAt } from './commentMarks';

export interface Comments extends Talk<Anchor> {
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
}

export function useComments(challenge: string, mayWrite: boolean): Comments {
  const toast = useToast();
  const queryKey = useMemo(() => ['challenge', challenge, 'comments'], [challenge]);
  const talk = useThreads<Anchor>({ path: `/api/challenges/${challenge}/comments`, queryKey, mayWrite, about });
  const { threads } = talk;
  const [{ active, led }, setActive] = useState<{ active: string | null; led: number }>({ active: null, led: 0 });
  const lead = (id: string | null) => setActive((before) => ({ active: id, led: before.led + 1 }));
  const [draft, setDraft] = useState<Anchor | null>(null);
  const [places, setPlaces] = useState<ReadonlyMap<string, number>>(new Map());

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
    ...talk,
    bridge,
    places,
    active,
    led,
    pick: lead,
    draft,
    begin,
    drop: () => setDraft(null),
    next,
  };
}

/** For saying what is new. */
export function about({ anchor }: TalkThread<Anchor>): string {
  return anchor ? ` on “${anchor.quote.slice(0, 60)}”` : '';
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
