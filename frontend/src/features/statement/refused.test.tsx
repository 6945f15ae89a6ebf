/** An edit is refused while somebody writes: the text becomes what the others see, and the caret stays where it was. */
import { act, render, screen, waitFor } from '@testing-library/react';
import * as Y from 'yjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RoomScope } from '../../realtime/hooks';
import { emptyDevice, Lab, visit } from '../../realtime/testing/lab';
import type { Room } from '../../realtime/types';
import { lines } from './testEditors';
import { useStatementEditor } from './useEditor';

let room: Room;
let lab: Lab;

beforeEach(async () => {
  await emptyDevice();
  lab = new Lab();
  Y.applyUpdate(lab.doc, lines('One', 'Two', 'Three'));
  room = await visit(lab, { options: { persist: false } });
});

afterEach(() => {
  void room.close();
});

function Paper() {
  const { editor, place } = useStatementEditor({ room, editable: true, more: () => [], onPicturesLeftOut: () => undefined, onNotUnderstood: () => undefined });
  return (
    <>
      <div ref={place} />
      <p>{editor ? 'ready' : 'not yet'}</p>
    </>
  );
}

async function serving(done: () => boolean): Promise<void> {
  await waitFor(
    async () => {
      await act(async () => {
        if (lab.wire.readyState === 0) lab.join();
        lab.receive();
        lab.save();
      });
      expect(done()).toBe(true);
    },
    { timeout: 20_000 },
  );
}

const text = () => [...screen.getByRole('textbox').children].map((line) => line.textContent);
const write = (doc: Y.Doc, line: number, words: string) => ((doc.getXmlFragment('statement').get(line) as Y.XmlElement).get(0) as Y.XmlText).insert(0, words);

test('W24: what was refused is gone, what was not is there, and writing goes on at the same place', async () => {
  await serving(() => room.state().saved === 'saved');
  render(
    <RoomScope room={room}>
      <Paper />
    </RoomScope>,
  );
  const before = await screen.findByRole('textbox');
  const { editor } = before as unknown as { editor: { commands: { setTextSelection(at: number): void; focus(): void } } };
  act(() => {
    editor.commands.setTextSelection(12); // Behind the first letter of "Three".
    before.focus();
  });
  lab.judge = (update) => (new TextDecoder().decode(update).includes('bad') ? { reason: 'update_refused:G17', message: 'This is not allowed.' } : null);
  act(() => {
    write(room.doc, 0, 'good ');
    write(room.doc, 1, 'bad ');
  });
  await serving(() => room.state().generation === 2 && room.state().saved === 'saved');
  await waitFor(() => expect(text()).toEqual(['good One', 'Two', 'Three']));
  const after = screen.getByRole('textbox');
  expect(after).not.toBe(before);
  expect(document.activeElement).toBe(after);
  expect(room.state().recovery).toMatchObject([{ pending: 1, text: 'good One\n\nbad Two\n\nThree' }]);
  act(() => write(room.doc, 2, 'And '));
  await serving(() => room.state().pending === 0);
  await waitFor(() => expect(text()).toEqual(['good One', 'Two', 'And Three']));
});
