import { describe, expect, it } from 'vitest';
import { dice } from '../model/testing/peers';
import { bind, merged, shifted } from './binding';

describe('two hands in one text', () => {
  it.each([
    ['hello', 'hello you', 'oh hello', 'oh hello you'],
    ['one two three', 'three', 'one two and three', 'and three'],
    ['abc', 'aXbc', 'abYc', 'aXbYc'],
    ['', 'mine', 'theirs', 'minetheirs'],
    ['gone', '', 'gone, not', ', not'],
    ['same', 'same', 'other', 'other'],
  ])('from "%s", mine "%s" and theirs "%s"', (base, mine, theirs, expected) => {
    expect(merged(base, mine, theirs)).toBe(expected);
  });

  it('a caret stays where it is in the words', () => {
    expect(shifted(5, [{ at: 0, remove: 0, insert: 'oh ' }])).toBe(8);
    expect(shifted(5, [{ at: 2, remove: 2, insert: '' }])).toBe(3);
    expect(shifted(5, [{ at: 3, remove: 9, insert: 'xy' }])).toBe(5);
    expect(shifted(5, [{ at: 9, remove: 1, insert: '' }])).toBe(5);
    expect(shifted(5, [{ at: 5, remove: 0, insert: 'them' }], true)).toBe(5);
  });
});

function field() {
  const element = document.createElement('textarea');
  return element;
}

describe('the binding', () => {
  it('takes what others type round the caret', () => {
    let text = 'hello';
    const element = field();
    const binding = bind(element, () => text, (next) => {
      text = next;
    });
    element.setSelectionRange(5, 5);
    text = 'oh hello';
    binding.changed();
    expect(element.value).toBe('oh hello');
    expect(element.selectionStart).toBe(8);
  });

  it('leaves a composing input method alone, and brings both together after it', () => {
    let text = 'hello';
    const element = field();
    const binding = bind(element, () => text, (next) => {
      text = next;
    });
    binding.compose(true);
    element.value = 'hello 日';
    binding.wrote();
    text = 'oh hello';
    binding.changed();
    expect(element.value).toBe('hello 日');
    element.value = 'hello 日本';
    binding.compose(false);
    expect(text).toBe('oh hello 日本');
    expect(element.value).toBe('oh hello 日本');
  });

  it('by chance: both fields end with the same text, and every word put in is there', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const chance = dice(seed);
      let text = 'start';
      const people = [0, 1].map(() => {
        const element = field();
        return { element, binding: bind(element, () => text, (next) => { text = next; }), composing: false, spot: 0 };
      });
      const words: string[] = [];
      for (let act = 0; act < 30; act += 1) {
        const person = chance.one(people);
        if (chance.chance(0.2)) {
          person.composing = !person.composing;
          person.spot = chance.below(person.element.value.length + 1);
          person.binding.compose(person.composing);
        } else {
          // One character each, so that it is plain where it was put in.
          const word = String.fromCharCode(0x4e00 + act);
          words.push(word);
          // An input method composes in one place.
          const at = person.composing ? person.spot : chance.below(person.element.value.length + 1);
          if (person.composing) person.spot += 1;
          person.element.value = person.element.value.slice(0, at) + word + person.element.value.slice(at);
          person.binding.wrote();
        }
        for (const each of people) each.binding.changed();
      }
      for (const each of people) if (each.composing) each.binding.compose(false);
      for (const each of people) each.binding.changed();
      for (const { element } of people) expect(element.value, `seed ${seed}`).toBe(text);
      for (const word of words) expect(text.includes(word), `seed ${seed}: ${word} in ${text}`).toBe(true);
    }
  });
});
