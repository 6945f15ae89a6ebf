/** One board on the whole screen: its room, its own bar with who is here, and the way back to the challenge. */
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { Share2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { isSharedDevice, rememberChallenge } from '../api/device';
import { type BoardParts, BoardPage, describeRefused, FaceSwitch, SCHEMA_VERSION } from '../features/boards/BoardPage';
import { boardQuery } from '../features/boards/queries';
import type { BoardWhole } from '../features/boards/served';
import { challengeQuery, manages } from '../features/challenges/queries';
import { RoomProvider, SavedBadge, usePresence } from '../realtime';
import { Button, Loading } from '../ui';
import { Frame, Main } from './Frame';
import { HereNow } from './HereNow';
import { LoadProblem } from './Problem';
import type { SignedIn } from './Routes';
import { useNarrow } from './useNarrow';
import styles from './Workspace.module.css';

const InviteDialog = lazy(() => import('../features/people/InviteDialog'));

interface BoardRouteProps {
  challenge: string;
  id: string;
  me: SignedIn;
}

/** Before it is known who is here: the answer is for them, whoever they are. */
export async function fetchAhead(client: QueryClient, id: string): Promise<void> {
  await client.prefetchQuery({ ...boardQuery(id), retry: false });
}

export default function BoardRoute({ challenge, id, me }: BoardRouteProps) {
  const board = useQuery(boardQuery(id));
  const { person } = me;
  const found = board.data?.challenge.id;
  useEffect(() => {
    if (found) rememberChallenge(person.id, found);
  }, [person.id, found]);
  // A board of another challenge is not at this address.
  if (!board.data || board.data.challenge.id !== challenge) {
    return (
      <Frame title="Board" crumbs={[{ label: 'Boards', href: `/challenges/${challenge}/boards` }, { label: 'Board' }]}>
        <Main>
          {board.isPending ? (
            <div className={styles.waiting}>
              <Loading what="the board" lines={6} />
            </div>
          ) : (
            <LoadProblem error={board.error ?? GONE} what="board" retry={() => void board.refetch()} />
          )}
        </Main>
      </Frame>
    );
  }
  const served = board.data;
  return (
    <RoomProvider kind="board" id={id} schema={SCHEMA_VERSION} person={person} persist={!isSharedDevice()} describe={describeRefused}>
      <BoardPage served={served} me={person} frame={(parts) => <Around parts={parts} served={served} />} />
    </RoomProvider>
  );
}

const GONE = new Error('There is no such board in this challenge.');

function Around({ parts, served }: { parts: BoardParts; served: BoardWhole }) {
  const narrow = useNarrow();
  const presence = usePresence();
  const [inviting, setInviting] = useState(false);
  const challenge = useQuery(challengeQuery(served.challenge.id)).data;
  const mayInvite = challenge !== undefined && manages(challenge) && !challenge.archived;
  const others = presence.filter((person) => !person.self).length;
  return (
    <Frame
      title={`${served.title} · ${served.challenge.title}`}
      className={styles.screen}
      crumbs={[
        { label: served.challenge.title, href: `/challenges/${served.challenge.id}/boards` },
        { label: served.title },
      ]}
      tools={
        <>
          {narrow ? null : <SavedBadge />}
          <HereNow people={presence} action={parts.action} />
          {narrow || others === 0 ? null : <span className={styles.here}>{others + 1} here</span>}
          {narrow || !mayInvite ? null : (
            <Button size="small" icon={<Share2 aria-hidden />} onPress={() => setInviting(true)}>
              Invite
            </Button>
          )}
          {parts.tools}
        </>
      }
    >
      {narrow ? (
        <Strip>
          <FaceSwitch />
          <SavedBadge />
        </Strip>
      ) : null}
      {parts.board}
      <Suspense fallback={null}>
        {inviting && challenge ? <InviteDialog challenge={challenge} isOpen onClose={() => setInviting(false)} /> : null}
      </Suspense>
    </Frame>
  );
}

function Strip({ children }: { children: ReactNode }) {
  return (
    <section className={styles.strip} aria-label="What is shown, and whether it is saved">
      {children}
    </section>
  );
}
