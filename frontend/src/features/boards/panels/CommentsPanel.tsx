// What people say about what is on the board: threads on objects, the open ones first.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { CommentForm, commentStyles as styles, CommentThread } from '../../../comments';
import { Button, Checkbox, EmptyState, FormError, Loading } from '../../../ui';
import { shortName } from '../canvas/naming';
import { useObject, useScope, useViewPart } from '../scope';
import type { BoardComments } from '../useBoardComments';
import { inOrder } from '../model';
import panels from './panels.module.css';

interface CommentsPanelProps {
  readonly talk: BoardComments;
  /** The object a new comment is about. */
  readonly commenting: string | null;
  readonly onCommented: () => void;
}

export default function CommentsPanel({ talk, commenting, onCommented }: CommentsPanelProps) {
  const { view, board, served } = useScope();
  const heading = useRef<HTMLHeadingElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const focused = useViewPart(view, ({ state }) => state().focused);
  const about = useObject(board, commenting);
  const [resolvedToo, setResolvedToo] = useState(false);
  const [led, setLed] = useState({ thread: null as string | null, times: 0 });
  const { threads } = talk;
  const place = new Map(inOrder(board).map(({ id }, at) => [id, at]));
  const order = (id: string | undefined) => (id === undefined ? Number.MAX_SAFE_INTEGER : (place.get(id) ?? Number.MAX_SAFE_INTEGER));
  const open = threads.filter(({ resolved }) => !resolved).sort((a, b) => order(a.anchor?.object) - order(b.anchor?.object) || a.created_at.localeCompare(b.created_at));
  const resolved = threads.filter((thread) => thread.resolved);
  const shown = resolvedToo ? [...open, ...resolved] : open;
  const here = commenting ? open.filter(({ anchor }) => anchor?.object === commenting) : [];

  // Whoever cannot write is led to what was said, if anything was.
  const first = here[0]?.id ?? null;
  useEffect(() => {
    if (commenting && !talk.mayWrite) setLed((before) => ({ thread: first, times: before.times + 1 }));
  }, [commenting, first, talk.mayWrite]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (!event.currentTarget.contains(event.target as Node) || event.key !== 'F7') return;
    event.preventDefault();
    const at = open.findIndex(({ id }) => id === event.currentTarget.dataset.thread);
    const next = open[(Math.max(0, at) + (event.shiftKey ? -1 : 1) + open.length) % open.length];
    if (next) setLed((before) => ({ thread: next.id, times: before.times + 1 }));
  }

  return (
    <div ref={root} className={`${styles.column} ${panels.comments}`}>
      <div className={styles.head}>
        <h2 ref={heading} tabIndex={-1}>
          Comments
        </h2>
        {open.length > 0 ? <span className={styles.count}>{open.length} open</span> : null}
      </div>
      <FormError error={talk.error} />
      {talk.error ? (
        <Button size="small" onPress={talk.retry}>
          Try again
        </Button>
      ) : null}
      {talk.loading ? <Loading what="the comments" lines={3} /> : null}
      {about && talk.mayWrite ? (
        <article className={styles.card} data-on aria-label={`New comment on ${shortName(about)}`}>
          <blockquote className={styles.quote}>{shortName(about)}</blockquote>
          <CommentForm
            key={about.id}
            challenge={served.challenge.id}
            label="Your comment"
            action="Comment"
            autoFocus
            onSend={async (text, mentions) => {
              await talk.send({ do: 'start', anchor: { object: about.id }, text, mentions });
              onCommented();
              heading.current?.focus();
            }}
            onCancel={() => {
              onCommented();
              heading.current?.focus();
            }}
          />
        </article>
      ) : null}
      {!talk.loading && !talk.error && shown.length === 0 && !about ? (
        <EmptyState title="No comments yet">
          {talk.mayWrite ? 'Choose something on the board, then “Comment”, or Shift and C.' : 'What others say about the board will stand here.'}
        </EmptyState>
      ) : null}
      <ol className={styles.threads}>
        {shown.map((thread) => {
          const object = thread.anchor ? board.get(thread.anchor.object) : undefined;
          return (
            <li key={thread.id}>
              <CommentThread
                challenge={served.challenge.id}
                thread={thread}
                comments={talk}
                about={object ? shortName(object) : 'Something that was removed'}
                leads="show on the board"
                on={object !== undefined && object.id === focused}
                led={led.thread === thread.id ? led.times : 0}
                gone={object ? null : 'It is no longer on the board.'}
                onShow={() => object && view.focus(object.id)}
                onKeyDown={onKeyDown}
                onMoved={() => heading.current?.focus()}
              />
            </li>
          );
        })}
      </ol>
      {resolved.length > 0 ? (
        <Checkbox checked={resolvedToo} onChange={setResolvedToo}>
          {`Show resolved (${resolved.length})`}
        </Checkbox>
      ) : null}
    </div>
  );
}
