/** Where a link may lead. The server has the same list and refuses everything else. */

/** What the document may hold, from whatever source. */
const HELD = new Set(['https:', 'http:', 'mailto:']);
/** What a person may make here. */
const MADE = new Set(['https:', 'mailto:']);

export function mayHold(href: string): boolean {
  return HELD.has(schemeOf(href) ?? '');
}

/** The address a person meant, made whole: `example.org` → https, `a@b.c` → mailto. Null when it is none we take. */
export function linkFrom(written: string): string | null {
  const text = written.trim();
  if (text === '' || text.length > 2000 || /\s/.test(text)) return null;
  const scheme = schemeOf(text);
  if (scheme === 'http:') return linkFrom(`https:${text.slice(5)}`);
  if (scheme === 'mailto:') return /^mailto:[^@\s]+@[^@\s]+\.[^@\s]+$/i.test(text) ? text : null;
  if (scheme !== null) return MADE.has(scheme) && URL.canParse(text) ? text : null;
  if (/^[^@\s/]+@[^@\s/]+\.[^@\s/]+$/.test(text)) return `mailto:${text}`;
  const whole = `https://${text}`;
  return /^[^/?#]+\.[^/?#.]{2,}/.test(text) && URL.canParse(whole) ? whole : null;
}

function schemeOf(address: string): string | null {
  // Control characters and blanks inside a scheme are skipped by browsers: `java\nscript:` is one to them.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those characters
  const bare = address.replace(/[\u0000-\u0020]/g, '');
  const found = /^([a-z][a-z0-9+.-]*):/i.exec(bare);
  // `localhost:8000` and `example.org:443` are a host and a port, not a scheme.
  if (!found?.[1] || /^[a-z0-9.-]+:\d+(?:[/?#]|$)/i.test(bare)) return null;
  return `${found[1].toLowerCase()}:`;
}
