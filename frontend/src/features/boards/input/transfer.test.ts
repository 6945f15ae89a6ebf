import { describe, expect, it } from 'vitest';
import { toFlavours } from '../model/clipboard';
import { OPEN } from '../view/permit';
import { putPasted, rememberChoice, rememberedChoice, type PasteQuestion } from '../commands/pasting';
import { desk, type Desk } from './testing';
import { addPictures, onCopy, take, type Transfer } from './transfer';

class Data {
  readonly kept = new Map<string, string>();
  constructor(
    text = '',
    html = '',
    readonly files: File[] = [],
  ) {
    this.kept.set('text/plain', text).set('text/html', html);
  }
  getData(type: string): string {
    return this.kept.get(type) ?? '';
  }
  setData(type: string, value: string): void {
    this.kept.set(type, value);
  }
}
const data = (text?: string, html?: string, files?: File[]) => new Data(text, html, files) as unknown as DataTransfer;
const image = new File(['x'], 'ward.png', { type: 'image/png' });

function transferOf(at: Desk, change: Partial<Transfer> = {}): Transfer {
  return { view: at.view, storage: null, ask: (asking) => at.asked.push(asking), pointer: () => null, ...change };
}
const texts = (at: Desk) => at.board.all().map(({ text }) => text);

describe('c5: pasting', () => {
  it('two or more lines become notes in rows of five, without their bullets, as one step', () => {
    const at = desk();
    take(transferOf(at), data('- one\n- two\n3. three\n• four\nfive\nsix'), { x: 0, y: 0 });
    expect(texts(at)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
    expect(at.board.all().map(({ x, y }) => [x, y])).toEqual([[0, 0], [210, 0], [420, 0], [630, 0], [840, 0], [0, 160]]);
    expect(at.view.state().selection.size).toBe(6);
    expect(at.said.at(-1)).toBe('6 notes pasted.');
    at.board.undo();
    expect(at.board.all()).toEqual([]);
  });

  it('above 30 lines it asks once', () => {
    const at = desk();
    take(transferOf(at), data(Array.from({ length: 31 }, (_, n) => `line ${n}`).join('\n')), null);
    expect(at.board.all()).toEqual([]);
    const [asking] = at.asked;
    expect(asking?.question).toBe('paste');
    const { pasted, at: place, parent } = asking!.payload as PasteQuestion;
    expect(putPasted(at.view, pasted, place, parent)).toHaveLength(31);
  });

  it('200 rows of a spreadsheet are 200 notes, one step, within a second', () => {
    const at = desk();
    take(transferOf(at), data(Array.from({ length: 200 }, (_, n) => `Ward ${n}\tLate\t"two\nlines"`).join('\r\n')), null);
    const { pasted, at: place, parent } = at.asked[0]!.payload as PasteQuestion;
    expect(pasted).toMatchObject({ kind: 'table' });
    const since = performance.now();
    expect(putPasted(at.view, pasted, place, parent, 'rows')).toHaveLength(200);
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(at.board.all()[0]?.text).toBe('Ward 0\nLate\ntwo\nlines');
    at.board.undo();
    expect(at.board.all()).toEqual([]);
    expect(putPasted(at.view, pasted, place, parent, 'cells')).toHaveLength(600);
    at.board.undo();
    expect(putPasted(at.view, pasted, place, parent, 'table')).toHaveLength(600);
  });

  it('the choice for tables is remembered on the device', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    expect(rememberedChoice(storage)).toBe('rows');
    rememberChoice(storage, 'cells');
    const at = desk();
    take(transferOf(at, { storage }), data('a\tb\nc\td'), null);
    expect((at.asked[0]!.payload as PasteQuestion).remembered).toBe('cells');
  });

  it('plain is one note, whatever it looks like', () => {
    const at = desk();
    take(transferOf(at), data('one\ntwo\thalf'), null, true);
    expect(texts(at)).toEqual(['one\ntwo\thalf']);
  });

  it('into an area it grows round them; where nothing may be added nothing is', () => {
    const at = desk();
    const area = at.put({ kind: 'area', x: 0, y: 0, w: 300, h: 300 });
    take(transferOf(at), data('a\nb\nc'), { x: 20, y: 60 });
    expect(at.board.members(area)).toHaveLength(3);
    expect(at.board.get(area)?.w).toBe(656);
    at.board.undo();
    expect(at.board.get(area)?.w).toBe(300);
    at.view.allow({ ...OPEN, why: (action) => (action === 'add' ? 'Not here.' : null) });
    take(transferOf(at), data('a\nb\nc'), { x: 20, y: 60 });
    expect(at.board.members(area)).toHaveLength(0);
    expect(at.said.at(-1)).toBe('Not here.');
  });

  it('too much is refused in words', () => {
    const at = desk();
    take(transferOf(at), data('x'.repeat(5_000_001)), null);
    expect(at.said.at(-1)).toMatch(/too much to paste at once/);
    take(transferOf(at), data('x\n'.repeat(1_001)), null);
    expect(at.said.at(-1)).toMatch(/at most 1,000/);
    expect(at.board.all()).toEqual([]);
  });
});

