/** The column beside the statement: open threads in the order of the words they are about, resolved ones on request. */
import type { Editor } from '@tiptap/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Challenge, Me, Thread } from '../../api/types';
import { CommentForm, commentStyles as styles, CommentThread } from '../../comments';
import { isStillIn } from '../../lib/isStillIn';
import { Button, Checkbox, EmptyState, FormError, Loading } from '../../ui';
import { rangeOf } from './anchors';
import { toText } from './focus';
import type { Comments } from './useComments';

interface CommentsColumnProps {
  challenge: Challenge;
  me: Pick<Me, 'person'>;
  editor: Editor | null;
  comments: Comments;
}

export function CommentsColumn({ challenge, editor, comments }: CommentsColumnProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const drafting = useRef<HTMLElement>(null);
  const [resolvedToo, setResolvedToo] = useState(false);
  const { threads, places, draft, active } = comments;
  const open = inOrder(threads.filter((thread) => !thread.resolved), places);
  const resolved = threads.filter((thread) => thread.resolved);
  const shown = resolvedToo ? [...open, ...resolved] : open;

  function show(thread: Thread): void {
    comments.pick(thread.id);
    const range = editor && thread.anchor ? rangeOf(editor.state, thread.anchor) : null;
    if (!editor || !range) return;
    const { node } = editor.view.domAtPos(range.from);
    const element = node instanceof Element ? node : node.parentElement;
    element?.scrollIntoView({ block: 'center' });
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    // React hands on what happens in a dialog opened from a card.
    if (!event.currentTarget.contains(event.target as Node)) return;
    if (event.key === 'F7') {
      event.preventDefault();
      comments.next(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && editor) {
      const thread = threads.find((each) => each.id === active);
      const range = thread?.anchor ? rangeOf(editor.state, thread.anchor) : null;
      if (range) editor.commands.setTextSelection(range.to);
      toText(editor);
    }
  }

  return (
    <div className={styles.column}>
      <div className={styles.head}>
        <h2 ref={heading} tabIndex={-1}>
          Comments
        </h2>
        {open.length > 0 ? <span className={styles.count}>{open.length} open</span> : null}
      </div>
      <FormError error={comments.error} />
      {comments.error ? <Button size="small" onPress={comments.retry}>Try again</Button> : null}
      {comments.loading ? <Loading what="the comments" lines={3} /> : null}
      {draft && editor ? (
        <article ref={drafting} className={styles.card} data-on>
          <blockquote className={styles.quote}>{draft.quote}</blockquote>
          <CommentForm
            challenge={challenge.id}
            label="Your comment"
            action="Comment"
            autoFocus
            onSend={async (text, mentions) => {
              await comments.send({ do: 'start', anchor: draft, text, mentions });
              const waiting = isStillIn(drafting.current);
              comments.drop();
              if (waiting) toText(editor);
            }}
            onCancel={() => {
              comments.drop();
              toText(editor);
            }}
          />
        </article>
      ) : null}
      {!comments.loading && !comments.error && shown.length === 0 && !draft ? (
        <EmptyState title="No comments yet" level={3}>
          {comments.mayWrite
            ? 'Choose some words in the statement, then the comment button or Control, Alt and M.'
            : 'What others say about the statement will stand here.'}
        </EmptyState>
      ) : null}
      <ol className={styles.threads}>
        {shown.map((thread) => (
          <li key={thread.id}>
            <CommentThread
              challenge={challenge.id}
              thread={thread}
              comments={comments}
              about={thread.anchor?.quote ?? null}
              leads="show in the text"
              on={thread.id === active}
              led={comments.led}
              gone={thread.anchor !== null && editor !== null && !thread.resolved && !places.has(thread.id) ? 'These words are no longer in the text.' : null}
              onShow={() => show(thread)}
              onKeyDown={onKeyDown}
              onMoved={() => heading.current?.focus()}
            />
          </li>
        ))}
      </ol>
      {resolved.length > 0 ? (
        <Checkbox checked={resolvedToo} onChange={setResolvedToo}>
          {`Show resolved (${resolved.length})`}
        </Checkbox>
      ) : null}
    </div>
  );
}

function inOrder(threads: readonly Thread[], places: ReadonlyMap<string, number>): Thread[] {
  const place = (thread: Thread) => places.get(thread.id) ?? Number.MAX_SAFE_INTEGER;
  return [...threads].sort((a, b) => place(a) - place(b) || a.created_at.localeCompare(b.created_at));
}
