import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COLOURS } from '../model/types';

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

it('c23: the ink of a note has 4.5 to 1 on every paper, in both themes', () => {
  const tokens = readFileSync('src/styles/tokens.css', 'utf8');
  const themes = ['ink', ...COLOURS].map((name) => [...tokens.matchAll(new RegExp(`--n-${name}:(#[0-9A-F]{6})`, 'gi'))].map(([, hex]) => hex!));
  const [ink, ...papers] = themes;
  expect(papers.length).toBe(COLOURS.length);
  for (const paper of papers) {
    expect(paper.length).toBe(ink!.length);
    for (const [theme, hex] of paper.entries()) {
      const [light, dark] = [luminance(hex), luminance(ink![theme]!)].sort((a, b) => b - a);
      expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  }
  expect(ink!.length).toBeGreaterThanOrEqual(2);
});
