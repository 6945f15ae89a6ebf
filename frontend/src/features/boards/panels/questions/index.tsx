// Questions that a command puts before it acts, each fetched when it is first asked.
import { type ComponentType, lazy, Suspense } from 'react';
import type { Asking, Question } from '../../commands/types';
import type { QuestionProps } from './types';

type Asked = { default: ComponentType<QuestionProps> };

/** Those that are not here have a place of their own on the page: find, comments, history, menu, chat, pictures. */
const DIALOGS: Partial<Record<Question, ComponentType<QuestionProps>>> = {
  'move-to': fetched(() => import('./MoveTo')),
  'connect-to': fetched(() => import('./ConnectTo')),
  colour: fetched(() => import('./ColourOf')),
  tags: fetched(() => import('./TagsOf')),
  'cluster-by': fetched(() => import('./ClusterBy')),
  lock: fetched(() => import('./LockOf')),
  area: fetched(() => import('./AreaRules')),
  remove: fetched(() => import('./Remove')),
  alt: fetched(() => import('./AltText')),
  source: fetched(() => import('./SourceOf')),
  react: fetched(() => import('./React')),
  shortcuts: fetched(() => import('./Shortcuts')),
  export: fetched(() => import('./Export')),
  legend: fetched(() => import('./Legend')),
  settings: fetched(() => import('./Settings')),
  duplicates: fetched(() => import('./Duplicates')),
  paste: fetched(() => import('./Paste')),
  removed: fetched(() => import('./Removed')),
  details: fetched(() => import('./Details')),
};

export function isDialog(question: Question): boolean {
  return DIALOGS[question] !== undefined;
}

/** The dialog of a question; nothing for those without one. */
export function QuestionDialog({ asking, onClose }: { asking: Asking | null; onClose: () => void }) {
  const Dialog = asking && DIALOGS[asking.question];
  if (!asking || !Dialog) return null;
  return (
    <Suspense fallback={null}>
      <Dialog key={asking.question} ids={asking.ids} payload={asking.payload} onClose={onClose} />
    </Suspense>
  );
}

function fetched(load: () => Promise<Asked>): ComponentType<QuestionProps> {
  return lazy(load);
}
