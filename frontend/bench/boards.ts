// Boards to look at and to measure: the design's sprint board, and the bench's many notes.
import { type Board, type Colour, COLOURS, type ObjectId } from '../src/features/boards/model';
import type { PersonShown } from '../src/features/boards/canvas';
import type { BenchScene } from './scene';

export const PEOPLE: Record<string, PersonShown> = {
  jo: { name: 'Jo Marsh', colour: 'p3' },
  amara: { name: 'Amara Osei', colour: 'p2' },
  tom: { name: 'Tom Whitby', colour: 'p4' },
  priya: { name: 'Priya Nair', colour: 'p6' },
};

/** Text, colour, place from the area's corner, and the area. */
const SPRINT: readonly (readonly [string, Colour, number, number, number])[] = [
  ['Write the list the evening before', 'butter', 16, 52, 0],
  ['Name one person who owns today’s leavers', 'butter', 174, 52, 0],
  ['Start with people going home, not bed one', 'apricot', 16, 186, 0],
  ['Is the round ever before nine?', 'chalk', 174, 186, 0],
  ['Ask what is already in the cupboard at home', 'mint', 16, 390, 0],
  ['Bring your own medicines bag', 'mint', 174, 390, 0],
  ['Show where each order is on one screen', 'sky', 16, 52, 1],
  ['Text the ward when it is ready', 'sky', 174, 52, 1],
  ['Pharmacist joins the round twice a week', 'lilac', 16, 206, 1],
  ['Pre-packs for the **ten most common**', 'lilac', 174, 206, 1],
  ['Stop the phone: one update an hour, to everyone', 'rose', 16, 350, 1],
  ['Ring only when something changes', 'rose', 174, 350, 1],
  ['A tray for today, a tray for tomorrow', 'butter', 95, 482, 1],
  ['A time, written on the board by the bed', 'butter', 16, 52, 2],
  ['Lunch is kept for you until you go', 'rose', 174, 52, 2],
  ['Talk through medicines with the carer too', 'mint', 16, 206, 2],
  ['A lounge that is nicer than the ward', 'sky', 174, 206, 2],
  ['Go home now, medicines follow by taxi', 'apricot', 16, 350, 2],
  ['Who checks the bag at the door?', 'chalk', 174, 350, 2],
  ['Ring the next day to ask how it went', 'lilac', 16, 482, 2],
];
const AREAS = ['Before the round', 'In the pharmacy', 'At the bedside'];
const LINKS = [[1, 6, 'plain'], [7, 13, 'leads_to'], [9, 17, 'challenges']] as const;

export function fillSprint(board: Board): void {
  board.edit('Example', (edit) => {
    const areas = AREAS.map((text, at) => edit.add({ kind: 'area', text, x: 24 + at * 364, y: 24, w: 340, h: 610, prompt: at === 2 ? 'What would the person in the bed notice?' : '' }));
    const cluster = edit.add({ kind: 'cluster', text: 'Start from what people already have', parent: areas[0] });
    const notes = SPRINT.map(([text, colour, x, y, area], at): ObjectId => {
      const id = edit.add({ kind: 'note', text, colour, x: 24 + area * 364 + x, y: 24 + y, w: 150, h: 112, parent: at === 4 || at === 5 ? cluster : areas[area], tags: at === 8 ? ['pharmacy', 'weekly'] : [] });
      if (at % 3 === 0) edit.react(id, '👍', true);
      return id;
    });
    for (const [from, to, relation] of LINKS) {
      edit.add({ kind: 'connector', relation, start: { object: notes[from]!, x: 0, y: 0 }, end: { object: notes[to]!, x: 0, y: 0 } });
    }
    edit.add({ kind: 'heading', text: 'Where to look next', x: 1140, y: 24, w: 260 });
    edit.add({ kind: 'source', x: 1140, y: 80, w: 240, h: 120, text: 'Shows the **same** wait in three wards', source: { url: 'https://example.org/discharge', title: 'Waiting for medicines on the day of discharge', site: 'example.org' } });
    edit.add({ kind: 'evidence', x: 1140, y: 270, w: 240, h: 120, evidence: 'e12' });
    edit.add({ kind: 'note', colour: 'sky', x: 1140, y: 470, w: 200, h: 150, text: 'A longer note:\n- points begin with a dash\n- and *may* be long enough to need a second line\n- **bold** words too, and a word that is far too long: Donaudampfschifffahrtsgesellschaft' });
  });
}

export function fillBench(board: Board, scene: BenchScene): void {
  board.edit('Bench', (edit) => {
    const ids = new Map(scene.notes.map((note) => [note.id, edit.add({ kind: 'note', text: note.text, colour: COLOURS[note.colour]!, x: note.x, y: note.y, w: note.w, h: note.h })]));
    for (const { from, to } of scene.links) edit.add({ kind: 'connector', start: { object: ids.get(from)!, x: 0, y: 0 }, end: { object: ids.get(to)!, x: 0, y: 0 } });
  });
}
