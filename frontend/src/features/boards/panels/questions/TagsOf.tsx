// Tags: those of what is chosen, those in use on the board, and new ones.
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { Button, Dialog, Form, IconButton, TextField } from '../../../../ui';
import { MOST_TAGS, type ObjectId } from '../../model/types';
import { useObjects, useScope } from '../../scope';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { still, theseWords } from './words';

const LONGEST = 40;

export default function TagsOf({ ids, onClose }: QuestionProps) {
  const { view, board } = useScope();
  const all = useObjects(board);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const list = useId();
  const objects = still(board, ids);
  const own = [...new Set(objects.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));
  const known = [...new Set(all.flatMap(({ tags }) => tags))].filter((tag) => !own.includes(tag)).sort((a, b) => a.localeCompare(b));

  function change(words: string, next: (tags: readonly string[]) => readonly string[]): void {
    board.edit('Change tags', (edit) => {
      for (const { id, tags } of still(board, ids)) edit.set(id, { tags: [...new Set(next(tags))].sort().slice(0, MOST_TAGS) });
    });
    view.say(words);
  }
  function add() {
    const tag = text.replace(/^#/, '').replace(/\s+/g, ' ').trim();
    const full = still(board, ids).some(({ tags }) => tags.length >= MOST_TAGS && !tags.includes(tag));
    if (tag === '') return setProblem('Write a word or two.');
    if (tag.includes('/')) return setProblem('A tag has no slash in it.');
    if (tag.length > LONGEST) return setProblem(`A tag has at most ${LONGEST} characters.`);
    if (full) return setProblem(`At most ${MOST_TAGS} tags on one object. Take one off first.`);
    // As it is written elsewhere on this board, so that one tag has one spelling.
    const spelled = [...own, ...known].find((each) => each.toLocaleLowerCase() === tag.toLocaleLowerCase()) ?? tag;
    setProblem(null);
    setText('');
    change(`Tagged ${spelled}.`, (tags) => [...tags, spelled]);
  }
  return (
    <Dialog title={`Tags of ${theseWords(board, ids)}`} isOpen onClose={onClose} footer={<Button onPress={onClose}>Done</Button>}>
      {own.length > 0 ? (
        <ul className={styles.tags} aria-label="Tags">
          {own.map((tag) => {
            const on = objects.filter(({ tags }) => tags.includes(tag)).length;
            return (
              <li key={tag} className={styles.tag}>
                <span>
                  {tag}
                  {on < objects.length ? <span className={styles.note}> on {on} of {objects.length}</span> : null}
                </span>
                <IconButton
                  size="small"
                  label={`Take off ${tag}`}
                  icon={<X aria-hidden />}
                  onPress={() => change(`${tag} taken off.`, (tags) => tags.filter((each) => each !== tag))}
                />
              </li>
            );
          })}
        </ul>
      ) : (
        <p className={styles.explain}>No tags yet.</p>
      )}
      <Form onSubmit={add}>
        <TextField label="New tag" list={list} maxLength={LONGEST + 1} autoComplete="off" value={text} onChange={setText} problem={problem} />
        <datalist id={list}>
          {known.slice(0, 100).map((tag: ObjectId) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
        <Button type="submit" size="small">
          Add tag
        </Button>
      </Form>
    </Dialog>
  );
}
