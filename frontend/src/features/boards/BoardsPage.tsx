// The boards of a challenge: which there are, who is on them, and how a new one begins.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Plus, Upload } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api/client';
import type { Challenge } from '../../api/types';
import { AvatarStack, Button, Checkbox, ConfirmDialog, EmptyState, FormError, IconButton, Loading, Menu, MenuItem, names, Panel, Tag, useToast, When } from '../../ui';
import { boardKey, boardsQuery } from './queries';
import { RenameBoard } from './RenameBoard';
import type { BoardShown } from './served';
import styles from './boards.module.css';

const NewBoard = lazy(() => import('./NewBoard'));
const ImportBoard = lazy(() => import('./ImportBoard'));

/** Beyond so many a picture costs more than it tells. */
const DRAWN = 400;

export default function BoardsPage({ challenge }: { challenge: Challenge }) {
  const [archivedToo, setArchivedToo] = useState(false);
  const [asking, setAsking] = useState<'new' | 'import' | null>(null);
  const boards = useQuery(boardsQuery(challenge.id, false));
  const archived = useQuery({ ...boardsQuery(challenge.id, true), enabled: archivedToo });
  const may = !challenge.archived && challenge.your_role !== 'observer' && challenge.your_role !== null;
  const shown = boards.data ?? [];
  const make = may ? (
    <>
      <Button icon={<Upload aria-hidden />} onPress={() => setAsking('import')}>
        Bring in a file
      </Button>
      <Button variant="primary" icon={<Plus aria-hidden />} onPress={() => setAsking('new')}>
        New board
      </Button>
    </>
  ) : null;

  return (
    <Panel title="Boards" lead="Where people think together: notes, areas, connectors. Each board has an outline that can do all that the board can.">
      <div className={styles.actions}>{make}</div>
      <FormError error={boards.error} />
      {boards.isPending ? <Loading what="the boards" lines={5} /> : null}
      {boards.isSuccess && shown.length === 0 ? (
        <EmptyState title="No boards yet" level={2}>
          {may ? 'Start with an empty one, or with areas already drawn.' : 'The first one that somebody makes will stand here.'}
        </EmptyState>
      ) : null}
      <ul className={styles.list} aria-label="Boards">
        {shown.map((board) => (
          <BoardRow key={board.id} board={board} may={may} />
        ))}
      </ul>
      <div className={styles.archived}>
        <Checkbox checked={archivedToo} onChange={setArchivedToo}>
          Show archived boards
        </Checkbox>
        {archivedToo ? (
          <>
            <FormError error={archived.error} />
            {archived.isPending ? <Loading what="the archived boards" lines={2} /> : null}
            {archived.data?.length === 0 ? <p className={styles.quiet}>None is archived.</p> : null}
            <ul className={styles.list} aria-label="Archived boards">
              {archived.data?.map((board) => (
                <BoardRow key={board.id} board={board} may={may} />
              ))}
            </ul>
          </>
        ) : null}
      </div>
      <Suspense fallback={null}>
        {asking === 'new' ? <NewBoard challenge={challenge} onClose={() => setAsking(null)} onImport={() => setAsking('import')} /> : null}
        {asking === 'import' ? <ImportBoard challenge={challenge} onClose={() => setAsking(null)} /> : null}
      </Suspense>
    </Panel>
  );
}

function BoardRow({ board, may }: { board: BoardShown; may: boolean }) {
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState<'rename' | 'archive' | null>(null);
  const href = `/challenges/${board.challenge.id}/boards/${board.id}`;
  const archive = useMutation({
    mutationFn: (archived: boolean) => api.patch(`/api/boards/${board.id}`, { archived }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['challenge', board.challenge.id, 'boards'] });
      void client.invalidateQueries({ queryKey: boardKey(board.id) });
    },
  });
  const restore = () =>
    archive.mutate(false, {
      onSuccess: () => toast(`“${board.title}” can be worked on again.`),
      onError: (error) => toast(error.message, { tone: 'error' }),
    });
  return (
    <li className={styles.row}>
      <Link href={href} className={styles.picture} tabIndex={-1} aria-hidden>
        {board.notes > 0 && board.notes <= DRAWN ? <img alt="" loading="lazy" src={`/api/boards/${board.id}/export.svg`} /> : null}
      </Link>
      <div className={styles.words}>
        <h2>
          <Link href={href}>{board.title}</Link> {board.archived ? <Tag tone="warn">Archived</Tag> : null}
        </h2>
        <p className={names(styles.quiet, 'num')}>
          {board.notes === 1 ? '1 note' : `${board.notes.toLocaleString('en-GB')} notes`} · changed <When at={board.updated_at} />
          {board.created_by ? ` · begun by ${board.created_by.name}` : ''}
        </p>
        {board.here.length > 0 ? (
          <p className={styles.here}>
            <AvatarStack people={board.here} max={5} label="On it now" /> <span aria-hidden="true">{board.here.length} on it now</span>
          </p>
        ) : null}
      </div>
      {may ? (
        <Menu label={`Actions for ${board.title}`} trigger={<IconButton label={`More about ${board.title}`} icon={<Ellipsis aria-hidden />} />}>
          <MenuItem onAction={() => setAsking('rename')}>Rename…</MenuItem>
          {board.archived ? <MenuItem onAction={restore}>Work on it again</MenuItem> : <MenuItem onAction={() => setAsking('archive')}>Archive…</MenuItem>}
        </Menu>
      ) : null}
      {asking === 'rename' ? <RenameBoard board={board} onClose={() => setAsking(null)} /> : null}
      <ConfirmDialog
        title={`Archive “${board.title}”?`}
        confirm="Archive"
        tone="primary"
        isOpen={asking === 'archive'}
        onClose={() => setAsking(null)}
        onConfirm={() => archive.mutateAsync(true)}
      >
        <p>It can still be read, nobody can change it, and it moves out of this list. You can take it out of the archive at any time.</p>
      </ConfirmDialog>
    </li>
  );
}