describe('c6: links, objects, images', () => {
  it('a link becomes a link card', () => {
    const at = desk();
    take(transferOf(at), data('https://www.example.org/a?b=c'), { x: 0, y: 0 });
    expect(at.board.all()).toMatchObject([{ kind: 'source', source: { url: 'https://www.example.org/a?b=c', site: 'example.org' } }]);
  });

  it('copied objects keep how they lie, what is between them, and where they came from, on another board', () => {
    const [from, to] = [desk(), desk()];
    const [a, b] = [from.note(0, 0, 'a'), from.note(300, 40, 'b')];
    from.put({ kind: 'connector', start: { object: a, x: 0, y: 0 }, end: { object: b, x: 0, y: 0 }, relation: 'leads_to' });
    from.view.select([a, b]);
    const clipboard = new Data();
    let prevented = false;
    onCopy(transferOf(from), { clipboardData: clipboard, preventDefault() { prevented = true; } } as unknown as ClipboardEvent, false);
    expect(prevented).toBe(true);
    expect(clipboard.getData('text/plain')).toBe('- a\n- b');
    take(transferOf(to), clipboard as unknown as DataTransfer, { x: 500, y: 400 });
    const [first, second] = to.board.all();
    expect([first, second].map((one) => ({ text: one!.text, x: one!.x, y: one!.y, origin: one!.origin }))).toEqual([
      { text: 'a', x: 250, y: 305, origin: { board: 'board', object: a } },
      { text: 'b', x: 550, y: 345, origin: { board: 'board', object: b } },
    ]);
    expect(to.board.connectors(first!.id)).toMatchObject([{ relation: 'leads_to', end: { object: second!.id } }]);
  });

  it('cutting takes away what may be taken away', () => {
    const at = desk();
    const id = at.note(0, 0, 'a');
    at.view.select([id]);
    onCopy(transferOf(at), { clipboardData: new Data(), preventDefault: () => undefined } as unknown as ClipboardEvent, true);
    expect(at.board.get(id)).toBeUndefined();
  });

  it('HTML of others is not taken for ours', () => {
    const at = desk();
    take(transferOf(at), data('text', `<ul data-lab-board="%7Bbroken"><li>text</li></ul>`), null);
    expect(texts(at)).toEqual(['text']);
    expect(toFlavours('{}', ['<b>']).html).not.toContain('<b>');
  });

  it('images are sent, laid down at a readable size, and their description is asked for', async () => {
    const at = desk();
    const transfer = transferOf(at, { upload: (file) => Promise.resolve(file.name === 'ward.png' ? { file: 'f1', width: 1_600, height: 900 } : null) });
    await addPictures(transfer, [image, new File(['x'], 'broken.png', { type: 'image/png' })], { x: 0, y: 0 });
    expect(at.board.all()).toMatchObject([{ kind: 'image', w: 320, h: 180, picture: { file: 'f1' }, alt: '' }]);
    expect(at.asked).toEqual([{ question: 'alt', ids: [at.board.all()[0]!.id] }]);
  });

  it('cells that come with a picture of themselves are cells; other files are not for boards', () => {
    const at = desk();
    take(transferOf(at), data('one\ntwo', '', [image]), null);
    expect(texts(at)).toEqual(['one', 'two']);
    take(transferOf(at), data('', '', [new File(['x'], 'a.zip', { type: 'application/zip' })]), null);
    expect(at.said.at(-1)).toMatch(/Only images/);
  });
});
