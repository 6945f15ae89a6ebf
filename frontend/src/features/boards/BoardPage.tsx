// One board on the whole screen: the drawn board, the outline beside it, tools, and the questions that commands put.
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { PersonRef } from '../../api/types';
import { RoomNotices, useRoom, useRoomEvent, useRoomState } from '../../realtime';
import type { Describe, Presence, Room } from '../../realtime';
import { Button, Loading, Tag } from '../../ui';
import type { EvidenceShown } from './canvas/types';
import { COMMANDS, createKeymap } from './commands';
import type { Asking } from './commands/types';
import { type Opened, openView, storage } from './opened';
import { boardKey } from './queries';
import { BoardScreen } from './BoardScreen';
import { BoardMenu } from './panels/BoardMenu';
import { type Scope, BoardScope, useLatest } from './scope';
import type { BoardWhole } from './served';
import { useBoardComments } from './useBoardComments';
import { useNames } from './useNames';
import { OPEN, permitFor } from './view/permit';
import styles from './board.module.css';

export { FaceSwitch } from './panels/FaceSwitch';

export const SCHEMA_VERSION = 1;

/** Fetched when there is something to describe. */
export const describeRefused: Describe = async (doc, entries) => (await import('./refusals')).describeRefused(doc, entries);

/** What the page round the board is given: what goes into its bar, and the board itself. */
export interface BoardParts {
  readonly tools: ReactNode;
  /** Beside a person's name among those who are here. */
  action(person: Presence): ReactNode;
  readonly board: ReactNode;
}

export interface BoardPageProps {
  readonly served: BoardWhole;
  readonly me: PersonRef;
  readonly frame: (parts: BoardParts) => ReactNode;
  /** Undefined while it is being fetched; null: there is no such card. */
  readonly evidence?: (card: string) => EvidenceShown | null | undefined;
}

const NO_EVIDENCE = () => null;

export function BoardPage({ served, me, frame, evidence = NO_EVIDENCE }: BoardPageProps) {
  const { ready, epoch, stop } = useRoomState();
  useRefresh(served.id);
  if (!ready) {
    return frame({
      tools: null,
      action: () => null,
      board: (
        <main id="main" tabIndex={-1} className={styles.waiting}>
          <h1 className="vh">{served.title}</h1>
          <RoomNotices />
          {stop ? null : <Loading what="the board" lines={6} />}
        </main>
      ),
    });
  }
  // A new epoch is another document: everything bound to the old one is opened anew.
  return <OpenBoard key={epoch} served={served} me={me} frame={frame} evidence={evidence} />;
}

function OpenBoard({ served, me, frame, evidence }: Required<BoardPageProps>) {
  const room = useRoom();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [asked, setAsked] = useState<Asking | null>(null);
  const authors = useLatest(served.authors);
  const keymap = useMemo(() => createKeymap(COMMANDS, storage()), []);
  const { access, stop, generation } = useRoomState();

  // Another document in the same epoch: edits were refused and are gone, everything else is as it was, so that one goes
  // on where one is.
  const shown = useRef<{ room: Room; opened: Opened } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `generation` says that room.doc is another
  useEffect(() => {
    const before = shown.current;
    const former = before?.room === room ? before.opened : null;
    const made = openView(room, { id: served.id, me: me.id, permit: OPEN, authors: () => authors.current, former });
    before?.opened.close();
    shown.current = { room, opened: made };
    setOpened(made);
  }, [room, generation, served.id, me.id, authors]);
  useEffect(
    () => () => {
      shown.current?.opened.close();
      shown.current = null;
    },
    [],
  );

  const readOnly = access === 'read' || stop !== null;
  const { your_role: role, archived, rules } = served;
  useEffect(() => {
    opened?.view.allow(permitFor(opened.board, { me: me.id, role, archived, readOnly, rules }));
  }, [opened, role, archived, rules, me.id, readOnly]);

  const person = useNames(served, opened?.board ?? null, me);
  useEffect(() => {
    if (opened) opened.name = (id) => (served.authors === 'hidden' ? undefined : person(id)?.name);
  }, [opened, person, served.authors]);

  const talk = useBoardComments(served.id, opened?.board ?? null, !readOnly && !served.archived);
  const ask = useCallback((asking: Asking) => setAsked(asking), []);
  const context = useMemo(() => opened && { view: opened.view, ask }, [opened, ask]);
  const scope = useMemo<Scope | null>(
    () =>
      opened && context && { opened, view: opened.view, board: opened.board, context, commands: COMMANDS, keymap, served, me, person, comments: talk.count },
    [opened, context, keymap, served, me, person, talk.count],
  );
  const following = useFollowing(opened);

  if (!scope) return frame({ tools: null, action: () => null, board: <main id="main" className={styles.waiting} /> });
  return frame({
    tools: (
      <BoardScope value={scope}>
        <BoardMenu />
      </BoardScope>
    ),
    action: (other) =>
      other.self ? null : (
        <Button size="small" onPress={() => (following === other.id ? scope.opened.following.stop() : follow(scope.opened, other))}>
          {following === other.id ? 'Stop following' : 'Follow'}
          <span className="vh"> {other.name}</span>
        </Button>
      ),
    board: (
      <BoardScope value={scope}>
        <BoardScreen
          asked={asked}
          onAnswered={() => setAsked(null)}
          talk={talk}
          evidence={evidence}
          notices={
            <>
              {served.archived ? (
                <p className={styles.note}>
                  <Tag tone="warn">Archived</Tag> You can read this board; nobody can change it.
                </p>
              ) : null}
              <RoomNotices />
            </>
          }
        />
      </BoardScope>
    ),
  });
}

function follow({ following }: Opened, { clients }: Presence): void {
  const client = clients.at(-1);
  if (client !== undefined) following.follow(client);
}

/** The person who is followed. */
function useFollowing(opened: Opened | null): string | null {
  const [person, setPerson] = useState<string | null>(null);
  useEffect(() => {
    if (!opened) return;
    const show = () => setPerson(opened.following.leader()?.person ?? null);
    show();
    return opened.following.subscribe(show);
  }, [opened]);
  return person;
}

/** The server says that rows changed, or may have changed while we were away. */
function useRefresh(board: string): void {
  const client = useQueryClient();
  const joined = useRef(false);
  const refresh = useCallback(() => void client.invalidateQueries({ queryKey: boardKey(board) }), [client, board]);
  useRoomEvent('changed', refresh);
  useRoomEvent('access', refresh);
  useRoomEvent('joined', () => {
    // What was fetched a moment ago is asked for again only when the connection had been lost.
    if (joined.current) refresh();
    joined.current = true;
  });
}
