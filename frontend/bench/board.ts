// Our board without the application round it. `?notes=3000` is the bench's scene, without it the sprint board of the
// design; `?dark`, `?zoom=0.3`, `?others` for looking at it.
import * as Y from 'yjs';
import '../src/styles/index.css';
import './board.css';
import { mountCanvas } from '../src/features/boards/canvas';
import { openBoard } from '../src/features/boards/model';
import { OPEN } from '../src/features/boards/view/permit';
import { createView } from '../src/features/boards/view/view';
import { benchOf, type Subject } from './harness';
import { PEOPLE, fillBench, fillSprint } from './boards';
import { benchScene } from './scene';

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.has('dark') ? 'dark' : 'light';
const count = Number(query.get('notes') ?? 0);
const board = openBoard(new Y.Doc(), { id: 'jo', authors: 'shown' });
const scene = count > 0 ? benchScene(count, Number(query.get('links') ?? 300)) : null;
if (scene) fillBench(board, scene);
else fillSprint(board);

const view = createView(board, { permit: { ...OPEN, me: 'jo' }, say: () => undefined, storage: null });
const host = document.getElementById('board')!;
const canvas = mountCanvas(host, view, {
  imageUrl: (file) => `/${file}`,
  person: (id) => PEOPLE[id],
  evidence: (card) => (card === 'e12' ? { label: 'E12', text: 'We sat in our coats from ten until the bag came at four.', source: 'Carer, interview 3, ward B', quoted: true } : null),
  comments: (id) => (board.get(id)?.tags.length ? 2 : 0),
  authors: () => (query.get('authors') as 'hover') ?? 'shown',
});
view.look({ x: Number(query.get('x') ?? 0), y: Number(query.get('y') ?? 0), zoom: Number(query.get('zoom') ?? 1) });
if (query.has('minimap')) view.set({ minimap: true });
if (query.has('others')) {
  const [first, second] = board.all().filter((object) => object.kind === 'note').slice(8, 10).map((object) => object.id);
  canvas.setOthers([
    { client: 1, name: 'Priya', colour: 'p6', cursor: null, selection: [], editing: null, hold: { ids: [first!], dx: 0, dy: 0 }, chat: null },
    { client: 2, name: 'Tom', colour: 'p4', cursor: { x: 1000, y: 560 }, selection: [second!], editing: null, hold: null, chat: 'Shall we put these two together?' },
  ]);
}
if (query.has('select')) {
  const chosen = board.all().filter((object) => object.kind === 'note').slice(2, 2 + Number(query.get('select') || 1));
  view.select(chosen.map((object) => object.id));
  view.focus(chosen[0]?.id ?? null, { keep: true, still: true });
}

const settled = () => canvas.settled();
const elsewhere = new Y.Doc();
Y.applyUpdate(elsewhere, Y.encodeStateAsUpdate(board.doc));
elsewhere.on('update', (update: Uint8Array) => Y.applyUpdate(board.doc, update, 'elsewhere'));
const ids = scene ? board.all().filter((object) => object.kind === 'note').map((object) => object.id) : [];
let turn = 0;
/** As another person's page writes it. */
const nudge = () => {
  const id = ids[(turn++ * 61) % Math.min(ids.length, 240)];
  const object = id === undefined ? undefined : board.get(id);
  if (object) elsewhere.getMap('objects').set(`${object.id}/place`, { x: object.x + (turn % 2 ? 6 : -6), y: object.y });
};
const subject: Subject = {
  look: (sight) => view.look(sight),
  bounds: scene?.bounds ?? { x: 0, y: 0, w: 1116, h: 660 },
  size: () => view.viewport(),
  settled,
  nudge,
};
window.bench = benchOf(
  new Promise((done) => {
    const look = () => (settled() ? done(subject) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  }),
);
Object.assign(window, { board, view, canvas });
