/** For tests of panels: a real board over a real document, with everything around it that a screen would have. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { COMMANDS, createKeymap } from '../commands';
import type { Asking } from '../commands/types';
import { openBoard } from '../model';
import type { Board, NewObject, ObjectId } from '../model/types';
import type { Opened } from '../opened';
import { cursorChat, followOthers, hearOthers, tellOthers } from '../others';
import { BoardScope, type Scope } from '../scope';
import type { BoardWhole } from '../served';
import { ToastProvider } from '../../../ui';
import { permitFor } from '../view/permit';
import type { BoardView } from '../view/types';
import { createView } from '../view/view';

export interface Stage {
  readonly board: Board;
  readonly view: BoardView;
  readonly opened: Opened;
  readonly said: string[];
  readonly asked: Asking[];
  readonly doc: Y.Doc;
  add(object: NewObject): ObjectId;
  /** The same board on somebody else's page; what is done there is here at once. */
  readonly other: Board;
  show(children: ReactNode): void;
}

export const ME = { id: 'me', name: 'Jo Marsh', colour: 'p3' };
const PEOPLE = [ME, { id: 'asha', name: 'Asha Osei', colour: 'p2' }];

export function stage(served: Partial<BoardWhole> = {}): Stage {
  const doc = new Y.Doc();
  const far = new Y.Doc();
  doc.on('update', (update: Uint8Array, origin: unknown) => origin !== 'room' && Y.applyUpdate(far, update, 'room'));
  far.on('update', (update: Uint8Array, origin: unknown) => origin !== 'room' && Y.applyUpdate(doc, update, 'room'));
  const whole: BoardWhole = {
    id: 'board1', challenge: { id: 'challenge1', title: 'Medicines to take home' }, title: 'Ideas', notes: 0, authors: 'shown', archived: false,
    your_role: 'facilitator', created_by: ME, created_at: '2026-11-20T09:00:00Z', updated_at: '2026-11-20T09:00:00Z', here: [],
    rules: { locks: [], areas: [] }, ...served,
  };
  const board = openBoard(doc, { id: ME.id, authors: whole.authors });
  const other = openBoard(far, { id: 'asha', authors: whole.authors });
  const said: string[] = [];
  const asked: Asking[] = [];
  const permit = permitFor(board, {
    me: ME.id, role: whole.your_role, archived: whole.archived,
    rules: { locks: whole.rules.locks, areas: whole.rules.areas },
  });
  const view = createView(board, { permit, say: (words) => void said.push(words), storage: null });
  view.resize(1000, 700);
  const awareness = new Awareness(doc);
  const hearing = hearOthers(awareness, ME.id, { cursors: () => true });
  const telling = tellOthers(awareness, view);
  const opened: Opened = {
    board, view, hearing, telling,
    following: followOthers(view, hearing, telling, { still: () => true }),
    chat: cursorChat(telling, hearing, ME.id),
    name: () => undefined,
    close: () => undefined,
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const scope: Scope = {
    opened,
    view,
    board,
    context: { view, ask: (asking) => void asked.push(asking) },
    commands: COMMANDS,
    keymap: createKeymap(COMMANDS, null),
    served: whole,
    me: ME,
    person: (id) => PEOPLE.find((person) => person.id === id),
    comments: () => 0,
  };
  return {
    opened,
    board,
    view,
    said,
    asked,
    doc,
    other,
    add: (object) => board.edit('Add', (edit) => edit.add(object)),
    show(children) {
      document.documentElement.lang = 'en-GB';
      document.title = 'Board';
      render(
        <QueryClientProvider client={client}>
          <ToastProvider>
            <BoardScope value={scope}>
              <main>{children}</main>
            </BoardScope>
          </ToastProvider>
        </QueryClientProvider>,
      );
    },
  };
}
