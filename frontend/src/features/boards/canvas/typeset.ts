// Line breaks, computed once. Page and canvas both draw these lines and neither wraps by itself, so nothing moves
// when one takes over from the other.
import { drawingOn } from './drawing';
import { paragraphs } from './markdown';

export type Face = 'tool' | 'voice';

export interface Type {
  readonly face: Face;
  readonly size: number;
  /** Of one line, in board units. */
  readonly leading: number;
  readonly weight: number;
  readonly italic?: boolean;
}

export interface Piece {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  /** From the beginning of the line. */
  readonly x: number;
  readonly width: number;
}

export interface Line {
  readonly pieces: readonly Piece[];
  readonly width: number;
  readonly indent: number;
  /** The first line of a point in a list. */
  readonly bullet: boolean;
  /** The line goes on in the next one: a space is kept there for whoever reads it aloud. */
  readonly continues: boolean;
  /** It goes on in the middle of a word, or of a language without spaces: none is kept. */
  readonly broken: boolean;
  readonly rtl: boolean;
}

export interface Typeset {
  readonly lines: readonly Line[];
  readonly type: Type;
  readonly height: number;
}

/** Width of a word in a font written as in CSS. */
export type Measure = (font: string, word: string) => number;

export const INDENT = 14;
const MOST_KEPT = 30_000;
const RTL = /[\u0591-\u07FF\uFB1D-\uFDFD\uFE70-\uFEFC]/u;
const STRONG = /[A-Za-z\u00AA-\u02B8\u0370-\u058F\u0591-\u07FF\uFB1D-\uFDFD\uFE70-\uFEFC]/u;
/** Words, the spaces after them, and the places inside where a line may end: after hyphens and dashes, round Han and kana. */
const WORDS = /[\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]\s*|(?:(?![\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF])[^-\s\u2013\u2014])+[-\u2013\u2014]*\s*|[-\u2013\u2014]+\s*|\s+/gu;

interface Word {
  text: string;
  bare: string;
  bold: boolean;
  italic: boolean;
  /** No line may begin with it: it belongs to the word before ("**bold**," and the like). */
  joined: boolean;
}

export class Typesetter {
  private readonly widths = new Map<string, Map<string, number>>();
  private readonly sets = new Map<string, Typeset>();

  constructor(
    private readonly families: Record<Face, string>,
    private readonly measure: Measure = canvasMeasure(),
  ) {}

  /** After a font arrived: everything measured before was measured in another. */
  forget(): void {
    this.widths.clear();
    this.sets.clear();
  }

  font(type: Type, bold = false, italic = false): string {
    const slant = italic || type.italic ? 'italic ' : '';
    return `${slant}${bold ? 700 : type.weight} ${type.size}px ${this.families[type.face]}`;
  }

  width(type: Type, text: string, bold = false, italic = false): number {
    const font = this.font(type, bold, italic);
    let widths = this.widths.get(font);
    if (!widths) {
      widths = new Map();
      this.widths.set(font, widths);
    }
    let width = widths.get(text);
    if (width === undefined) {
      if (widths.size > MOST_KEPT) widths.clear();
      width = this.measure(font, text);
      widths.set(text, width);
    }
    return width;
  }

  /** `marked`: read as light Markdown. */
  set(text: string, width: number, type: Type, marked = true): Typeset {
    const key = `${width}/${type.size}/${type.weight}/${type.face}/${type.italic ? 1 : 0}/${marked ? 1 : 0}/${text}`;
    let set = this.sets.get(key);
    if (!set) {
      if (this.sets.size > MOST_KEPT) this.sets.clear();
      const lines = this.broken(text, width, type, marked);
      set = { lines, type, height: lines.length * type.leading };
      this.sets.set(key, set);
    }
    return set;
  }

  /** The first of these types in which the text fits that height, else the last. */
  fit(text: string, width: number, height: number, types: readonly Type[]): Typeset {
    let set: Typeset | undefined;
    for (const type of types) {
      set = this.set(text, width, type);
      if (set.height <= height) return set;
    }
    return set!;
  }

