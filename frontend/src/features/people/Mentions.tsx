/** Comments in which somebody called this person by name. Shown means seen. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { api } from '../../api/client';
import { meQuery } from '../../api/me';
import type { Mention, Page } from '../../api/types';
import { Avatar, Row, Rows, Section, Tag, When } from '../../ui';

export function Mentions() {
  const client = useQueryClient();
  const mentions = useQuery({
    queryKey: ['mentions'],
    queryFn: ({ signal }) => api.get<Page<Mention>>('/api/me/mentions', signal),
  });
  const fresh = mentions.data?.items.some((mention) => !mention.seen) ?? false;
  useEffect(() => {
    if (!fresh) return;
    // The list keeps its "New" tags while it is looked at; only the count in the menu goes.
    void api
      .post('/api/me/mentions/seen')
      .then(() => client.invalidateQueries({ queryKey: meQuery.queryKey }))
      .catch(() => undefined);
  }, [fresh, client]);
  if (!mentions.data?.items.length) return null;
  return (
    <Section title="Mentions of you">
      <Rows>
        {mentions.data.items.map((mention) => (
          <Row
            key={mention.id}
            face={<Avatar name={mention.person.name} colour={mention.person.colour} size="small" />}
            title={mention.person.name}
            tags={mention.seen ? null : <Tag tone="act">New</Tag>}
            meta={
              <>
                {mention.text} <br />
                in <Link href={`/challenges/${mention.challenge.id}`}>{mention.challenge.title}</Link>,{' '}
                <When at={mention.at} />
              </>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
