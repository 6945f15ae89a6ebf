/** The editor of a statement: Tiptap bound to the shared document, without any framework. */
import { type AnyExtension, Editor, Extension, type JSONContent } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import type { Schema } from '@tiptap/pm/model';
import { Plugin, Selection } from '@tiptap/pm/state';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Carets } from './carets';
import { copyOf, letGo, understands, watchForNewer } from './newer';
import { cleanPasted } from './paste';
import { FIELD, schema, schemaExtensions } from './schema';

export interface StatementEditorOptions {
  readonly element: HTMLElement;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly editable: boolean;
  /** Comments, slash menu and the like. */
  readonly more?: readonly AnyExtension[];
  /** Pictures were pasted or dropped, and left out. */
  readonly onPicturesLeftOut?: (count: number) => void;
  /** Something arrived that the schema has no place for: from here on, what this editor writes could destroy it. */
  readonly onNotUnderstood?: () => void;
}

/** The document must already hold the room's content: binding to an empty one and filling it later loses the caret. */
export function makeEditor(options: StatementEditorOptions): Editor {
  const known = schema();
  const root = options.doc.getXmlFragment(FIELD);
  // It cannot show everything: what it takes out while it tries, it takes out of a copy.
  const own = understands(known, root) ? null : copyOf(options.doc);
  const notUnderstood = () => {
    // Not in the middle of the change that told us.
    queueMicrotask(() => {
      if (editor.isDestroyed) return;
      editor.setEditable(false, false);
      options.onNotUnderstood?.();
    });
  };
  const stopWatching = watchForNewer(known, root, () => {
    if (!own) letGo(editor);
    notUnderstood();
  });
  const editor: Editor = new Editor({
    element: options.element,
    editable: options.editable && !own,
    onDestroy: () => {
      stopWatching();
      own?.stop();
    },
    injectCSS: false,
    content: { type: 'doc', content: beginning(known, root) },
    // What the schema does not know is refused before it reaches the document, never "repaired" in it.
    enableContentCheck: true,
    emitContentError: true,
    onContentError: notUnderstood,
    // Shortcuts are for typing. What is pasted as plain text stays the text it is.
    enablePasteRules: false,
    // Those who only read must be able to get there too.
    coreExtensionOptions: { tabindex: { value: '0' } },
    extensions: [
      ...schemaExtensions(),
      Collaboration.configure({ document: own?.copy ?? options.doc, field: FIELD }),
      Carets(options.awareness),
      Leaving,
      ReadOnly,
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
      handlePaste: (_view, event) => filesAlone(event.clipboardData, options.onPicturesLeftOut),
      handleDOMEvents: {
        drop(_view, event) {
          if (!filesAlone(event.dataTransfer, options.onPicturesLeftOut)) return false;
          event.preventDefault();
          return true;
        },
      },
      // The caret must not hide under the bars that stay while the page scrolls, nor at its very edge.
      scrollThreshold: { top: 112, bottom: 64, left: 0, right: 0 },
      scrollMargin: { top: 120, bottom: 72, left: 5, right: 5 },
    },
  });
  if (own) notUnderstood();
  // The binding put the document in under a caret that stood in an empty line: it may now stand where no text can be.
  if (!editor.state.selection.$head.parent.inlineContent) {
    const start = Selection.findFrom(editor.state.doc.resolve(0), 1, true);
    if (start) editor.view.dispatch(editor.state.tr.setSelection(start));
  }
  return editor;
}

/**
 * What the document begins with, as far as the first place a caret can stand in, without any text. The binding puts the
 * document in under the caret, which keeps its number: so it stands in text from the start. (An empty string would be
 * parsed as HTML, which the page's policy forbids.)
 */
function beginning(known: Schema, root: Y.XmlFragment): JSONContent[] {
  const outline = (at: Y.XmlFragment): JSONContent[] => {
    const first = at.length > 0 ? at.get(0) : null;
    const type = first instanceof Y.XmlElement ? known.nodes[first.nodeName] : undefined;
    return first instanceof Y.XmlElement && type ? [{ type: type.name, content: type.inlineContent ? [] : outline(first) }] : [];
  };
  const content = outline(root);
  try {
    known.nodeFromJSON({ type: 'doc', content }).check();
    return content;
  } catch {
    return [{ type: 'paragraph' }]; // Two who wrote at once can leave a quote without a line.
  }
}

/** Files without any text. Taken, so that the browser does not open a dropped one in place of this page. */
function filesAlone(data: DataTransfer | null, leftOut: ((count: number) => void) | undefined): boolean {
  if (!data || data.files.length === 0 || data.getData('text/html') !== '' || data.getData('text/plain') !== '') return false;
  const pictures = [...data.files].filter(({ type }) => type.startsWith('image/')).length;
  if (pictures > 0) leftOut?.(pictures);
  return true;
}

const ReadOnly = Extension.create({
  name: 'readOnly',
  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: { attributes: (): Record<string, string> => (this.editor.isEditable ? {} : { 'aria-readonly': 'true' }) },
      }),
    ];
  },
});

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