  /** One line, cut with an ellipsis where it is too long. */
  cut(text: string, width: number, type: Type): string {
    if (this.width(type, text) <= width) return text;
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.measure(this.font(type), `${text.slice(0, middle).trimEnd()}…`) <= width) low = middle;
      else high = middle - 1;
    }
    return `${text.slice(0, low).trimEnd()}…`;
  }

  private broken(text: string, width: number, type: Type, marked: boolean): Line[] {
    const lines: Line[] = [];
    const parts = marked ? paragraphs(text) : text.split('\n').map((line) => ({ bullet: false, runs: [{ text: line, bold: false, italic: false }] }));
    for (const { bullet, runs } of parts) {
      const whole = runs.map((run) => run.text).join('');
      const rtl = RTL.test(STRONG.exec(whole)?.[0] ?? '');
      const indent = bullet ? INDENT : 0;
      this.wrap(words(runs), width - indent, type, (row, last) => {
        lines.push(this.line(row, type, indent, bullet && lines.at(-1)?.continues !== true, !last, rtl));
      });
    }
    return lines;
  }

  private wrap(list: readonly Word[], room: number, type: Type, emit: (row: Word[], last: boolean) => void): void {
    let row: Word[] = [];
    let used = 0;
    const queue = [...list];
    for (let index = 0; index < queue.length; index += 1) {
      const unit = [queue[index]!];
      while (queue[index + 1]?.joined) unit.push(queue[++index]!);
      const bare = unit.reduce((sum, word, at) => sum + this.wide(type, word, at === unit.length - 1), 0);
      if (row.length > 0 && used + bare > room) {
        emit(row, false);
        row = [];
        used = 0;
      }
      if (bare > room) {
        // Longer than a whole line: broken where it must be.
        for (const word of unit) {
          for (const character of word.text) {
            const wide = this.width(type, character, word.bold, word.italic);
            if (row.length > 0 && used + wide > room && character.trim() !== '') {
              emit(row, false);
              row = [];
              used = 0;
            }
            const before = row.at(-1);
            if (before && before.bold === word.bold && before.italic === word.italic) row[row.length - 1] = { ...before, text: before.text + character, bare: before.bare + character };
            else row.push({ ...word, text: character, bare: character });
            used += wide;
          }
        }
      } else {
        row.push(...unit);
        used += unit.reduce((sum, word) => sum + this.wide(type, word, false), 0);
      }
    }
    emit(row, true);
  }

  private wide(type: Type, word: Word, bare: boolean): number {
    return this.width(type, bare ? word.bare : word.text, word.bold, word.italic);
  }

  private line(row: readonly Word[], type: Type, indent: number, bullet: boolean, continues: boolean, rtl: boolean): Line {
    const pieces: Piece[] = [];
    let x = 0;
    row.forEach((word, at) => {
      const end = at === row.length - 1;
      const text = end ? word.text.trimEnd() : word.text;
      const width = this.width(type, text, word.bold, word.italic);
      const before = pieces.at(-1);
      if (before && before.bold === word.bold && before.italic === word.italic) {
        pieces[pieces.length - 1] = { ...before, text: before.text + text, width: x + width - before.x };
      } else if (text !== '') {
        pieces.push({ text, bold: word.bold, italic: word.italic, x, width });
      }
      x += width;
    });
    return { pieces, width: x, indent, bullet, continues, broken: continues && !/\s$/u.test(row.at(-1)?.text ?? ''), rtl };
  }
}

function words(runs: readonly { text: string; bold: boolean; italic: boolean }[]): Word[] {
  const found: Word[] = [];
  for (const run of runs) {
    let first = true;
    for (const [text] of run.text.matchAll(WORDS)) {
      const before = found.at(-1);
      const joined = first && before !== undefined && !/\s$/u.test(before.text) && !/^\s/u.test(text);
      found.push({ text, bare: text.trimEnd(), bold: run.bold, italic: run.italic, joined });
      first = false;
    }
  }
  return found;
}

/** Measures on a canvas of its own; where there is none (tests without a page), by guess. */
export function canvasMeasure(): Measure {
  let context: CanvasRenderingContext2D | null | undefined;
  let current = '';
  return (font, word) => {
    if (context === undefined) {
      context = drawingOn(document.createElement('canvas'));
      if (context) {
        context.fontKerning = 'normal';
        context.textRendering = 'optimizeLegibility';
      }
    }
    if (!context) return word.length * Number(/(\d+(?:\.\d+)?)px/u.exec(font)?.[1] ?? 16) * 0.5;
    if (font !== current) {
      context.font = font;
      current = font;
    }
    return context.measureText(word).width;
  };
}
