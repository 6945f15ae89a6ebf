/**
 * Cleans what comes from Word, Google Docs and the web before the editor reads it. The editor's schema drops what it does
 * not know; what it cannot do is turn Word's lists, which arrive as paragraphs with a drawn bullet, back into lists.
 */
import { inertHtml } from '../../lib/inertHtml';

export interface Cleaned {
  readonly html: string;
  /** How many pictures were left out, for a sentence to the person. */
  readonly pictures: number;
}

/**
 * The page's policy lets no style of its own through to an element, pasted ones included, and complains about each. So they are
 * put aside under another name while the text is parsed, and what they say about the words is said with elements instead.
 */
const STYLE = 'data-pasted-style';

/** Where the editor's own clipboard says whether what was copied begins or ends inside a line or a list. */
const SLICE = 'data-pm-slice';

/** Never run against the page: the parsed document is inert, and nothing in it is loaded or executed. */
export function cleanPasted(html: string): Cleaned {
  const { body } = inertHtml(stylesAside(html));
  for (const useless of body.querySelectorAll('script,style,meta,link,title,xml,object,embed,iframe,noscript,template')) {
    useless.remove();
  }
  const pictures = body.querySelectorAll('img,picture,svg,video,canvas').length;
  for (const picture of body.querySelectorAll('img,picture,svg,video,canvas')) picture.remove();
  unwrapGoogle(body);
  listsFromWord(body);
  headingsWeHave(body);
  elementsForStyles(body);
  for (const each of body.querySelectorAll('*')) {
    for (const { name } of [...each.attributes]) {
      if (name.startsWith('on') || name === 'class' || name === 'style' || name === 'id' || (name.startsWith('data-') && name !== SLICE)) each.removeAttribute(name);
    }
  }
  return { html: body.innerHTML, pictures };
}

/** Google Docs wraps everything in a `<b style="font-weight:normal">`, which would make it all bold. */
function unwrapGoogle(body: HTMLElement): void {
  for (const wrapper of body.querySelectorAll<HTMLElement>('b[id^="docs-internal-guid"]')) {
    wrapper.replaceWith(...wrapper.childNodes);
  }
}

function stylesAside(html: string): string {
  return html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)style(\s*=)/gi, `$1${STYLE}$2`));
}

const styleOf = (element: Element) => element.getAttribute(STYLE) ?? '';

