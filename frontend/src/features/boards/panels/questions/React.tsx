// Reactions: a few, each with a word, because a picture alone means different things to different people.
import { Button, Dialog } from '../../../../ui';
import { SUPPORT } from '../../commands/support';
import { useObjects, useScope } from '../../scope';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { still, theseWords } from './words';

export const REACTIONS: readonly { readonly emoji: string; readonly word: string }[] = [
  { emoji: SUPPORT, word: 'Support' },
  { emoji: '❤️', word: 'This matters to me' },
  { emoji: '💡', word: 'New idea' },
  { emoji: '❓', word: 'I have a question' },
  { emoji: '👀', word: 'Look at this again' },
  { emoji: '🎉', word: 'Well done' },
];

export default function React({ ids, onClose }: QuestionProps) {
  const { view, board, me, person } = useScope();
  useObjects(board);
  const objects = still(board, ids);
  return (
    <Dialog title={`React to ${theseWords(board, ids)}`} isOpen onClose={onClose} footer={<Button onPress={onClose}>Done</Button>}>
      <ul className={styles.rows} aria-label="Reactions">
        {REACTIONS.map(({ emoji, word }) => {
          const givers = objects.flatMap(({ reactions }) => reactions.get(emoji) ?? []);
          const mine = objects.filter(({ reactions }) => reactions.get(emoji)?.includes(me.id)).length;
          const on = mine === objects.length && mine > 0;
          const others = [...new Set(givers)].map((id) => (id === me.id ? 'you' : (person(id)?.name ?? 'somebody')));
          return (
            <li key={emoji}>
              <button
                type="button"
                className={styles.choice}
                aria-pressed={on}
                onClick={() => {
                  board.edit(on ? 'Take reaction back' : 'React', (edit) => {
                    for (const { id } of still(board, ids)) edit.react(id, emoji, !on);
                  });
                  view.say(on ? `${word}: taken back.` : `${word}: given.`);
                }}
              >
                <span aria-hidden>{emoji}</span>
                <span className={styles.choiceLabel}>{word}</span>
                {givers.length > 0 ? <span className={styles.note}>{others.slice(0, 5).join(', ')}{others.length > 5 ? ` and ${others.length - 5} more` : ''}</span> : null}
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
