/** What others did since this person was last here. */
import { useEffect } from 'react';
import { Link } from 'wouter';
import { api } from '../../api/client';
import type { Lab } from '../../api/types';
import { Avatar, When } from '../../ui';
import styles from './News.module.css';

/** What is done to the challenge itself, and not in it. */
const WHOLE = new Set(['joined', 'created', 'archived', 'reopened', 'renamed']);

export function News({ lab }: { lab: Lab | undefined }) {
  const shown = lab !== undefined;
  useEffect(() => {
    if (!shown) return;
    // "Last here" moves when the lab is left, so that the list holds still while people go to and fro in it.
    const leave = () => api.parting('/api/lab/seen');
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, [shown]);
  if (!lab) return null;
  return (
    <aside className={styles.news} aria-labelledby="news">
      <h2 id="news">{lab.since ? 'Since you were last here' : 'Lately'}</h2>
      {lab.changes.length ? (
        <ul>
          {lab.changes.map((change) => (
            <li key={change.id}>
              {change.person ? <Avatar name={change.person.name} colour={change.person.colour} size="small" /> : null}
              <span>
                <b>{change.person?.name ?? 'Somebody'}</b> {change.text || change.verb}
                {change.challenge ? (
                  <>
                    {' '}
                    {WHOLE.has(change.verb) ? '' : 'in '}
                    <Link href={`/challenges/${change.challenge.id}`}>{change.challenge.title}</Link>
                  </>
                ) : null}{' '}
                <When at={change.at} />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.none}>
          {lab.since ? (
            <>
              Nothing new. You were here <When at={lab.since} />.
            </>
          ) : (
            'What the others write, comment and decide will be listed here.'
          )}
        </p>
      )}
    </aside>
  );
}
