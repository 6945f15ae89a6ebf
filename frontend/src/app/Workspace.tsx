/** One challenge: its room opened once for all its parts, the rail, and what stands beside it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FileText, History, LayoutGrid, Settings, Share2, Users } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { isSharedDevice, rememberChallenge } from '../api/device';
import type { Challenge } from '../api/types';
import { MembersPage } from '../features/challenges/MembersPage';
import { challengeKey, challengeQuery, manages } from '../features/challenges/queries';
import { SettingsPage } from '../features/challenges/SettingsPage';
import { RoomNotices, RoomProvider, SavedBadge, usePresence, useRoomEvent } from '../realtime';
import { Button, Columns, Loading, Progress, Tag } from '../ui';
import { Frame, Main } from './Frame';
import { HereNow } from './HereNow';
import { LoadProblem, Problem } from './Problem';
import type { SignedIn } from './Routes';
import { HistoryPage, SCHEMA_VERSION, StatementPage, warmUp } from './statement';
import { useNarrow } from './useNarrow';
import styles from './Workspace.module.css';

const InviteDialog = lazy(() => import('../features/people/InviteDialog'));
const BoardsPage = lazy(() => import('../features/boards/BoardsPage'));

warmUp();

interface WorkspaceProps {
  id: string;
  /** The part of the address after the challenge; none is the statement. */
  part: string | undefined;
  me: SignedIn;
}

export default function Workspace({ id, part, me }: WorkspaceProps) {
  const challenge = useQuery(challengeQuery(id));
  const { person } = me;
  const found = challenge.data?.id;
  useEffect(() => {
    if (found) rememberChallenge(person.id, found);
  }, [person.id, found]);
  const home = { label: me.lab.name, href: '/' };

  if (!challenge.data) {
    return (
      <Frame title="Challenge" crumbs={[home, { label: 'Challenge' }]}>
        <Main>
          {challenge.isPending ? (
            <Waiting />
          ) : (
            <LoadProblem error={challenge.error} what="challenge" retry={() => void challenge.refetch()} />
          )}
        </Main>
      </Frame>
    );
  }
  const opened = challenge.data;
  return (
    <RoomProvider
      kind="statement"
      id={opened.id}
      schema={SCHEMA_VERSION}
      person={person}
      persist={!isSharedDevice()}
    >
      <Inside challenge={opened} part={part} me={me} />
    </RoomProvider>
  );
}

interface InsideProps {
  challenge: Challenge;
  part: string | undefined;
  me: SignedIn;
}

function Inside({ challenge, part, me }: InsideProps) {
  const narrow = useNarrow();
  const [inviting, setInviting] = useState(false);
  const presence = usePresence();
  const here = useMemo(() => new Set(presence.map((person) => person.id)), [presence]);
  useRefresh(challenge.id);

  const leads = manages(challenge);
  const mayInvite = leads && !challenge.archived;
  const invite = mayInvite ? (
    <Button size="small" icon={<Share2 aria-hidden />} onPress={() => setInviting(true)}>
      Invite
    </Button>
  ) : null;
  const page = PARTS.find((each) => each.part === part && (leads || !each.leads));
  const title = page?.part ? `${page.label} · ${challenge.title}` : challenge.title;

  return (
    <Frame
      title={title}
      className={styles.fixed}
      crumbs={[{ label: me.lab.name, href: '/' }, { label: challenge.title }]}
      tools={
        <>
          {narrow ? null : <SavedBadge />}
          <HereNow people={presence} />
          {narrow ? null : invite}
        </>
      }
    >
      <div className={styles.workspace}>
        <div className={styles.rail}>
          <nav aria-label="Challenge">
            <h2>Challenge</h2>
            {PARTS.filter((each) => leads || !each.leads).map((each) => (
              <Link
                key={each.label}
                href={`/challenges/${challenge.id}${each.part ? `/${each.part}` : ''}`}
                aria-current={each.part === part ? 'page' : undefined}
                ref={each.part === part ? showTab : undefined}
              >
                {each.icon}
                {each.label}
                {each.part === 'people' ? (
                  <span className={styles.number}>
                    {challenge.counts.people} <span className="vh">in it</span>
                  </span>
                ) : null}
              </Link>
            ))}
          </nav>
          <section className={styles.stage} aria-label="Stage">
            <Progress index={challenge.stage.index} total={challenge.stages.length} label={challenge.stage.label} />
          </section>
        </div>
        <div className={styles.content}>
          {narrow ? (
            <section className={styles.strip} aria-label="Saving">
              <SavedBadge />
              {invite}
            </section>
          ) : null}
          <section aria-label="State of this challenge">
            {challenge.archived ? (
              <p className={styles.note}>
                <Tag tone="warn">Archived</Tag> You can read this challenge; nobody can change it.
              </p>
            ) : null}
            <RoomNotices />
          </section>
          <Suspense fallback={<Columns>{<Waiting />}</Columns>}>{content()}</Suspense>
        </div>
      </div>
      <Suspense fallback={null}>
        {inviting ? <InviteDialog challenge={challenge} isOpen onClose={() => setInviting(false)} /> : null}
      </Suspense>
    </Frame>
  );

  function content(): ReactNode {
    switch (page?.part) {
      case undefined:
        return page ? <StatementPage challenge={challenge} me={me} /> : <NoPart />;
      case 'boards':
        return (
          <Columns>
            <BoardsPage challenge={challenge} />
          </Columns>
        );
      case 'history':
        return <HistoryPage challenge={challenge} me={me} />;
      case 'people':
        return (
          <Columns>
            <MembersPage challenge={challenge} me={me} here={here} />
          </Columns>
        );
      case 'settings':
        return (
          <Columns>
            <SettingsPage key={challenge.id} challenge={challenge} />
          </Columns>
        );
    }
  }
}

interface Part {
  part: 'boards' | 'history' | 'people' | 'settings' | undefined;
  label: string;
  icon: ReactNode;
  /** Only for those who lead the challenge. */
  leads?: boolean;
}

const PARTS: readonly Part[] = [
  { part: undefined, label: 'Statement', icon: <FileText aria-hidden /> },
  { part: 'boards', label: 'Boards', icon: <LayoutGrid aria-hidden /> },
  { part: 'history', label: 'History', icon: <History aria-hidden /> },
  { part: 'people', label: 'People', icon: <Users aria-hidden /> },
  { part: 'settings', label: 'Settings', icon: <Settings aria-hidden />, leads: true },
];

/** Rows of this challenge are asked for again when the server says they changed, or may have while we were away. */
function useRefresh(id: string): void {
  const client = useQueryClient();
  const refresh = useCallback(() => {
    void client.invalidateQueries({ queryKey: challengeKey(id) });
    void client.invalidateQueries({ queryKey: ['challenges'] });
  }, [client, id]);
  useRoomEvent('changed', refresh);
  useRoomEvent('access', refresh);
  useRoomEvent('joined', refresh);
}

/** On a phone the rail scrolls sideways: the open part is brought into it. */
function showTab(tab: HTMLAnchorElement | null): void {
  const rail = tab?.parentElement?.parentElement;
  if (!tab || !rail) return;
  const beyond = tab.offsetLeft + tab.offsetWidth - rail.clientWidth;
  if (beyond > rail.scrollLeft || tab.offsetLeft < rail.scrollLeft) rail.scrollLeft = Math.max(0, beyond + 12);
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Loading what="the challenge" lines={6} />
    </div>
  );
}

function NoPart() {
  return (
    <Columns>
      <Problem title="There is no such part of this challenge">
        <p>Choose one from the list.</p>
      </Problem>
    </Columns>
  );
}
