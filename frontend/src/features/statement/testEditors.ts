/** For tests: editors on shared documents that are linked, or kept apart until told otherwise. */
import type { Editor } from '@tiptap/core';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { makeEditor } from './editor';
import { FIELD } from './schema';
import { Slash } from './slash';

export interface Writer {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly editor: Editor;
}

export function writer(start?: Uint8Array, editable = true, onPicturesLeftOut?: (count: number) => void): Writer {
  const doc = new Y.Doc();
  if (start) Y.applyUpdate(doc, start);
  const element = document.createElement('div');
  document.body.append(element);
  const awareness = new Awareness(doc);
  return { doc, awareness, editor: makeEditor({ element, doc, awareness, editable, more: [Slash], ...(onPicturesLeftOut && { onPicturesLeftOut }) }) };
}

/** Passes each one's changes to the other, once. */
export function exchange(a: Writer, b: Writer): void {
  const forB = Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc));
  const forA = Y.encodeStateAsUpdate(b.doc, Y.encodeStateVector(a.doc));
  Y.applyUpdate(b.doc, forB);
  Y.applyUpdate(a.doc, forA);
}

/** A document with one paragraph for each line. */
export function lines(...texts: string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.getXmlFragment(FIELD).insert(
    0,
    texts.map((text) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(text)]);
      return paragraph;
    }),
  );
  return Y.encodeStateAsUpdate(doc);
}
