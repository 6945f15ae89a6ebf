// The other end of a connector, chosen from a list, and what it says.
import { useState } from 'react';
import { Dialog, Select } from '../../../../ui';
import { connect, connectable, RELATION_NAMES } from '../../commands/connecting';
import { inOrder } from '../../model';
import { RELATIONS, type Relation } from '../../model/types';
import { useScope } from '../../scope';
import { called } from '../../view/naming';
import { areaOf } from '../../view/places';
import { Choices } from './Choices';
import type { QuestionProps } from './types';
import { theseWords } from './words';

const LABELS: Readonly<Record<Relation, string>> = { ...RELATION_NAMES, plain: 'is connected to' };

export default function ConnectTo({ ids, onClose }: QuestionProps) {
  const { view, board } = useScope();
  const [relation, setRelation] = useState<Relation>('plain');
  const [from] = ids;
  const close = () => {
    view.set({ connecting: null });
    onClose();
  };
  const choices = inOrder(board)
    .filter((object) => object.id !== from && connectable(object))
    .map((object) => {
      const area = areaOf(board, object.id);
      const home = area === null || area === object.id ? undefined : board.get(area);
      return { key: object.id, label: called(object), note: home ? `in ${called(home)}` : undefined };
    });
  return (
    <Dialog title={`Connect ${theseWords(board, ids)}`} isOpen onClose={close} wide>
      <Select
        label="What the connector says"
        value={relation}
        onChange={setRelation}
        options={RELATIONS.map((value) => ({ value, label: LABELS[value] }))}
      />
      <Choices
        label="Connect to"
        choices={choices}
        onChoose={(to) => {
          close();
          if (from === undefined) return;
          const id = connect(view, from, to);
          if (id !== null && relation !== 'plain') board.edit('Connect', (edit) => edit.set(id, { relation }));
          view.focus(from);
        }}
      />
    </Dialog>
  );
}
