// Asked before something goes in which others have written or which they have changed.
import { ConfirmDialog } from '../../../../ui';
import { removeNow } from '../../commands/write';
import { useScope } from '../../scope';
import type { QuestionProps } from './types';
import { still, theseWords } from './words';

export default function Remove({ ids, onClose }: QuestionProps) {
  const { view, board } = useScope();
  const touched = still(board, ids).filter(({ id }) => board.touchedByOthers(id)).length;
  return (
    <ConfirmDialog
      title={`Remove ${theseWords(board, ids)}?`}
      confirm="Remove"
      isOpen
      onClose={onClose}
      onConfirm={() => removeNow(view, ids)}
    >
      <p>
        {ids.length === 1
          ? 'Somebody else has worked on this too.'
          : `Somebody else has worked on ${touched} of these too.`}{' '}
        It stays in the list of removed things, from where anybody who writes here can bring it back.
      </p>
    </ConfirmDialog>
  );
}
