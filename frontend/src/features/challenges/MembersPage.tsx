/** The people of one challenge: by role, who is here now; for those who lead it, change and remove. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserMinus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/client';
import type { Challenge, Me, Member, Role } from '../../api/types';
import {
  Avatar,
  ConfirmDialog,
  EmptyState,
  FormError,
  IconButton,
  Loading,
  Panel,
  Row,
  Rows,
  Section,
  Select,
  Tag,
  useToast,
  When,
} from '../../ui';
import { challengeKey, manages, membersQuery } from './queries';
import { count } from './words';

const GROUPS: readonly { role: Role; title: string; one: string }[] = [
  { role: 'staff', title: 'Staff', one: 'Staff' },
  { role: 'facilitator', title: 'Facilitators', one: 'Facilitator' },
  { role: 'participant', title: 'Participants', one: 'Participant' },
  { role: 'observer', title: 'Observers', one: 'Observer' },
];

interface MembersPageProps {
  challenge: Challenge;
  me: Me;
  /** Ids of those whose presence the open room reports. */
  here?: ReadonlySet<string>;
  /** The button that opens the invitations. */
  invite?: ReactNode;
}

export function MembersPage({ challenge, me, here, invite }: MembersPageProps) {
  const client = useQueryClient();
  const toast = useToast();
  const members = useQuery(membersQuery(challenge.id));
  const [removing, setRemoving] = useState<Member | null>(null);
  const path = `/api/challenges/${challenge.id}/members`;
  const refresh = () => client.invalidateQueries({ queryKey: challengeKey(challenge.id) });
  const change = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: Role }) => api.put(`${path}/${member.person.id}`, { role }),
    onSuccess: async (_, { member, role }) => {
      await refresh();
      toast(`${member.person.name} is now ${GROUPS.find((group) => group.role === role)?.one.toLowerCase()}.`);
    },
    onError: (error) => toast(error.message, { tone: 'error' }),
  });
  const mayManage = manages(challenge) && !challenge.archived;
  const isHere = (member: Member) => member.here || (here?.has(member.person.id) ?? false);
  const present = members.data?.filter(isHere).length ?? 0;

  return (
    <Panel
      title="People"
      lead={
        members.data
          ? `${count(members.data.length, 'person', 'people')} in this challenge, ${present === 0 ? 'nobody' : present} here now.${
              challenge.open_to_lab ? ' Everyone with a role in the lab can see it too.' : ''
            }`
          : undefined
      }
    >
      {invite}
      {members.isPending ? <Loading what="people" /> : null}
      <FormError error={members.error} />
      {members.data?.length === 0 ? (
        <EmptyState title="Nobody has joined yet" level={2}>
          {mayManage ? 'Make an invitation and send the link to the people you want to think with.' : null}
        </EmptyState>
      ) : null}
      {GROUPS.map((group) => {
        const inGroup = members.data?.filter((member) => member.role === group.role) ?? [];
        if (inGroup.length === 0) return null;
        return (
          <Section key={group.role} title={`${group.title} (${inGroup.length})`}>
            <Rows label={group.title}>
              {inGroup.map((member) => {
                const { person } = member;
                const self = person.id === me.person?.id;
                const editable = mayManage && !self && (member.role !== 'staff' || challenge.your_role === 'staff');
                return (
                  <Row
                    key={person.id}
                    face={<Avatar name={person.name} colour={person.colour} />}
                    title={person.name}
                    tags={
                      <>
                        {self ? <Tag>You</Tag> : null}
                        {person.guest ? <Tag>Guest</Tag> : null}
                        {isHere(member) ? <Tag tone="good">Here now</Tag> : null}
                      </>
                    }
                    meta={
                      <>
                        Joined <When at={member.joined_at} />
                      </>
                    }
                    actions={
                      editable ? (
                        <>
                          <Select
                            label={`Role of ${person.name}`}
                            hideLabel
                            value={change.isPending && change.variables.member === member ? change.variables.role : member.role}
                            onChange={(role) => change.mutate({ member, role })}
                            options={GROUPS.filter(
                              ({ role }) => role !== 'staff' || member.role === 'staff',
                            ).map(({ role, one }) => ({ value: role, label: one }))}
                          />
                          <IconButton
                            label={`Remove ${person.name}`}
                            icon={<UserMinus aria-hidden />}
                            onPress={() => setRemoving(member)}
                          />
                        </>
                      ) : null
                    }
                  />
                );
              })}
            </Rows>
          </Section>
        );
      })}
      <ConfirmDialog
        title={`Remove ${removing?.person.name ?? ''}?`}
        confirm="Remove"
        isOpen={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={() => api.delete(`${path}/${removing?.person.id ?? ''}`).then(refresh)}
      >
        <p>They lose access within a second, also where it is open now. What they wrote stays.</p>
      </ConfirmDialog>
    </Panel>
  );
}
