// Baseline: how far under the top of its line the page writes. Browsers round this each in their own way, so it is
// asked of the page, once for each type.
import type { Type, Typesetter } from './typeset';

const known = new Map<string, number>();

export function baseline(setter: Typesetter, type: Type): number {
  const font = setter.font(type);
  const key = `${font}/${type.leading}`;
  let down = known.get(key);
  if (down === undefined) {
    down = asked(font, type.leading);
    known.set(key, down);
  }
  return down;
}

/** After fonts arrived. */
export function forgetBaselines(): void {
  known.clear();
}

function asked(font: string, leading: number): number {
  const line = document.createElement('div');
  line.setAttribute('aria-hidden', 'true');
  const style = line.style;
  style.position = 'absolute';
  style.visibility = 'hidden';
  style.font = font;
  style.lineHeight = `${leading}px`;
  style.whiteSpace = 'pre';
  const mark = document.createElement('span');
  mark.style.display = 'inline-block';
  line.append('x', mark);
  document.body.append(line);
  const down = mark.getBoundingClientRect().bottom - line.getBoundingClientRect().top;
  line.remove();
  return down;
}
