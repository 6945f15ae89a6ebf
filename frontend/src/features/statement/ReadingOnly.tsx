/** Why a person cannot write here now, in plain words, and what to do about it. */
import { Button } from '../../ui';
import styles from './statement.module.css';

interface ReadingOnlyProps {
  why: 'archived' | 'outdated' | 'stopped' | 'observing' | 'away';
}

const WORDS: Record<ReadingOnlyProps['why'], string> = {
  archived: 'This challenge is archived: the statement can be read, not changed.',
  outdated: 'This page is older than the lab: it cannot show everything in the statement, so it does not change it. Nothing is lost.',
  stopped: 'This is the text as you last saw it. It cannot be changed from here now.',
  observing: 'You are observing: you can read what the others write. Ask whoever leads the challenge if you should write too.',
  away: 'You can read this; writing is off until the lab can be reached.',
};

export function ReadingOnly({ why }: ReadingOnlyProps) {
  return (
    <div className={styles.reading}>
      <p>{WORDS[why]}</p>
      {why === 'outdated' ? (
        <Button size="small" onPress={() => window.location.reload()}>
          Reload the page
        </Button>
      ) : null}
    </div>
  );
}
