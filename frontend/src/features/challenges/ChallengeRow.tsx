/** One challenge in the list: its question, how far it is, what is in it. */
import { FileText, MessageSquare, Users } from 'lucide-react';
import { Link } from 'wouter';
import type { Challenge } from '../../api/types';
import { Progress, Tag } from '../../ui';
import styles from './ChallengeRow.module.css';
import { StatementThumb } from './StatementThumb';
import { count } from './words';

export function ChallengeRow({ challenge }: { challenge: Challenge }) {
  const { counts, stage, stages } = challenge;
  return (
    <li className={styles.row}>
      <div className={styles.thumb}>
        <StatementThumb words={counts.words} comments={counts.comments} people={challenge.people} />
      </div>
      <div className={styles.text}>
        <div className={styles.name}>
          <h3>
            <Link href={`/challenges/${challenge.id}`}>{challenge.title}</Link>
          </h3>
          {challenge.example ? <Tag>Example</Tag> : null}
          {challenge.archived ? <Tag tone="warn">Archived</Tag> : null}
        </div>
        <p className={styles.statement}>{challenge.summary || challenge.question}</p>
        <p className={styles.meta}>
          <span>
            <FileText aria-hidden />
            {count(counts.words, 'word')}
          </span>
          <span>
            <MessageSquare aria-hidden />
            {count(counts.comments, 'comment')}
          </span>
          <span>
            <Users aria-hidden />
            {count(counts.people, 'person', 'people')}
          </span>
        </p>
      </div>
      <div className={styles.stages}>
        <Progress index={stage.index} total={stages.length} label={stage.label} />
      </div>
    </li>
  );
}
