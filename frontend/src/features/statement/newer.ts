/**
 * What to do about content of a newer schema than this page's. The server turns such pages away when they join; but the
 * binding takes whatever it does not know out of the shared document, in everybody's name, so nothing may rest on that
 * alone. A page that meets something unknown lets go of the shared document: it shows what it can, and writes nothing.
 */
import type { Editor } from '@tiptap/core';
import type { Schema } from '@tiptap/pm/model';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/** Whether the schema has a place for every name in it: of elements, of their attributes, of looks. */
export function understands(schema: Schema, at: unknown): boolean {
  if (at instanceof Y.XmlText) {
    return at.toDelta().every(({ attributes = {} }: { attributes?: Record<string, unknown> }) =>
      Object.entries(attributes).every(([name, value]) => {
        // A look that may lie over itself has a mark of its own after its name.
        const type = schema.marks[name.replace(/--.*$/, '')];
        return type !== undefined && knows(type.spec.attrs, value);
      }),
    );
  }
  if (at instanceof Y.XmlElement) {
    const type = schema.nodes[at.nodeName];
    if (type === undefined || !knows(type.spec.attrs, at.getAttributes())) return false;
  }
  return !(at instanceof Y.XmlFragment) || at.toArray().every((child) => understands(schema, child));
}

function knows(attributes: object | null | undefined, given: unknown): boolean {
  return typeof given !== 'object' || given === null || Object.keys(given).every((name) => attributes != null && name in attributes);
}

/** Calls once, before the binding hears of the change. Returns how to stop watching. It must be called before the binding is made. */
export function watchForNewer(schema: Schema, root: Y.XmlFragment, met: () => void): () => void {
  let watching = true;
  const stop = () => {
    if (watching) root.unobserveDeep(look);
    watching = false;
  };
  const look = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
    if (events.every(({ target }) => understands(schema, target))) return;
    stop();
    met();
  };
  root.observeDeep(look);
  return stop;
}

/** From here on neither hears of the other. Both ways lead through this one door of the binding. */
export function letGo(editor: Editor): void {
  const { binding } = ySyncPluginKey.getState(editor.state) as { binding: { mux: (work: () => void) => void } };
  binding.mux = () => undefined;
}

/** A document of one's own that follows another, and may be taken apart. */
export function copyOf(doc: Y.Doc): { copy: Y.Doc; stop: () => void } {
  const copy = new Y.Doc();
  const follow = (update: Uint8Array) => Y.applyUpdate(copy, update);
  follow(Y.encodeStateAsUpdate(doc));
  doc.on('update', follow);
  return {
    copy,
    stop: () => {
      doc.off('update', follow);
      copy.destroy();
    },
  };
}
