// A board from a file of another tool. A table is looked at first: which column is what.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Challenge } from '../../api/types';
import { upload } from '../../api/upload';
import { Button, Dialog, DialogActions, Form, FormError, Select, TextField } from '../../ui';
import { LONGEST_TITLE } from './RenameBoard';
import type { Imported, TablePreview } from './served';
import styles from './boards.module.css';

interface ImportBoardProps {
  challenge: Challenge;
  onClose: () => void;
}

const ACCEPTED = '.json,.canvas,.zip,.excalidraw,.csv,.tsv,.txt,application/json,text/csv,text/tab-separated-values';
/** The server takes no more; told before anything is sent. */
const LARGEST = 100 * 1024 * 1024;
const TABLE = /\.(csv|tsv|txt)$/i;

export default function ImportBoard({ challenge, onClose }: ImportBoardProps) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [file, setFile] = useState<File | null>(null);
  const [title, setTitle] = useState('');
  /** The title that the last file suggested: another file may take its place, what somebody wrote stays. */
  const [suggested, setSuggested] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [preview, setPreview] = useState<TablePreview | null>(null);
  const [mapping, setMapping] = useState<TablePreview['mapping']>({});
  const [part, setPart] = useState(0);
  const path = `/api/challenges/${challenge.id}/boards/import`;

  const look = useMutation({
    mutationFn: (chosen: File) => upload<TablePreview>(`${path}/preview`, form(chosen)),
    onSuccess: (found) => {
      setPreview(found);
      setMapping(found.mapping);
    },
  });
  const bring = useMutation({
    mutationFn: (chosen: File) => upload<Imported>(path, form(chosen, title, preview ? mapping : null), { onProgress: setPart }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['challenge', challenge.id, 'boards'] }),
  });

  function choose(chosen: File | null): void {
    const large = chosen !== null && chosen.size > LARGEST;
    setFile(large ? null : chosen);
    setProblem(large ? `“${chosen.name}” is larger than 100 MB. Bring it in as several files.` : null);
    setPreview(null);
    look.reset();
    bring.reset();
    if (!chosen || large) return;
    const name = chosen.name.replace(/(\.canvas)?\.[^.]+$/, '').slice(0, LONGEST_TITLE);
    setSuggested(name);
    if (title === '' || title === suggested) setTitle(name);
    if (TABLE.test(chosen.name)) look.mutate(chosen);
  }

  if (bring.data) return <Told imported={bring.data} onClose={onClose} onOpen={() => go(`/challenges/${challenge.id}/boards/${bring.data.board.id}`)} />;
  return (
    <Dialog title="Bring in a file" isOpen onClose={onClose} wide>
      <Form
        onSubmit={() => {
          if (!file) setProblem((before) => before ?? 'Choose a file first.');
          else if (!bring.isPending && !look.isPending) bring.mutate(file);
        }}
      >
        <p className={styles.quiet}>
          A board of this lab or of Obsidian (JSON Canvas), an Excalidraw drawing, or a table (CSV, TSV) from any tool. A new board is made; nothing else changes.
        </p>
        <FormError error={bring.error ?? look.error} />
        <div className={styles.file}>
          <label htmlFor="import-file">File</label>
          <input
            id="import-file"
            type="file"
            accept={ACCEPTED}
            aria-invalid={problem ? true : undefined}
            aria-describedby="import-problem"
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
          <span id="import-problem" role="alert" className={styles.problem}>
            {problem}
          </span>
        </div>
        <TextField label="Title of the board" value={title} onChange={setTitle} maxLength={LONGEST_TITLE} optional />
        {look.isPending ? <p role="status">Looking at the table…</p> : null}
        {preview ? <Mapping preview={preview} mapping={mapping} onChange={setMapping} /> : null}
        {bring.isPending ? <progress value={part} max={1} aria-label="Sending the file" /> : null}
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={bring.isPending}>
            {preview ? `Bring in ${preview.total.toLocaleString('en-GB')} rows` : 'Bring it in'}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

const MEANINGS: readonly { field: string; label: string }[] = [
  { field: 'text', label: 'Text' },
  { field: 'area', label: 'Area' },
  { field: 'tags', label: 'Tags' },
  { field: 'colour', label: 'Colour' },
  { field: 'x', label: 'Across (x)' },
  { field: 'y', label: 'Down (y)' },
  { field: 'author', label: 'Author' },
  { field: 'link', label: 'Link' },
];

interface MappingProps {
  preview: TablePreview;
  mapping: TablePreview['mapping'];
  onChange: (mapping: TablePreview['mapping']) => void;
}

/** Which column is what; the first rows as the notes they would be. */
function Mapping({ preview, mapping, onChange }: MappingProps) {
  const at = (row: readonly string[], field: string) => {
    const column = mapping[field];
    return column == null ? '' : (row[preview.columns.indexOf(column)] ?? '');
  };
  return (
    <>
      <fieldset className={styles.mapping}>
        <legend>Which column is what</legend>
        {MEANINGS.map(({ field, label }) => (
          <Select
            key={field}
            label={label}
            value={mapping[field] ?? ''}
            onChange={(column) => onChange({ ...mapping, [field]: column === '' ? null : column })}
            options={[{ value: '', label: 'none' }, ...preview.columns.map((column) => ({ value: column, label: column || '(no name)' }))]}
          />
        ))}
      </fieldset>
      <h3 className={styles.previewTitle}>The first rows as notes</h3>
      <ul className={styles.preview} aria-label="The first rows as notes">
        {preview.rows.slice(0, 20).map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other identity and never change places
          <li key={index} data-colour={/^[a-z]+$/.test(at(row, 'colour')) ? at(row, 'colour') : undefined}>
            <span>{at(row, 'text') || <i>no text</i>}</span>
            <small>{[at(row, 'area'), at(row, 'tags'), at(row, 'author')].filter(Boolean).join(' · ')}</small>
          </li>
        ))}
      </ul>
    </>
  );
}

