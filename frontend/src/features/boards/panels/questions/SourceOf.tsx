// A link card: a page somewhere else, and why it is here.
import { useState } from 'react';
import { Button, Dialog, DialogActions, Form, TextField } from '../../../../ui';
import { SIZES } from '../../model';
import { useScope } from '../../scope';
import type { QuestionProps } from './types';
import { still } from './words';

export default function SourceOf({ ids, onClose }: QuestionProps) {
  const { view, board } = useScope();
  const card = still(board, ids).find(({ kind }) => kind === 'source');
  const [url, setUrl] = useState(card?.source?.url ?? '');
  const [title, setTitle] = useState(card?.source?.title ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  function save() {
    const whole = /^[a-z][a-z0-9+.-]*:/i.test(url.trim()) ? url.trim() : `https://${url.trim()}`;
    const parsed = URL.canParse(whole) ? new URL(whole) : null;
    if (!parsed || !/^https?:$/.test(parsed.protocol) || !parsed.hostname.includes('.') || whole.length > 2000) {
      return setProblem('Write a web address such as https://example.org.');
    }
    const source = { url: parsed.href.slice(0, 2000), title: title.trim().slice(0, 300), site: parsed.hostname.replace(/^www\./, '').slice(0, 100) };
    onClose();
    if (card) {
      board.edit('Change link', (edit) => edit.set(card.id, { source }));
      view.say('Link changed.');
      return;
    }
    const { at, parent } = view.spotFor('source');
    const id = board.edit('Add link', (edit) => edit.add({ kind: 'source', source, parent, ...SIZES.source, ...at }));
    view.focus(id);
    view.say('Link added.');
  }
  return (
    <Dialog title={card ? 'Change the link' : 'Add a link'} isOpen onClose={onClose}>
      <Form onSubmit={save}>
        <TextField label="Address" type="url" inputMode="url" autoComplete="off" value={url} onChange={setUrl} problem={problem} />
        <TextField label="Title" optional maxLength={300} value={title} onChange={setTitle} />
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            {card ? 'Save' : 'Add link'}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
