// One line of the outline: what is written, what belongs to it, and, when it is the chosen one, what can be done with it.
import { CornerDownRight, Ellipsis, Lock, MessageSquare, Pencil, ThumbsUp } from 'lucide-react';
import { memo } from 'react';
import { plain } from '../canvas/markdown';
import type { BoardObject, ObjectId } from '../model/types';
import { type Entry, type Linked, supportOf } from './entries';
import { ItemField } from './ItemField';
import styles from './outline.module.css';

/** Plain values only, so that a line is drawn again only when it would look different. */
export interface ItemProps {
  readonly entry: Entry;
  readonly me: string;
  /** What its colour means here; empty: nothing. */
  readonly meaning: string;
  /** Empty: not named. */
  readonly author: string;
  readonly comments: number;
  /** Empty: not locked. */
  readonly locked: string;
  /** "Priya is writing here". */
  readonly doing: string;
  /** The one tab stop. */
  readonly stop: boolean;
  readonly chosen: boolean;
  readonly selected: boolean;
  readonly editing: boolean;
  readonly mayEdit: boolean;
  readonly mayReact: boolean;
  /** The connector that begins here and is the chosen one. */
  readonly link: ObjectId | null;
  readonly linkEditing: boolean;
  readonly linkMayEdit: boolean;
  /** Of an area or a cluster: its line is a heading. */
  readonly level?: 3 | 4;
  /** Id of the words that name the section. */
  readonly title?: string;
}

export const Item = memo(function Item(props: ItemProps) {
  const { entry, chosen, editing, level } = props;
  const { object, links } = entry;
  if (editing) return <ItemField id={object.id} />;
  const Heading = level === 3 ? 'h3' : 'h4';
  return (
    <>
      {level ? (
        <Heading className={styles.heading}>
          <Line {...props} />
        </Heading>
      ) : (
        <Line {...props} />
      )}
      {links.length > 0 ? (
        <ul className={styles.links} aria-label={`Connectors of ${short(object)}`}>
          {links.map((link) => (
            <li key={`${link.connector} ${link.away}`} data-row={link.away || undefined}>
              <Connected of={link} near={chosen} chosen={props.link === link.connector} editing={props.linkEditing && props.link === link.connector} mayEdit={props.linkMayEdit} />
            </li>
          ))}
        </ul>
      ) : null}
      {chosen ? <Tools {...props} /> : null}
    </>
  );
}, looksTheSame);

/** Entries are made anew whenever anything on the board changes; the objects in them are not. */
function looksTheSame(a: ItemProps, b: ItemProps): boolean {
  const { entry: before, ...then } = a;
  const { entry: after, ...now } = b;
  if (before.object !== after.object || before.links.length !== after.links.length) return false;
  const changed = before.links.some((link, at) => {
    const other = after.links[at];
    return !other || link.connector !== other.connector || link.words !== other.words || link.name !== other.name || link.label !== other.label;
  });
  return !changed && (Object.keys(now) as (keyof typeof now)[]).every((key) => then[key] === now[key]);
}

interface ConnectedProps {
  readonly of: Linked;
  readonly near: boolean;
  readonly chosen: boolean;
  readonly editing: boolean;
  readonly mayEdit: boolean;
}

/** A connector, read from this end. Where it begins it is a line of its own; where it ends it leads back. */
function Connected({ of: { connector, other, away, words, name, label }, near, chosen, editing, mayEdit }: ConnectedProps) {
  const said = (
    <>
      {words} <b>{name}</b>
      {label ? ` (${label})` : ''}
    </>
  );
  if (!away)
    return (
      <button type="button" data-go={other} tabIndex={near ? 0 : -1}>
        {said}
      </button>
    );
  if (editing) return <ItemField id={connector} />;
  return (
    <>
      <button type="button" data-item={connector} tabIndex={chosen ? 0 : -1} aria-current={chosen ? 'true' : undefined}>
        {said}
      </button>
      {chosen ? (
        <fieldset className={styles.tools} aria-label={`Actions for the connector to ${name}`}>
          <button type="button" data-go={other}>
            <CornerDownRight aria-hidden /> Go there
          </button>
          {mayEdit ? (
            <button type="button" data-act="edit">
              <Pencil aria-hidden /> {label ? 'Edit its words' : 'Add words'}
            </button>
          ) : null}
          <button type="button" data-act="menu" aria-haspopup="menu" title="More actions">
            <Ellipsis aria-hidden /> <span className="vh">More actions</span>
          </button>
        </fieldset>
      ) : null}
    </>
  );
}

