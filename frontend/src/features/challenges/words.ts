/** Numbers and roles as the lists say them. */
import type { Lab, Role } from '../../api/types';

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
}

export const ROLE_GROUPS: readonly { role: Role; one: string; many: string }[] = [
  { role: 'facilitator', one: 'facilitator', many: 'facilitators' },
  { role: 'participant', one: 'participant', many: 'participants' },
  { role: 'observer', one: 'observer', many: 'observers' },
  { role: 'staff', one: 'staff', many: 'staff' },
];

/** "8 participants, 2 facilitators, 1 guest": only the groups there are. */
export function byRole(people: Lab['people']): string {
  const groups = ROLE_GROUPS.map(({ role, one, many }) => [people.by_role[role] ?? 0, one, many] as const);
  const guests = people.by_role.guest ?? 0;
  return [...groups, [guests, 'guest', 'guests'] as const]
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => count(number, one, many))
    .join(', ');
}
