/** What the statement has been: versions to look at, compare, name and go back to. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../../api/client';
import type { Challenge, Me, Version } from '../../api/types';
import { isStillIn } from '../../lib/isStillIn';
import { useRoomState } from '../../realtime';
import { Button, Columns, ConfirmDialog, Dialog, DialogActions, EmptyState, FormError, FormRow, Loading, Panel, Row, Rows, Section, Select, TextField, useToast, When } from '../../ui';
import { CompareView } from './CompareView';
import { everyVersion, titleOf, versionsKey } from './versions';
import { VersionView } from './VersionView';

interface HistoryPageProps {
  challenge: Challenge;
  me: Pick<Me, 'person'>;
}

export function HistoryPage({ challenge }: HistoryPageProps) {
  const client = useQueryClient();
  const toast = useToast();
  const { access } = useRoomState();
  const may = access === 'write' && !challenge.archived;
  const key = versionsKey(challenge.id);
  const versions = useQuery({ queryKey: key, queryFn: ({ signal }) => everyVersion(challenge.id, signal) });
  const [naming, setNaming] = useState<Version | 'now' | null>(null);
  const [restoring, setRestoring] = useState<Version | null>(null);
  const [looking, setLooking] = useState<Version | null>(null);
  const comparison = useRef<HTMLDivElement>(null);
  const asked = useRef(false);
  const [pair, setPair] = useState<{ from: string; to: string } | null>(null);

  const all = versions.data ?? [];
  /** It stands below the list, perhaps far below: whoever asked for it is led there. */
  const compareWithNow = (version: Version) => {
    setPair({ from: version.id, to: 'now' });
    asked.current = true;
    requestAnimationFrame(lead);
  };
  const lead = () => {
    comparison.current?.scrollIntoView?.({ block: 'start' });
    comparison.current?.focus({ preventScroll: true });
  };
  /** Only now is the page long enough to bring it up. */
  const compared = () => {
    if (asked.current && isStillIn(comparison.current)) lead();
    asked.current = false;
  };
  const restore = async (version: Version) => {
    await api.post(`/api/challenges/${challenge.id}/statement/versions/${version.id}/restore`);
    await client.invalidateQueries({ queryKey: ['challenge', challenge.id] });
    toast(`The statement is as it was: ${titleOf(version)}. The text from before is kept here too.`);
  };

  return (
    <Columns>
      <Panel title="History" lead="A version is kept every few minutes while people write. Name the ones that matter, compare any two, or go back to one.">
        <Section
          title="Versions"
          action={
            may ? (
              <Button size="small" onPress={() => setNaming('now')}>
                Name the present text
              </Button>
            ) : null
          }
        >
          <FormError error={versions.error} />
          {versions.isPending ? <Loading what="the versions" lines={4} /> : null}
          {versions.isSuccess && all.length === 0 ? (
            <EmptyState title="No versions yet">The first is kept a few minutes after people start to write.</EmptyState>
          ) : null}
          <Rows label="Versions, newest first">
            {all.map((version) => (
              <Row
                key={version.id}
                title={titleOf(version)}
                meta={
                  <>
                    <When at={version.at} />
                    {version.by ? ` · ${version.by.name}` : ''} · {version.words === 1 ? '1 word' : `${version.words} words`}
                  </>
                }
                actions={
                  <>
                    <Button size="small" onPress={() => setLooking(version)}>
                      Look<span className="vh"> at {titleOf(version)}, <When at={version.at} /></span>
                    </Button>
                    <Button size="small" onPress={() => compareWithNow(version)}>
                      Compare with now<span className="vh">: {titleOf(version)}, <When at={version.at} /></span>
                    </Button>
                    {may ? (
                      <Button size="small" variant="quiet" onPress={() => setNaming(version)}>
                        Name<span className="vh"> {titleOf(version)}, <When at={version.at} /></span>
                      </Button>
                    ) : null}
                  </>
                }
              />
            ))}
          </Rows>
        </Section>
        {all.length > 0 ? (
          <div ref={comparison} tabIndex={-1}>
            <Section title="Compare">
              <FormRow>
                <Select label="From" value={pair?.from ?? all[0]?.id ?? ''} onChange={(from) => setPair({ from, to: pair?.to ?? 'now' })} options={all.map(option)} />
                <Select
                  label="To"
                  value={pair?.to ?? 'now'}
                  onChange={(to) => setPair({ from: pair?.from ?? all[0]?.id ?? '', to })}
                  options={[{ value: 'now', label: 'The present text' }, ...all.map(option)]}
                />
              </FormRow>
              {pair ? <CompareView challenge={challenge.id} from={pair.from} to={pair.to} onShown={compared} /> : <p>Choose two, or press “Compare with now” beside a version.</p>}
            </Section>
          </div>
        ) : null}
      </Panel>
      {looking ? (
        <VersionView
          challenge={challenge.id}
          version={looking}
          onClose={() => setLooking(null)}
          onRestore={
            may
              ? () => {
                  setRestoring(looking);
                  setLooking(null);
                }
              : null
          }
        />
      ) : null}
      {naming ? <NameDialog challenge={challenge.id} version={naming} onClose={() => setNaming(null)} /> : null}
      <ConfirmDialog
        title="Go back to this version?"
        confirm="Go back to it"
        isOpen={restoring !== null}
        onClose={() => setRestoring(null)}
        onConfirm={() => (restoring ? restore(restoring) : Promise.resolve())}
      >
        <p>
          The statement becomes what it was then. What it is now is kept as a version first. Everyone who has it open sees the
          change; edits they had not saved yet are set aside for them as a copy.
        </p>
      </ConfirmDialog>
    </Columns>
  );
}

function option(version: Version): { value: string; label: string } {
  const at = new Date(version.at).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  return { value: version.id, label: `${titleOf(version)} · ${at}` };
}

function NameDialog({ challenge, version, onClose }: { challenge: string; version: Version | 'now'; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(version === 'now' ? '' : (version.name ?? ''));
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/api/challenges/${challenge}/statement/versions`;
  const save = useMutation({
    mutationFn: () => (version === 'now' ? api.post(path, { name: name.trim() }) : api.patch(`${path}/${version.id}`, { name: name.trim() })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: versionsKey(challenge) });
      onClose();
    },
  });
  return (
    <Dialog title={version === 'now' ? 'Name the present text' : 'Name this version'} isOpen onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === '') setProblem('Write a name, such as “Agreed on 12 May”.');
          else if (!save.isPending) save.mutate();
        }}
      >
        <FormError error={save.error} />
        <TextField label="Name" hint="So that people find it again." maxLength={120} value={name} onChange={setName} problem={problem} autoFocus required />
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Keep
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
