// Several notes become one, one note becomes several.
import { toLines } from '../model/clipboard';
import { GAP, MOST_TAGS, MOST_TEXT, type BoardObject, type ObjectId } from '../model/types';
import { areaOf } from '../view/places';
import type { BoardView } from '../view/types';

/** Into the first of them, which keeps its place. What was written, tagged and connected comes along. */
export function mergeNotes(view: BoardView, ids: readonly ObjectId[]): void {
  const { board } = view;
  const permit = view.permit();
  const notes = [...new Set(ids)].map((id) => board.get(id)).filter((one): one is BoardObject => one?.kind === 'note');
  const [into, ...rest] = notes;
  if (!into || rest.length === 0) return;
  const why = permit.why('edit', into.id) ?? rest.map(({ id }) => permit.why('remove', id)).find((reason) => reason !== null);
  const wires = new Set(rest.flatMap(({ id }) => board.connectors(id)).filter(({ id }) => permit.why('move', id) === null));
  if (why) {
    view.say(why);
    return;
  }
  const text = notes.map((note) => note.text.trim()).filter(Boolean).join('\n');
  if (text.length > MOST_TEXT) {
    view.say(`Together these notes have ${text.length} characters; a note holds ${MOST_TEXT}.`);
    return;
  }
  const gone = new Set(rest.map(({ id }) => id));
  const led = (end: BoardObject['start']) => (end?.object && gone.has(end.object) ? { ...end, object: into.id } : end);
  board.edit('Merge notes', (edit) => {
    edit.setText(into.id, text);
    edit.set(into.id, {
      tags: [...new Set(notes.flatMap(({ tags }) => tags))].sort().slice(0, MOST_TAGS),
      merged: [...new Set(notes.flatMap(({ id, merged }) => [...merged, id]))].filter((id) => id !== into.id),
    });
    for (const wire of wires) {
      const [start, end] = [led(wire.start), led(wire.end)];
      // Between two that are one now there is nothing to say.
      if (start?.object !== end?.object) edit.set(wire.id, { start, end });
    }
    for (const { id } of rest) edit.remove(id);
  });
  view.focus(into.id);
  view.say(`${notes.length} notes merged into one.`);
}

/** One note a line, below one another; the first line stays where it is. */
export function splitNote(view: BoardView, id: ObjectId): void {
  const { board } = view;
  const note = board.get(id);
  if (note?.kind !== 'note') return;
  const why = view.permit().why('edit', id) ?? view.permit().why('add', areaOf(board, id));
  if (why) {
    view.say(why);
    return;
  }
  const [first, ...rest] = toLines(note.text);
  if (first === undefined || rest.length === 0) {
    view.say('This note has only one line.');
    return;
  }
  const made = board.edit('Split note', (edit) => {
    edit.setText(id, first);
    return rest.map((text, at) => edit.add({ kind: 'note', text, x: note.x, y: note.y + (at + 1) * (note.h + GAP), parent: note.parent, colour: note.colour, tags: note.tags }));
  });
  view.focus(id);
  view.select([id, ...made]);
  view.say(`Split into ${made.length + 1} notes.`);
}
