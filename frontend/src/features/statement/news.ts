/** Who came and who went, said politely and seldom. */
import { useEffect, useRef } from 'react';
import { usePresence } from '../../realtime';
import { announce, spoken } from '../../ui';

/** Gathered for so long, so that a room filling up is one sentence. */
const GATHER = 5_000;

export function usePresenceNews(): void {
  const here = usePresence();
  const told = useRef<ReadonlyMap<string, string> | null>(null);
  const others = useRef<ReadonlyMap<string, string>>(new Map());
  others.current = new Map(here.filter((person) => !person.self).map(({ id, name }) => [id, name]));
  const who = [...others.current.keys()].sort().join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `who` says that the people are others
  useEffect(() => {
    const timer = setTimeout(() => {
      const said = presenceNews(told.current ?? new Map(), others.current);
      told.current = others.current;
      if (said) announce(said);
    }, GATHER);
    return () => clearTimeout(timer);
  }, [who]);
}

export function presenceNews(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string | null {
  const came = [...now].filter(([id]) => !before.has(id)).map(([, name]) => name);
  const went = [...before].filter(([id]) => !now.has(id)).map(([, name]) => name);
  const sentences = [
    came.length ? `${few(came)} ${came.length === 1 ? 'is' : 'are'} also here.` : null,
    went.length ? `${few(went)} ${went.length === 1 ? 'has' : 'have'} left.` : null,
  ].filter((each) => each !== null);
  return sentences.length ? sentences.join(' ') : null;
}

function few(people: readonly string[]): string {
  return people.length > 3 ? spoken(people.slice(0, 2), people.length - 2) : spoken(people);
}
