/** One thread: what it is about, what was said about them, and what can be done with it. */
import { type KeyboardEventHandler, useEffect, useRef, useState } from 'react';
import type { Post } from '../api/types';
import { isStillIn } from '../lib/isStillIn';
import { Avatar, Button, ConfirmDialog, names, useToast, When } from '../ui';
import { CommentForm } from './CommentForm';
import styles from './comments.module.css';
import type { Talk, TalkThread } from './useThreads';

interface CommentThreadProps {
  challenge: string;
  thread: TalkThread;
  comments: Pick<Talk<never>, 'mayWrite' | 'send'>;
  /** What it is about, in a few words; null: about the whole. */
  about: string | null;
  /** Heard after these words: where pressing them leads. */
  leads: string;
  on: boolean;
  /** Not 0: focus comes here whenever it rises. 0: the card is only shown as the one meant. */
  led: number;
  /** Why what it was about cannot be shown any more; null: it can. */
  gone: string | null;
  onShow: () => void;
  onKeyDown: KeyboardEventHandler<HTMLElement>;
  /** It moves to the others: whoever was in it needs a new place. */
  onMoved: () => void;
}

export function CommentThread({ challenge, thread, comments, about, leads, on, led, gone, onShow, onKeyDown, onMoved }: CommentThreadProps) {
  const toast = useToast();
  const card = useRef<HTMLElement>(null);
  const [answering, setAnswering] = useState(false);
  const { resolved } = thread;
  const may = comments.mayWrite;

  useEffect(() => {
    if (!on) return;
    // On a narrow screen the cards are a sheet over the page, and it comes up only when a card is gone to.
    const beside = window.matchMedia?.('(min-width: 60.01rem)').matches ?? true;
    if (led || beside) card.current?.scrollIntoView?.({ block: 'nearest' });
    if (led) card.current?.focus({ preventScroll: true });
  }, [on, led]);

  /** What holds the focus is about to go. */
  const hold = () => card.current?.focus({ preventScroll: true });

  async function attempt(work: Promise<unknown>, done?: string): Promise<void> {
    try {
      await work;
      if (done) toast(done);
    } catch (error) {
      toast(error instanceof Error ? error.message : 'That did not work. Try again in a moment.', { tone: 'error' });
    }
  }

  return (
    <article
      ref={card}
      tabIndex={-1}
      className={styles.card}
      data-on={on || undefined}
      aria-label={`Comment by ${thread.posts[0]?.author.name ?? 'someone'}`}
      onKeyDown={onKeyDown}
    >
      {about !== null ? (
        <button type="button" className={styles.words} onClick={onShow} disabled={gone !== null}>
          <span className={styles.quote}>{about}</span>
          {gone !== null ? <span className={styles.meta}>{gone}</span> : <span className="vh">: {leads}</span>}
        </button>
      ) : null}
      {resolved ? (
        <p className={styles.meta}>
          Resolved{resolved.by ? ` by ${resolved.by.name}` : ''} <When at={resolved.at} />
        </p>
      ) : null}
      <ol className={styles.posts}>
        {thread.posts.map((post) => (
          <li key={post.id}>
            <PostView challenge={challenge} thread={thread} post={post} comments={comments} attempt={attempt} hold={hold} />
          </li>
        ))}
      </ol>
      {may && answering ? (
        <CommentForm
          challenge={challenge}
          label="Your answer"
          action="Answer"
          autoFocus
          onCancel={() => {
            hold();
            setAnswering(false);
          }}
          onSend={async (text, mentions) => {
            await comments.send({ do: 'answer', thread: thread.id, text, mentions });
            if (isStillIn(card.current)) hold();
            setAnswering(false);
          }}
        />
      ) : null}
      {may && !answering ? (
        <div className={styles.actions}>
          {resolved ? null : (
            <Button size="small" onPress={() => setAnswering(true)}>
              Answer
            </Button>
          )}
          <Button
            size="small"
            variant="quiet"
            onPress={() => {
              onMoved();
              void attempt(
                comments.send({ do: resolved ? 'reopen' : 'resolve', thread: thread.id }),
                resolved ? 'The comment is open again.' : 'Resolved. It is kept under “Show resolved”.',
              );
            }}
          >
            {resolved ? 'Open again' : 'Resolve'}
          </Button>
        </div>
      ) : null}
    </article>
  );
}

interface PostViewProps {
  challenge: string;
  thread: TalkThread;
  post: Post;
  comments: Pick<Talk<never>, 'mayWrite' | 'send'>;
  attempt: (work: Promise<unknown>, done?: string) => Promise<void>;
  hold: () => void;
}

function PostView({ challenge, thread, post, comments, attempt, hold }: PostViewProps) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const own = post.yours && !post.deleted && comments.mayWrite && !thread.resolved;
  return (
    <div className={styles.post} ref={place}>
      <Avatar name={post.author.name} colour={post.author.colour} size="small" />
      <div className={styles.said}>
        <p className={styles.meta}>
          <b>{post.author.name}</b> <When at={post.at} />
          {post.edited_at && !post.deleted ? ' · edited' : ''}
        </p>
        {post.deleted ? (
          <p className={styles.meta}>Deleted by its author.</p>
        ) : editing ? (
          <CommentForm
            challenge={challenge}
            label="Your comment"
            action="Save"
            autoFocus
            text={post.text}
            mentioned={post.mentions}
            onCancel={() => {
              hold();
              setEditing(false);
            }}
            onSend={async (text, mentions) => {
              await comments.send({ do: 'edit', thread: thread.id, post: post.id, text, mentions });
              if (isStillIn(place.current)) hold();
              setEditing(false);
            }}
          />
        ) : (
          <p className={styles.text}>{withMentions(post)}</p>
        )}
        {own && !editing ? (
          <div className={names(styles.actions, styles.quiet)}>
            <Button size="small" variant="quiet" onPress={() => setEditing(true)}>
              Edit
            </Button>
            <Button size="small" variant="quiet" onPress={() => setDeleting(true)}>
              Delete
            </Button>
          </div>
        ) : null}
      </div>
      <ConfirmDialog
        title="Delete your comment?"
        confirm="Delete"
        isOpen={deleting}
        onClose={() => {
          setDeleting(false);
          // Once the dialog has given it back to a button that may be gone.
          requestAnimationFrame(() => {
            if (isStillIn(place.current)) hold();
          });
        }}
        onConfirm={() => attempt(comments.send({ do: 'delete', thread: thread.id, post: post.id }))}
      >
        <p>Its words are taken away. That there was a comment stays visible.</p>
      </ConfirmDialog>
    </div>
  );
}

/** The names that were mentioned stand out; everything else is plain text. */
function withMentions(post: Post) {
  const called = post.mentions.map(({ name }) => `@${name}`).sort((a, b) => b.length - a.length);
  if (called.length === 0) return post.text;
  const pattern = new RegExp(`(${called.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'g');
  let at = 0;
  return post.text.split(pattern).map((part) => {
    at += part.length;
    return called.includes(part) ? <b key={at} className={styles.mention}>{part}</b> : part;
  });
}
