/**
 * What a statement may hold. The server's twin is lab/challenges/document.py; a test compares both with the golden
 * document. A change here is a new SCHEMA_VERSION: editors delete what they do not know from the shared document.
 */
import { type AnyExtension, getSchema } from '@tiptap/core';
import { TableKit } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';
import { Highlight } from './Highlight';
import { mayHold } from './links';

export const SCHEMA_VERSION = 1;
/** Name of the root fragment in the shared document. */
export const FIELD = 'statement';

export function schemaExtensions(): AnyExtension[] {
  return [
    StarterKit.configure({
      heading: { levels: [1, 2, 3] },
      link: {
        openOnClick: false,
        autolink: false,
        defaultProtocol: 'https',
        protocols: [],
        HTMLAttributes: { target: '_blank', rel: 'noopener noreferrer' },
        isAllowedUri: mayHold,
      },
      // History is per person and belongs to the shared document.
      undoRedo: false,
      // It would write an empty paragraph into everybody's document just by opening it.
      trailingNode: false,
    }),
    Highlight,
    TableKit.configure({ table: { resizable: false, allowTableNodeSelection: true } }),
  ];
}

export const schema = () => getSchema(schemaExtensions());