const KINDS: Record<string, readonly [string, string]> = {
  note: ['note', 'notes'],
  heading: ['heading', 'headings'],
  area: ['area', 'areas'],
  cluster: ['cluster', 'clusters'],
  connector: ['connector', 'connectors'],
  image: ['image', 'images'],
  source: ['link', 'links'],
  evidence: ['evidence card', 'evidence cards'],
};

/** What came of it: also what did not fit. */
function Told({ imported, onClose, onOpen }: { imported: Imported; onClose: () => void; onOpen: () => void }) {
  const kept = Object.entries(imported.kept).filter(([, count]) => count > 0);
  return (
    <Dialog
      title={`“${imported.board.title}” is here`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Close</Button>
          <Button
            variant="primary"
            onPress={() => {
              onClose();
              onOpen();
            }}
          >
            Open the board
          </Button>
        </>
      }
    >
      <h3 className={styles.previewTitle}>Kept</h3>
      <ul className={styles.told}>
        {kept.length === 0 ? <li>Nothing was in it that a board can hold.</li> : null}
        {kept.map(([kind, count]) => (
          <li key={kind}>
            {count.toLocaleString('en-GB')} {KINDS[kind]?.[count === 1 ? 0 : 1] ?? kind}
          </li>
        ))}
      </ul>
      {imported.left_out.length > 0 ? (
        <>
          <h3 className={styles.previewTitle}>Left out</h3>
          <ul className={styles.told}>
            {imported.left_out.map(({ what, why, count }) => (
              <li key={`${what} ${why}`}>
                {count.toLocaleString('en-GB')} {what}: {why}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Dialog>
  );
}

function form(file: File, title = '', mapping: TablePreview['mapping'] | null = null): FormData {
  const form = new FormData();
  form.set('file', file);
  if (title.trim() !== '') form.set('title', title.trim());
  if (mapping) form.set('mapping', JSON.stringify(mapping));
  return form;
}
