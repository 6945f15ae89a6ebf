// For tests in other languages: one person at a board, told what to do on standard input, a JSON object a line.
//
//   {"begin": seed}     who then edits and undoes by chance
//   {"do": steps}       -> {"updates": [base64, …]}
//   {"take": [base64]}  updates of others, which arrive late and in any order
//   {"show": true}      takes whatever is still on its way -> {"board": …, "undone": {"steps", "kept"}}
//
// A promise that does not hold ends it with {"error": words}.
import { createInterface } from 'node:readline';
import { Fuzz } from './fuzz';
import type { Opened } from './peers';

interface Told {
  begin?: number;
  do?: number;
  take?: string[];
  show?: boolean;
}

let fuzz = new Fuzz(0, ['ana']);
let updates: string[] = [];

function begin(seed: number): void {
  fuzz = new Fuzz(seed, ['ana']);
  fuzz.actors[0]!.board.doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'wire') updates.push(Buffer.from(update).toString('base64'));
  });
}

/** As the server writes a board down. */
function written(board: Opened) {
  const objects = board.all().map((object) => ({ ...object, reactions: Object.fromEntries(object.reactions) }));
  return { title: '', legend: Object.fromEntries(board.legend()), objects };
}

function answer(told: Told): object {
  const actor = fuzz.actors[0]!;
  if (told.begin !== undefined) begin(told.begin);
  for (const update of told.take ?? []) actor.inbox.push(Buffer.from(update, 'base64'));
  if (told.do !== undefined) {
    for (let step = 0; step < told.do; step++) fuzz.step();
    const made = updates;
    updates = [];
    return { updates: made };
  }
  if (told.show) {
    fuzz.settle();
    return { board: written(actor.board), undone: fuzz.undone };
  }
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: (error as Error).message })}\n`);
    break;
  }
}
