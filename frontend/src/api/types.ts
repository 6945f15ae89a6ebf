/** The shapes of the HTTP API. Written by `lab types` from the server's models: do not edit. */

/** ISO 8601, UTC. */
export type Time = string;

export interface Page<T> {
  items: T[];
  /** Cursor of the following page; null at the end. */
  next: string | null;
}

export type Role = 'staff' | 'facilitator' | 'participant' | 'observer';

export interface AcceptInvitation {
  secret: string;
  name?: string | null;
  shared_device?: boolean;
}

/** `start` and `end`: base64 of Yjs relative positions. The words are for finding the passage again. */
export interface Anchor {
  start: string;
  end: string;
  quote: string;
  prefix: string;
  suffix: string;
}

export interface AskLink {
  email: string;
}

export interface Challenge {
  id: string;
  title: string;
  question: string;
  summary: string;
  stage: StageNow;
  stages: Stage[];
  counts: Counts;
  archived: boolean;
  open_to_lab: boolean;
  example: boolean;
  your_role: Role;
  updated_at: Time;
  people: PersonRef[];
}

export interface ChallengeBrief {
  id: string;
  title: string;
  question: string;
}

export interface ChallengeTitle {
  id: string;
  title: string;
}

/** One line of "what changed". */
export interface Change {
  id: string;
  at: Time;
  person: PersonRef;
  verb: string;
  challenge: ChallengeTitle;
  text: string;
}

export interface ChangeChallenge {
  title?: string | null;
  question?: string | null;
  stage?: string | null;
  stages?: StageForm[] | null;
  open_to_lab?: boolean | null;
  archived?: boolean | null;
}

export interface ChangeLab {
  name?: string | null;
  intro?: string | null;
}

export interface ChangeMe {
  name?: string | null;
  email?: string | null;
}

export interface ChangePassword {
  new: string;
  current?: string | null;
}

export interface ChangePerson {
  role?: Role | null;
  suspended?: boolean | null;
  name?: string | null;
}

export interface CompareBlock {
  kind: 'same' | 'added' | 'removed' | 'changed';
  type: string;
  level: number | null;
  marker: string | null;
  parts: ComparePart[];
  cells: ComparePart[][];
}

export interface ComparePart {
  op: 'same' | 'added' | 'removed';
  text: string;
}

export interface Comparison {
  from: string;
  to: string;
  blocks: CompareBlock[];
  words_added: number;
  words_removed: number;
}

export interface Counts {
  people: number;
  comments: number;
  words: number;
}

export interface Epoch {
  epoch: number;
}

export interface ImportMarkdown {
  markdown: string;
}

export interface Invitation {
  id: string;
  label: string;
  role: Role;
  created_by: PersonRef;
  created_at: Time;
  expires_at: Time;
  uses: number;
  max_uses: number;
  revoked_at: Time | null;
}

export interface InvitationForm {
  role: 'facilitator' | 'participant' | 'observer';
  label?: string;
  expires_in_hours?: number;
  max_uses?: number;
}

export interface InvitationLook {
  challenge: ChallengeBrief;
  role: Role;
  lab: string;
  expires_at: Time;
}

/** `since`: when you were last here; null the first time. */
export interface Lab {
  name: string;
  intro: string;
  people: PeopleCount;
  changes: Change[];
  since: Time | null;
  example: boolean;
}

export interface LabShown {
  name: string;
}

export interface LoginSession {
  id: string;
  device: string;
  created_at: Time;
  last_seen_at: Time;
  current: boolean;
}

export interface LookAtInvitation {
  secret: string;
}

/** Who the page is open for. `csrf` goes back in `X-Lab-CSRF` with every change. */
export interface Me {
  person: PersonShown | null;
  csrf: string;
  lab: LabShown;
  password_set: boolean;
  mail: boolean;
  pending_mentions: number;
  challenge?: string | null;
}

export interface Member {
  person: MemberPerson;
  role: Role;
  joined_at: Time;
  here: boolean;
}

export interface MemberPerson {
  id: string;
  name: string;
  colour: string;
  guest: boolean;
}

export interface Mention {
  id: string;
  at: Time;
  person: PersonRef;
  challenge: ChallengeTitle;
  thread: string;
  text: string;
  seen: boolean;
}

export interface NameVersion {
  name: string;
}

export interface NewChallenge {
  title: string;
  question: string;
  open_to_lab?: boolean;
}

export interface NewInvitation {
  id: string;
  label: string;
  role: Role;
  created_by: PersonRef;
  created_at: Time;
  expires_at: Time;
  uses: number;
  max_uses: number;
  revoked_at: Time | null;
  url: string;
}

export interface NewPerson {
  email: string;
  name: string;
  role: Role;
}

export interface NewPost {
  text: string;
  mentions?: string[];
}

export interface NewThread {
  anchor?: Anchor | null;
  text: string;
  mentions?: string[];
}

export interface NewToken {
  id: string;
  name: string;
  created_at: Time;
  expires_at: Time | null;
  last_used_at: Time | null;
  token: string;
}

export interface PeopleCount {
  total: number;
  by_role: Record<string, number>;
}

export interface PersonName {
  id: string;
  name: string;
}

export interface PersonRef {
  id: string;
  name: string;
  colour: string;
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

export interface PersonShown {
  id: string;
  name: string;
  email: string | null;
  role: Role | null;
  guest: boolean;
  colour: string;
}

export interface Post {
  id: string;
  author: PersonRef;
  text: string;
  mentions: PersonName[];
  at: Time;
  edited_at: Time | null;
  deleted: boolean;
  yours: boolean;
}

export interface PutMember {
  role: 'facilitator' | 'participant' | 'observer';
}

export interface Redeem {
  token: string;
  shared_device?: boolean;
}

export interface Resolved {
  at: Time;
  by: PersonName | null;
}

export interface RevokeInvitation {
  end_sessions?: boolean;
}

export interface SignIn {
  email: string;
  password: string;
  shared_device?: boolean;
}

export interface SignInLink {
  url: string;
  expires_at: Time;
  mailed: boolean;
}

export interface Stage {
  key: string;
  label: string;
}

/** Without a key: a new stage. */
export interface StageForm {
  key?: string | null;
  label: string;
}

export interface StageNow {
  key: string;
  label: string;
  index: number;
}

export interface Thread {
  id: string;
  anchor: Anchor | null;
  resolved: Resolved | null;
  created_at: Time;
  posts: Post[];
}

export interface Token {
  id: string;
  name: string;
  created_at: Time;
  expires_at: Time | null;
  last_used_at: Time | null;
}

export interface TokenForm {
  name: string;
  expires_in_days?: number | null;
}

export interface Version {
  id: string;
  name: string | null;
  kind: 'auto' | 'named' | 'restored' | 'imported';
  at: Time;
  by: PersonName | null;
  words: number;
}

export interface VersionDetail {
  id: string;
  name: string | null;
  kind: 'auto' | 'named' | 'restored' | 'imported';
  at: Time;
  by: PersonName | null;
  words: number;
  markdown: string;
  html: string;
}

/** Why the server closed a socket; 44xx stop and explain, 1xxx are tried again. */
export const CloseCode = {
  TOO_BIG: 1009,
  BROKEN_ROOM: 1011,
  RESTARTING: 1012,
  TRY_LATER: 1013,
  PROTOCOL: 4400,
  NOT_SIGNED_IN: 4401,
  NOT_ALLOWED: 4403,
  NO_SUCH_ROOM: 4404,
  OUTDATED: 4409,
} as const;
