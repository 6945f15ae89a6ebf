// @vitest-environment jsdom
import * as Y from 'yjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Board, type ObjectId, openBoard } from '../model';
import { OPEN } from '../view/permit';
import type { BoardView } from '../view/types';
import { createView } from '../view/view';
import { type BoardCanvas, type CanvasOptions, mountCanvas } from '.';

let board: Board;
let view: BoardView;
let host: HTMLElement;
let canvas: BoardCanvas;

const PEOPLE: Record<string, { name: string; colour: 'p1' }> = { me: { name: 'Jo Marsh', colour: 'p1' }, amara: { name: 'Amara Osei', colour: 'p1' } };

function mount(options: Partial<CanvasOptions> = {}): void {
  view = createView(board, { permit: { ...OPEN, me: 'me' }, say: () => undefined, storage: null });
  view.look({ x: 0, y: 0, zoom: 1 });
  canvas = mountCanvas(host, view, {
    imageUrl: (file, small) => `/${file}${small ? '/small' : ''}`,
    person: (id) => PEOPLE[id],
    evidence: () => ({ label: 'E12', text: 'We sat in our coats.', source: 'Interview 3' }),
    authors: () => 'shown',
    ...options,
  });
}

/** Frames, timers and what waits for fonts: until the board is drawn and still. */
async function drawn(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1_000);
  expect(canvas.settled()).toBe(true);
}

const note = (text: string, x = 0, y = 0, more = {}): ObjectId => board.edit('Add', (edit) => edit.add({ kind: 'note', text, x, y, ...more }));
const name = (id: ObjectId) => canvas.element(id)!.textContent!.replace(/\s+/g, ' ').trim();
/** What a screen reader reads: without what is hidden from it. */
const heard = (id: ObjectId) => {
  const copy = canvas.element(id)!.cloneNode(true) as HTMLElement;
  for (const unseen of copy.querySelectorAll('[aria-hidden=true]')) unseen.remove();
  return copy.textContent!.replace(/\s+/g, ' ').trim();
};
const options = () => [...host.querySelectorAll<HTMLElement>('[role=option]')];

beforeEach(() => {
  vi.useFakeTimers();
  board = openBoard(new Y.Doc(), { id: 'me', authors: 'shown' });
  host = document.createElement('div');
  Object.defineProperties(host, { clientWidth: { value: 1440 }, clientHeight: { value: 900 } });
  document.body.append(host);
});

afterEach(() => {
  canvas.destroy();
  view.destroy();
  host.remove();
  vi.useRealTimers();
});

