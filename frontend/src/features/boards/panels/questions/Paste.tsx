// A table or a long list was pasted: what it should become.
import { useState } from 'react';
import { Button, Dialog, RadioGroup } from '../../../../ui';
import { type PasteQuestion, putPasted, rememberChoice, type TableChoice } from '../../commands/pasting';
import { tableTexts } from '../../model';
import { storage } from '../../opened';
import { useScope } from '../../scope';
import styles from './questions.module.css';
import type { QuestionProps } from './types';

export default function Paste({ payload, onClose }: QuestionProps) {
  const { view } = useScope();
  const { pasted, at, parent, remembered } = payload as PasteQuestion;
  const [choice, setChoice] = useState<TableChoice>(remembered);
  const rows = pasted.kind === 'table' ? pasted.rows : [];
  const counts = { rows: tableTexts(rows, 'row').length, cells: tableTexts(rows, 'cell').length };
  return (
    <Dialog
      title={pasted.kind === 'table' ? 'Paste a table' : `Paste ${pasted.lines.length} lines`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onPress={() => {
              onClose();
              if (pasted.kind === 'table') rememberChoice(storage(), choice);
              putPasted(view, pasted, at, parent, choice);
            }}
          >
            {pasted.kind === 'table' ? 'Paste' : `Add ${pasted.lines.length} notes`}
          </Button>
        </>
      }
    >
      {pasted.kind === 'table' ? (
        <RadioGroup
          label={`${rows.length} rows were copied. They become`}
          value={choice}
          onChange={setChoice}
          options={[
            { value: 'rows', label: `One note per row: ${counts.rows} notes`, hint: 'the cells of a row one below the other' },
            { value: 'cells', label: `One note per cell: ${counts.cells} notes`, hint: 'in rows of five' },
            { value: 'table', label: `A table of ${counts.cells} notes`, hint: 'each cell where it stands in the table' },
          ]}
        />
      ) : (
        <p className={styles.explain}>Each line becomes a note of its own, at most five in a row. One undo takes them all back.</p>
      )}
    </Dialog>
  );
}
