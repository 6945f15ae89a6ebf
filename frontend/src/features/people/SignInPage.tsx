/** Sign-in: e-mail and password, or a link. With a link's word in the address, one button. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { MailCheck } from 'lucide-react';
import { useState } from 'react';
import { Redirect } from 'wouter';
import { api } from '../../api/client';
import { rememberSharedDevice } from '../../api/device';
import { become } from '../../api/me';
import type { Me } from '../../api/types';
import { Button, ButtonLink, Form, FormError, TextField } from '../../ui';
import { Door, door, SharedDevice } from './Door';
import { useHash } from './useHash';
import { isEmail } from './words';

export default function SignInPage({ me, next }: { me: Me; next: string }) {
  const token = useHash();
  const client = useQueryClient();
  const [refused, setRefused] = useState(false);
  const [entered, setEntered] = useState(false);

  function enter(me: Me, shared: boolean) {
    rememberSharedDevice(shared);
    setEntered(true);
    become(client, me);
  }

  // Not before the page knows who is signed in: the next page would send people straight back here.
  if (me.person && entered) return <Redirect to={next} replace />;
  if (token && !refused) return <Redeem me={me} token={token} onEnter={enter} onRefused={() => setRefused(true)} />;
  if (me.person) {
    return (
      <Door title={`You are signed in as ${me.person.name}`}>
        <div className={door.buttons}>
          <ButtonLink variant="primary" href={next}>
            Go on
          </ButtonLink>
        </div>
      </Door>
    );
  }
  return <SignInForm me={me} next={next} onEnter={enter} />;
}

type Enter = (me: Me, shared: boolean) => void;

function SignInForm({ me, next, onEnter }: { me: Me; next: string; onEnter: Enter }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [shared, setShared] = useState(false);
  const [problems, setProblems] = useState<{ email?: string; password?: string }>({});

  const signIn = useMutation({
    mutationFn: () => api.post<Me>('/api/sign-in', { email: email.trim(), password, shared_device: shared }),
    onSuccess: (me) => onEnter(me, shared),
  });
  const mail = useMutation({ mutationFn: () => api.post('/api/sign-in/link', { email: email.trim() }) });

  function check(withPassword: boolean): boolean {
    const found = {
      email: isEmail(email) ? undefined : 'Write the whole e-mail address, such as name@example.org.',
      password: withPassword && !password ? 'Write your password.' : undefined,
    };
    setProblems(found);
    return !found.email && !found.password;
  }

  if (mail.isSuccess) {
    return (
      <Door title="Look in your e-mail">
        <div className={door.paper} role="status">
          <p className={door.role}>
            <MailCheck aria-hidden />
            <span>
              If <strong>{email.trim()}</strong> belongs to someone in this lab, a sign-in link is on its way. It works
              once, for ten minutes.
            </span>
          </p>
          <p className={door.note}>Nothing after a few minutes? Look in the spam folder, or ask staff of the lab for a link.</p>
        </div>
        <div className={door.buttons}>
          <Button onPress={() => mail.reset()}>Back to sign-in</Button>
        </div>
      </Door>
    );
  }

  return (
    <Door
      title="Sign in"
      lead={next === '/' ? `To ${me.lab.name}.` : `To ${me.lab.name}. You will come back to the page you asked for.`}
    >
      <Form
        className={door.paper}
        onSubmit={() => {
          if (check(true)) signIn.mutate();
        }}
      >
        <FormError error={signIn.error ?? mail.error} />
        <TextField
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={email}
          onChange={setEmail}
          problem={problems.email}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
          problem={problems.password}
        />
        <SharedDevice checked={shared} onChange={setShared} />
        <div className={door.buttons}>
          <Button type="submit" variant="primary" busy={signIn.isPending}>
            Sign in
          </Button>
        </div>
        {me.mail ? (
          <>
            <p className={door.or}>or, without a password</p>
            <div className={door.buttons}>
              <Button busy={mail.isPending} onPress={() => check(false) && mail.mutate()}>
                E-mail me a sign-in link
              </Button>
            </div>
          </>
        ) : (
          <p className={door.note}>
            No password yet, or forgotten it? Ask staff of the lab for a sign-in link: they can make one for you.
          </p>
        )}
      </Form>
      <p className={door.note}>Invited to a challenge? Open the invitation you were sent; you do not need an account.</p>
    </Door>
  );
}

interface RedeemProps {
  me: Me;
  token: string;
  onEnter: Enter;
  onRefused: () => void;
}

/** A button and not a redirect: mail scanners open links, but they do not press buttons. */
function Redeem({ me, token, onEnter, onRefused }: RedeemProps) {
  const [shared, setShared] = useState(false);
  const redeem = useMutation({
    mutationFn: () => api.post<Me>('/api/sign-in/redeem', { token, shared_device: shared }),
    onSuccess: (me) => onEnter(me, shared),
  });
  return (
    <Door title={`Sign in to ${me.lab.name}`} lead="Your sign-in link is ready. It works once.">
      <div className={door.paper}>
        <FormError error={redeem.error} />
        {redeem.isError ? (
          <div className={door.buttons}>
            <Button variant="primary" onPress={() => redeem.mutate()} busy={redeem.isPending}>
              Try again
            </Button>
            <Button onPress={onRefused}>Sign in another way</Button>
          </div>
        ) : (
          <>
            <SharedDevice checked={shared} onChange={setShared} />
            <div className={door.buttons}>
              <Button variant="primary" busy={redeem.isPending} onPress={() => redeem.mutate()}>
                Sign in
              </Button>
            </div>
          </>
        )}
      </div>
    </Door>
  );
}