describe('what is in the page', () => {
  it('is what lies within 260 pixels of the view, and no more', async () => {
    const [near, margin, far] = [note('near', 100, 100), note('in the margin', 1_600, 100), note('far', 2_000, 100)];
    mount();
    await drawn();
    expect([near, margin, far].map((id) => canvas.element(id) !== null)).toEqual([true, true, false]);
    view.look({ x: 1_000, y: 0, zoom: 1 });
    await drawn();
    expect(canvas.element(far)).not.toBeNull();
  });

  it('never loses what is focused, selected or edited, wherever the camera goes', async () => {
    const [focused, chosen, other] = [note('focused'), note('chosen', 300), note('other', 600)];
    mount();
    await drawn();
    view.select([chosen]);
    view.focus(focused, { keep: true });
    view.look({ x: 50_000, y: 0, zoom: 1 });
    await drawn();
    expect([focused, chosen, other].map((id) => canvas.element(id) !== null)).toEqual([true, true, false]);
  });

  it('far out is only what was there and what is chosen: the canvas shows the rest', async () => {
    const [near, chosen, far] = [note('near', 100, 100), note('chosen', 4_000, 0), note('far', 4_300, 0)];
    mount();
    await drawn();
    view.look({ x: 0, y: 0, zoom: 0.2 });
    await drawn();
    view.select([chosen]);
    await drawn();
    expect([near, chosen, far].map((id) => canvas.element(id) !== null)).toEqual([true, true, false]);
    view.look({ x: 4_000, y: 0, zoom: 0.5 });
    await drawn();
    expect(canvas.element(far)).not.toBeNull();
  });

  it('a camera that goes on before everything was put in leaves nothing out', async () => {
    const ids = Array.from({ length: 300 }, (_, at) => note(`n${at}`, (at % 20) * 100, Math.floor(at / 20) * 80));
    mount();
    await vi.advanceTimersByTimeAsync(20);
    view.look({ x: 1, y: 0, zoom: 0.7 });
    await vi.advanceTimersByTimeAsync(170);
    view.look({ x: 2, y: 0, zoom: 0.7 });
    await drawn();
    expect(ids.filter((id) => canvas.element(id) === null)).toEqual([]);
  });

  it('from far out sets no text before the first picture; soon after, every note is as tall as its text', async () => {
    const short = note('short', 0, 0);
    const long = note('a sentence that goes on and on '.repeat(20), 300, 0);
    mount();
    view.look({ x: 0, y: 0, zoom: 0.08 });
    await drawn();
    expect(canvas.box(short)!.h).toBe(board.get(short)!.h);
    expect(canvas.box(long)!.h).toBeGreaterThan(board.get(long)!.h);
  });

  it('one that is drawn for another reason than a change of its own says what is so now', async () => {
    const names: Record<string, string> = { amara: 'Amara Osei' };
    const by = openBoard(board.doc, { id: 'amara', authors: 'shown' });
    const id = by.edit('Add', (edit) => edit.add({ kind: 'note', text: 'hers', x: 0, y: 0 }));
    mount({ person: (person) => (names[person] ? { name: names[person], colour: 'p1' } : undefined) });
    await drawn();
    expect(name(id)).toContain('by Amara Osei');
    names.amara = 'Amara Obi';
    canvas.refresh([id]);
    await drawn();
    expect(name(id)).toContain('by Amara Obi');
  });

  it('takes out what is far away when nothing happens', async () => {
    const id = note('left behind', 0, 0);
    mount();
    await drawn();
    view.look({ x: 20_000, y: 0, zoom: 1 });
    await drawn();
    expect(canvas.element(id)).toBeNull();
  });

  it('takes in what others add, change, move and remove, and touches nothing else', async () => {
    const [a, b] = [note('first', 0, 0), note('second', 300, 0)];
    mount();
    await drawn();
    const untouched = canvas.element(b)!.firstElementChild;
    const c = note('third', 600, 0);
    board.edit('Move', (edit) => edit.set(a, { x: 40 }));
    await drawn();
    expect(canvas.element(c)).not.toBeNull();
    expect(canvas.element(a)!.style.left).toBe('40px');
    expect(canvas.element(b)!.firstElementChild).toBe(untouched);
    board.edit('Remove', (edit) => edit.remove(a));
    await drawn();
    expect(canvas.element(a)).toBeNull();
  });

  it('is not written anew when something only moved', async () => {
    const id = note('steady', 0, 0);
    mount();
    await drawn();
    const text = canvas.element(id)!.firstElementChild;
    board.edit('Move', (edit) => edit.set(id, { x: 10, y: 20 }));
    await drawn();
    expect(canvas.element(id)!.firstElementChild).toBe(text);
  });

  it('shows one area at a time in calm mode', async () => {
    const area = board.edit('Add', (edit) => edit.add({ kind: 'area', text: 'Here', x: 0, y: 0, w: 400, h: 400 }));
    const [inside, outside] = [note('inside', 20, 60, { parent: area }), note('outside', 600, 0)];
    mount();
    await drawn();
    view.set({ calm: true, calmArea: area });
    await drawn();
    expect([inside, outside].map((id) => canvas.element(id) !== null)).toEqual([true, false]);
    view.set({ calm: false });
    await drawn();
    expect(canvas.element(outside)).not.toBeNull();
  });
});

