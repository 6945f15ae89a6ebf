// Words as they are compared: without case, accents, marks and punctuation.

export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}\p{So}]+/gu, ' ')
    .trim();
}

// Words that change nothing about what a short note says.
const EMPTY = new Set(
  'a an and are as at be been but by can could do does for from had has have i if in into is it its may of on or our she he so should some than that the their them then there they this those to up us was we were what when which who will with would you your my me'.split(
    ' ',
  ),
);

/** Two notes that say the same have the same essence. */
export function essence(text: string): string {
  const words = folded(text).split(' ');
  const telling = words.filter((word) => !EMPTY.has(word));
  return (telling.length > 0 ? telling : words).join(' ');
}
