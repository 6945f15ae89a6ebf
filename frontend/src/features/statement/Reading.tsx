/**
 * A version's text, set as in the statement. The server sends HTML; it is parsed apart from the page and rebuilt node by node from
 * the few elements a statement has, so that nothing else can come in, whatever is sent.
 */
import { createElement, Fragment, type ReactNode, useMemo } from 'react';
import { inertHtml } from '../../lib/inertHtml';
import { names } from '../../ui';
import { mayHold } from './links';
import styles from './statement.module.css';

const ELEMENTS = new Set(
  'p h1 h2 h3 ul ol li blockquote pre code hr br strong em s u mark a table thead tbody tr th td'.split(' '),
);
const EMPTY = new Set(['hr', 'br']);
const BELOW_DIALOG = 3;

export function Reading({ html }: { html: string }) {
  const content = useMemo(() => {
    const { body } = inertHtml(html);
    const levels = [...body.querySelectorAll('h1, h2, h3')].map(levelOf);
    return rebuilt(body.childNodes, BELOW_DIALOG - Math.min(...levels));
  }, [html]);
  return <div className={names(styles.prose, styles.version)}>{content}</div>;
}

const levelOf = (heading: Element) => Number(heading.localName.slice(1));

/** `deeper`: by how many levels headings go down, so that the highest in the text stands right below the dialog's own. */
function rebuilt(nodes: NodeListOf<ChildNode>, deeper: number): ReactNode[] {
  return [...nodes].map((node, index) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    if (!(node instanceof Element)) return null;
    const name = node.localName;
    const key = index;
    if (!ELEMENTS.has(name)) return createElement(Fragment, { key }, ...rebuilt(node.childNodes, deeper));
    const level = /^h[123]$/.test(name) ? levelOf(node) : null;
    const shown = level === null ? name : `h${level + deeper}`;
    const looks = level === null ? {} : { 'data-level': level };
    return createElement(shown, { key, ...looks, ...attributes(node) }, ...(EMPTY.has(name) ? [] : rebuilt(node.childNodes, deeper)));
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
