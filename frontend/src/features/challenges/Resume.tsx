/** The way back to what this person last worked on. Without such a thing there is no card. */
import { ArrowRight } from 'lucide-react';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { lastChallenge } from '../../api/device';
import type { Challenge } from '../../api/types';
import { AvatarStack, ButtonLink, Tag, When } from '../../ui';
import styles from './Resume.module.css';
import { count } from './words';

export function useResume(person: string, challenges: readonly Challenge[] | undefined): Challenge | undefined {
  const last = useMemo(() => lastChallenge(person), [person]);
  return challenges?.find((challenge) => challenge.id === last);
}

export function Resume({ challenge, mentions }: { challenge: Challenge; mentions: number }) {
  return (
    <section className={styles.card} aria-labelledby="resume">
      <Tag tone="act">Continue where you left off</Tag>
      <h2 id="resume">{challenge.title}</h2>
      <p>
        {count(challenge.counts.words, 'word')} in the statement, last changed <When at={challenge.updated_at} />.
        {mentions ? (
          <>
            {' '}
            <Link href="/account">{mentions === 1 ? 'Somebody mentioned you' : `You were mentioned ${mentions} times`}</Link>.
          </>
        ) : null}
      </p>
      <div className={styles.row}>
        <AvatarStack people={challenge.people} total={challenge.counts.people} max={4} label="People" />
        <ButtonLink variant="primary" href={`/challenges/${challenge.id}`}>
          {challenge.your_role === 'observer' || challenge.archived ? 'Read statement' : 'Open statement'}{' '}
          <ArrowRight aria-hidden />
        </ButtonLink>
      </div>
    </section>
  );
}
