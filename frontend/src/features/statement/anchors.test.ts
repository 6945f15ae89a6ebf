import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { anchorOf, rangeOf } from './anchors';
import { exchange, lines, writer } from './testEditors';

function words(target: ReturnType<typeof writer>, range: { from: number; to: number } | null): string | null {
  return range ? target.editor.state.doc.textBetween(range.from, range.to, '\n') : null;
}

describe('a comment stays with its words', () => {
  const start = lines('They wait dressed, often without a meal, for hours.', 'Nobody can say why.');

  test('when text is written before them, also by somebody else', () => {
    const [ana, ben] = [writer(start), writer(start)];
    const anchor = anchorOf(ana.editor.state, { from: 20, to: 40 });
    const quoted = ana.editor.state.doc.textBetween(20, 40);
    expect(anchor?.quote).toBe(quoted);
    ben.editor.commands.insertContentAt(1, 'Every day: ');
    exchange(ana, ben);
    expect(anchor && words(ana, rangeOf(ana.editor.state, anchor))).toBe(quoted);
    expect(anchor && words(ben, rangeOf(ben.editor.state, anchor))).toBe(quoted);
  });

  test('after a restore, when only the quoted words are left to go by', () => {
    const ana = writer(start);
    const anchor = anchorOf(ana.editor.state, { from: 20, to: 40 });
    const restored = writer(lines('A new first line.', 'They wait dressed, often without a meal, for hours.'));
    expect(anchor && words(restored, rangeOf(restored.editor.state, anchor))).toBe(anchor?.quote);
  });

  test('the surroundings decide where the words stand twice', () => {
    const twice = lines('red house, blue house');
    const ana = writer(twice);
    const anchor = anchorOf(ana.editor.state, { from: 17, to: 22 });
    expect(anchor?.quote).toBe('house');
    const restored = writer(lines('red house, blue house'));
    expect(anchor && rangeOf(restored.editor.state, anchor)).toEqual({ from: 17, to: 22 });
  });

  test('and has no place when they are gone', () => {
    const ana = writer(start);
    const anchor = anchorOf(ana.editor.state, { from: 20, to: 40 });
    ana.editor.commands.deleteRange({ from: 15, to: 45 });
    expect(anchor && rangeOf(ana.editor.state, anchor)).toBeNull();
  });

  test('and does not leap to the same short word elsewhere', () => {
    const ana = writer(lines('A red house by the sea.', 'Some other house in the hills.'));
    const anchor = anchorOf(ana.editor.state, { from: 7, to: 12 });
    expect(anchor?.quote).toBe('house');
    ana.editor.commands.deleteRange({ from: 3, to: 13 });
    expect(anchor && rangeOf(ana.editor.state, anchor)).toBeNull();
  });

  test('it follows a sentence that was cut here and pasted there', () => {
    const ana = writer(start);
    const anchor = anchorOf(ana.editor.state, { from: 1, to: 52 });
    ana.editor.commands.deleteRange({ from: 1, to: 52 });
    ana.editor.commands.insertContentAt(ana.editor.state.doc.content.size - 1, ` ${anchor?.quote}`);
    expect(anchor && words(ana, rangeOf(ana.editor.state, anchor))).toBe(anchor?.quote);
  });

  test('bytes that are no position fall back to the words', () => {
    const ana = writer(start);
    const anchor = { start: '!!', end: btoa('\xff'), quote: 'dressed', prefix: '', suffix: '' };
    expect(words(ana, rangeOf(ana.editor.state, anchor))).toBe('dressed');
    expect(Y.encodeStateAsUpdate(ana.doc)).toEqual(start);
  });
});