describe('names', () => {
  it('are the text, then meaning, tags, author, support, connectors, comments', async () => {
    const a = note('Write the list', 0, 0, { tags: ['evening', 'list'] });
    const b = note('Show where each order is', 300, 0);
    board.edit('More', (edit) => {
      edit.setLegend('butter', 'Problem');
      edit.react(a, '👍', true);
      edit.add({ kind: 'connector', relation: 'leads_to', start: { object: a, x: 0, y: 0 }, end: { object: b, x: 0, y: 0 } });
    });
    mount({ comments: (id) => (id === a ? 2 : 0) });
    await drawn();
    expect(heard(a)).toBe('Write the list, Problem, tags evening, list, by Jo Marsh, 1 support, yours, leads to “Show where each order is”, 2 comments');
    expect(heard(b)).toContain('follows “Write the list”');
  });

  it('say that a note is empty, locked, and by whom it is being moved', async () => {
    const id = note('');
    mount();
    await drawn();
    view.allow({ ...OPEN, me: 'me', lock: (object) => (object === id ? { object: id, level: 'position', who: 'facilitators', by: { id: 'amara', name: 'Amara Osei' } } : null) });
    canvas.setOthers([{ client: 1, name: 'Priya', colour: 'p6', cursor: null, selection: [], editing: null, hold: { ids: [id], dx: 5, dy: 0 }, chat: null }]);
    await drawn();
    expect(heard(id)).toBe(', empty note, by Jo Marsh, position locked by facilitators, Priya is moving this');
    expect(canvas.box(id)!.x).toBe(5);
    canvas.setOthers([]);
    await drawn();
    expect(heard(id)).not.toContain('Priya');
    expect(canvas.box(id)!.x).toBe(0);
  });

  it('follow the words of the note at the other end of a connector', async () => {
    const [a, b] = [note('One'), note('Two', 300)];
    board.edit('More', (edit) => edit.add({ kind: 'connector', relation: 'supports', start: { object: a, x: 0, y: 0 }, end: { object: b, x: 0, y: 0 } }));
    mount();
    await drawn();
    board.edit('Text', (edit) => edit.setText(b, 'Three'));
    await drawn();
    expect(heard(a)).toContain('supports “Three”');
  });

  it('do not tell authors where a board hides them', async () => {
    const id = note('Secret');
    mount({ authors: () => 'hidden' });
    await drawn();
    expect(name(id)).not.toContain('Jo');
  });

  it('of an image is its description, or that there is none', async () => {
    const [told, silent] = board.edit('Add', (edit) => [
      edit.add({ kind: 'image', alt: 'A full discharge lounge', picture: { file: 'f1', width: 10, height: 10 }, x: 0, y: 0, w: 100, h: 100 }),
      edit.add({ kind: 'image', picture: { file: 'f2', width: 10, height: 10 }, x: 200, y: 0, w: 100, h: 100 }),
    ]);
    mount();
    await drawn();
    expect(canvas.element(told!)!.querySelector('img')!.alt).toBe('A full discharge lounge');
    expect(heard(silent!)).toContain('image, without a description');
  });

  it('areas are named regions with the number of their notes', async () => {
    const area = board.edit('Add', (edit) => edit.add({ kind: 'area', text: 'Before the round', prompt: 'What could wait?', x: 0, y: 0, w: 400, h: 400 }));
    const inside = note('a', 20, 60, { parent: area });
    mount();
    await drawn();
    const region = () => host.querySelector('section')!;
    expect(region().getAttribute('aria-label')).toBe('Before the round, 1 note');
    expect(region().textContent).toContain('What could wait?');
    note('b', 20, 220, { parent: area });
    await drawn();
    expect(region().getAttribute('aria-label')).toBe('Before the round, 2 notes');
    expect(canvas.element(inside)!.closest('[role=group]')!.getAttribute('aria-label')).toBe('Before the round, 2 notes');
  });
});

describe('the listbox', () => {
  it('has one tab stop, and its options are numbered area by area', async () => {
    const area = board.edit('Add', (edit) => edit.add({ kind: 'area', text: 'A', x: 0, y: 0, w: 600, h: 400 }));
    const second = note('second', 300, 60, { parent: area });
    const first = note('first', 20, 60, { parent: area });
    const loose = note('loose', 700, 60);
    mount();
    await drawn();
    const place = (id: ObjectId) => [canvas.element(id)!.getAttribute('aria-posinset'), canvas.element(id)!.getAttribute('aria-setsize')];
    expect([place(first), place(second)]).toEqual([['1', '2'], ['2', '2']]);
    expect(place(loose)).toEqual(['2', '2']);
    expect(options().map((each) => each.dataset.id)).toEqual([area, first, second, loose]);
    const stops = () => [...host.querySelectorAll<HTMLElement>('[tabindex="0"]')].map((each) => each.dataset.id ?? each.getAttribute('role'));
    expect(stops()).toEqual(['listbox']);
    view.focus(second);
    await drawn();
    expect(stops()).toEqual([second]);
    expect(canvas.element(second)!.getAttribute('aria-selected')).toBe('true');
  });

  it('moves keyboard focus with the view, but takes it from nobody', async () => {
    const [a, b] = [note('a'), note('b', 300)];
    mount();
    await drawn();
    view.focus(a);
    await drawn();
    expect(document.activeElement).toBe(document.body);
    canvas.takeFocus();
    expect(document.activeElement).toBe(canvas.element(a));
    view.focus(b);
    await drawn();
    expect(document.activeElement).toBe(canvas.element(b));
    view.focus(null);
    await drawn();
    expect(document.activeElement!.getAttribute('role')).toBe('listbox');
  });

  it('keeps focus in the board when the focused note is removed by somebody else', async () => {
    const [a, b] = [note('a'), note('b', 300)];
    mount();
    await drawn();
    view.focus(a);
    canvas.takeFocus();
    board.edit('Remove', (edit) => edit.remove(a));
    await drawn();
    expect(document.activeElement).toBe(canvas.element(b));
  });

  it('follows focus that came another way, as from a screen reader', async () => {
    const id = note('a');
    mount();
    await drawn();
    canvas.element(id)!.focus();
    expect(view.state().focused).toBe(id);
  });

  it('shows what the focus comes to by Tab, and leaves the view alone when it gives the focus itself', async () => {
    const id = note('a');
    const tool = document.createElement('button');
    document.body.append(tool);
    mount();
    await drawn();
    view.focus(id);
    tool.focus();
    view.look({ x: 5_000, y: 5_000, zoom: 1 });
    await drawn();
    canvas.takeFocus();
    await drawn();
    expect(document.activeElement).toBe(canvas.element(id));
    expect(view.camera()).toEqual({ x: 5_000, y: 5_000, zoom: 1 });
    tool.focus();
    canvas.element(id)!.focus();
    await drawn();
    expect(view.camera().x).toBeLessThanOrEqual(0);
    expect(view.camera().y).toBeLessThanOrEqual(0);
    tool.remove();
  });

  it('keeps focus on a note that goes into another area', async () => {
    const area = board.edit('Add', (edit) => edit.add({ kind: 'area', text: 'A', x: 400, y: 0, w: 400, h: 400 }));
    const id = note('a', 0, 0);
    mount();
    await drawn();
    view.focus(id);
    canvas.takeFocus();
    board.edit('Move', (edit) => edit.set(id, { x: 420, y: 60, parent: area }));
    await drawn();
    expect(canvas.element(id)!.closest('[role=group]')).not.toBeNull();
    expect(document.activeElement).toBe(canvas.element(id));
  });
});

