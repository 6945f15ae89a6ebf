/** People of the lab, for staff: find, add, change role, suspend, hand over a sign-in link. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Plus, Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { api } from '../../api/client';
import type { Me, Page, PersonRow, Role, SignInLink } from '../../api/types';
import {
  Button,
  ConfirmDialog,
  CopyField,
  Dialog,
  EmptyState,
  FormError,
  IconButton,
  Loading,
  Menu,
  MenuItem,
  onDate,
  Panel,
  panel,
  Row,
  Rows,
  Select,
  Tag,
  TextField,
  useToast,
  When,
} from '../../ui';
import { AddPerson } from './AddPerson';
import styles from './PeoplePage.module.css';
import { ROLE_NAME, ROLES } from './roles';

const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_NAME[role] }));

export default function PeoplePage({ me }: { me: Me }) {
  const client = useQueryClient();
  const toast = useToast();
  const [q, setQ] = useState('');
  const [adding, setAdding] = useState(false);
  const [suspending, setSuspending] = useState<PersonRow | null>(null);
  const [link, setLink] = useState<{ person: PersonRow; link: SignInLink } | null>(null);
  const asked = useDeferredValue(q.trim());
  const people = useInfiniteQuery({
    queryKey: ['people', asked],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      if (asked) query.set('q', asked);
      if (pageParam) query.set('cursor', pageParam);
      return api.get<Page<PersonRow>>(`/api/people?${query}`, signal);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const refresh = () => client.invalidateQueries({ queryKey: ['people'] });
  const change = useMutation({
    mutationFn: ({ person, ...to }: { person: PersonRow; role?: Role; suspended?: boolean }) =>
      api.patch<PersonRow>(`/api/people/${person.id}`, to),
    onSuccess: async (_, { person, role, suspended }) => {
      await refresh();
      if (role) toast(`${person.name} is now ${ROLE_NAME[role].toLowerCase()}.`);
      if (suspended === false) toast(`${person.name} can sign in again.`);
    },
    onError: (error) => toast(error.message, { tone: 'error' }),
  });
  const makeLink = useMutation({
    mutationFn: (person: PersonRow) => api.post<SignInLink>(`/api/people/${person.id}/sign-in-link`),
    onSuccess: (made, person) => setLink({ person, link: made }),
    onError: (error) => toast(error.message, { tone: 'error' }),
  });
  const found = people.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <Panel title="People of the lab" lead="Accounts and their role in the whole lab. Guests came by an invitation.">
      <div className={styles.bar}>
        <search className={styles.search}>
          <Search aria-hidden />
          <TextField label="Find by name or e-mail" hideLabel placeholder="Find by name or e-mail" type="search" value={q} onChange={setQ} />
        </search>
        <Button variant="primary" icon={<Plus aria-hidden />} onPress={() => setAdding(true)}>
          Add a person
        </Button>
      </div>
      <FormError error={people.error} />
      {people.isPending ? <Loading what="people" /> : null}
      {people.data && found.length === 0 ? (
        <EmptyState title={asked ? `Nobody found for “${asked}”` : 'Nobody yet'}>
          {asked ? 'Try part of the name or of the address.' : 'Add the first person.'}
        </EmptyState>
      ) : null}
      <Rows label="People">
        {found.map((person) => (
          <Row
            key={person.id}
            title={person.name}
            tags={
              <>
                {person.id === me.person?.id ? <Tag>You</Tag> : null}
                {person.guest ? <Tag>Guest</Tag> : null}
                {person.suspended ? <Tag tone="bad">Suspended</Tag> : null}
              </>
            }
            meta={
              <>
                {person.email ? `${person.email} · ` : null}
                {person.last_seen_at ? (
                  <>
                    last here <When at={person.last_seen_at} />
                  </>
                ) : (
                  'not signed in yet'
                )}
              </>
            }
            actions={
              <>
                {person.guest ? null : (
                  <Select
                    label={`Role of ${person.name}`}
                    hideLabel
                    value={(change.isPending && change.variables.person === person && change.variables.role) || (person.role ?? 'participant')}
                    disabled={person.id === me.person?.id}
                    options={ROLE_OPTIONS}
                    onChange={(role) => change.mutate({ person, role })}
                  />
                )}
                {person.id === me.person?.id ? null : (
                  <Menu
                    label={`More for ${person.name}`}
                    trigger={<IconButton label={`More for ${person.name}`} icon={<Ellipsis aria-hidden />} />}
                  >
                    <MenuItem isDisabled={person.suspended || person.guest} onAction={() => makeLink.mutate(person)}>
                      Make a sign-in link
                    </MenuItem>
                    {person.suspended ? (
                      <MenuItem onAction={() => change.mutate({ person, suspended: false })}>Let back in</MenuItem>
                    ) : (
                      <MenuItem tone="danger" onAction={() => setSuspending(person)}>
                        Suspend
                      </MenuItem>
                    )}
                  </Menu>
                )}
              </>
            }
          />
        ))}
      </Rows>
      {people.hasNextPage ? (
        <div className={panel.buttons}>
          <Button busy={people.isFetchingNextPage} onPress={() => void people.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
      <AddPerson isOpen={adding} onClose={() => setAdding(false)} onAdded={refresh} />
      <ConfirmDialog
        title={`Suspend ${suspending?.name ?? ''}?`}
        confirm="Suspend"
        isOpen={suspending !== null}
        onClose={() => setSuspending(null)}
        onConfirm={() =>
          api.patch(`/api/people/${suspending?.id ?? ''}`, { suspended: true }).then(refresh)
        }
      >
        <p>They are signed out everywhere within a second and cannot come back until you let them. What they wrote stays.</p>
      </ConfirmDialog>
      <Dialog
        title={`Sign-in link for ${link?.person.name ?? ''}`}
        isOpen={link !== null}
        onClose={() => setLink(null)}
        footer={
          <Button variant="primary" onPress={() => setLink(null)}>
            Done
          </Button>
        }
      >
        {link ? (
          <>
            <p>
              {link.link.mailed ? 'It was also sent to them by e-mail. ' : null}
              Whoever opens it is signed in as {link.person.name}, so hand it over privately.
            </p>
            <CopyField
              label="Link"
              value={link.link.url}
              hint={`Works once, until ${onDate(link.link.expires_at)}. It is shown this once.`}
            />
          </>
        ) : null}
      </Dialog>
    </Panel>
  );
}