function Line(props: ItemProps) {
  const { entry: { object }, comments, locked, doing, stop, chosen, selected, title } = props;
  const support = supportOf(object);
  return (
    <button
      type="button"
      className={styles.item}
      data-item={object.id}
      data-kind={object.kind}
      data-selected={selected || undefined}
      tabIndex={stop ? 0 : -1}
      aria-current={chosen ? 'true' : undefined}
    >
      <span className={styles.swatch} data-colour={object.kind === 'note' ? object.colour : undefined} aria-hidden="true" />
      <span className={styles.words}>
        <span className={styles.text} id={title}>
          {textOf(object)}
        </span>
        {object.tags.length > 0 || props.meaning ? (
          <span className={styles.meta}>
            <span className="vh">, </span>
            {[props.meaning, ...object.tags].filter(Boolean).join(' · ')}
          </span>
        ) : null}
        {doing ? (
          <span className={styles.doing}>
            <span className="vh">, </span>
            {doing}
          </span>
        ) : null}
        <span className="vh">{unseen(props)}</span>
      </span>
      {comments > 0 ? (
        <span className={styles.sign}>
          <MessageSquare aria-hidden />
          <span className="num">{comments}</span>
          <span className="vh">{comments === 1 ? ' comment' : ' comments'}</span>
        </span>
      ) : null}
      {locked ? <Lock className={styles.lock} aria-hidden /> : null}
      {support > 0 ? (
        <span className={styles.number} aria-hidden="true">
          {support}
        </span>
      ) : null}
    </button>
  );
}

function Tools({ entry: { object }, me, mayEdit, mayReact }: ItemProps) {
  const mine = object.reactions.get('👍')?.includes(me) ?? false;
  const name = short(object);
  return (
    <fieldset className={styles.tools} aria-label={`Actions for ${name}`}>
      {mayEdit ? (
        <button type="button" data-act="edit">
          <Pencil aria-hidden /> Edit
        </button>
      ) : null}
      {mayReact && object.kind !== 'area' && object.kind !== 'heading' ? (
        <button type="button" data-act="support" aria-pressed={mine}>
          <ThumbsUp aria-hidden /> {mine ? 'Supported' : 'Support'}
        </button>
      ) : null}
      <button type="button" data-act="comment">
        <MessageSquare aria-hidden /> Comment
      </button>
      <button type="button" data-act="menu" aria-haspopup="menu" title="More actions">
        <Ellipsis aria-hidden /> <span className="vh">More actions</span>
      </button>
    </fieldset>
  );
}

/** Heard after what is seen. */
function unseen({ entry: { object }, me, author, locked }: ItemProps): string {
  const words: string[] = [];
  if (object.kind !== 'note' && object.kind !== 'area' && object.kind !== 'cluster') words.push(KIND[object.kind]);
  if (author) words.push(`by ${author}`);
  for (const [emoji, persons] of object.reactions) {
    if (persons.length === 0) continue;
    const mine = persons.includes(me) ? (persons.length === 1 ? ', yours' : ', one is yours') : '';
    words.push(`${persons.length} ${emoji === '👍' ? 'support' : emoji}${mine}`);
  }
  if (locked) words.push(locked);
  return words.length > 0 ? `, ${words.join(', ')}` : '';
}

const KIND: Record<BoardObject['kind'], string> = {
  note: 'note', heading: 'heading', area: 'area', cluster: 'cluster', connector: 'connector', image: 'image', source: 'link', evidence: 'evidence card',
};

export function textOf(object: BoardObject): string {
  switch (object.kind) {
    case 'image':
      return object.alt || plain(object.text) || 'Image without a description';
    case 'source':
      return object.source?.title || object.source?.url || plain(object.text) || 'Link';
    case 'evidence':
      return plain(object.text) || 'Evidence card';
    case 'area':
      return plain(object.text) || 'Area without a name';
    case 'connector':
      return plain(object.text) || 'Connector with a free end';
    case 'cluster':
      return plain(object.text) || 'Cluster without a name';
    default:
      return plain(object.text) || (object.kind === 'heading' ? 'Empty heading' : 'Empty note');
  }
}

function short(object: BoardObject): string {
  const text = textOf(object);
  return text.length > 60 ? `${text.slice(0, 59).trimEnd()}…` : text;
}