describe('drawn elsewhere than it is', () => {
  it('a drag moves notes, their wires and their cluster, and not the document', async () => {
    const cluster = board.edit('Add', (edit) => edit.add({ kind: 'cluster', text: 'Heap' }));
    const [a, b] = [note('a', 0, 0, { parent: cluster }), note('b', 0, 400)];
    const wire = board.edit('Add', (edit) => edit.add({ kind: 'connector', start: { object: a, x: 0, y: 0 }, end: { object: b, x: 0, y: 0 } }));
    mount();
    await drawn();
    const path = () => host.querySelector(`[data-wire="${wire}"] path`)!.getAttribute('d');
    const before = path();
    canvas.setOffset([a], 100, 50);
    await drawn();
    expect(canvas.element(a)!.style.left).toBe('100px');
    expect(canvas.box(cluster)).toMatchObject({ x: 90, y: 40 });
    expect(path()).not.toBe(before);
    expect(board.get(a)!.x).toBe(0);
    canvas.setOffset([], 0, 0);
    await drawn();
    expect(path()).toBe(before);
    expect(canvas.element(a)!.style.left).toBe('0px');
  });

  it('a text field laid over a note follows it, beside the listbox and not in it', async () => {
    const id = note('a', 100, 100);
    mount();
    await drawn();
    const field = document.createElement('textarea');
    const lift = canvas.cover(field, id);
    expect(field.closest('[role=listbox]')).toBeNull();
    expect(field.style.left).toBe('112px');
    board.edit('Move', (edit) => edit.set(id, { x: 200 }));
    await drawn();
    expect(field.style.left).toBe('212px');
    lift();
    expect(field.isConnected).toBe(false);
  });
});

describe('what lies under a point', () => {
  it('is a note before the area under it; an area has a title and an edge', async () => {
    const area = board.edit('Add', (edit) => edit.add({ kind: 'area', text: 'A', x: 0, y: 0, w: 600, h: 600 }));
    const id = note('a', 100, 100, { parent: area });
    mount();
    await drawn();
    expect(canvas.at({ x: 150, y: 150 }).map((hit) => [hit.id, hit.part])).toEqual([[id, 'body'], [area, 'body']]);
    expect(canvas.at({ x: 300, y: 20 })[0]).toEqual({ id: area, part: 'title' });
    expect(canvas.at({ x: 2, y: 300 })[0]).toEqual({ id: area, part: 'edge' });
    expect(canvas.at({ x: 700, y: 700 })).toEqual([]);
  });

  it('a box catches what it touches, an area only whole', async () => {
    const area = board.edit('Add', (edit) => edit.add({ kind: 'area', text: 'A', x: 0, y: 0, w: 600, h: 600 }));
    const id = note('a', 100, 100, { parent: area });
    mount();
    await drawn();
    expect(canvas.within({ x: 50, y: 50, w: 100, h: 100 })).toEqual([id]);
    expect(canvas.within({ x: 50, y: 50, w: 100, h: 100 }, true)).toEqual([]);
    expect([...canvas.within({ x: -1, y: -1, w: 700, h: 700 })].sort()).toEqual([area, id].sort());
  });
});
