// What has happened: versions that were kept, and what was said beside people's cursors while one was here.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Button, EmptyState, FormError, Loading, When } from '../../../ui';
import { run } from '../commands';
import { versionsQuery } from '../queries';
import { useScope } from '../scope';
import { titleOf } from './versions';
import styles from './panels.module.css';

export default function ActivityPanel() {
  const { served, context, opened: { chat } } = useScope();
  const versions = useQuery(versionsQuery(served.id));
  const [log, setLog] = useState(() => chat.log());
  useEffect(() => chat.subscribe(() => setLog(chat.log())), [chat]);
  return (
    <div className={styles.activity}>
      <section aria-labelledby="board-versions">
        <div className={styles.sectionHead}>
          <h2 id="board-versions">Versions</h2>
          <Button size="small" onPress={() => run('history', context)}>
            Look back
          </Button>
        </div>
        <FormError error={versions.error} />
        {versions.isPending ? <Loading what="the versions" lines={3} /> : null}
        {versions.data?.length === 0 ? <EmptyState title="No versions yet">One is kept every few minutes while people work.</EmptyState> : null}
        <ol className={styles.rows}>
          {versions.data?.slice(0, 30).map((version) => (
            <li key={version.id}>
              <b>{titleOf(version)}</b>
              <span>
                <When at={version.at} />
                {version.by ? ` · ${version.by.name}` : ''} · {version.notes === 1 ? '1 note' : `${version.notes} notes`}
              </span>
            </li>
          ))}
        </ol>
      </section>
      {log.length > 0 ? (
        <section aria-labelledby="board-said">
          <div className={styles.sectionHead}>
            <h2 id="board-said">Said here</h2>
          </div>
          <ol className={styles.rows}>
            {log.map(({ name, text, at }) => (
              <li key={`${at} ${name} ${text}`}>
                <b>{name}</b>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        </section>
      ) : null}
    </div>
  );
}
