/** Your account: what others see of you, how you get in, where you are in, who called you. */
import type { Me } from '../../api/types';
import { Panel } from '../../ui';
import { Details } from './Details';
import { Mentions } from './Mentions';
import { Password } from './Password';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';

export default function AccountPage({ me }: { me: Me }) {
  const { person } = me;
  if (!person) return null;
  return (
    <Panel
      title="Your account"
      lead={person.guest ? 'You are here as a guest: your name is all the lab knows of you.' : undefined}
    >
      <Mentions />
      <Details person={person} />
      {person.guest ? null : <Password isSet={me.password_set} />}
      <Sessions />
      {person.guest ? null : <Tokens />}
    </Panel>
  );
}
