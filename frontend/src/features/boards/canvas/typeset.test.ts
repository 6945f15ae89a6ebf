import { describe, expect, it } from 'vitest';
import { paragraphs, plain } from './markdown';
import { type Line, type Type, Typesetter } from './typeset';

const TYPE: Type = { face: 'tool', size: 10, leading: 12, weight: 400 };
/** Every character is as wide as it is tall; bold ones a half more. */
const setter = () => new Typesetter({ tool: 'Face', voice: 'Other' }, (font, text) => [...text].length * Number(/(\d+)px/.exec(font)![1]) * (font.includes('700') ? 1.5 : 1));
const read = (lines: readonly Line[]) => lines.map((line) => line.pieces.map((piece) => piece.text).join('') + (line.broken ? '-' : line.continues ? '~' : ''));

describe('lines', () => {
  it('break at spaces, and keep one for whoever reads the note aloud', () => {
    expect(read(setter().set('one two three', 70, TYPE).lines)).toEqual(['one two~', 'three']);
  });

  it('a line may be exactly as wide as there is room', () => {
    expect(read(setter().set('abcdefg hi', 70, TYPE).lines)).toEqual(['abcdefg~', 'hi']);
    expect(setter().set('abcdefg', 70, TYPE).lines[0]!.width).toBe(70);
  });

  it('a word longer than a line is broken where it must be', () => {
    expect(read(setter().set('ab abcdefghijklmno', 50, TYPE).lines)).toEqual(['ab~', 'abcde-', 'fghij-', 'klmno']);
  });

  it('may end after a hyphen and between characters of languages without spaces', () => {
    expect(read(setter().set('pre-packs', 60, TYPE).lines)).toEqual(['pre--', 'packs']);
    expect(read(setter().set('退院の準備', 30, TYPE).lines)).toEqual(['退院の-', '準備']);
  });

  it('every new line of the text is a line, empty ones too', () => {
    const set = setter().set('a\n\nb', 50, TYPE);
    expect(read(set.lines)).toEqual(['a', '', 'b']);
    expect(set.height).toBe(36);
  });

  it('punctuation after bold words never begins a line', () => {
    expect(read(setter().set('aa **bbb**, c', 80, TYPE).lines)).toEqual(['aa~', 'bbb, c']);
  });

  it('points of a list are indented, and only their first line has the dot', () => {
    const { lines } = setter().set('- one two', 54, TYPE);
    expect(lines.map((line) => [line.bullet, line.indent])).toEqual([[true, 14], [false, 14]]);
  });

  it('right-to-left text is known by its first letter', () => {
    expect(setter().set('שלום abc', 200, TYPE).lines[0]!.rtl).toBe(true);
    expect(setter().set('abc שלום', 200, TYPE).lines[0]!.rtl).toBe(false);
  });
});

describe('a typesetter', () => {
  it('shrinks the type before it needs more height', () => {
    const types = [{ ...TYPE, size: 16, leading: 20 }, { ...TYPE, size: 14, leading: 18 }];
    const fitted = (text: string) => setter().fit(text, 160, 40, types);
    expect(fitted('ten letter').type.size).toBe(16);
    expect(fitted('aaaaaaaaaa bbbbbbbbbb').type.size).toBe(16);
    expect(fitted('aaaaa bbbbb ccccc ddddd').type.size).toBe(14);
    expect(fitted('one two three four five six seven').height).toBeGreaterThan(40);
  });

  it('measures again after a font arrived', () => {
    let wide = 10;
    const type = new Typesetter({ tool: 'Face', voice: 'Other' }, (_, text) => text.length * wide);
    expect(type.set('one two', 70, TYPE).lines).toHaveLength(1);
    wide = 20;
    expect(type.set('one two', 70, TYPE).lines).toHaveLength(1);
    type.forget();
    expect(type.set('one two', 70, TYPE).lines).toHaveLength(2);
  });

  it('cuts one line with an ellipsis', () => {
    expect(setter().cut('short', 50, TYPE)).toBe('short');
    expect(setter().cut('rather long', 70, TYPE)).toBe('rather…');
  });
});

describe('light Markdown', () => {
  it('knows bold, italic and points, and leaves sums alone', () => {
    expect(paragraphs('- **a** and *b*')).toEqual([
      { bullet: true, runs: [{ text: 'a', bold: true, italic: false }, { text: ' and ', bold: false, italic: false }, { text: 'b', bold: false, italic: true }] },
    ]);
    expect(plain('2 * 3 * 4')).toBe('2 * 3 * 4');
    expect(plain('**')).toBe('**');
  });

  it('is read as words on one line', () => {
    expect(plain('- **one**\n- two  words\n')).toBe('one two words');
  });
});
