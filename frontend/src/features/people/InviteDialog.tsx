/** Inviting people to a challenge: make a link, copy it, see and withdraw the ones there are. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import type { Invitation, NewInvitation, Page, Role } from '../../api/types';
import {
  Button,
  Checkbox,
  ConfirmDialog,
  CopyField,
  Dialog,
  Form,
  FormError,
  FormRow,
  onDate,
  Row,
  Rows,
  Select,
  Tag,
  TextField,
} from '../../ui';
import styles from './InviteDialog.module.css';
import { ROLE_MAY, ROLE_NAME, rolesUpTo } from './roles';

const HOURS = [
  { value: '24', label: 'One day' },
  { value: '168', label: 'One week' },
  { value: '720', label: '30 days' },
] as const;
const USES = [
  { value: '1', label: 'One person' },
  { value: '10', label: 'Up to 10 people' },
  { value: '50', label: 'Up to 50 people' },
  { value: '200', label: 'Up to 200 people' },
] as const;

interface InviteDialogProps {
  challenge: { id: string; title: string; your_role: Role };
  isOpen: boolean;
  onClose: () => void;
}

export default function InviteDialog({ challenge, isOpen, onClose }: InviteDialogProps) {
  const client = useQueryClient();
  const path = `/api/challenges/${challenge.id}/invitations`;
  const key = ['challenge', challenge.id, 'invitations'];
  const [role, setRole] = useState<Role>('participant');
  const [label, setLabel] = useState('');
  const [hours, setHours] = useState<(typeof HOURS)[number]['value']>('168');
  const [uses, setUses] = useState<(typeof USES)[number]['value']>('50');
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null);
  const [signOut, setSignOut] = useState(false);

  const invitations = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Page<Invitation>>(path, signal),
    enabled: isOpen,
  });
  const refresh = () => client.invalidateQueries({ queryKey: key });
  const make = useMutation({
    mutationFn: () =>
      api.post<NewInvitation>(path, {
        role,
        label: label.trim() || undefined,
        expires_in_hours: Number(hours),
        max_uses: Number(uses),
      }),
    onSuccess: refresh,
  });
  function close() {
    make.reset();
    setLabel('');
    onClose();
  }
  const roles = rolesUpTo(challenge.your_role).filter((each) => each !== 'staff');

  return (
    <>
      <Dialog title={`Invite people to ${challenge.title}`} isOpen={isOpen} onClose={close} wide>
        {make.data ? (
          <div className={styles.made}>
            <p>
              Whoever opens this link joins as <strong>{ROLE_NAME[make.data.role].toLowerCase()}</strong>, with a name
              and no account.
            </p>
            <CopyField
              label="Invitation link"
              value={make.data.url}
              hint={`Until ${onDate(make.data.expires_at)}, for ${people(make.data.max_uses)}. It is shown this once; you can always make another.`}
            />
            <FormRow>
              <Button onPress={() => make.reset()}>Make another</Button>
            </FormRow>
          </div>
        ) : (
          <Form
            onSubmit={() => {
              if (!make.isPending) make.mutate();
            }}
          >
            <FormError error={make.error} />
            <div className={styles.grid}>
              <Select
                label="They join as"
                value={role}
                onChange={setRole}
                hint={`They ${ROLE_MAY[role].replace(' You cannot', ' They cannot')}`}
                options={roles.map((each) => ({ value: each, label: ROLE_NAME[each] }))}
              />
              <TextField
                label="For whom"
                optional
                hint="Only to recognise the link later."
                maxLength={80}
                value={label}
                onChange={setLabel}
              />
              <Select label="Works for" value={hours} onChange={setHours} options={HOURS} />
              <Select label="How many may use it" value={uses} onChange={setUses} options={USES} />
            </div>
            <FormRow>
              <Button type="submit" variant="primary" busy={make.isPending}>
                Make a link
              </Button>
            </FormRow>
          </Form>
        )}
        {invitations.data?.items.length ? (
          <section className={styles.list} aria-labelledby="invitations-made">
            <h3 id="invitations-made">Links made so far</h3>
            <Rows>
              {invitations.data.items.map((each) => (
                <Row
                  key={each.id}
                  title={each.label || ROLE_NAME[each.role]}
                  tags={<State invitation={each} />}
                  meta={
                    <>
                      {each.label ? `${ROLE_NAME[each.role]} · ` : ''}used {each.uses} of {each.max_uses} ·{' '}
                      {ended(each) ? 'ended' : `until ${onDate(each.expires_at)}`}
                    </>
                  }
                  actions={
                    each.revoked_at ? null : (
                      <Button
                        size="small"
                        aria-label={`Withdraw ${each.label || ROLE_NAME[each.role]}`}
                        onPress={() => {
                          setSignOut(false);
                          setWithdrawing(each);
                        }}
                      >
                        Withdraw
                      </Button>
                    )
                  }
                />
              ))}
            </Rows>
          </section>
        ) : null}
        <FormError error={invitations.error} />
      </Dialog>
      <ConfirmDialog
        title="Withdraw this link?"
        confirm="Withdraw"
        isOpen={withdrawing !== null}
        onClose={() => setWithdrawing(null)}
        onConfirm={() => api.post(`${path}/${withdrawing?.id ?? ''}/revoke`, { end_sessions: signOut }).then(refresh)}
      >
        <p>Nobody can join with it any more. People who already joined stay.</p>
        {withdrawing && withdrawing.uses > 0 ? (
          <Checkbox checked={signOut} onChange={setSignOut} hint="For a link that got into the wrong hands.">
            Also sign out those who came by it
          </Checkbox>
        ) : null}
      </ConfirmDialog>
    </>
  );
}

function State({ invitation }: { invitation: Invitation }) {
  if (invitation.revoked_at) return <Tag>Withdrawn</Tag>;
  if (invitation.uses >= invitation.max_uses) return <Tag>Used up</Tag>;
  if (ended(invitation)) return <Tag>Expired</Tag>;
  return <Tag tone="good">Open</Tag>;
}

function ended(invitation: Invitation): boolean {
  return invitation.revoked_at !== null || new Date(invitation.expires_at) <= new Date();
}

function people(count: number): string {
  return count === 1 ? 'one person' : `up to ${count} people`;
}
