/** The four roles in the words people see. */
import type { Role } from '../../api/types';

export const ROLES: readonly Role[] = ['staff', 'facilitator', 'participant', 'observer'];

export const ROLE_NAME: Record<Role, string> = {
  staff: 'Staff',
  facilitator: 'Facilitator',
  participant: 'Participant',
  observer: 'Observer',
};

/** Completes "You …". */
export const ROLE_MAY: Record<Role, string> = {
  staff: 'can do everything in this lab, including managing its people.',
  facilitator: 'can write, comment, invite people and move the work from stage to stage.',
  participant: 'can read, write and comment with the others.',
  observer: 'can read everything and follow it live. You cannot write.',
};

/** Nobody can give a role above their own. */
export function rolesUpTo(own: Role): Role[] {
  return ROLES.slice(ROLES.indexOf(own));
}
