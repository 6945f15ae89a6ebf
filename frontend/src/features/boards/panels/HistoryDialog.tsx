// What the board has been: a slider over the versions that were kept, each as a picture, and the way back to one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { api } from '../../../api/client';
import { Button, ConfirmDialog, Dialog, EmptyState, Form, FormError, Loading, Select, TextField, useToast, When } from '../../../ui';
import { mountCanvas, type PersonColour } from '../canvas';
import { COMMANDS, createKeymap } from '../commands';
import { attachInput } from '../input';
import { type ObjectId, openBoard } from '../model';
import { restore } from '../model/restore';
import { boardKey, versionQuery, versionsQuery } from '../queries';
import { useLatest, useObjects, useScope } from '../scope';
import type { BoardContent, BoardVersion, BoardVersionWhole } from '../served';
import { permitFor } from '../view/permit';
import { createView } from '../view/view';
import { type Compared, compared, docOf } from './heldBoard';
import { LONGEST_NAME, nameBefore, titleOf } from './versions';
import styles from './panels.module.css';

export default function HistoryDialog({ onClose }: { onClose: () => void }) {
  const { served, view } = useScope();
  const id = useId();
  const versions = useQuery(versionsQuery(served.id));
  /** Oldest first, as a slider goes. */
  const all = useMemo(() => [...(versions.data ?? [])].reverse(), [versions.data]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [naming, setNaming] = useState(false);
  const at = Math.min(chosen ?? all.length - 1, all.length - 1);
  const version = all[at];
  const whole = useQuery({ ...versionQuery(served.id, version?.id ?? ''), enabled: version !== undefined });
  const may = view.permit().writes;

  return (
    <Dialog title="Versions" isOpen onClose={onClose} wide>
      <FormError error={versions.error} />
      {versions.isPending ? <Loading what="the versions" lines={4} /> : null}
      {versions.isSuccess && all.length === 0 ? <EmptyState title="No versions yet">The first is kept a few minutes after people begin to work on the board.</EmptyState> : null}
      {may ? <NameNow open={naming} onOpen={setNaming} /> : null}
      {version ? (
        <div className={styles.history}>
          <label htmlFor={id}>
            <b>{titleOf(version)}</b>, <When at={version.at} />
            {version.by ? `, ${version.by.name}` : ''} · {version.notes === 1 ? '1 note' : `${version.notes} notes`}
          </label>
          <input
            id={id}
            type="range"
            min={0}
            max={all.length - 1}
            value={at}
            aria-valuetext={`${titleOf(version)}, ${new Date(version.at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })}, ${at + 1} of ${all.length}`}
            onChange={(event) => setChosen(Number(event.target.value))}
          />
          <FormError error={whole.error} />
          {whole.data?.id === version.id ? <Held key={version.id} version={whole.data} onClose={onClose} /> : whole.error ? null : <Loading what="the version" lines={6} />}
        </div>
      ) : null}
    </Dialog>
  );
}

function NameNow({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const { served } = useScope();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => api.post<BoardVersion>(`/api/boards/${served.id}/versions`, { name: name.trim() }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: [...boardKey(served.id), 'versions'] });
      setName('');
      onOpen(false);
    },
  });
  if (!open)
    return (
      <Button size="small" onPress={() => onOpen(true)}>
        Name the board as it is now
      </Button>
    );
  return (
    <Form
      className={styles.naming}
      onSubmit={() => {
        if (name.trim() === '') setProblem('Write a name, such as “Before the vote”.');
        else if (!save.isPending) save.mutate();
      }}
    >
      <FormError error={save.error} />
      <TextField label="Name" maxLength={LONGEST_NAME} value={name} onChange={setName} problem={problem} autoFocus />
      <Button type="submit" variant="primary" busy={save.isPending}>
        Keep
      </Button>
    </Form>
  );
}

