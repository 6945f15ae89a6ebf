import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { defineRoots, plainText } from './text';

function element(name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const made = new Y.XmlElement(name);
  made.insert(0, children);
  return made;
}

it('reads a statement as a person would write it in a plain message', () => {
  const doc = new Y.Doc();
  defineRoots(doc, 'statement');
  const bold = new Y.XmlText();
  bold.insert(0, 'so many', { bold: {} });
  bold.insert(7, ' people', {});
  const item = (text: string) => element('listItem', element('paragraph', new Y.XmlText(text)));
  const cell = (text: string) => element('tableCell', element('paragraph', new Y.XmlText(text)));
  doc
    .getXmlFragment('statement')
    .insert(0, [
      element('heading', new Y.XmlText('Why do')),
      element('paragraph', bold, element('hardBreak'), new Y.XmlText('wait?')),
      element('bulletList', item('one'), item('two')),
      element('orderedList', item('first'), item('second')),
      element('blockquote', element('paragraph', new Y.XmlText('quoted'))),
      element('horizontalRule'),
      element('table', element('tableRow', cell('a'), cell('b'))),
      element('paragraph'),
    ]);
  expect(plainText(doc)).toBe(
    'Why do\n\nso many people\nwait?\n\n- one\n- two\n\n1. first\n2. second\n\nquoted\n\n---\n\na\tb',
  );
});

it('reads other kinds of roots', () => {
  const doc = new Y.Doc();
  doc.getText('note').insert(0, 'hello');
  doc.getMap('things').set('a', 1);
  doc.getArray('empty');
  expect(plainText(doc)).toBe('hello\n\n{\n  "a": 1\n}\n\n[]');
});

it('reads a board as the words on it', () => {
  const doc = new Y.Doc();
  defineRoots(doc, 'board');
  const objects = doc.getMap('objects');
  objects.set('a/made', { kind: 'note', by: null, at: null });
  objects.set('a/text', new Y.Text('Ring only when something changes'));
  objects.set('b/text', new Y.Text('A tray for today'));
  expect(plainText(doc)).toContain('Ring only when something changes\n\nA tray for today');
});

it('an empty document is an empty text', () => {
  const doc = new Y.Doc();
  defineRoots(doc, 'statement');
  expect(plainText(doc)).toBe('');
});
