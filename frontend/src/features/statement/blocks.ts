/** What a line of the statement can be made into: one list for the style menu, the toolbar and the `/` menu. */
import type { Editor } from '@tiptap/core';
import { Heading1, Heading2, Heading3, List, ListOrdered, type LucideIcon, Minus, Quote, Table, Type } from 'lucide-react';

export interface BlockChoice {
  readonly id: string;
  readonly label: string;
  /** What else a person may call it, for the `/` menu. */
  readonly words: string;
  readonly hint: string;
  readonly icon: LucideIcon;
  readonly apply: (editor: Editor) => void;
}

export const TEXT_STYLES: readonly BlockChoice[] = [
  { id: 'text', label: 'Text', words: 'paragraph plain', hint: 'Ordinary words', icon: Type, apply: (editor) => plain(editor) },
  { id: 'h1', label: 'Heading 1', words: 'title large section', hint: '# and a space', icon: Heading1, apply: (editor) => heading(editor, 1) },
  { id: 'h2', label: 'Heading 2', words: 'subtitle medium section', hint: '## and a space', icon: Heading2, apply: (editor) => heading(editor, 2) },
  { id: 'h3', label: 'Heading 3', words: 'small section', hint: '### and a space', icon: Heading3, apply: (editor) => heading(editor, 3) },
  { id: 'quote', label: 'Quote', words: 'blockquote said words', hint: '> and a space', icon: Quote, apply: (editor) => editor.chain().focus().toggleBlockquote().run() },
];

export const LISTS: readonly BlockChoice[] = [
  { id: 'bullets', label: 'Bulleted list', words: 'points unordered', hint: '- and a space', icon: List, apply: (editor) => editor.chain().focus().toggleBulletList().run() },
  { id: 'numbers', label: 'Numbered list', words: 'ordered steps', hint: '1. and a space', icon: ListOrdered, apply: (editor) => editor.chain().focus().toggleOrderedList().run() },
];

export const INSERTS: readonly BlockChoice[] = [
  { id: 'table', label: 'Table', words: 'grid columns rows', hint: '3 by 3, with a header row', icon: Table, apply: (editor) => table(editor) },
  { id: 'line', label: 'Dividing line', words: 'rule separator horizontal', hint: '--- on a line', icon: Minus, apply: (editor) => editor.chain().focus().setHorizontalRule().run() },
];

export const SLASH_CHOICES: readonly BlockChoice[] = [...TEXT_STYLES.slice(1), ...LISTS, TEXT_STYLES[0] as BlockChoice, ...INSERTS];

/** The name of what the caret stands in. */
export function styleAt(editor: Editor): string {
  for (const level of [1, 2, 3]) if (editor.isActive('heading', { level })) return `Heading ${level}`;
  if (editor.isActive('blockquote')) return 'Quote';
  return 'Text';
}

export function matching(query: string): readonly BlockChoice[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return SLASH_CHOICES;
  return SLASH_CHOICES.filter((choice) =>
    `${choice.label} ${choice.words}`.toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted)) || choice.label.toLowerCase().startsWith(wanted),
  );
}

function plain(editor: Editor): void {
  const chain = editor.chain().focus();
  (editor.isActive('blockquote') ? chain.lift('blockquote').setParagraph() : chain.setParagraph()).run();
}

/** With a line after it where there is none: fingers have no arrow keys to get out of a table with. */
export function table(editor: Editor): void {
  editor
    .chain()
    .focus()
    .insertTable({ rows: 3, cols: 3, withHeaderRow: true })
    .command(({ tr, state }) => {
      if (tr.doc.lastChild?.type === state.schema.nodes.table) tr.insert(tr.doc.content.size, state.schema.node('paragraph'));
      return true;
    })
    .run();
}

function heading(editor: Editor, level: 1 | 2 | 3): void {
  editor.chain().focus().toggleHeading({ level }).run();
}
