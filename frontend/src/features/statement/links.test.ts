import { expect, test } from 'vitest';
import { linkFrom, mayHold } from './links';

test.each([
  ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
  ['example.org', 'https://example.org'],
  ['http://example.org', 'https://example.org'],
  ['name@example.org', 'mailto:name@example.org'],
  ['mailto:name@example.org', 'mailto:name@example.org'],
  ['  example.org/page  ', 'https://example.org/page'],
])('%s becomes %s', (written, meant) => {
  expect(linkFrom(written)).toBe(meant);
});

test.each(['', 'two words', 'javascript:alert(1)', 'data:text/html,x', 'ftp://example.org', 'mailto:nobody', 'word', 'JaVaScRiPt:1'])(
  '%j is no link',
  (written) => {
    expect(linkFrom(written)).toBeNull();
  },
);

test.each(['java\nscript:alert(1)', ' javascript:x', 'vbscript:x', '/relative', '//host'])('%j may not be held', (href) => {
  expect(mayHold(href)).toBe(false);
});
