// While somebody is followed: who, and the way out.
import { useEffect, useState } from 'react';
import { Button, names } from '../../../ui';
import type { Heard } from '../others';
import { useScope } from '../scope';
import styles from './panels.module.css';

export function FollowingBar() {
  const { opened } = useScope();
  const [leader, setLeader] = useState<Heard | null>(() => opened.following.leader());
  useEffect(() => opened.following.subscribe(() => setLeader(opened.following.leader())), [opened]);
  return (
    <div role="status" className={names(styles.following, leader?.colour)}>
      {leader ? (
        <>
          <span>Following {leader.name}</span>
          <Button size="small" onPress={() => opened.following.stop()}>
            Stop
          </Button>
        </>
      ) : null}
    </div>
  );
}
