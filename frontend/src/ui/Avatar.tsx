/**
 * A person as two letters on their colour. A picture only, so the letters are drawn by the stylesheet: the name
 * always stands in text somewhere near, and a button with a face is called by its label.
 */
import styles from './Avatar.module.css';
import { names } from './names';

export interface Face {
  name: string;
  /** `p1` to `p6`, the same on every screen and in every caret. */
  colour: string;
}

export function Avatar({ name, colour, size }: Face & { size?: 'small' }) {
  return (
    <span className={names(styles.avatar, colour, size && styles.small)} data-letters={initials(name)} aria-hidden="true" />
  );
}

export interface AvatarStackProps {
  people: readonly (Face & { id: string })[];
  max?: number;
  /** What the faces mean, e.g. "Here now"; the names are read after it. */
  label?: string;
  /** When more people are meant than are listed. */
  total?: number;
}

export function AvatarStack({ people, max = 5, label, total = people.length }: AvatarStackProps) {
  const shown = people.slice(0, total > max ? max - 1 : max);
  const rest = total - shown.length;
  return (
    <>
      {label ? <span className="vh">{`${label}: ${spoken(shown.map((person) => person.name), rest)}`}</span> : null}
      <span className={styles.stack} aria-hidden="true">
        {shown.map((person) => (
          <Avatar key={person.id} name={person.name} colour={person.colour} />
        ))}
        {rest > 0 ? <span className={names(styles.avatar, 'p1', 'num')} data-letters={`+${rest}`} /> : null}
      </span>
    </>
  );
}

/** First letters of the first and last words; a single word gives its first two letters. */
export function initials(name: string): string {
  // What stands in brackets is about the person, not part of the name.
  const words = name.replace(/\(.*?\)/g, ' ').split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return '?';
  const letters = words.length === 1 ? [...first].slice(0, 2) : [[...first][0], [...last][0]];
  return letters.join('').toLocaleUpperCase();
}

/** "Amara, Tom and 4 others", as a person would say it. */
export function spoken(people: readonly string[], others = 0): string {
  const parts = [...people];
  if (others > 0) parts.push(`${others} ${others === 1 ? 'other' : 'others'}`);
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
