/** One field: where the chosen words lead. */
import type { Editor } from '@tiptap/core';
import { useState } from 'react';
import { Button, Dialog, DialogActions, TextField } from '../../ui';
import { linkFrom, mayHold } from './links';
import styles from './statement.module.css';

interface LinkDialogProps {
  editor: Editor;
  onClose: () => void;
}

export function LinkDialog({ editor, onClose }: LinkDialogProps) {
  const present = String(editor.getAttributes('link').href ?? '');
  const bare = editor.state.selection.empty && present === '';
  const [address, setAddress] = useState(present);
  const [words, setWords] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  function finish(): void {
    onClose();
    // Once the dialog has given the focus back.
    setTimeout(() => editor.commands.focus(), 0);
  }

  function save(): void {
    const href = linkFrom(address);
    if (href === null) {
      setProblem('Write a web address such as https://example.org, or an e-mail address.');
      return;
    }
    const chain = editor.chain();
    if (bare) {
      const text = words.trim() || address.trim();
      chain.insertContent({ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] }).run();
    } else {
      chain.extendMarkRange('link').setLink({ href }).run();
    }
    finish();
  }

  return (
    <Dialog title={present ? 'Change the link' : 'Add a link'} isOpen onClose={finish}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {present && mayHold(present) ? (
          <p className={styles.explain}>
            <a href={present} target="_blank" rel="noopener noreferrer">
              Open the link
            </a>{' '}
            in a new tab
          </p>
        ) : null}
        <TextField
          label="Address"
          hint="A web address (https) or an e-mail address."
          inputMode="url"
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          value={address}
          onChange={setAddress}
          problem={problem}
          required
        />
        {bare ? <TextField label="Words to show" optional value={words} onChange={setWords} maxLength={300} /> : null}
        <DialogActions>
          {present ? (
            <Button
              onPress={() => {
                editor.chain().extendMarkRange('link').unsetLink().run();
                finish();
              }}
            >
              Remove link
            </Button>
          ) : null}
          <Button onPress={finish}>Cancel</Button>
          <Button type="submit" variant="primary">
            {present ? 'Change' : 'Add link'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
