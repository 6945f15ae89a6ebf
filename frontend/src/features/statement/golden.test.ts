import { readFileSync } from 'node:fs';
import type { JSONContent } from '@tiptap/core';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { rangeOf } from './anchors';
import { SCHEMA_VERSION } from './schema';
import { writer } from './testEditors';

interface Golden {
  schema: number;
  update: string;
  doc: JSONContent;
  anchor: { start: string; end: string; quote: string; prefix: string; suffix: string };
}

// A statement made by the server. Both suites read the same file.
const golden: Golden = JSON.parse(readFileSync('../tests/golden/statement.json', 'utf8'));
const update = Uint8Array.from(golden.update.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

test('the server and this page mean the same version of the schema', () => {
  expect(SCHEMA_VERSION).toBe(golden.schema);
});

test('a statement made by the server opens as what it says, and opening it writes nothing', () => {
  const { doc, editor } = writer(update);
  expect(asGolden(editor.getJSON())).toEqual(golden.doc);
  editor.commands.setTextSelection(3);
  // Compared with a document nobody opened: the server writes some numbers in another form than Yjs does.
  const untouched = new Y.Doc();
  Y.applyUpdate(untouched, update);
  expect(Y.encodeStateAsUpdate(doc)).toEqual(Y.encodeStateAsUpdate(untouched));
});

test('a comment tied to words by the server is tied to the same words here', () => {
  const { editor } = writer(update);
  const range = rangeOf(editor.state, golden.anchor);
  expect(range && editor.state.doc.textBetween(range.from, range.to)).toBe(golden.anchor.quote);
});

/** Marks in the order of the file, and of a link only what the server writes. */
function asGolden(node: JSONContent): JSONContent {
  const marks = node.marks?.map(({ type, attrs }) =>
    type === 'link' ? { type, attrs: { href: attrs?.href, title: attrs?.title } } : { type },
  );
  marks?.sort((a, b) => Number(a.type === 'link') - Number(b.type === 'link') || a.type.localeCompare(b.type));
  return {
    ...node,
    ...(marks && { marks }),
    ...(node.content && { content: node.content.map(asGolden) }),
  } as JSONContent;
}
