// What a person must read and act on: work that could not be saved, a page that stopped, copies set aside. Nothing when all is well.
import type { ReactNode } from 'react';
import { useRoom, useRoomState } from './hooks';
import styles from './RoomNotices.module.css';
import { CLOSE } from './closecodes';
import { copyText, downloadText } from '../lib/keepText';
import type { RecoveryCopy, Room, RoomState } from './types';

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
  const count = copy.pending === 1 ? '1 change' : `${copy.pending} changes`;
  return (
    <Notice
      title="Your unsaved changes were set aside"
      detail={`The text was replaced by another version before ${count} of yours could be saved. Here is the text as you had it${copy.kept ? '' : '; this device could not keep it, so save it before you leave'}.`}
      text={() => copy.text}
      fileName={`my-text-${new Date(copy.at).toISOString().slice(0, 10)}.txt`}
      action={{ label: 'Discard it', act: discard }}
    >
      <details className={styles.copy}>
        <summary>Show the text</summary>
        <pre>{copy.text}</pre>
      </details>
    </Notice>
  );
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
  readonly children?: ReactNode;
}

function Notice({ title, detail, text, fileName = 'text.txt', action, children }: NoticeProps) {
  return (
    <section className={styles.notice} aria-label={title}>
      <p className={styles.title}>{title}</p>
      <p>{detail}</p>
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
