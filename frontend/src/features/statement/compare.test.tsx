import { render, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CompareBlock, ComparePart } from '../../api/types';
import { CompareText } from './CompareText';

const part = (op: ComparePart['op'], text: string): ComparePart => ({ op, text });
const block = (type: string, more: Partial<CompareBlock> = {}): CompareBlock => ({ kind: 'same', type, level: null, marker: null, parts: [], cells: [], ...more });

test('points stand with their marks at their depth, and what came is underlined and said', () => {
  render(
    <CompareText
      blocks={[
        block('listItem', { level: 1, marker: '3.', parts: [part('same', 'A bus '), part('added', 'home')], kind: 'changed' }),
        block('listItem', { level: 9, marker: '•', parts: [part('same', 'deep')] }),
      ]}
    />,
  );
  const point = screen.getByText('3.').closest('p');
  expect(point?.dataset.level).toBe('1');
  expect(point?.textContent).toBe('3. A bus  added: home end of change ');
  expect(point?.querySelector('ins')?.textContent).toContain('home');
  expect(screen.getByText('•').closest('p')?.dataset.level).toBe('6');
});

test('rows that follow each other are one table, with a cell for each of their cells', () => {
  const row = (...texts: string[]) => block('tableRow', { cells: texts.map((text) => (text ? [part('same', text)] : [])) });
  render(
    <CompareText
      blocks={[row('Who', 'When'), row('Night staff', ''), block('paragraph', { parts: [part('same', 'Between.')] }), block('tableRow', { kind: 'removed', cells: [[part('removed', 'Gone')]] })]}
    />,
  );
  const [first, second] = screen.getAllByRole('table') as HTMLElement[];
  expect(within(first as HTMLElement).getAllByRole('row').map((each) => within(each).getAllByRole('cell').map((cell) => cell.textContent))).toEqual([
    ['Who', 'When'],
    ['Night staff', ''],
  ]);
  expect(within(second as HTMLElement).getByText('Gone').closest('del')).toBeTruthy();
});

test('a line across that went is said to have gone', () => {
  render(<CompareText blocks={[block('horizontalRule', { kind: 'removed' })]} />);
  expect(screen.getByRole('separator').closest('del')?.textContent).toContain('removed: a line across');
});