/** One version: its picture, what has changed since, and going back to all of it or to one area. */
function Held({ version, onClose }: { version: BoardVersionWhole; onClose: () => void }) {
  const { view, board, opened, served } = useScope();
  const client = useQueryClient();
  const toast = useToast();
  const now = useObjects(board);
  const [area, setArea] = useState<ObjectId | ''>('');
  const [asking, setAsking] = useState(false);
  const content = version.board;
  const areas = content.objects.filter(({ kind }) => kind === 'area');
  const since = compared(content.objects, now, area || null);
  const same = since.added.length + since.removed.length + since.changed.length === 0;
  const permit = view.permit();
  // The server takes all of a step or nothing of it.
  const barred = [...since.changed.filter((id) => (permit.why('edit', id) ?? permit.why('move', id)) !== null), ...since.added.filter((id) => permit.why('remove', id) !== null)].length;
  const title = areas.find(({ id }) => id === area)?.text || 'the area';

  async function goBack(): Promise<void> {
    // Under a name: a version that is kept by itself goes on changing with the board for ten minutes, and would soon
    // hold what was gone back to. If this fails nothing else is done, and the dialog says why.
    await api.post<BoardVersion>(`/api/boards/${served.id}/versions`, { name: nameBefore(version, area !== '') });
    restore(opened.board, content, { area: area || null, label: area ? `Go back with “${title}”` : 'Go back to a version' });
    // It has happened: the log line is for the others to read, and its failing is no reason to say otherwise.
    await api.post(`/api/boards/${served.id}/restored`, { version: version.id, ...(area ? { area } : {}) }).catch((error: Error) => toast(error.message, { tone: 'error' }));
    void client.invalidateQueries({ queryKey: [...boardKey(served.id), 'versions'] });
    view.say(`${area ? 'The area is' : 'The board is'} as it was then. You can undo this.`);
    onClose();
  }

  return (
    <>
      <Picture content={content} />
      <p role="status">{same ? 'Nothing has changed since.' : `Since then: ${words(since)}.`}</p>
      {permit.writes ? (
        <div className={styles.restore}>
          <Select
            label="Go back with"
            value={area}
            onChange={setArea}
            options={[{ value: '', label: 'The whole board' }, ...areas.map(({ id, text }) => ({ value: id, label: text || 'Area without a name' }))]}
          />
          <Button variant="primary" isDisabled={same || barred > 0} onPress={() => setAsking(true)}>
            Go back to this
          </Button>
        </div>
      ) : null}
      {permit.writes && barred > 0 ? <p>{barred === 1 ? 'One thing' : `${barred} things`} that would change {barred === 1 ? 'is' : 'are'} locked or not yours to change. A facilitator can go back.</p> : null}
      <ConfirmDialog title={area ? `Go back with “${title}”?` : 'Go back with the whole board?'} confirm="Go back" tone="primary" isOpen={asking} onClose={() => setAsking(false)} onConfirm={goBack}>
        <p>
          {area ? 'What lies in this area' : 'The board'} becomes what it was then: {words(since)} since. Everybody sees it, and you can undo it in one step. As it is now it is kept among the versions.
        </p>
      </ConfirmDialog>
    </>
  );
}

function words({ added, removed, changed }: Compared): string {
  const parts = [added.length && `${added.length} added`, removed.length && `${removed.length} removed`, changed.length && `${changed.length} changed`].filter(Boolean);
  return parts.join(', ');
}

/** Drawn by the same canvas as the board itself. It can be moved about in, nothing in it can be changed. */
function Picture({ content }: { content: BoardContent }) {
  const { served, person } = useScope();
  const host = useRef<HTMLDivElement>(null);
  const latest = useLatest({ served, person });
  useEffect(() => {
    const place = host.current;
    if (!place) return;
    const doc = docOf(content);
    const board = openBoard(doc, { id: 'nobody', authors: 'hidden' });
    const permit = permitFor(board, { me: null, role: 'observer', archived: false, rules: { locks: [], areas: [] } });
    const view = createView(board, { permit, say: () => undefined, storage: null });
    view.set({ minimap: false });
    const canvas = mountCanvas(place, view, {
      label: 'The board as it was then. Arrow keys go from note to note.',
      imageUrl: (file, small) => `/api/boards/${latest.current.served.id}/images/${file}${small ? '/small' : ''}`,
      person: (id) => {
        const found = latest.current.person(id);
        return found && { name: found.name, colour: found.colour as PersonColour };
      },
      evidence: () => null,
      authors: () => latest.current.served.authors,
    });
    const input = attachInput(place, view, canvas, { keymap: createKeymap(COMMANDS, null), ask: () => undefined });
    return () => {
      input.destroy();
      canvas.destroy();
      view.destroy();
      board.destroy();
      doc.destroy();
    };
  }, [content, latest]);
  return <div ref={host} className={styles.heldPicture} />;
}
