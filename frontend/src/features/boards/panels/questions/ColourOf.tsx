// The colour of a paper, by its name and by what it means on this board.
import { Dialog, names } from '../../../../ui';
import { COLOURS } from '../../model/types';
import { useLegend, useScope } from '../../scope';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { COLOUR_NAMES, colourWords, still, theseWords } from './words';

export default function ColourOf({ ids, onClose }: QuestionProps) {
  const { view, board } = useScope();
  useLegend(board);
  const now = new Set(still(board, ids).map(({ colour }) => colour));
  return (
    <Dialog title={`Colour of ${theseWords(board, ids)}`} isOpen onClose={onClose}>
      <ul className={styles.swatches} aria-label="Colours">
        {COLOURS.map((colour) => (
          <li key={colour}>
            <button
              type="button"
              className={styles.choice}
              aria-pressed={now.size === 1 && now.has(colour)}
              onClick={() => {
                onClose();
                view.set({ colour });
                board.edit('Change colour', (edit) => {
                  for (const id of ids) edit.set(id, { colour });
                });
                view.say(`${theseWords(board, ids)}: ${colourWords(board, colour)}.`);
              }}
            >
              <span className={names(styles.swatch, styles[colour])} aria-hidden />
              <span className={styles.choiceLabel}>
                {COLOUR_NAMES[colour]}
                {board.legend().get(colour) ? <span className={styles.note}> {board.legend().get(colour)}</span> : null}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
