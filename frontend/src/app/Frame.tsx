/** Round every screen: skip link, top bar, the word about being offline. Pages bring their own `main`. */
import { ChevronRight, WifiOff } from 'lucide-react';
import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useMe } from '../api/me';
import { names, usePageTitle } from '../ui';
import { AccountMenu } from './AccountMenu';
import styles from './Frame.module.css';
import { Mark } from './Mark';

export interface FrameProps {
  /** Names the page in the window's title, e.g. "People". */
  title: string;
  /** The trail to this page, the page itself last. Left out: the lab's own name. */
  crumbs?: readonly { label: string; href?: string }[];
  /** At the right of the bar, before the account: saved badge, faces, invite. */
  tools?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Frame({ title, crumbs, tools, className, children }: FrameProps) {
  const me = useMe();
  const lab = me?.lab.name ?? 'Live lab';
  const trail = crumbs ?? [{ label: lab }];
  usePageTitle(title, lab);
  return (
    <div className={names(styles.frame, className)}>
      {/* biome-ignore lint/a11y/useValidAnchor: a skip link moves focus, and needs its address for when scripts fail */}
      <a className={styles.skip} href="#main" onClick={skip}>
        Skip to main content
      </a>
      <header className={styles.bar}>
        <Link href="/" className={styles.mark}>
          <Mark />
          <span className="vh">{lab}, lab home</span>
        </Link>
        <nav className={styles.crumbs} aria-label="Breadcrumb">
          <ol>
            {trail.map((step, index) => (
              <li key={step.label}>
                {index < trail.length - 1 ? (
                  <>
                    <Link href={step.href ?? '/'}>{step.label}</Link>
                    <ChevronRight aria-hidden />
                  </>
                ) : (
                  <span aria-current="page">{step.label}</span>
                )}
              </li>
            ))}
          </ol>
        </nav>
        {tools ? <div className={styles.tools}>{tools}</div> : null}
        {me ? <AccountMenu me={me} /> : null}
      </header>
      <OfflineBanner />
      {children}
    </div>
  );
}

export const wideOnly = styles.wideOnly;

/** A page's main part, where it is not the workspace's columns. */
export function Main({ children }: { children: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className={styles.main}>
      {children}
    </main>
  );
}

/** The address stays as it is: on the join page it carries the invitation. */
function skip(event: MouseEvent) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function OfflineBanner() {
  const online = useSyncExternalStore(
    (changed) => {
      window.addEventListener('online', changed);
      window.addEventListener('offline', changed);
      return () => {
        window.removeEventListener('online', changed);
        window.removeEventListener('offline', changed);
      };
    },
    () => navigator.onLine,
  );
  return (
    <div role="status">
      {online ? null : (
        <p className={styles.banner}>
          <WifiOff aria-hidden /> You are offline. What you see may be out of date; it refreshes when you are back.
        </p>
      )}
    </div>
  );
}