const SAID: readonly (readonly [string, RegExp])[] = [
  ['strong', /(?:^|[;\s])font-weight:\s*(?:bold|[6-9]00)/i],
  ['em', /(?:^|[;\s])font-style:\s*(?:italic|oblique)/i],
  ['s', /text-decoration[^;:]*:[^;]*line-through/i],
  ['u', /text-decoration[^;:]*:[^;]*underline/i],
  ['mark', /mso-highlight:|background(?:-color)?:\s*(?:yellow|#ff0\b|#ffff00|rgb\(255,\s*255,\s*0\))/i],
];
const DENIED: readonly (readonly [string, RegExp])[] = [
  ['b, strong', /(?:^|[;\s])font-weight:\s*(?:normal|[1-4]00)/i],
  ['i, em', /(?:^|[;\s])font-style:\s*normal/i],
];

function elementsForStyles(body: HTMLElement): void {
  for (const [elements, says] of DENIED) {
    for (const each of body.querySelectorAll(elements)) if (says.test(styleOf(each))) each.replaceWith(...each.childNodes);
  }
  // Headings are bold, and links underlined, already.
  for (const each of body.querySelectorAll(`:is(span, font, p, li, td, th)[${STYLE}]`)) {
    for (const [element, says] of SAID) {
      if (!says.test(styleOf(each)) || each.closest(element === 'u' ? 'a, u' : `h1, h2, h3, ${element}`)) continue;
      const said = body.ownerDocument.createElement(element);
      said.append(...each.childNodes);
      each.append(said);
    }
  }
}

/** Word's title is a paragraph to it; and what lies deeper than our three headings is still a heading. */
function headingsWeHave(body: HTMLElement): void {
  for (const [found, wanted] of [['p.MsoTitle', 'h1'], ['h4, h5, h6', 'h3']] as const) {
    for (const old of body.querySelectorAll(found)) {
      const heading = body.ownerDocument.createElement(wanted);
      heading.append(...old.childNodes);
      old.replaceWith(heading);
    }
  }
}

interface WordItem {
  readonly paragraph: HTMLElement;
  readonly list: string;
  readonly level: number;
  readonly ordered: boolean;
  /** What a numbered list begins with, when this is its first. */
  readonly number: number;
}

function listsFromWord(body: HTMLElement): void {
  let run: WordItem[] = [];
  for (const paragraph of [...body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6')]) {
    const item = wordItem(paragraph);
    const last = run.at(-1);
    if (item && last && !follows(last.paragraph, paragraph)) {
      build(run);
      run = [];
    }
    if (item) run.push(item);
    else if (run.length) {
      build(run);
      run = [];
    }
  }
  build(run);
}

/** `style="mso-list:l0 level2 lfo1"` names the list and the depth; the drawn bullet stands in an `mso-list:Ignore` span. */
function wordItem(paragraph: HTMLElement): WordItem | null {
  const found = /mso-list:\s*(l\d+)\s+level(\d+)/i.exec(styleOf(paragraph));
  if (!found) return null;
  const drawn = bulletOf(paragraph);
  return {
    paragraph,
    list: found[1] ?? 'l0',
    level: Math.min(Number(found[2]), 9),
    number: Number(/^[([]?(\d{1,3})/.exec(drawn)?.[1] ?? 1),
    ordered: /^[([]?(?:\d{1,3}|[a-z]{1,2}|[ivxlcdm]{1,7})[.)\]]/i.test(drawn),
  };
}

/** Takes the drawn bullet or number out of the paragraph and returns it. */
function bulletOf(paragraph: HTMLElement): string {
  const marked = [...paragraph.querySelectorAll<HTMLElement>('span')].find((span) =>
    /mso-list:\s*ignore/i.test(styleOf(span)),
  );
  if (marked) {
    const drawn = marked.textContent?.trim() ?? '';
    marked.remove();
    return drawn;
  }
  // Word for the web puts it into the text itself.
  const walker = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const first = walker.nextNode() as Text | null;
  const drawn = /^\s*([·•▪◦○§o\u00b7\uf0b7\uf0a7-]|\(?[\da-z]{1,3}[.)])[\s\u00a0]+/i.exec(first?.data ?? '');
  if (!first || !drawn) return '';
  first.data = first.data.slice(drawn[0].length);
  return drawn[1] ?? '';
}

function follows(earlier: HTMLElement, later: HTMLElement): boolean {
  let next = earlier.nextSibling;
  while (next && next.nodeType !== Node.ELEMENT_NODE && !next.textContent?.trim()) next = next.nextSibling;
  return next === later;
}

function build(run: readonly WordItem[]): void {
  const first = run[0];
  if (!first) return;
  const page = first.paragraph.ownerDocument;
  /** The open lists, outermost first. */
  const open: { element: HTMLElement; level: number; list: string }[] = [];
  for (const item of run) {
    while (open.length > 1 && (open.at(-1)?.level ?? 0) > item.level) open.pop();
    let top = open.at(-1);
    const tag = item.ordered ? 'ol' : 'ul';
    const other = top?.level === item.level && (top.list !== item.list || top.element.localName !== tag);
    if (!top || top.level < item.level || other) {
      const element = page.createElement(tag);
      if (item.ordered && item.number > 1) element.setAttribute('start', String(item.number));
      const parent = other ? null : top?.element.lastElementChild;
      if (other && top) {
        open.pop();
        top.element.after(element);
      } else if (parent) parent.append(element);
      else first.paragraph.before(element);
      top = { element, level: item.level, list: item.list };
      open.push(top);
    }
    const entry = page.createElement('li');
    const paragraph = page.createElement('p');
    paragraph.append(...item.paragraph.childNodes);
    entry.append(paragraph);
    top.element.append(entry);
  }
  for (const item of run) item.paragraph.remove();
}
