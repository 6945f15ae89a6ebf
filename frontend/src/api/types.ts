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

export interface AreaRules {
  object: string;
  add: 'everyone' | 'facilitators';
  edit: 'everyone' | 'own' | 'facilitators';
  move: 'everyone' | 'own' | 'facilitators';
  remove: 'everyone' | 'own' | 'facilitators';
}

export interface AskLink {
  email: string;
}

export interface Board {
  id: string;
  challenge: BoardChallenge;
  title: string;
  notes: number;
  authors: 'shown' | 'hover' | 'hidden';
  archived: boolean;
  your_role: Role;
  created_by: PersonRef | null;
  created_at: Time;
  updated_at: Time;
  here: PersonRef[];
}

export interface BoardChallenge {
  id: string;
  title: string;
}

/** A whole board, deleted objects left out. Objects are ordered by `z`, then id: the lowest first. */
export interface BoardContent {
  title: string;
  legend: Partial<Record<'butter' | 'apricot' | 'rose' | 'lilac' | 'sky' | 'mint' | 'chalk', string>>;
  objects: BoardObjectKept[];
}

/** One object. Which fields mean something depends on its kind; the others keep their defaults. - note, heading: `text`. A note's text is plain with light Markdown: **bold**, *italic*, lines that begin with "- ". A heading is text that lies on the ground, without paper. - area: a named region (`text` is its title) with a `prompt`. - cluster: a named group (`text`); it has no place of its own, it goes round its members. - connector: `start`, `end`, `relation`; `text` is its label. - image: `picture`, `alt`; `text` is its caption. - source: `source`; `text` is why it is here. - evidence: `evidence`, the id of an evidence card, shown as that card is now. */
export interface BoardObjectKept {
  id: string;
  kind: 'note' | 'heading' | 'area' | 'cluster' | 'connector' | 'image' | 'source' | 'evidence';
  by?: string | null;
  at?: string | null;
  x: number;
  y: number;
  w: number;
  h: number;
  z: string;
  parent?: string | null;
  colour: 'butter' | 'apricot' | 'rose' | 'lilac' | 'sky' | 'mint' | 'chalk';
  text: string;
  tags: string[];
  start?: End | null;
  end?: End | null;
  relation: 'plain' | 'supports' | 'challenges' | 'leads_to';
  picture?: Picture | null;
  alt: string;
  source?: Source | null;
  evidence?: string | null;
  prompt: string;
  reactions: Record<string, string[]>;
  origin?: Origin | null;
  merged: string[];
}

export interface BoardRules {
  locks: Lock[];
  areas: AreaRules[];
}

export interface BoardTemplate {
  id: string;
  title: string;
  about: string;
  family: string;
  built_in: boolean;
  areas: string[];
  yours: boolean;
}

export interface BoardThread {
  id: string;
  anchor: ObjectAnchor | null;
  resolved: Resolved | null;
  created_at: Time;
  posts: Post[];
}

export interface BoardVersion {
  id: string;
  name: string | null;
  kind: 'auto' | 'named' | 'restored';
  at: Time;
  by: PersonName | null;
  notes: number;
}

export interface BoardVersionDetail {
  id: string;
  name: string | null;
  kind: 'auto' | 'named' | 'restored';
  at: Time;
  by: PersonName | null;
  notes: number;
  board: BoardContent;
}

export interface BoardWhole {
  id: string;
  challenge: BoardChallenge;
  title: string;
  notes: number;
  authors: 'shown' | 'hover' | 'hidden';
  archived: boolean;
  your_role: Role;
  created_by: PersonRef | null;
  created_at: Time;
  updated_at: Time;
  here: PersonRef[];
  rules: BoardRules;
}

export interface BroughtIn {
  board: Board;
  kept: Partial<Record<'note' | 'heading' | 'area' | 'cluster' | 'connector' | 'image' | 'source' | 'evidence', number>>;
  left_out: LeftOutShown[];
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

export interface ChangeBoard {
  title?: string | null;
  authors?: 'shown' | 'hover' | 'hidden' | null;
  archived?: boolean | null;
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

/** One end of a connector: fixed to an object, or, when that is null, to a place. */
export interface End {
  object?: string | null;
  x: number;
  y: number;
}

export interface Epoch {
  epoch: number;
}

/** As it is kept, which may be smaller than what was sent. */
export interface ImageShown {
  id: string;
  width: number;
  height: number;
  bytes: number;
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

/** What did not come along, or not as it was. */
export interface LeftOutShown {
  what: string;
  why: string;
  count: number;
}

export interface Lock {
  object: string;
  level: 'position' | 'content' | 'all';
  who: 'me' | 'facilitators';
  by: PersonRef;
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
  place: MentionPlace;
  thread: string;
  text: string;
  seen: boolean;
}

/** Where a comment stands. */
export interface MentionPlace {
  kind: string;
  id: string;
  title: string;
}

export interface NameBoardVersion {
  name: string;
}

export interface NameVersion {
  name: string;
}

export interface NewBoard {
  title: string;
  template?: string | null;
  authors?: 'shown' | 'hover' | 'hidden';
}

export interface NewBoardThread {
  anchor?: ObjectAnchor | null;
  text: string;
  mentions?: string[];
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

export interface NewTemplate {
  title: string;
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

/** What a comment on a board is fixed to. */
export interface ObjectAnchor {
  object: string;
}

/** Where a copied object came from. */
export interface Origin {
  board: string;
  object: string;
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

/** Of an image: which uploaded file, and the file's own size in pixels. */
export interface Picture {
  file: string;
  width: number;
  height: number;
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

export interface PutArea {
  add?: 'everyone' | 'facilitators';
  edit?: 'everyone' | 'own' | 'facilitators';
  move?: 'everyone' | 'own' | 'facilitators';
  remove?: 'everyone' | 'own' | 'facilitators';
}

export interface PutLock {
  level: 'position' | 'content' | 'all';
  who: 'me' | 'facilitators';
}

export interface PutMember {
  role: 'facilitator' | 'participant' | 'observer';
}

/** Bytes; both sizes of every picture count. */
export interface Quota {
  used: number;
  limit: number;
}

export interface Redeem {
  token: string;
  shared_device?: boolean;
}

export interface Resolved {
  at: Time;
  by: PersonName | null;
}

/** What the browser has brought back, told for the log. */
export interface Restored {
  version: string;
  area?: string | null;
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

/** A link card: a page somewhere else. */
export interface Source {
  url: string;
  title: string;
  site: string;
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

export interface TablePreview {
  columns: string[];
  mapping: Record<string, string | null>;
  rows: string[][];
  total: number;
  delimiter: string;
  encoding: string;
  fingerprint: string;
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
