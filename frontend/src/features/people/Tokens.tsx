/** Tokens for other programs: made with a name, shown once, ended here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client';
import type { NewToken, Page, Token } from '../../api/types';
import {
  Button,
  ConfirmDialog,
  CopyField,
  Dialog,
  DialogActions,
  Form,
  FormError,
  onDate,
  Row,
  Rows,
  Section,
  Select,
  TextField,
  When,
} from '../../ui';

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
] as const;

export function Tokens() {
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const tokens = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => api.get<Page<Token>>('/api/me/tokens', signal),
  });
  const refresh = () => client.invalidateQueries({ queryKey: ['tokens'] });
  return (
    <Section
      title="Access for other programs"
      lead="A token lets a program of yours use the lab as you. Whoever has it can do what you can, so keep it like a password."
      action={
        <Button size="small" icon={<Plus aria-hidden />} onPress={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      <FormError error={tokens.error} />
      <Rows>
        {tokens.data?.items.map((token) => (
          <Row
            key={token.id}
            title={token.name}
            meta={
              <>
                Made <When at={token.created_at} /> ·{' '}
                {token.last_used_at ? (
                  <>
                    last used <When at={token.last_used_at} />
                  </>
                ) : (
                  'not used yet'
                )}
                {token.expires_at ? ` · until ${onDate(token.expires_at)}` : ''}
              </>
            }
            actions={
              <Button size="small" aria-label={`Revoke ${token.name}`} onPress={() => setEnding(token)}>
                Revoke
              </Button>
            }
          />
        ))}
      </Rows>
      <MakeToken isOpen={making} onClose={() => setMaking(false)} onMade={refresh} />
      <ConfirmDialog
        title={`Revoke “${ending?.name ?? ''}”?`}
        confirm="Revoke token"
        isOpen={ending !== null}
        onClose={() => setEnding(null)}
        onConfirm={() => api.delete(`/api/me/tokens/${ending?.id ?? ''}`).then(refresh)}
      >
        <p>Programs that use it lose their access at once.</p>
      </ConfirmDialog>
    </Section>
  );
}

interface MakeTokenProps {
  isOpen: boolean;
  onClose: () => void;
  onMade: () => void;
}

function MakeToken({ isOpen, onClose, onMade }: MakeTokenProps) {
  const [name, setName] = useState('');
  const [days, setDays] = useState<(typeof LIFETIMES)[number]['value']>('90');
  const make = useMutation({
    mutationFn: () => api.post<NewToken>('/api/me/tokens', { name: name.trim(), expires_in_days: Number(days) }),
    onSuccess: onMade,
  });
  function close() {
    make.reset();
    setName('');
    onClose();
  }
  if (make.data) {
    return (
      <Dialog
        title="Copy the token now"
        isOpen={isOpen}
        onClose={close}
        footer={
          <Button variant="primary" onPress={close}>
            Done
          </Button>
        }
      >
        <p>It is shown this once. The lab keeps only a fingerprint of it.</p>
        <CopyField label={`Token “${make.data.name}”`} value={make.data.token} />
      </Dialog>
    );
  }
  return (
    <Dialog title="New token" isOpen={isOpen} onClose={close}>
      <Form
        onSubmit={() => {
          if (name.trim() && !make.isPending) make.mutate();
        }}
      >
        <FormError error={make.error} />
        <TextField
          label="What it is for"
          hint="So that you recognise it later, e.g. “Backup script”."
          maxLength={80}
          required
          value={name}
          onChange={setName}
        />
        <Select label="Works for" value={days} onChange={setDays} options={LIFETIMES} />
        <DialogActions>
          <Button onPress={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={make.isPending} isDisabled={!name.trim()}>
            Make token
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
