/** The shapes of the HTTP API. */

export type Role = 'staff' | 'facilitator' | 'participant' | 'observer';
/** One of six presence colours, `p1` to `p6`. */
export type Colour = string;
/** ISO 8601, UTC. */
export type Time = string;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface PersonRef {
  id: string;
  name: string;
  colour: Colour;
}

export interface Me {
  person: (PersonRef & { email: string | null; role: Role | null; guest: boolean }) | null;
  csrf: string | null;
  lab: { name: string };
  password_set: boolean;
  mail: boolean;
  pending_mentions: number;
  /** After accepting an invitation: where to go. */
  challenge?: string | null;
}

export interface LoginSession {
  id: string;
  device: string;
  created_at: Time;
  last_seen_at: Time;
  current: boolean;
}

export interface Token {
  id: string;
  name: string;
  created_at: Time;
  last_used_at: Time | null;
  expires_at: Time | null;
}
export interface NewToken extends Token {
  /** Shown once. */
  token: string;
}

export interface PersonRow {
  id: string;
  name: string;
  email: string | null;
  role: Role | null;
  guest: boolean;
  suspended: boolean;
  last_seen_at: Time | null;
}

export interface SignInLink {
  url: string;
  expires_at: Time;
  mailed: boolean;
}

export interface Invitation {
  id: string;
  label: string | null;
  role: Role;
  created_by: { id: string; name: string } | string | null;
  expires_at: Time;
  uses: number;
  max_uses: number;
  revoked_at: Time | null;
}
export interface NewInvitation extends Invitation {
  /** Shown once. */
  url: string;
}

export interface InvitationLook {
  challenge: { id: string; title: string; question: string };
  role: Role;
  lab: string;
  expires_at: Time;
}

export interface Change {
  id: string;
  at: Time;
  person: PersonRef | null;
  verb: string;
  challenge: { id: string; title: string } | null;
  text: string;
}

export interface Lab {
  name: string;
  intro: string;
  people: { total: number; by_role: Partial<Record<Role | 'guest', number>> };
  changes: Change[];
  since: Time | null;
  example: boolean;
}

export interface Stage {
  key: string;
  label: string;
}

export interface Challenge {
  id: string;
  title: string;
  question: string;
  summary: string;
  stage: { index: number; key: string; label: string };
  stages: Stage[];
  counts: { people: number; comments: number; words: number };
  archived: boolean;
  open_to_lab: boolean;
  example: boolean;
  your_role: Role;
  updated_at: Time;
  people: PersonRef[];
}

export interface Member {
  person: PersonRef & { guest: boolean };
  role: Role;
  joined_at: Time;
  here: boolean;
}

export interface Version {
  id: string;
  name: string | null;
  kind: 'auto' | 'named' | 'restored' | 'imported';
  at: Time;
  by: { id: string; name: string } | null;
  words: number;
}
export interface VersionDetail extends Version {
  markdown: string;
  html: string;
}

export interface ComparePart {
  op: 'same' | 'added' | 'removed';
  text: string;
}
export interface CompareBlock {
  kind: 'same' | 'added' | 'removed' | 'changed';
  type: string;
  level?: number | null;
  parts: ComparePart[];
}
export interface Comparison {
  from: string;
  to: string;
  blocks: CompareBlock[];
  words_added: number;
  words_removed: number;
}

export interface Anchor {
  /** Base64 of Yjs relative positions. */
  start: string;
  end: string;
  quote: string;
  prefix: string;
  suffix: string;
}
export interface Post {
  id: string;
  author: PersonRef;
  text: string;
  mentions: { id: string; name: string }[];
  at: Time;
  edited_at: Time | null;
  deleted: boolean;
  yours: boolean;
}
export interface Thread {
  id: string;
  anchor: Anchor | null;
  resolved: { at: Time; by: { id: string; name: string } | null } | null;
  created_at: Time;
  posts: Post[];
}

export interface Mention {
  id: string;
  at: Time;
  person: PersonRef;
  challenge: { id: string; title: string };
  thread: string;
  text: string;
  seen: boolean;
}
