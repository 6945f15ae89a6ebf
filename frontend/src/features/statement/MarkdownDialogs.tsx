/** The statement as a Markdown file, out and in. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { downloadText } from '../../lib/keepText';
import { Button, Dialog, DialogActions, FormError, TextField, useToast } from '../../ui';
import styles from './statement.module.css';

const MOST = 500_000;

export async function downloadMarkdown(challenge: { id: string; title: string }): Promise<void> {
  const text = await api.text(`/api/challenges/${challenge.id}/statement.md`);
  downloadText(text, `${challenge.title.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase() || 'statement'}.md`);
}

interface ImportDialogProps {
  challenge: { id: string };
  onClose: () => void;
}

export function ImportDialog({ challenge, onClose }: ImportDialogProps) {
  const client = useQueryClient();
  const toast = useToast();
  const [markdown, setMarkdown] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const load = useMutation({
    mutationFn: () => api.post<{ epoch: number }>(`/api/challenges/${challenge.id}/statement/import`, { markdown }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['challenge', challenge.id] });
      toast('The statement was replaced. The text from before is in History.');
      onClose();
    },
  });

  async function read(file: File | undefined): Promise<void> {
    if (!file) return;
    if (file.size > MOST) {
      setProblem(`${file.name} is larger than 500 kB. Split it, or paste the part you need.`);
      return;
    }
    try {
      setMarkdown(new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()));
      setProblem(null);
    } catch {
      setProblem(`${file.name} is not a text file in UTF-8. Save it as plain text and try again.`);
    }
  }

  const words = markdown.trim() === '' ? 0 : markdown.trim().split(/\s+/).length;
  return (
    <Dialog title="Replace the statement with Markdown" isOpen onClose={onClose} wide>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (words === 0) setProblem('Choose a file or write something first.');
          else if (!load.isPending) load.mutate();
        }}
      >
        <FormError error={load.error} />
        <p className={styles.explain}>
          What is there now is kept in History. Everyone who has the statement open sees the new text; edits they had not
          saved yet are set aside for them as a copy.
        </p>
        <label className={styles.file}>
          <span>A Markdown file (.md)</span>
          <input
            type="file"
            accept=".md,.markdown,.txt,text/markdown,text/plain"
            onChange={(event) => void read(event.target.files?.[0])}
          />
        </label>
        <TextField
          label="or the text itself"
          rows={10}
          value={markdown}
          maxLength={MOST}
          onChange={(value) => {
            setMarkdown(value);
            setProblem(null);
          }}
          problem={problem}
        />
        <p role="status">{words === 0 ? '' : words === 1 ? '1 word will replace the statement.' : `${words} words will replace the statement.`}</p>
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" busy={load.isPending}>
            Replace the statement
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
