// Beside the board: the outline, the comments, what has happened. On a phone it is the other face of the board.
import { lazy, Suspense } from 'react';
import { Loading, Tabs } from '../../../ui';
import type { BoardComments } from '../useBoardComments';
import styles from './panels.module.css';

const Outline = lazy(() => import('../outline/Outline'));
const CommentsPanel = lazy(() => import('./CommentsPanel'));
const ActivityPanel = lazy(() => import('./ActivityPanel'));

export type SideTab = 'outline' | 'comments' | 'activity';

interface SidePanelProps {
  readonly tab: SideTab;
  readonly onTab: (tab: SideTab) => void;
  readonly alone: boolean;
  readonly writesHere: boolean;
  readonly talk: BoardComments;
  readonly commenting: string | null;
  readonly onCommented: () => void;
}

export function SidePanel({ tab, onTab, alone, writesHere, talk, commenting, onCommented }: SidePanelProps) {
  const open = talk.threads.filter(({ resolved }) => !resolved).length;
  return (
    <aside className={styles.side} data-alone={alone || undefined} data-landmark={tab === 'outline' ? 'outline' : 'panel'} aria-label="Board as a list">
      <Tabs
        label="Board panel"
        selected={tab}
        onSelect={onTab}
        tabs={[
          {
            id: 'outline',
            label: 'Outline',
            content: (
              <Suspense fallback={<Loading what="the outline" lines={6} />}>
                <Outline alone={alone} writesHere={writesHere} />
              </Suspense>
            ),
          },
          {
            id: 'comments',
            label: open > 0 ? `Comments (${open})` : 'Comments',
            content: (
              <Suspense fallback={<Loading what="the comments" lines={3} />}>
                <CommentsPanel talk={talk} commenting={commenting} onCommented={onCommented} />
              </Suspense>
            ),
          },
          {
            id: 'activity',
            label: 'Activity',
            content: (
              <Suspense fallback={<Loading what="what has happened" lines={3} />}>
                <ActivityPanel />
              </Suspense>
            ),
          },
        ]}
      />
    </aside>
  );
}
