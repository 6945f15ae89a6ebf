// The words of the badge, and how seldom they are spoken.
import { act, fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomScope } from './hooks';
import { RoomNotices } from './RoomNotices';
import { SavedBadge, SPEAK_GAP } from './SavedBadge';
import { savedWords } from './savedWords';
import { stopFor } from './closecodes';
import type { Room, RoomState } from './types';

const STATE: RoomState = {
  phase: 'open',
  ready: true,
  synced: true,
  access: 'write',
  editable: true,
  epoch: 1,
  generation: 1,
  you: null,
  saved: 'saved',
  pending: 0,
  keptOnDevice: false,
  storageTrouble: null,
  refusal: null,
  stop: null,
  recovery: [],
};

class StatefulRoom {
  readonly #listeners = new Set<() => void>();
  #state = STATE;
  retry = vi.fn();
  startAgain = vi.fn(async () => undefined);
  discardRecovery = vi.fn(async () => undefined);
  text = () => 'all my words';
  state = () => this.#state;
  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  become(change: Partial<RoomState>): void {
    act(() => {
      this.#state = { ...STATE, ...change };
      for (const listener of this.#listeners) listener();
    });
  }
}

function show(what: ReactNode): StatefulRoom {
  const room = new StatefulRoom();
  render(<RoomScope room={room as unknown as Room}>{what}</RoomScope>);
  return room;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));
const spoken = () => screen.getByRole('status').textContent;

describe('the words', () => {
  it.each([
    [{}, 'Saved'],
    [{ saved: 'saving', pending: 1 }, 'Saving…'],
    [{ saved: 'reconnecting', synced: false, phase: 'waiting' }, 'Reconnecting…'],
    [{ saved: 'reconnecting', synced: false, ready: false, phase: 'connecting' }, 'Connecting…'],
    [{ saved: 'not-saved', pending: 4, keptOnDevice: true }, 'Not saved – 4 changes kept on this device'],
    [{ saved: 'not-saved', pending: 1, keptOnDevice: true }, 'Not saved – 1 change kept on this device'],
    [{ saved: 'not-saved', pending: 4 }, 'Not saved – 4 changes. Keep this page open'],
    [{ saved: 'refused', pending: 1 }, 'Could not save'],
    [{ saved: 'read-only' }, 'Read only'],
    [{ stop: stopFor(4401, '') }, 'Not connected'],
  ] as const)('%j reads %s', (change, text) => {
    expect(savedWords({ ...STATE, ...change }).text).toBe(text);
  });
});

