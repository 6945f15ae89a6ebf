// Elements: one object as the page shows it. Built from its sheet; every line stands where the typesetter put it.
import type { BoardObject } from '../model/types';
import styles from './board.module.css';
import { svgIcon } from './icons';
import { plain } from './markdown';
import type { Foot, Part, Sheet } from './sheets';
import { INDENT, type Line } from './typeset';

/** Notes and cards have an edge of one unit, inside their box. */
const EDGE = 1;
const PIECE: Record<Part['what'], string | undefined> = {
  text: styles.text, title: styles.title, tags: styles.tags, site: styles.site, chip: styles.chip,
  caption: styles.caption, prompt: styles.prompt, number: styles.number, label: styles.label,
};
const INK: Record<Part['ink'], string | undefined> = { note: styles.inkNote, ink: styles.ink, 'ink-2': styles.ink2, 'ink-3': styles.ink3, act: styles.inkAct };
const SHAPE: Record<BoardObject['kind'], string | undefined> = {
  note: styles.note, heading: styles.heading, area: styles.areaOption, cluster: styles.pill, connector: styles.wireOption,
  image: styles.image, source: styles.card, evidence: styles.card,
};

export function makeOption(object: BoardObject): HTMLElement {
  const element = document.createElement('div');
  element.setAttribute('role', 'option');
  element.setAttribute('aria-selected', 'false');
  element.tabIndex = -1;
  element.dataset.id = object.id;
  element.dataset.kind = object.kind;
  element.className = `${styles.option} ${SHAPE[object.kind] ?? ''}`;
  return element;
}

/** The name of an object is what is read here from first to last: its own words, then the hidden ones. */
export function fillOption(element: HTMLElement, object: BoardObject, sheet: Sheet, hidden: string, imageUrl: (file: string) => string): void {
  if (object.kind === 'note') element.dataset.colour = object.colour;
  const children: Node[] = [];
  const edge = sheet.paper === null ? 0 : EDGE;
  if (object.kind === 'image') children.push(picture(element, object, sheet, imageUrl));
  // The words of an area are seen in its region, those of a connector on its wire.
  if (object.kind !== 'area' && object.kind !== 'connector') for (const part of sheet.parts) children.push(makePart(part, edge));
  if (sheet.foot && (sheet.foot.by !== '' || sheet.foot.marks.length > 0)) children.push(makeFoot(sheet.foot, edge, sheet.paper === 'card'));
  const words = document.createElement('span');
  words.className = 'vh';
  children.push(words);
  element.replaceChildren(...children);
  setHidden(element, object, hidden);
}

export function setHidden(element: HTMLElement, object: BoardObject, hidden: string): void {
  const words = element.lastElementChild;
  if (!words) return;
  const own = object.kind === 'area' ? plain(object.text) || 'Area' : '';
  const said = object.kind === 'connector' ? hidden.replace(/^, /u, '') : `${own}${hidden}`;
  if (words.textContent !== said) words.textContent = said;
}

export function makePart(part: Part, edge = 0): HTMLElement {
  const element = document.createElement('div');
  element.className = `${styles.part} ${PIECE[part.what] ?? ''} ${INK[part.ink] ?? ''}`;
  if (part.what === 'tags') element.setAttribute('aria-hidden', 'true');
  const { type, lines } = part.set;
  const style = element.style;
  style.left = `${part.x - edge}px`;
  style.top = `${part.y - edge}px`;
  style.width = `${part.w}px`;
  style.fontSize = `${type.size}px`;
  style.lineHeight = `${type.leading}px`;
  if (type.weight !== 400) style.fontWeight = String(type.weight);
  if (type.italic) style.fontStyle = 'italic';
  if (type.face === 'voice') element.classList.add('voice');
  for (const line of lines) element.append(makeLine(line));
  return element;
}

function makeLine(line: Line): HTMLElement {
  const element = document.createElement('span');
  element.className = line.bullet ? `${styles.line} ${styles.bullet}` : styles.line!;
  if (line.indent > 0) element.style.paddingInlineStart = `${INDENT}px`;
  if (line.rtl) element.dir = 'rtl';
  const end = line.continues && !line.broken ? ' ' : '';
  if (line.pieces.every((piece) => !piece.bold && !piece.italic)) {
    element.textContent = line.pieces.map((piece) => piece.text).join('') + end;
    return element;
  }
  line.pieces.forEach((piece, at) => {
    const text = at === line.pieces.length - 1 ? piece.text + end : piece.text;
    if (!piece.bold && !piece.italic) {
      element.append(text);
      return;
    }
    const marked = document.createElement(piece.bold ? 'strong' : 'em');
    marked.textContent = text;
    element.append(marked);
  });
  return element;
}

/** Seen only: all of it is among the hidden words, in sentences. */
function makeFoot(foot: Foot, edge: number, card: boolean): HTMLElement {
  const element = document.createElement('div');
  element.className = `${styles.foot} ${card ? styles.ink3 : styles.inkNote}`;
  element.setAttribute('aria-hidden', 'true');
  element.style.top = `${foot.y - edge}px`;
  if (foot.by !== '') {
    const by = document.createElement('span');
    by.className = styles.by!;
    by.style.left = `${(card ? 16 : 12) - edge}px`;
    by.textContent = foot.by;
    element.append(by);
  }
  for (const { mark, x } of foot.marks) {
    const shown = document.createElement('span');
    shown.className = styles.mark!;
    shown.style.left = `${x - edge}px`;
    if (mark.what === 'support') {
      const dot = document.createElement('i');
      dot.className = mark.mine ? `${styles.dot} ${styles.mine}` : styles.dot!;
      shown.append(dot);
    } else if (mark.what === 'reaction') {
      const emoji = document.createElement('span');
      emoji.className = styles.emoji!;
      emoji.textContent = mark.emoji;
      shown.append(emoji);
    } else {
      shown.append(svgIcon(mark.what, 12));
      if (mark.what === 'lock' && mark.double) {
        const second = svgIcon('lock', 12);
        second.classList.add(styles.second!);
        shown.append(second);
      }
    }
    if (mark.what !== 'lock') {
      const number = document.createElement('b');
      number.textContent = String(mark.n);
      shown.append(number);
    }
    element.append(shown);
  }
  return element;
}

function picture(element: HTMLElement, object: BoardObject, sheet: Sheet, imageUrl: (file: string) => string): HTMLElement {
  const url = object.picture ? imageUrl(object.picture.file) : '';
  // The same picture stays in the page: making it anew would make it blink.
  const old = element.querySelector('img');
  const image = old && old.dataset.url === url ? old : document.createElement('img');
  if (image !== old) {
    image.decoding = 'async';
    image.draggable = false;
    image.dataset.url = url;
    if (url) image.src = url;
  }
  image.alt = object.alt;
  image.style.height = `${sheet.picture}px`;
  return image;
}
