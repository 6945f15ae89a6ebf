/** The faces of those who are here; pressed, their names. */
import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Popover } from 'react-aria-components/Popover';
import type { ReactNode } from 'react';
import type { Presence } from '../realtime';
import { Avatar, AvatarStack, spoken, Tag } from '../ui';
import styles from './Workspace.module.css';

interface HereNowProps {
  people: readonly Presence[];
  /** Beside each name. */
  action?: (person: Presence) => ReactNode;
}

export function HereNow({ people, action }: HereNowProps) {
  const others = people.filter((person) => !person.self);
  if (others.length === 0) return null;
  const shown = others.slice(0, others.length > 4 ? 3 : 4);
  return (
    <DialogTrigger>
      <AriaButton
        className={styles.faces}
        aria-label={`Here now: ${spoken(shown.map((person) => person.name), others.length - shown.length)}`}
      >
        <AvatarStack people={others} max={4} />
      </AriaButton>
      <Popover placement="bottom end" offset={6} className={styles.popover}>
        <Dialog>
          <Heading slot="title" level={2}>
            Here now
          </Heading>
          <ul>
            {people.map((person) => (
              <li key={person.id}>
                <Avatar name={person.name} colour={person.colour} />
                <span>{person.name}</span>
                {person.self ? <Tag>You</Tag> : action?.(person)}
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
