/** The problem statement: the paper everyone writes on, its toolbar, and the comments beside it. */
import type { Editor } from '@tiptap/core';
import { Keyboard } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Challenge, Me } from '../../api/types';
import { useRoom, useRoomState } from '../../realtime';
import { Columns, Loading, PageHeading, Tag, useToast } from '../../ui';
import { CommentsColumn } from './CommentsColumn';
import { commentMarks } from './commentMarks';
import { LinkDialog } from './LinkDialog';
import { ImportDialog } from './MarkdownDialogs';
import { usePresenceNews } from './news';
import { Prompts } from './Prompts';
import { ReadingOnly } from './ReadingOnly';
import { type Act, shortcutOf } from './shortcuts';
import { Slash } from './slash';
import { SlashMenu } from './SlashMenu';
import { ReadersBar, StatementMenu } from './StatementMenu';
import styles from './statement.module.css';
import { Toolbar, type ToolbarHandle } from './Toolbar';
import { useComments } from './useComments';
import { useStatementEditor } from './useEditor';

interface StatementPageProps {
  challenge: Challenge;
  me: Pick<Me, 'person'>;
}

export function StatementPage({ challenge, me }: StatementPageProps) {
  const { ready, epoch, stop } = useRoomState();
  if (!ready) {
    return (
      <Columns>
        <div className={styles.sheet}>
          <Head challenge={challenge} />
          {stop ? null : <Loading what="the statement" lines={5} />}
        </div>
      </Columns>
    );
  }
  // A new epoch is another document: everything bound to the old one is rebuilt.
  return <Paper key={epoch} challenge={challenge} me={me} />;
}

function Paper({ challenge, me }: StatementPageProps) {
  const room = useRoom();
  const { editable: connectedEditable, access, stop } = useRoomState();
  // Something arrived that this page's schema has no place for: writing on could take it out of the shared document.
  const [outdated, setOutdated] = useState(false);
  const editable = connectedEditable && !challenge.archived && !outdated;
  const toast = useToast();
  const toolbar = useRef<ToolbarHandle>(null);
  const [linking, setLinking] = useState(false);
  const [importing, setImporting] = useState(false);
  const comments = useComments(challenge.id, editable);
  const { editor, place } = useStatementEditor({
    room,
    editable,
    more: () => [Slash, commentMarks(comments.bridge)],
    onPicturesLeftOut: (count) => toast(count === 1 ? 'A picture was left out: statements hold text.' : `${count} pictures were left out: statements hold text.`),
    onNotUnderstood: () => setOutdated(true),
  });
  usePresenceNews();
  const acts: Record<Act, (editor: Editor) => void> = {
    toolbar: () => toolbar.current?.focus(),
    link: () => setLinking(true),
    comment: (editor) => comments.begin(editor),
    next: () => comments.next(1),
    previous: () => comments.next(-1),
  };

  return (
    <Columns
      side={<CommentsColumn challenge={challenge} me={me} editor={editor} comments={comments} />}
      sideLabel="Comments"
      sideFor={comments.draft ? 'draft' : comments.led > 0 && comments.active ? `${comments.active} ${comments.led}` : null}
    >
      {editor && editable ? (
        <Toolbar
          ref={toolbar}
          editor={editor}
          onLink={() => setLinking(true)}
          onComment={() => comments.begin(editor)}
          more={<StatementMenu challenge={challenge} onImport={() => setImporting(true)} />}
        />
      ) : editable ? null : (
        <ReadersBar challenge={challenge} />
      )}
      <article
        className={styles.sheet}
        data-statement
        tabIndex={-1}
        onKeyDown={(event) => {
          const pressed = shortcutOf(event);
          if (!pressed || !editor || (pressed.writing && !editable)) return;
          event.preventDefault();
          acts[pressed.act](editor);
        }}
      >
        <Head challenge={challenge} />
        {editable ? null : (
          <ReadingOnly why={challenge.archived ? 'archived' : outdated ? 'outdated' : stop ? 'stopped' : access === 'read' ? 'observing' : 'away'} />
        )}
        <div id="statement-text" ref={place} className={styles.prose} />
        {editor && editable ? <Prompts editor={editor} /> : null}
        {editable ? (
          <p className={styles.hint}>
            <Keyboard aria-hidden />
            <span>Type / for headings, lists and tables. Alt and F10 moves to the toolbar. Escape leaves the text.</span>
          </p>
        ) : null}
      </article>
      {editor && editable ? <SlashMenu editor={editor} /> : null}
      {editor && linking ? <LinkDialog editor={editor} onClose={() => setLinking(false)} /> : null}
      {importing ? <ImportDialog challenge={challenge} onClose={() => setImporting(false)} /> : null}
    </Columns>
  );
}

function Head({ challenge }: { challenge: Challenge }) {
  return (
    <header>
      <p className={styles.kick}>
        <Tag tone="act">Problem statement</Tag>
        {challenge.example ? <Tag>Example</Tag> : null}
        <span>
          {challenge.stage.label}, stage {challenge.stage.index + 1} of {challenge.stages.length}
        </span>
      </p>
      <PageHeading className={styles.title}>{challenge.title}</PageHeading>
      {challenge.question ? <p className={styles.question}>{challenge.question}</p> : null}
    </header>
  );
}
