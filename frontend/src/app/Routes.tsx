/** Which page an address shows, and whether one must be signed in for it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { meQuery, useMe } from '../api/me';
import type { Me } from '../api/types';
import { Frame, Main } from './Frame';
import { LoadProblem, NotFoundPage } from './Problem';
import { fetched, Later } from './Later';
import { PageLoading } from './PageLoading';
import { useVisit } from './useVisit';

const openHome = async () => ({ default: (await import('../features/challenges/HomePage')).HomePage });
const HomePage = lazy(openHome);
// Asked for together with who is here, which every page waits for.
if (globalThis.location?.pathname === '/') openHome().catch(() => undefined);
const SignInPage = lazy(() => import('../features/people/SignInPage'));
const JoinPage = lazy(() => import('../features/people/JoinPage'));
const AccountPage = lazy(() => import('../features/people/AccountPage'));
const PeoplePage = lazy(() => import('../features/people/PeoplePage'));
const openWorkspace = () => import('./Workspace');
const Workspace = lazy(openWorkspace);
const boardRoute = fetched(() => import('./BoardRoute'));
// As the home page above: code and rows of the board are on their way while we ask who is here.
const BOARD = /^\/challenges\/[^/]+\/boards\/([^/]+)$/;
const ahead = BOARD.exec(globalThis.location?.pathname ?? '')?.[1];
if (ahead !== undefined) boardRoute.fetch().catch(() => undefined);

export type SignedIn = Me & { person: NonNullable<Me['person']> };

export function Routes() {
  const me = useQuery(meQuery);
  const client = useQueryClient();
  useEffect(() => {
    if (ahead !== undefined)
      boardRoute
        .fetch()
        .then(({ fetchAhead }) => fetchAhead(client, ahead))
        .catch(() => undefined);
  }, [client]);
  useVisit(Boolean(me.data?.person));
  if (me.isPending) return <PageLoading />;
  if (!me.data) {
    return (
      <Frame title="The lab cannot be reached">
        <Main>
          <LoadProblem error={me.error} what="lab" retry={() => void me.refetch()} />
        </Main>
      </Frame>
    );
  }
  const { data } = me;
  return (
    <Suspense fallback={<PageLoading />}>
      <Switch>
        <Route path="/sign-in">
          <Framed title="Sign in">
            <SignInPage me={data} next={nextPlace()} />
          </Framed>
        </Route>
        <Route path="/join">
          <Framed title="Join a challenge">
            <JoinPage me={data} />
            <Ahead />
          </Framed>
        </Route>
        <Route path="/">
          <Guarded me={data}>
            {(me) => (
              <Framed title={me.lab.name} lab>
                <HomePage me={me} />
              </Framed>
            )}
          </Guarded>
        </Route>
        <Route path="/account">
          <Guarded me={data}>
            {(me) => (
              <Framed title="Your account">
                <AccountPage me={me} />
              </Framed>
            )}
          </Guarded>
        </Route>
        <Route path="/people">
          <Guarded me={data}>
            {(me) =>
              me.person.role === 'staff' ? (
                <Framed title="People of the lab">
                  <PeoplePage me={me} />
                </Framed>
              ) : (
                <NotFoundPage />
              )
            }
          </Guarded>
        </Route>
        <Route path="/challenges/:id/boards/:board">
          {(at) => <Guarded me={data}>{(me) => <Later key={at.board} of={boardRoute} props={{ challenge: at.id, id: at.board, me }} />}</Guarded>}
        </Route>
        <Route path="/challenges/:id/:part?">
          {(at) => <Guarded me={data}>{(me) => <Workspace key={at.id} id={at.id} part={at.part} me={me} />}</Guarded>}
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Suspense>
  );
}

function Framed({ title, lab, children }: { title: string; lab?: boolean; children: ReactNode }) {
  const home = useMe()?.lab.name ?? 'Live lab';
  return (
    <Frame title={title} crumbs={lab ? undefined : [{ label: home, href: '/' }, { label: title }]}>
      <Main>{children}</Main>
    </Frame>
  );
}

/** While a guest types a name, the workspace they are about to enter is fetched. */
function Ahead() {
  useEffect(() => void openWorkspace().catch(() => undefined), []);
  return null;
}

/** Not signed in: the sign-in page first, then back to exactly this address. */
function Guarded({ me, children }: { me: Me; children: (me: SignedIn) => ReactNode }) {
  const [location] = useLocation();
  if (!me.person) {
    const here = location + window.location.search + window.location.hash;
    return <Redirect to={here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`} replace />;
  }
  return children(me as SignedIn);
}

/** Only a place inside the lab: `?next=//elsewhere` would lead people away right after they signed in. */
export function nextPlace(search = window.location.search): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  const inside = URL.canParse(next, window.location.origin) && new URL(next, window.location.origin);
  if (!inside || inside.origin !== window.location.origin || !next.startsWith('/')) return '/';
  return inside.pathname + inside.search + inside.hash;
}