describe('the badge', () => {
  it('shows the words, and a way to try now while it waits with unsaved work', () => {
    const room = show(<SavedBadge />);
    expect(screen.getByText('Saved')).toBeTruthy();
    room.become({ saved: 'not-saved', phase: 'waiting', pending: 2, keptOnDevice: true });
    expect(screen.getByText('Not saved – 2 changes kept on this device')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(room.retry).toHaveBeenCalled();
  });

  it('says nothing about typing', () => {
    const room = show(<SavedBadge />);
    for (let n = 0; n < 20; n++) {
      room.become({ saved: 'saving', pending: 1 });
      pass(500);
      room.become({ saved: 'saved' });
      pass(500);
    }
    expect(spoken()).toBe('');
  });

  it('speaks trouble at once, and then at most every ten seconds, ending on what is true', () => {
    const room = show(<SavedBadge />);
    const heard: string[] = [];
    const listen = () => {
      const words = spoken() ?? '';
      if (words !== heard.at(-1)) heard.push(words);
    };
    room.become({ saved: 'not-saved', pending: 1, keptOnDevice: true });
    pass(0);
    listen();
    expect(heard).toEqual(['Not saved. Your changes are kept on this device.']);
    for (let n = 0; n < 9; n++) {
      room.become(n % 2 ? { saved: 'not-saved', pending: n, keptOnDevice: true } : { saved: 'saved' });
      pass(1_000);
      listen();
    }
    expect(heard).toHaveLength(1);
    pass(SPEAK_GAP);
    listen();
    expect(heard).toEqual(['Not saved. Your changes are kept on this device.', 'Saved']);
  });

  it('a reader hears once that the page is read only', () => {
    const room = show(<SavedBadge />);
    room.become({ saved: 'read-only', access: 'read' });
    pass(0);
    expect(spoken()).toBe('Read only');
  });
});

describe('the notices', () => {
  it('show nothing when all is well', () => {
    const { container } = render(
      <RoomScope room={new StatefulRoom() as unknown as Room}>
        <RoomNotices />
      </RoomScope>,
    );
    expect(container.textContent).toBe('');
  });

  it('refused: the text can be copied and downloaded, and one can start afresh', async () => {
    const room = show(<RoomNotices />);
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    URL.createObjectURL = vi.fn(() => 'blob:x');
    URL.revokeObjectURL = vi.fn();
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    room.become({ saved: 'refused', refusal: { reason: 'update_refused:G7', message: 'A link is not allowed.' } });
    expect(screen.getByText(/A link is not allowed\. Copy your text now/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Copy the text' }));
    expect(writeText).toHaveBeenCalledWith('all my words');
    fireEvent.click(screen.getByRole('button', { name: 'Download the text' }));
    expect(click).toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Start afresh' }));
    expect(room.startAgain).toHaveBeenCalled();
  });

  it.each([
    [4401, 'not_signed_in', 'Sign in'],
    [4409, 'schema', 'Reload the page'],
    [4400, 'protocol', 'Start afresh'],
  ])('stopped %i offers what helps', (code, reason, button) => {
    const room = show(<RoomNotices />);
    room.become({ phase: 'stopped', stop: stopFor(code, reason) });
    expect(screen.getByRole('button', { name: button })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Copy the text' })).toBeNull();
    room.become({ phase: 'stopped', stop: stopFor(code, reason), pending: 1 });
    expect(screen.getByRole('button', { name: 'Copy the text' })).toBeTruthy();
  });

  it('recovery copies are shown with their text until discarded', () => {
    const room = show(<RoomNotices />);
    const copy = {
      id: 'r1',
      room: 'statement/c1',
      epoch: 1,
      at: 0,
      text: 'my lost words',
      state: new Uint8Array(),
      pending: 3,
      kept: true,
      refused: null,
    };
    room.become({ recovery: [copy], storageTrouble: 'The disk is full.' });
    expect(screen.getByText('my lost words')).toBeTruthy();
    expect(screen.getByText(/3 changes of yours/)).toBeTruthy();
    expect(screen.getByText('The disk is full.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Discard it' }));
    expect(room.discardRecovery).toHaveBeenCalledWith('r1');
  });

  it('refused edits are told with the reason, what they were about, and their words', () => {
    const room = show(<RoomNotices />);
    const refused = { why: ['This note is locked by Rosa.'], what: ['“Ask early”: words'] };
    const copy = { id: 'r1', room: 'board/b1', epoch: 1, at: 0, text: 'Ask early, and twice', state: new Uint8Array(), pending: 2, kept: true, refused };
    room.become({ recovery: [copy] });
    expect(screen.getByRole('alert').textContent).toBe(
      'Some of your changes were not takenThis note is locked by Rosa. 2 changes of yours were not taken; you can go on with everything else. Here are the words as you had them.',
    );
    expect(screen.getByText('“Ask early”: words')).toBeTruthy();
    expect(screen.getByText('Ask early, and twice')).toBeTruthy();
    room.become({ recovery: [{ ...copy, text: '', pending: 1 }] });
    expect(screen.getByText('One of your changes was not taken')).toBeTruthy();
    expect(screen.queryByText('Show the text')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(room.discardRecovery).toHaveBeenCalledWith('r1');
  });
});
