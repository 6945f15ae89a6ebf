// Where to: the way to move things that needs no dragging.
import { Dialog } from '../../../../ui';
import { moveTo } from '../../commands/moving';
import { useScope } from '../../scope';
import { called } from '../../view/naming';
import { areaOf, areasInOrder } from '../../view/places';
import { Choices } from './Choices';
import type { QuestionProps } from './types';
import { still, theseWords } from './words';

export default function MoveTo({ ids, onClose }: QuestionProps) {
  const { view, board } = useScope();
  const now = new Set(still(board, ids).map(({ id }) => areaOf(board, id)));
  const choices = areasInOrder(board).map((area) => {
    const object = area === null ? undefined : board.get(area);
    const here = now.size === 1 && now.has(area);
    return {
      key: area ?? '',
      label: object ? called(object) : 'Outside every area',
      note: here ? 'here now' : object ? `${board.members(object.id).length} in it` : undefined,
      why: view.permit().why('add', area),
      current: here,
    };
  });
  return (
    <Dialog title={`Move ${theseWords(board, ids)} to`} isOpen onClose={onClose}>
      <Choices
        label="Areas of this board"
        choices={choices}
        onChoose={(key) => {
          onClose();
          moveTo(view, ids, key === '' ? null : key);
        }}
      />
    </Dialog>
  );
}
