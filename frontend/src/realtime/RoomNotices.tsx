// What a person must read and act on: work that could not be saved, a page that stopped, copies set aside. Nothing when all is well.
import type { ReactNode } from 'react';
import { useRoom, useRoomState } from './hooks';
import styles from './RoomNotices.module.css';
import { CLOSE } from './closecodes';
import { copyText, downloadText } from '../lib/keepText';
import type { RecoveryCopy, Refused, Room, RoomState } from './types';

export function RoomNotices() {
  const room = useRoom();
  const state = useRoomState();
  return (
    <>
      {state.refusal !== null && (
        <Notice
          title="Could not save"
          detail={`${sentence(state.refusal.message, 'The lab did not take your last changes.')} Copy your text now, then start afresh: you will see what the others see, and your text is kept beside it.`}
          text={() => room.text()}
          fileName="my-text.txt"
          action={{ label: 'Start afresh', act: () => void room.startAgain() }}
        />
      )}
      {state.stop !== null && state.refusal === null && (
        <Notice
          title={state.pending > 0 ? 'Could not save' : 'This page has stopped'}
          detail={state.stop.message}
          {...(state.pending > 0 && { text: () => room.text(), fileName: 'my-text.txt' })}
          {...stopAction(state, room)}
        />
      )}
      {state.storageTrouble !== null && (
        <Notice title="The lab cannot save at the moment" detail={state.storageTrouble} />
      )}
      {state.recovery.map((copy) => (
        <Recovery key={copy.id} copy={copy} discard={() => void room.discardRecovery(copy.id)} />
      ))}
    </>
  );
}

function Recovery({ copy, discard }: { readonly copy: RecoveryCopy; readonly discard: () => void }) {
  const { refused, text } = copy;
  const words = refused === null ? replacedWords(copy) : refusedWords(copy, refused);
  return (
    <Notice
      {...words}
      urgent={refused !== null}
      {...(text !== '' && { text: () => text, fileName: `my-text-${new Date(copy.at).toISOString().slice(0, 10)}.txt` })}
      action={{ label: text === '' ? 'Close' : 'Discard it', act: discard }}
    >
      {refused !== null && refused.what.length > 0 && (
        <ul className={styles.what}>
          {refused.what.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
      )}
      {text !== '' && (
        <details className={styles.copy}>
          <summary>Show the text</summary>
          <pre>{text}</pre>
        </details>
      )}
    </Notice>
  );
}

interface Words {
  readonly title: string;
  readonly detail: string;
}

function replacedWords({ pending, kept }: RecoveryCopy): Words {
  return {
    title: 'Your unsaved changes were set aside',
    detail: `The text was replaced by another version before ${changes(pending)} of yours could be saved. Here is the text as you had it${onlyHere(kept, 'it')}.`,
  };
}

function refusedWords({ pending, kept, text }: RecoveryCopy, { why }: Refused): Words {
  const because = why.length > 0 ? `${why.slice(0, MOST_REASONS).join(' ')} ` : '';
  const lost = `${changes(pending)} of yours ${pending === 1 ? 'was' : 'were'} not taken; you can go on with everything else.`;
  return {
    title: pending === 1 ? 'One of your changes was not taken' : 'Some of your changes were not taken',
    detail: `${because}${capital(lost)}${text === '' ? '' : ` Here are the words as you had them${onlyHere(kept, 'them')}.`}`,
  };
}

/** The first say what happened; what follows from it is often refused for reasons that help nobody. */
const MOST_REASONS = 2;

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

function onlyHere(kept: boolean, it: 'it' | 'them'): string {
  return kept ? '' : `; this device could not keep ${it}, so save ${it} before you leave`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface Action {
  readonly label: string;
  readonly act: () => void;
}

interface NoticeProps {
  readonly title: string;
  readonly detail: string;
  readonly text?: () => string;
  readonly fileName?: string;
  readonly action?: Action;
  /** Said at once by screen readers: something happened to what one was just doing. */
  readonly urgent?: boolean;
  readonly children?: ReactNode;
}

function Notice({ title, detail, text, fileName = 'text.txt', action, urgent = false, children }: NoticeProps) {
  return (
    <section className={styles.notice} aria-label={title}>
      <div {...(urgent && { role: 'alert' })}>
        <p className={styles.title}>{title}</p>
        <p>{detail}</p>
      </div>
      {children}
      <div className={styles.actions}>
        {text !== undefined && (
          <>
            <button type="button" onClick={() => void copyText(text())}>
              Copy the text
            </button>
            <button type="button" onClick={() => downloadText(text(), fileName)}>
              Download the text
            </button>
          </>
        )}
        {action !== undefined && (
          <button type="button" onClick={action.act}>
            {action.label}
          </button>
        )}
      </div>
    </section>
  );
}

function stopAction({ stop }: RoomState, room: Room): { action?: Action } {
  switch (stop?.code) {
    case CLOSE.OUTDATED:
      return { action: { label: 'Reload the page', act: () => window.location.reload() } };
    case CLOSE.NOT_SIGNED_IN:
      return { action: { label: 'Sign in', act: () => window.location.assign('/sign-in') } };
    case CLOSE.NOT_ALLOWED:
    case CLOSE.NO_SUCH_ROOM:
      return {};
    default:
      return { action: { label: 'Start afresh', act: () => void room.startAgain() } };
  }
}

function sentence(text: string, otherwise: string): string {
  return text === '' ? otherwise : text;
}
