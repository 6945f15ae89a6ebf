// Who is who on a board: its members, those who are here, and whoever else has signed something and has left since.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { PersonRef } from '../../api/types';
import { usePresence } from '../../realtime';
import type { Board } from './model/types';
import { authorsQuery, peopleQuery } from './queries';
import type { BoardWhole } from './served';

export type Names = (id: string) => PersonRef | undefined;

/** The same function until somebody becomes known, or is called otherwise. */
export function useNames({ id, challenge, authors }: BoardWhole, board: Board | null, me: PersonRef): Names {
  const presence = usePresence();
  const members = useQuery(peopleQuery(challenge.id));
  const near = useMemo(() => {
    const known = new Map<string, PersonRef>();
    for (const { person } of members.data ?? []) known.set(person.id, person);
    for (const { id, name, colour } of presence) known.set(id, { id, name, colour });
    return known.set(me.id, me);
  }, [members.data, presence, me]);

  // Looking through a whole board for who signed it is asked of the server only when there is somebody to find.
  const strangers = useStrangers(board, near, members.isFetched && authors !== 'hidden');
  const far = useQuery({ ...authorsQuery(id, strangers), enabled: strangers !== '', placeholderData: keepPreviousData });
  return useMemo(() => {
    const known = new Map([...(far.data ?? []).map((person) => [person.id, person] as const), ...near]);
    return (id) => known.get(id);
  }, [far.data, near]);
}

/** Ids that nobody near has, as one word; empty when there are none, or nobody wants to know. */
function useStrangers(board: Board | null, near: ReadonlyMap<string, PersonRef>, wanted: boolean): string {
  const [strangers, setStrangers] = useState('');
  useEffect(() => {
    if (!board || !wanted) return setStrangers('');
    const found = new Set<string>();
    const meet = (by: string | null | undefined) => by != null && !near.has(by) && found.add(by);
    for (const { by } of board.all()) meet(by);
    const show = () => setStrangers([...found].sort().join());
    show();
    return board.subscribe(({ ids }) => {
      const before = found.size;
      for (const id of ids) meet(board.get(id)?.by);
      if (found.size > before) show();
    });
  }, [board, near, wanted]);
  return strangers;
}
