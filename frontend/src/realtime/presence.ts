// Who is in the room, from awareness states that the server has stamped with their owner.
import type { PersonHere, Presence } from './types';

export type PresenceList = readonly Presence[];

/** One entry per person, yourself first, the others by name. States without a stamped user are left out. */
export function presences(
  states: ReadonlyMap<number, Record<string, unknown>>,
  ownClient: number,
  you: PersonHere | null,
): PresenceList {
  const people = new Map<string, { person: PersonHere; clients: number[]; self: boolean }>();
  for (const [client, state] of states) {
    const person = client === ownClient && you !== null ? you : userOf(state);
    if (person === null) continue;
    const entry = people.get(person.id) ?? { person, clients: [], self: false };
    entry.clients.push(client);
    entry.self ||= client === ownClient || person.id === you?.id;
    people.set(person.id, entry);
  }
  return [...people.values()]
    .map(({ person, clients, self }) => ({ ...person, self, clients: clients.sort((a, b) => a - b) }))
    .sort((a, b) => Number(b.self) - Number(a.self) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

export function samePresences(before: PresenceList, after: PresenceList): boolean {
  return (
    before.length === after.length &&
    before.every((a, index) => {
      const b = after[index];
      return (
        b !== undefined &&
        a.id === b.id &&
        a.name === b.name &&
        a.colour === b.colour &&
        a.self === b.self &&
        a.clients.length === b.clients.length &&
        a.clients.every((client, at) => client === b.clients[at])
      );
    })
  );
}

function userOf(state: Record<string, unknown>): PersonHere | null {
  const user = state.user;
  if (typeof user !== 'object' || user === null) return null;
  const { id, name, colour } = user as Record<string, unknown>;
  if (typeof id !== 'string' || typeof name !== 'string') return null;
  return { id, name, colour: typeof colour === 'string' ? colour : 'p1' };
}
