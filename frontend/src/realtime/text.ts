// A document as plain text: what a person can paste somewhere else when the lab cannot take their work.
import * as Y from 'yjs';
import type { RoomKind } from './types';

/** Gives the roots of this kind their type, so that a document read from storage can be walked. */
export function defineRoots(doc: Y.Doc, kind: RoomKind): void {
  if (kind === 'statement') doc.getXmlFragment('statement');
  if (kind === 'board') {
    doc.getMap('objects');
    doc.getMap('board');
  }
}

export function plainText(doc: Y.Doc): string {
  return [...doc.share.values()]
    .map((root) => rootText(root))
    .filter(Boolean)
    .join('\n\n');
}

function rootText(root: unknown): string {
  if (root instanceof Y.XmlFragment)
    return root
      .toArray()
      .map((node) => block(node, ''))
      .filter(Boolean)
      .join('\n\n');
  if (root instanceof Y.Text) return words(root);
  if (root instanceof Y.Map) {
    // A board: places and sizes are of no use to somebody who wants their words back.
    const texts = [...root.values()].filter((value) => value instanceof Y.Text).map(words).filter(Boolean);
    if (texts.length > 0) return texts.join('\n\n');
  }
  if (root instanceof Y.Map || root instanceof Y.Array) return JSON.stringify(root.toJSON(), null, 2);
  return '';
}

function block(node: unknown, indent: string): string {
  if (node instanceof Y.XmlText) return words(node);
  if (!(node instanceof Y.XmlElement)) return '';
  const children = node.toArray();
  switch (node.nodeName) {
    case 'hardBreak':
      return `\n${indent}`;
    case 'horizontalRule':
      return `${indent}---`;
    case 'bulletList':
    case 'orderedList':
      return children
        .map((item, index) => {
          const sign = node.nodeName === 'bulletList' ? '- ' : `${index + 1}. `;
          return indent + sign + block(item, `${indent}  `).trimStart();
        })
        .join('\n');
    case 'tableRow':
      return indent + children.map((cell) => block(cell, '').replaceAll('\n', ' ')).join('\t');
  }
  if (children.every((child) => child instanceof Y.XmlText || isBreak(child))) {
    return indent + children.map((child) => block(child, indent)).join('');
  }
  return children.map((child) => block(child, indent)).join('\n');
}

function isBreak(node: unknown): boolean {
  return node instanceof Y.XmlElement && node.nodeName === 'hardBreak';
}

/** Without the formatting, which `toString` of an XML text would write as tags. */
function words(text: Y.Text): string {
  const parts = text.toDelta() as { insert: unknown }[];
  return parts.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
