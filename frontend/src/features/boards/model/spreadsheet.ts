// Cells as spreadsheets put them on the clipboard: tabs between, a cell with breaks or tabs inside in quotation marks.

export function cells(text: string): string[][] {
  const found: string[][] = [[]];
  let cell = '';
  let at = 0;
  const end = () => {
    found.at(-1)!.push(cell);
    cell = '';
  };
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"' && cell === '') {
      const quoted = quotedCell(text, at);
      if (quoted !== null) {
        [cell, at] = quoted;
        continue;
      }
    }
    if (character === '\t') end();
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at++;
      end();
      found.push([]);
    } else cell += character;
    at++;
  }
  end();
  return found.map((row) => row.map((each) => each.trim())).filter((row) => row.some(Boolean));
}

/** Null when the mark is only a mark: nothing closes it before a cell's end. */
function quotedCell(text: string, start: number): [cell: string, next: number] | null {
  let cell = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') {
      cell += '"';
      at++;
    } else return at + 1 === text.length || /[\t\r\n]/.test(text[at + 1]!) ? [cell, at + 1] : null;
  }
  return null;
}
