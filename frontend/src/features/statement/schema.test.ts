import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { schema } from './schema';
import { exchange, lines, writer } from './testEditors';

const built = schema();

describe('what a statement may hold', () => {
  test('the nodes are those of docs/protocol.md', () => {
    expect(Object.keys(built.nodes).filter((name) => name !== 'doc' && name !== 'text').sort()).toEqual(
      [
        'blockquote', 'bulletList', 'codeBlock', 'hardBreak', 'heading', 'horizontalRule', 'listItem', 'orderedList',
        'paragraph', 'table', 'tableCell', 'tableHeader', 'tableRow',
      ].sort(),
    );
  });

  test('the marks are those of docs/protocol.md', () => {
    expect(Object.keys(built.marks).sort()).toEqual(
      ['bold', 'code', 'highlight', 'italic', 'link', 'strike', 'underline'].sort(),
    );
  });

  test.each([
    ['heading', ['level']],
    ['orderedList', ['start', 'type']],
    ['codeBlock', ['language']],
    ['tableCell', ['align', 'colspan', 'colwidth', 'rowspan']],
    ['tableHeader', ['align', 'colspan', 'colwidth', 'rowspan']],
    ['paragraph', []],
    ['table', []],
  ])('%s carries %j and nothing else', (name, attributes) => {
    expect(Object.keys(built.nodes[name]?.spec.attrs ?? {}).sort()).toEqual(attributes);
  });

  test.each(['bold', 'italic', 'strike', 'code', 'underline', 'highlight'])('%s carries nothing', (name) => {
    expect(Object.keys(built.marks[name]?.spec.attrs ?? {})).toEqual([]);
  });

  test('a link carries its address and what goes with it', () => {
    expect(Object.keys(built.marks.link?.spec.attrs ?? {}).sort()).toEqual(['class', 'href', 'rel', 'target', 'title']);
  });

  test('opening an empty document writes nothing into it either', () => {
    const { doc, editor } = writer();
    expect(editor.isEmpty).toBe(true);
    expect(doc.store.clients.size).toBe(0);
  });

  test('opening a document writes nothing into it', () => {
    const start = lines('One', 'Two');
    const { doc, editor } = writer(start);
    expect(editor.getText()).toBe('One\n\nTwo');
    expect(Y.encodeStateAsUpdate(doc)).toEqual(start);
  });
});

describe('writing together', () => {
  test('the caret stands in text from the start, also where the first thing is a quote', () => {
    const doc = new Y.Doc();
    const [quote, paragraph] = [new Y.XmlElement('blockquote'), new Y.XmlElement('paragraph')];
    paragraph.insert(0, [new Y.XmlText('Said')]);
    quote.insert(0, [paragraph]);
    doc.getXmlFragment('statement').insert(0, [quote]);
    const start = Y.encodeStateAsUpdate(doc);
    const [ana, ben] = [writer(start), writer(start)];
    ben.editor.commands.insertContentAt(6, ' again');
    exchange(ana, ben);
    expect(ana.editor.getText()).toContain('Said again');
    expect(ana.editor.state.selection.$head.parent.type.name).toBe('paragraph');
  });

  test.each([
    ['a quote', ['blockquote', 'paragraph']],
    ['a list', ['bulletList', 'listItem', 'paragraph']],
    ['a table', ['table', 'tableRow', 'tableHeader', 'paragraph']],
    ['code', ['codeBlock']],
    ['a quote without a line', ['blockquote']],
    ['a line across', ['horizontalRule']],
  ])('a statement that begins with %s opens without complaint, and unchanged', (_, path) => {
    const complaints = vi.spyOn(console, 'warn');
    const doc = new Y.Doc();
    const root = doc.getXmlFragment('statement');
    let at: Y.XmlFragment = root;
    for (const name of path) {
      const made = new Y.XmlElement(name);
      at.insert(0, [made]);
      at = made;
    }
    if (path.length > 1 || path[0] === 'codeBlock') at.insert(0, [new Y.XmlText('Said')]);
    const last = new Y.XmlElement('paragraph');
    last.insert(0, [new Y.XmlText('After')]);
    root.push([last]);
    const { editor } = writer(Y.encodeStateAsUpdate(doc));
    expect(editor.state.selection.$head.parent.inlineContent).toBe(true);
    expect(editor.getText()).toContain('After');
    if (path.length > 1) expect(editor.getText()).toContain('Said');
    // Before a line across there is no place for a caret to be put at.
    if (path[0] !== 'horizontalRule') expect(complaints).not.toHaveBeenCalled();
  });

  test('undo takes back only what this person wrote', () => {
    const start = lines('Shared');
    const [ana, ben] = [writer(start), writer(start)];
    ana.editor.commands.insertContentAt(1, 'Ana. ');
    exchange(ana, ben);
    ben.editor.commands.insertContentAt(1, 'Ben. ');
    exchange(ana, ben);
    expect(ana.editor.getText()).toBe('Ben. Ana. Shared');
    ana.editor.commands.undo();
    exchange(ana, ben);
    expect(ana.editor.getText()).toBe('Ben. Shared');
    expect(ben.editor.getText()).toBe('Ben. Shared');
    ana.editor.commands.redo();
    exchange(ana, ben);
    expect(ben.editor.getText()).toContain('Ana. ');
  });

  test('a person who observes cannot change the text', () => {
    const { editor } = writer(lines('Only to read'), false);
    expect(editor.view.editable).toBe(false);
    expect(editor.view.dom.getAttribute('aria-readonly')).toBe('true');
    expect(editor.view.dom.tabIndex).toBe(0);
    editor.setEditable(true);
    expect(editor.view.dom.hasAttribute('aria-readonly')).toBe(false);
  });

  test('a link to somewhere dangerous, written by another client, leads nowhere', () => {
    const doc = new Y.Doc();
    const paragraph = new Y.XmlElement('paragraph');
    const text = new Y.XmlText();
    text.insert(0, 'press me', { link: { href: 'java\nscript:alert(1)' } });
    paragraph.insert(0, [text]);
    doc.getXmlFragment('statement').insert(0, [paragraph]);
    const { editor } = writer(Y.encodeStateAsUpdate(doc));
    expect(editor.view.dom.querySelector('a')?.hasAttribute('href')).toBe(false);
  });
});
