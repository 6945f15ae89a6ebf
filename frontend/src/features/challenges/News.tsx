/** What others did since this person was last here. */
import { useState } from 'react';
import { Link } from 'wouter';
import type { Lab } from '../../api/types';
import { Avatar, Button, When } from '../../ui';
import styles from './News.module.css';

/** What is done to the challenge itself, and not in it. */
const WHOLE = new Set(['joined', 'created', 'archived', 'unarchived', 'renamed']);

const AT_FIRST = 6;

export function News({ lab }: { lab: Lab | undefined }) {
  const [all, setAll] = useState(false);
  if (!lab) return null;
  const more = lab.changes.length - AT_FIRST;
  return (
    <aside className={styles.news} aria-labelledby="news">
      <h2 id="news">{lab.since ? 'Since you were last here' : 'Lately'}</h2>
      {lab.changes.length ? (
        <>
          <ul>
            {lab.changes.slice(0, all ? undefined : AT_FIRST).map(({ id, person, verb, text, challenge, at }) => (
              <li key={id}>
                <Avatar name={person.name} colour={person.colour} size="small" />
                <span>
                  <b>{person.name}</b> {verb === 'archived' ? verb : text}
                  {WHOLE.has(verb) ? ' ' : ' in '}
                  <Link href={`/challenges/${challenge.id}`}>{challenge.title}</Link> <When at={at} />
                </span>
              </li>
            ))}
          </ul>
          {more > 0 && !all ? (
            <Button variant="quiet" size="small" className={styles.more} onPress={() => setAll(true)}>
              Show {more} more
            </Button>
          ) : null}
        </>
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
