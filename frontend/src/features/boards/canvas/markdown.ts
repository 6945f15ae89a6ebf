// The light Markdown of a note: **bold**, *italic*, lines that begin with "- ". Anything else is plain text.

export interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
}

export interface Paragraph {
  readonly bullet: boolean;
  readonly runs: readonly Run[];
}

/** A mark opens before a letter and closes after one, so that "2 * 3 * 4" stays as it was typed. */
const MARKED = /\*\*(?=\S)([^*]*?\S)\*\*|\*(?=[^\s*])([^*]*?[^\s*])\*/gu;

export function paragraphs(text: string): readonly Paragraph[] {
  return text.split('\n').map((line) => {
    const bullet = /^[-*•]\s+(?=\S)/u.exec(line);
    return { bullet: bullet !== null, runs: runs(bullet ? line.slice(bullet[0].length) : line) };
  });
}

function runs(line: string): readonly Run[] {
  const found: Run[] = [];
  let at = 0;
  for (const match of line.matchAll(MARKED)) {
    if (match.index > at) found.push({ text: line.slice(at, match.index), bold: false, italic: false });
    found.push({ text: match[1] ?? match[2] ?? '', bold: match[1] !== undefined, italic: match[2] !== undefined });
    at = match.index + match[0].length;
  }
  if (at < line.length) found.push({ text: line.slice(at), bold: false, italic: false });
  return found;
}

/** The words alone, on one line: for names and labels. */
export function plain(text: string): string {
  return paragraphs(text)
    .map((paragraph) => paragraph.runs.map((run) => run.text).join(''))
    .join(' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
