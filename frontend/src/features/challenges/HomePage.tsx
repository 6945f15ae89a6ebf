/** The lab's home: what it is about, who is in it, its challenges, and what happened since. */
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, Pencil, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Challenge, Me, PersonRef } from '../../api/types';
import { AvatarStack, Button, EmptyState, FormError, IconButton, Loading, names, PageHeading, Skeleton, Tag } from '../../ui';
import { ChallengeRow } from './ChallengeRow';
import styles from './HomePage.module.css';
import { News } from './News';
import { challengesQuery, labQuery } from './queries';
import { Resume, useResume } from './Resume';
import { byRole, count } from './words';

const NewChallenge = lazy(() => import('./NewChallenge'));
const EditLab = lazy(() => import('./EditLab'));

export function HomePage({ me }: { me: Me & { person: NonNullable<Me['person']> } }) {
  const lab = useQuery(labQuery);
  const challenges = useQuery(challengesQuery(false));
  const [open, setOpen] = useState<'new' | 'edit' | null>(null);
  const resume = useResume(me.person.id, challenges.data);
  const { role } = me.person;
  const mayCreate = role === 'staff' || role === 'facilitator';

  return (
    <div className={styles.home}>
      <div className={names(styles.head, resume && styles.headWithCard)}>
        <div>
          <div className={styles.title}>
            <PageHeading>{lab.data?.name ?? me.lab.name}</PageHeading>
            {role === 'staff' ? (
              <IconButton
                label="Edit the lab’s name and introduction"
                icon={<Pencil aria-hidden />}
                onPress={() => setOpen('edit')}
              />
            ) : null}
          </div>
          {lab.data ? (
            <>
              {lab.data.example ? (
                <p className={styles.example}>
                  <Tag>Example lab: its people and texts are made up</Tag>
                </p>
              ) : null}
              {lab.data.intro ? <p className={styles.intro}>{lab.data.intro}</p> : null}
              <Folk total={lab.data.people.total} words={byRole(lab.data.people)} faces={faces(challenges.data)} />
            </>
          ) : (
            <div className={styles.intro}>
              {lab.isPending ? <Skeleton width="80%" /> : <FormError error={lab.error} />}
            </div>
          )}
        </div>
        {resume ? <Resume challenge={resume} mentions={me.pending_mentions} /> : null}
      </div>

      <div className={styles.cols}>
        <section aria-labelledby="challenges">
          <div className={styles.sectionHead}>
            <h2 id="challenges">Challenges</h2>
            {mayCreate ? (
              <Button size="small" icon={<Plus aria-hidden />} onPress={() => setOpen('new')}>
                New challenge
              </Button>
            ) : null}
          </div>
          {challenges.isPending ? (
            <div className={styles.skeletons}>
              <Loading what="challenges" lines={6} />
            </div>
          ) : null}
          <FormError error={challenges.error} />
          {challenges.data?.length === 0 ? (
            <EmptyState
              title="No challenges yet"
              actions={
                mayCreate ? (
                  <Button variant="primary" icon={<Plus aria-hidden />} onPress={() => setOpen('new')}>
                    Make the first challenge
                  </Button>
                ) : null
              }
            >
              {mayCreate
                ? 'A challenge is one hard question that people work on together: a statement of the problem first, then ideas.'
                : 'You see a challenge here as soon as somebody invites you to one, or opens one to the whole lab.'}
            </EmptyState>
          ) : null}
          <ul>
            {challenges.data?.map((challenge) => (
              <ChallengeRow key={challenge.id} challenge={challenge} />
            ))}
          </ul>
          <Archived />
        </section>
        <News lab={lab.data} />
      </div>

      <Suspense fallback={null}>
        {open === 'new' ? <NewChallenge onClose={() => setOpen(null)} /> : null}
        {open === 'edit' && lab.data ? <EditLab lab={lab.data} onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </div>
  );
}

function Folk({ total, words, faces }: { total: number; words: string; faces: PersonRef[] }) {
  if (total === 0) return null;
  return (
    <p className={styles.folk}>
      {faces.length ? (
        <span className={styles.faces}>
          <AvatarStack people={faces} max={5} />
        </span>
      ) : null}
      <span>
        <b>
          {count(total, 'person', 'people')}
          {words ? ':' : ''}
        </b>{' '}
        {words}
      </span>
    </p>
  );
}

/** Five people of the lab, taken in turn from its challenges. */
function faces(challenges: readonly Challenge[] = []): PersonRef[] {
  const people = new Map<string, PersonRef>();
  for (const person of challenges.flatMap((challenge) => challenge.people)) people.set(person.id, person);
  return [...people.values()].slice(0, 5);
}

function Archived() {
  const [open, setOpen] = useState(false);
  const archived = useQuery({ ...challengesQuery(true), enabled: open });
  return (
    <div className={styles.archived}>
      <Button
        variant="quiet"
        size="small"
        aria-expanded={open}
        icon={open ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
        onPress={() => setOpen(!open)}
      >
        Archived challenges
      </Button>
      {open ? (
        <>
          {archived.isPending ? <Loading what="archived challenges" lines={2} /> : null}
          <FormError error={archived.error} />
          {archived.data?.length === 0 ? <EmptyState title="Nothing is archived" /> : null}
          <ul>
            {archived.data?.map((challenge) => (
              <ChallengeRow key={challenge.id} challenge={challenge} />
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
