/** The editor of a statement: Tiptap bound to the shared document, without any framework. */
import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Extension, type AnyExtension } from '@tiptap/core';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { Carets } from './carets';
import { cleanPasted } from './paste';
import { FIELD, schemaExtensions } from './schema';

export interface StatementEditorOptions {
  readonly element: HTMLElement;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly editable: boolean;
  /** Comments, slash menu and the like. */
  readonly more?: readonly AnyExtension[];
  /** Pictures were pasted and left out. */
  readonly onPicturesLeftOut?: (count: number) => void;
}

/** The document must already hold the room's content: binding to an empty one and filling it later loses the caret. */
export function makeEditor(options: StatementEditorOptions): Editor {
  return new Editor({
    element: options.element,
    editable: options.editable,
    injectCSS: false,
    // Not the empty string: that would be parsed as HTML, which the page's policy forbids.
    content: { type: 'doc', content: [{ type: 'paragraph' }] },
    // What the schema does not know is refused before it reaches the document, never "repaired" in it.
    enableContentCheck: true,
    emitContentError: true,
    extensions: [
      ...schemaExtensions(),
      Collaboration.configure({ document: options.doc, field: FIELD }),
      Carets(options.awareness),
      Leaving,
      ...(options.more ?? []),
    ],
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': 'Problem statement',
        spellcheck: 'true',
        lang: document.documentElement.lang || 'en-GB',
      },
      transformPastedHTML(html) {
        const cleaned = cleanPasted(html);
        if (cleaned.pictures > 0) options.onPicturesLeftOut?.(cleaned.pictures);
        return cleaned.html;
      },
    },
  });
}

/** Escape leaves the text, so that Tab goes on to the next thing instead of indenting a list for ever. */
const Leaving = Extension.create({
  name: 'leaving',
  priority: 10,
  addKeyboardShortcuts() {
    return {
      Escape: () => {
        const sheet = this.editor.view.dom.closest<HTMLElement>('[data-statement]');
        sheet?.focus();
        return sheet !== null;
      },
    };
  },
});
