/** Where this person is signed in, and ending any of it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { LoginSession, Page } from '../../api/types';
import { Button, FormError, Loading, Row, Rows, Section, Tag, useToast, When } from '../../ui';

export function Sessions() {
  const client = useQueryClient();
  const toast = useToast();
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => api.get<Page<LoginSession>>('/api/me/sessions', signal),
  });
  const end = useMutation({
    mutationFn: (session: LoginSession) => api.delete(`/api/me/sessions/${session.id}`),
    onSuccess: async (_, session) => {
      toast(`Signed out of ${session.device}.`);
      await client.invalidateQueries({ queryKey: ['sessions'] });
    },
    onError: (error) => toast(error.message, { tone: 'error' }),
  });
  return (
    <Section title="Where you are signed in">
      {sessions.isPending ? <Loading what="your sign-ins" lines={2} /> : null}
      <FormError error={sessions.error} />
      <Rows>
        {sessions.data?.items.map((session) => (
          <Row
            key={session.id}
            title={session.device}
            tags={session.current ? <Tag tone="good">This one</Tag> : null}
            meta={
              <>
                Since <When at={session.created_at} /> · last used <When at={session.last_seen_at} />
              </>
            }
            actions={
              session.current ? null : (
                <Button
                  size="small"
                  busy={end.isPending && end.variables === session}
                  onPress={() => end.mutate(session)}
                >
                  Sign out there<span className="vh">, on {session.device}</span>
                </Button>
              )
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
