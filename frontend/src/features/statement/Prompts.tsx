/** An empty statement: questions that help to begin, put in with one press and only then. */
import type { Editor } from '@tiptap/core';
import { PenLine } from 'lucide-react';
import { Button } from '../../ui';
import { inText } from './focus';
import styles from './statement.module.css';
import { useEditorValue } from './useEditor';

const QUESTIONS: readonly (readonly [string, string])[] = [
  ['Who is this about?', 'Who is affected, and who is not usually heard?'],
  ['What happens now?', 'In plain words, as somebody it happens to would say it.'],
  ['Where and when?', 'In which places, at what times, how often?'],
  ['What does it cost people?', 'Time, worry, health, money, dignity.'],
  ['How do we know?', 'What we have seen, counted, read or been told.'],
  ['What are we not tackling?', 'So that the rest can be done well.'],
];

export function Prompts({ editor }: { editor: Editor }) {
  const empty = useEditorValue(editor, (e) => e.isEmpty, false);
  if (!empty) return null;
  return (
    <section className={styles.prompts} aria-labelledby="prompts">
      <h2 id="prompts">Nothing is written yet</h2>
      <p>Start typing above, or begin with six questions that make a good problem statement. You can change or delete every word.</p>
      <Button icon={<PenLine aria-hidden />} onPress={() => insert(editor)}>
        Begin with the questions
      </Button>
    </section>
  );
}

function insert(editor: Editor): void {
  // Somebody may have written the first words while the button was being pressed.
  if (!editor.isEmpty) return;
  const content = QUESTIONS.flatMap(([question, help]) => [
    { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: question }] },
    { type: 'paragraph', content: [{ type: 'text', text: help, marks: [{ type: 'italic' }] }] },
  ]);
  inText(editor).setContent(content).setTextSelection(3).run();
}
