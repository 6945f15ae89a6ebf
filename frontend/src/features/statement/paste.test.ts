import { describe, expect, test, vi } from 'vitest';
import { cleanPasted } from './paste';
import { lines, writer } from './testEditors';

const item = (list: string, level: number, bullet: string, text: string) =>
  `<p class=MsoListParagraph style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:${list} level${level} lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>${bullet}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>\n`;

function shape(html: string): string {
  const { editor } = writer();
  // jsdom has no clipboard events; the editor only looks whether there is one.
  editor.view.pasteHTML(html, new Event('paste') as ClipboardEvent);
  return editor.getHTML();
}

describe('pasting from Word', () => {
  test('bullets become a list', () => {
    expect(shape(item('l0', 1, '·', 'One') + item('l0', 1, '·', 'Two'))).toContain('<ul><li><p>One</p></li><li><p>Two</p></li></ul>');
  });

  test('numbers become a numbered list', () => {
    expect(shape(item('l1', 1, '1.', 'First') + item('l1', 1, '2.', 'Second'))).toContain('<ol><li><p>First</p></li><li><p>Second</p></li></ol>');
  });

  test('levels become lists inside lists', () => {
    const html = item('l0', 1, '·', 'Out') + item('l0', 2, 'o', 'In') + item('l0', 1, '·', 'Out again');
    expect(shape(html)).toContain('<ul><li><p>Out</p><ul><li><p>In</p></li></ul></li><li><p>Out again</p></li></ul>');
  });

  test('two lists one after the other stay two', () => {
    const html = item('l0', 1, '·', 'Bullet') + item('l1', 1, '1.', 'Number');
    expect(shape(html)).toMatch(/<ul><li><p>Bullet<\/p><\/li><\/ul><ol><li><p>Number<\/p><\/li><\/ol>/);
  });

  test('a paragraph between two lists keeps them apart', () => {
    const html = `${item('l0', 1, '·', 'A')}<p class=MsoNormal>Between<o:p></o:p></p>${item('l0', 1, '·', 'B')}`;
    expect(shape(html)).toMatch(/<ul><li><p>A<\/p><\/li><\/ul><p>Between<\/p><ul><li><p>B<\/p><\/li><\/ul>/);
  });

  test('emphasis stays, fonts and classes go', () => {
    const html = `<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span style='font-size:14pt;font-family:Arial'>Bold</span></b> <i>and</i> plain</p>`;
    expect(shape(html)).toBe('<p><strong>Bold</strong> <em>and</em> plain</p>');
  });
});

describe('what Word calls by its own names', () => {
  test('its title and its deep headings become headings we have', () => {
    const html = '<p class=MsoTitle>The title</p><h5>Deep</h5><p class=MsoNormal>Text</p>';
    expect(shape(html)).toBe('<h1>The title</h1><h3>Deep</h3><p>Text</p>');
  });

  test('a numbered list that begins at three still does', () => {
    expect(shape(item('l1', 1, '3.', 'Third') + item('l1', 1, '4.', 'Fourth'))).toContain('<ol start="3">');
  });

  test('Word for the web and Outlook draw the bullet into the text itself', () => {
    const html = "<p style='mso-list:l0 level1 lfo1'>·&nbsp;&nbsp; One</p><p style='mso-list:l0 level1 lfo1'>·&nbsp;&nbsp; Two</p>";
    expect(shape(html)).toContain('<ul><li><p>One</p></li><li><p>Two</p></li></ul>');
  });
});

describe('pasting from elsewhere', () => {
  test('words written as Markdown stay the words they are', () => {
    const { editor } = writer();
    editor.view.pasteText('**not bold** and ==not marked== and # no heading', new Event('paste') as ClipboardEvent);
    expect(editor.getHTML()).toBe('<p>**not bold** and ==not marked== and # no heading</p>');
  });

  test('what was copied here is pasted as it was: part of a line goes into the line', () => {
    const { editor } = writer(lines('One two three', 'Four'));
    editor.commands.setTextSelection({ from: 5, to: 8 });
    const { dom } = editor.view.serializeForClipboard(editor.state.selection.content());
    editor.commands.setTextSelection(editor.state.doc.content.size - 1);
    editor.view.pasteHTML(dom.innerHTML, new Event('paste') as ClipboardEvent);
    expect(editor.getText()).toBe('One two three\n\nFourtwo');
  });

  test('what the editor notes about a piece it copied is kept', () => {
    const { editor } = writer(lines('One two three'));
    editor.commands.setTextSelection({ from: 5, to: 8 });
    const { dom } = editor.view.serializeForClipboard(editor.state.selection.content());
    expect(cleanPasted(dom.innerHTML).html).toBe(dom.innerHTML);
    expect(dom.innerHTML).toContain('data-pm-slice');
  });

  test('a picture file alone is left out, and said so', () => {
    const left = vi.fn();
    const { editor } = writer(undefined, true, left);
    const data = { files: [new File(['x'], 'x.png', { type: 'image/png' })], getData: () => '', types: ['Files'] };
    const event = Object.assign(new Event('paste', { cancelable: true, bubbles: true }), { clipboardData: data });
    editor.view.dom.dispatchEvent(event);
    expect(left).toHaveBeenCalledWith(1);
    expect(event.defaultPrevented).toBe(true);
  });

  test('a file dropped on the text does not take the page away', () => {
    const { editor } = writer();
    const dataTransfer = { files: [new File(['x'], 'x.pdf', { type: 'application/pdf' })], getData: () => '', types: ['Files'] };
    const event = Object.assign(new Event('drop', { cancelable: true, bubbles: true }), { dataTransfer });
    editor.view.dom.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
  });

  test('the wrapper of Google Docs does not make everything bold', () => {
    const html = '<b style="font-weight:normal;" id="docs-internal-guid-1"><p>Plain <span style="font-weight:700">x</span></p></b>';
    expect(shape(html)).toBe('<p>Plain <strong>x</strong></p>');
  });

  test('what styles say about words becomes emphasis, and no style is left for the page to refuse', () => {
    const html =
      '<p style="font-weight:400">a <span style="font-style:italic;font-weight:700">b</span> <span style="text-decoration:line-through">c</span> <span style="background:yellow;mso-highlight:yellow">d</span> <span style="color:red">e</span></p><h2 style="margin:0"><span style="font-weight:bold">Head</span></h2>';
    const cleaned = cleanPasted(html).html;
    expect(cleaned).not.toContain('style');
    expect(shape(html)).toBe('<p>a <strong><em>b</em></strong> <s>c</s> <mark>d</mark> e</p><h2>Head</h2>');
  });

  test('words about style= stay words', () => {
    expect(shape('<p>write style="bold" here</p>')).toBe('<p>write style="bold" here</p>');
  });

  test('pictures are left out and counted', () => {
    const cleaned = cleanPasted('<p>a<img src="https://example.org/x.png" onerror="alert(1)"></p><svg><script>alert(1)</script></svg>');
    expect(cleaned.pictures).toBe(2);
    expect(cleaned.html).toBe('<p>a</p>');
  });

  test('scripts, handlers and dangerous links do not survive', () => {
    const html = shape('<p onclick="alert(1)">x<a href="javascript:alert(1)">bad</a> <a href="https://example.org">good</a></p><script>alert(1)</script>');
    expect(html).not.toContain('javascript');
    expect(html).not.toContain('alert');
    expect(html).toContain('href="https://example.org"');
  });
});
