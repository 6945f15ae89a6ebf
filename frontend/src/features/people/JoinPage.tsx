/** An invitation opened: what it is to, as what, and one button. Guests give a name and are in. */
import { useMutation, useQuery, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { Redirect } from 'wouter';
import { ApiError, api } from '../../api/client';
import { rememberSharedDevice } from '../../api/device';
import { become } from '../../api/me';
import type { InvitationLook, Me } from '../../api/types';
import { Button, ButtonLink, Form, FormError, Loading, TextField } from '../../ui';
import { Door, door, SharedDevice } from './Door';
import { ROLE_MAY, ROLE_NAME } from './roles';
import { useHash } from './useHash';

export default function JoinPage({ me }: { me: Me }) {
  const secret = useHash();
  const client = useQueryClient();
  const accept = useMutation({
    mutationFn: ({ shared, ...form }: Acceptance) =>
      api.post<Me>('/api/invitations/accept', form.name ? { ...form, shared_device: shared } : form),
    onSuccess: (joined, { name, shared }) => {
      if (name) rememberSharedDevice(shared);
      become(client, joined);
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
    },
  });
  const look = useQuery({
    queryKey: ['invitation', secret],
    queryFn: () => api.post<InvitationLook>('/api/invitations/look', { secret }),
    enabled: secret !== '',
    staleTime: Infinity,
    gcTime: 0,
  });
  // Not before the page knows who has joined: the challenge would ask them to sign in.
  if (accept.data && me.person?.id === accept.data.person?.id) {
    return <Redirect to={`/challenges/${accept.data.challenge}`} replace />;
  }
  // Used up, revoked or expired between opening the page and pressing the button.
  if (accept.error instanceof ApiError && accept.error.code in DEAD) return <NoInvitation code={accept.error.code} />;
  if (!secret) return <NoInvitation code="invitation_unknown" />;
  if (look.isPending) {
    return (
      <div className={door.door}>
        <Loading what="the invitation" />
      </div>
    );
  }
  if (look.isError) {
    if (look.error instanceof ApiError && look.error.code in DEAD) return <NoInvitation code={look.error.code} />;
    return (
      <Door title="The invitation could not be opened">
        <FormError error={look.error} />
        <Button variant="primary" onPress={() => void look.refetch()}>
          Try again
        </Button>
      </Door>
    );
  }
  return <Invitation me={me} secret={secret} look={look.data} accept={accept} />;
}

interface Acceptance {
  secret: string;
  /** Of a guest; somebody signed in joins as themselves. */
  name?: string;
  shared: boolean;
}

interface InvitationProps {
  me: Me;
  secret: string;
  look: InvitationLook;
  accept: UseMutationResult<Me, Error, Acceptance>;
}

function Invitation({ me, secret, look, accept }: InvitationProps) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { person } = me;

  return (
    <Door title={look.challenge.title} lead={`You are invited to a challenge in ${look.lab}.`}>
      <Form
        className={door.paper}
        onSubmit={() => {
          if (accept.isPending) return;
          const missing = !person && !name.trim();
          setProblem(missing ? 'Write the name the others should see.' : null);
          if (!missing) accept.mutate(person ? { secret, shared } : { secret, name: name.trim(), shared });
        }}
      >
        {look.challenge.question ? <p className={door.question}>{look.challenge.question}</p> : null}
        <p className={door.role}>
          <UserRoundCheck aria-hidden />
          <span>
            You join as <strong>{ROLE_NAME[look.role].toLowerCase()}</strong>: you {ROLE_MAY[look.role]}
          </span>
        </p>
        <div className={door.form}>
          <FormError error={accept.error} />
          {person ? null : (
            <>
              <TextField
                label="Your name"
                hint="The others see it beside what you write. No account is needed."
                name="name"
                autoComplete="name"
                maxLength={80}
                required
                value={name}
                onChange={setName}
                problem={problem}
              />
              <SharedDevice checked={shared} onChange={setShared} />
            </>
          )}
          <div className={door.buttons}>
            <Button type="submit" variant="primary" busy={accept.isPending}>
              {person ? `Join as ${person.name}` : 'Join'}
            </Button>
            {person ? null : (
              <ButtonLink variant="quiet" href={`/sign-in?next=${encodeURIComponent(`/join#${secret}`)}`}>
                I have an account: sign in first
              </ButtonLink>
            )}
          </div>
        </div>
      </Form>
      <p className={door.note}>
        Please leave out anything by which a patient could be recognised. {person ? 'Not you? Sign out first, in the menu at the top.' : null}
      </p>
    </Door>
  );
}

const DEAD: Record<string, { title: string; text: string }> = {
  invitation_unknown: {
    title: 'This invitation is not known here',
    text: 'Part of the address may be missing: open the link again from the message you got, or copy all of it. If it still does not work, ask the person who sent it for a new one.',
  },
  invitation_expired: {
    title: 'This invitation has expired',
    text: 'Invitations last a set time. Ask the person who sent it for a new one.',
  },
  invitation_used_up: {
    title: 'This invitation has been used up',
    text: 'As many people have joined with it as it was made for. Ask the person who sent it for a new one.',
  },
  invitation_revoked: {
    title: 'This invitation was withdrawn',
    text: 'The person who sent it, or staff of the lab, switched it off. Ask them if you should still join.',
  },
};

function NoInvitation({ code }: { code: string }) {
  const said = DEAD[code];
  return (
    <Door title={said?.title ?? 'This invitation does not work'}>
      <div className={door.paper}>
        <p>{said?.text}</p>
        <p className={door.note}>If you have joined before, you can go straight to the lab.</p>
        <div className={door.buttons}>
          <ButtonLink href="/">Go to the lab home</ButtonLink>
        </div>
      </div>
    </Door>
  );
}
