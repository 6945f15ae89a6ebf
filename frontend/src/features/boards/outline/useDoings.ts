// Who is at work on which object just now, in words, for those who see no cursors.
import { useEffect, useState } from 'react';
import type { ObjectId } from '../model/types';
import type { Hearing } from '../others';

const EVERY = 500;
const NOBODY: ReadonlyMap<ObjectId, string> = new Map();

export function useDoings(hearing: Hearing, off: boolean): ReadonlyMap<ObjectId, string> {
  const [doings, setDoings] = useState(NOBODY);
  useEffect(() => {
    if (off) {
      setDoings(NOBODY);
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setDoings((before) => {
        const now = doingsOf(hearing);
        return same(before, now) ? before : now;
      });
    };
    show();
    const stop = hearing.subscribe(() => {
      timer ??= setTimeout(show, EVERY);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [hearing, off]);
  return doings;
}

export function doingsOf(hearing: Pick<Hearing, 'others'>): ReadonlyMap<ObjectId, string> {
  const doings = new Map<ObjectId, string>();
  for (const { name, editing, hold } of hearing.others()) {
    for (const id of hold?.ids ?? []) doings.set(id, `${name} is moving this`);
    if (editing !== null) doings.set(editing, `${name} is writing here`);
  }
  return doings;
}

function same(a: ReadonlyMap<ObjectId, string>, b: ReadonlyMap<ObjectId, string>): boolean {
  return a.size === b.size && [...a].every(([id, words]) => b.get(id) === words);
}
