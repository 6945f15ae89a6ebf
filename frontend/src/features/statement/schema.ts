/**
 * What a statement may hold. The server's twin is lab/challenges/document.py; a test compares both with the golden
 * document. A change here is a new SCHEMA_VERSION: editors delete what they do not know from the shared document.
 */
import { type AnyExtension, getSchema } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Bold } from '@tiptap/extension-bold';
import { Code } from '@tiptap/extension-code';
import { CodeBlock } from '@tiptap/extension-code-block';
import { Document } from '@tiptap/extension-document';
import { HardBreak } from '@tiptap/extension-hard-break';
import { Heading } from '@tiptap/extension-heading';
import { HorizontalRule } from '@tiptap/extension-horizontal-rule';
import { Italic } from '@tiptap/extension-italic';
import { BulletList, ListItem, ListKeymap, OrderedList } from '@tiptap/extension-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Strike } from '@tiptap/extension-strike';
import { TableKit } from '@tiptap/extension-table';
import { Text } from '@tiptap/extension-text';
import { Underline } from '@tiptap/extension-underline';
// One by one: the package's front door brings an undo of its own along, 5 KB of it.
import { Dropcursor } from '@tiptap/extensions/drop-cursor';
import { Gapcursor } from '@tiptap/extensions/gap-cursor';
import { Highlight } from './Highlight';
import { Link } from './Link';

export const SCHEMA_VERSION = 1;
/** Name of the root fragment in the shared document. */
export const FIELD = 'statement';

/** Undo is not here: it is per person, and belongs to the shared document. */
export function schemaExtensions(): AnyExtension[] {
  return [
    Document,
    Paragraph,
    Text,
    Heading.configure({ levels: [1, 2, 3] }),
    BulletList,
    OrderedList,
    ListItem,
    ListKeymap,
    Blockquote,
    CodeBlock,
    HorizontalRule,
    HardBreak,
    TableKit.configure({ table: { resizable: false, allowTableNodeSelection: true } }),
    Bold,
    Italic,
    Strike,
    Code,
    Underline,
    Highlight,
    Link,
    Dropcursor,
    Gapcursor,
  ];
}

export const schema = () => getSchema(schemaExtensions());
