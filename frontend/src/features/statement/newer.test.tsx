/** Content of a newer schema than this page's: the page shows what it can, says so, and destroys nothing. */
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { expect, test, vi } from 'vitest';
import { makeEditor } from './editor';
import { ReadingOnly } from './ReadingOnly';
import { FIELD } from './schema';
import { lines } from './testEditors';

function newer(doc: Y.Doc, how: 'element' | 'mark' | 'attribute'): void {
  const root = doc.getXmlFragment(FIELD);
  if (how === 'element') {
    const poll = new Y.XmlElement('poll');
    poll.insert(0, [new Y.XmlText('Which day?')]);
    root.insert(1, [poll]);
  } else if (how === 'mark') {
    ((root.get(0) as Y.XmlElement).get(0) as Y.XmlText).format(0, 3, { aside: {} });
  } else {
    (root.get(1) as Y.XmlElement).setAttribute('mood', 'glad');
  }
}

async function open(doc: Y.Doc) {
  const element = document.body.appendChild(document.createElement('div'));
  const told = vi.fn();
  const editor = makeEditor({ element, doc, awareness: new Awareness(doc), editable: true, onNotUnderstood: told });
  await Promise.resolve();
  return { editor, told };
}

test.each(['element', 'mark', 'attribute'] as const)('an unknown %s that was there before stays, and stops this page from writing', async (how) => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, lines('One', 'Two'));
  newer(doc, how);
  const before = Y.encodeStateAsUpdate(doc);
  const { editor, told } = await open(doc);
  expect(told).toHaveBeenCalled();
  expect(editor.isEditable).toBe(false);
  expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
  // What the others write goes on to be seen, and what is tried here stays here.
  const line = new Y.XmlElement('paragraph');
  line.insert(0, [new Y.XmlText('Three')]);
  doc.getXmlFragment(FIELD).push([line]);
  expect(editor.getText()).toContain('Three');
  const since = Y.encodeStateAsUpdate(doc);
  editor.commands.setContent('<p>Gone</p>');
  expect(Y.encodeStateAsUpdate(doc)).toEqual(since);
  editor.destroy();
});

test.each(['element', 'mark', 'attribute'] as const)('an unknown %s that arrives while the page is open does so too', async (how) => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, lines('One', 'Two'));
  const { editor, told } = await open(doc);
  expect(told).not.toHaveBeenCalled();
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  newer(other, how);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)));
  await Promise.resolve();
  expect(told).toHaveBeenCalled();
  expect(editor.isEditable).toBe(false);
  expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(other));
  expect(doc.getXmlFragment(FIELD).toJSON()).toBe(other.getXmlFragment(FIELD).toJSON());
  const since = Y.encodeStateAsUpdate(doc);
  editor.commands.setContent('<p>Gone</p>');
  expect(Y.encodeStateAsUpdate(doc)).toEqual(since);
  editor.destroy();
});

test('the page says why it cannot write, and offers to load itself anew', async () => {
  const reload = vi.fn();
  vi.stubGlobal('location', { ...window.location, reload });
  render(<ReadingOnly why="outdated" />);
  expect(screen.getByText(/older than the lab/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Reload the page' }));
  expect(reload).toHaveBeenCalledOnce();
});
