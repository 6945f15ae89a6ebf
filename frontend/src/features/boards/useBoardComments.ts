/** Comments on what lies on a board. */
import { useCallback, useMemo } from 'react';
import { type Talk, type TalkThread, useThreads } from '../../comments/useThreads';
import { shortName } from './canvas/naming';
import type { Board, ObjectId } from './model/types';
import { boardKey } from './queries';

export interface OnObject {
  readonly object: ObjectId;
}

export interface BoardComments extends Talk<OnObject> {
  /** Open threads about this object. The same function until that changes. */
  count(id: ObjectId): number;
}

export function useBoardComments(id: string, board: Board | null, mayWrite: boolean): BoardComments {
  const queryKey = useMemo(() => [...boardKey(id), 'comments'], [id]);
  const about = (thread: TalkThread<OnObject>) => (thread.anchor && board ? ` on “${shortName(board.get(thread.anchor.object))}”` : '');
  const talk = useThreads<OnObject>({ path: `/api/boards/${id}/comments`, queryKey, mayWrite, about });
  const { threads } = talk;
  const counts = useMemo(() => {
    const found = new Map<ObjectId, number>();
    for (const { anchor, resolved } of threads) if (anchor && !resolved) found.set(anchor.object, (found.get(anchor.object) ?? 0) + 1);
    return found;
  }, [threads]);
  const count = useCallback((object: ObjectId) => counts.get(object) ?? 0, [counts]);
  return { ...talk, count };
}
