/**
 * A version's text, set as in the statement. The server sends HTML; it is parsed apart from the page and rebuilt node by node from
 * the few elements a statement has, so that nothing else can come in, whatever is sent.
 */
import { createElement, Fragment, type ReactNode, useMemo } from 'react';
import { inertHtml } from '../../lib/inertHtml';
import { mayHold } from './links';
import styles from './statement.module.css';

const ELEMENTS = new Set(
  'p h1 h2 h3 ul ol li blockquote pre code hr br strong em s u mark a table thead tbody tr th td'.split(' '),
);
const EMPTY = new Set(['hr', 'br']);

export function Reading({ html }: { html: string }) {
  const content = useMemo(() => rebuilt(inertHtml(html).body.childNodes), [html]);
  return <div className={styles.prose}>{content}</div>;
}

function rebuilt(nodes: NodeListOf<ChildNode>): ReactNode[] {
  return [...nodes].map((node, index) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    if (!(node instanceof Element)) return null;
    const name = node.localName;
    const key = index;
    if (!ELEMENTS.has(name)) return createElement(Fragment, { key }, ...rebuilt(node.childNodes));
    // Headings of the text stand below the dialog's own.
    const shown = name === 'h1' ? 'h3' : name === 'h2' ? 'h4' : name === 'h3' ? 'h5' : name;
    return createElement(shown, { key, ...attributes(node) }, ...(EMPTY.has(name) ? [] : rebuilt(node.childNodes)));
  });
}

function attributes(element: Element): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  const href = element.getAttribute('href');
  if (element.localName === 'a' && href && mayHold(href)) {
    Object.assign(kept, { href, target: '_blank', rel: 'noopener noreferrer' });
  }
  for (const [name, prop] of [['colspan', 'colSpan'], ['rowspan', 'rowSpan'], ['start', 'start']] as const) {
    const value = Number(element.getAttribute(name));
    if (Number.isInteger(value) && value > 0) kept[prop] = value;
  }
  return kept;
}
