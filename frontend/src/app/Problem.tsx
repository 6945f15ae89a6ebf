/** A page that could not be: not found, not reachable, or broken. Each says what to do next. */
import { Component, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { Button, ButtonLink, PageHeading } from '../ui';
import { Frame, Main } from './Frame';
import styles from './Problem.module.css';

export interface ProblemProps {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}

export function Problem({ title, children, actions }: ProblemProps) {
  return (
    <div className={styles.problem}>
      <PageHeading>{title}</PageHeading>
      {children}
      <div className={styles.actions}>{actions ?? <ButtonLink href="/">Go to the lab home</ButtonLink>}</div>
    </div>
  );
}

export function NotFoundPage() {
  return (
    <Frame title="Page not found">
      <Main>
        <Problem title="There is no page here">
          <p>The address may be mistyped, or the page may have moved.</p>
        </Problem>
      </Main>
    </Frame>
  );
}

/** What to show instead of a page whose data did not come. */
export function LoadProblem({ error, what, retry }: { error: Error; what: string; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Problem title={`This ${what} is not here for you`}>
        <p>It may have been removed, or you may not be part of it. Someone who is can send you an invitation.</p>
      </Problem>
    );
  }
  return (
    <Problem
      title="This page could not be loaded"
      actions={
        <Button variant="primary" onPress={retry}>
          Try again
        </Button>
      }
    >
      <p>{error.message}</p>
    </Problem>
  );
}

/** Catches what a page throws while drawing, so that the way out stays. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main id="main" tabIndex={-1}>
        <Problem
          title="Something on this page broke"
          actions={
            <>
              <Button variant="primary" onPress={() => window.location.reload()}>
                Load the page again
              </Button>
              {/* A full load, not a route: whatever broke is left behind. */}
              <Button onPress={() => window.location.assign('/')}>Go to the lab home</Button>
            </>
          }
        >
          <p>What you wrote is not lost: the lab keeps what it said was saved, and this device keeps the rest.</p>
          <details>
            <summary>Details to send to staff</summary>
            <pre>{error.stack ?? error.message}</pre>
          </details>
        </Problem>
      </main>
    );
  }
}
