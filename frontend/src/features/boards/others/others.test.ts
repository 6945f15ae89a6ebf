import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHAT_IDLE, cursorChat } from './chat';
import { cameraFor, followOthers, lastLeader } from './following';
import { CHAT_STAYS, CURSOR_RESTS, hearOthers } from './hearing';
import { GATHER, tellNews } from './news';
import { hear, type Heard, MOST_IDS, NOTHING } from './state';
import { leave, looking, page, reach, someBoard } from './testing';
import { TELL_EVERY, tellOthers } from './telling';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const USER = { id: 'asha', name: 'Asha', colour: 'p3' };
const someone = (client: number, follows: number | null = null): Heard => ({ ...NOTHING, client, person: `${client}`, name: `${client}`, colour: 'p1', follows });

describe('what others tell', () => {
  test('is read with care', () => {
    expect(hear(1, { user: USER })).toBeNull();
    expect(hear(1, { board: {} })).toBeNull();
    expect(hear(1, null)).toBeNull();
    const nonsense = hear(1, {
      user: { ...USER, colour: 'red' },
      board: {
        cursor: { x: Number.NaN, y: 1 }, view: { x: 0, y: 0, w: -1, h: 5 }, selection: ['ok', '<b>', 7, ...Array(99).fill('more')],
        editing: {}, hold: { ids: ['a'], dx: 1e300, dy: 0 }, chat: { text: 'x'.repeat(500), open: 'yes' }, follows: 1.5, area: '../x',
      },
    });
    expect(nonsense).toMatchObject({ colour: 'p1', cursor: null, view: null, editing: null, hold: null, follows: null, area: null });
    expect(nonsense?.chat).toEqual({ text: 'x'.repeat(64), open: false });
    expect(nonsense?.selection[0]).toBe('ok');
    expect(nonsense?.selection.length).toBeLessThanOrEqual(MOST_IDS);
    expect(nonsense?.selection).not.toContain('<b>');
  });
});

describe('telling', () => {
  test('is at once after a pause, then gathered, and fits into what the server takes', () => {
    const awareness = page('asha', 'Asha');
    const { view, choose } = looking();
    const telling = tellOthers(awareness, view);
    let sent = 0;
    awareness.on('change', () => (sent += 1));
    vi.advanceTimersByTime(1000);
    sent = 0;
    for (let x = 0; x < 50; x += 1) {
      telling.cursor({ x: x + 0.4, y: 3 });
      vi.advanceTimersByTime(8);
    }
    vi.advanceTimersByTime(TELL_EVERY);
    expect(sent).toBeLessThanOrEqual(7);
    expect(awareness.getLocalState()?.board).toMatchObject({ cursor: { x: 49, y: 3 } });

    const many = Array.from({ length: 500 }, (_, n) => `object${String(n).padStart(6, '0')}`);
    choose({ selection: new Set(many), editing: many[0] ?? null });
    telling.hold(many, 123456.7, -98765.4);
    telling.chat({ text: 'é'.repeat(200), open: true });
    vi.advanceTimersByTime(TELL_EVERY);
    const told = awareness.getLocalState()?.board;
    expect(told).toMatchObject({ hold: { more: 460, dx: 123457 } });
    expect(new TextEncoder().encode(JSON.stringify(awareness.getLocalState())).length).toBeLessThan(2048);
    telling.destroy();
    expect(awareness.getLocalState()?.board).toBeNull();
  });

  test('hidden: nothing but the name is told', () => {
    const awareness = page('asha', 'Asha');
    const telling = tellOthers(awareness, looking().view);
    telling.cursor({ x: 1, y: 1 });
    telling.hide(true);
    vi.advanceTimersByTime(1000);
    telling.cursor({ x: 2, y: 2 });
    vi.advanceTimersByTime(1000);
    expect(awareness.getLocalState()?.board).toEqual(NOTHING);
  });
});

describe('hearing', () => {
  test('a cursor that rests fades, moves again, and goes with its person; my other device is not a stranger', () => {
    const mine = page('me', 'Me');
    const theirs = page('asha', 'Asha');
    const hearing = hearOthers(mine, 'me', { cursors: () => true });
    const tell = (part: object) => {
      theirs.setLocalStateField('board', { ...NOTHING, ...part });
      reach(theirs, mine);
    };
    tell({ cursor: { x: 1, y: 2 } });
    expect(hearing.others()).toMatchObject([{ name: 'Asha', colour: 'p2', cursor: { x: 1, y: 2 } }]);
    vi.advanceTimersByTime(CURSOR_RESTS + 1);
    expect(hearing.others()).toMatchObject([{ cursor: null }]);
    tell({ cursor: { x: 1, y: 3 }, selection: ['n1'] });
    expect(hearing.others()).toMatchObject([{ cursor: { x: 1, y: 3 }, selection: ['n1'] }]);

    const phone = page('me', 'Me');
    phone.setLocalStateField('board', { ...NOTHING, cursor: { x: 0, y: 0 } });
    reach(phone, mine);
    expect(hearing.others()).toHaveLength(1);
    expect(hearing.heard()).toHaveLength(2);
    leave(theirs, mine);
    expect(hearing.others()).toEqual([]);
    hearing.destroy();
  });

  test('what is said stays a moment after it is finished; cursors can be switched off', () => {
    const mine = page('me', 'Me');
    const theirs = page('asha', 'Asha');
    let cursors = true;
    const hearing = hearOthers(mine, 'me', { cursors: () => cursors });
    const say = (text: string, open: boolean) => {
      theirs.setLocalStateField('board', { ...NOTHING, cursor: { x: 1, y: 2 }, chat: { text, open } });
      reach(theirs, mine);
    };
    say('look here', true);
    vi.advanceTimersByTime(CURSOR_RESTS * 2);
    expect(hearing.others()[0]?.chat).toBe('look here');
    say('look here', false);
    vi.advanceTimersByTime(CHAT_STAYS - 1);
    expect(hearing.others()[0]).toMatchObject({ chat: 'look here', cursor: { x: 1, y: 2 } });
    vi.advanceTimersByTime(2);
    expect(hearing.others()[0]?.chat).toBeNull();
    cursors = false;
    say('again', true);
    expect(hearing.others()[0]?.cursor).toBeNull();
    hearing.destroy();
  });
});

describe('following', () => {
  function scene() {
    const mine = page('me', 'Me');
    const theirs = page('asha', 'Asha');
    const hearing = hearOthers(mine, 'me', { cursors: () => true });
    const { view } = looking({ w: 400, h: 800 });
    const telling = tellOthers(mine, view);
    const frames: (() => void)[] = [];
    const options = { still: false };
    const following = followOthers(view, hearing, telling, { still: () => options.still, nextFrame: (run) => void frames.push(run) });
    const play = (most = 200) => {
      let played = 0;
      for (; frames.length > 0 && played < most; played += 1) frames.shift()?.();
      return played;
    };
    const look = (box: object) => {
      theirs.setLocalStateField('board', { ...NOTHING, view: box });
      reach(theirs, mine);
    };
    return { mine, theirs, view, telling, following, options, play, look };
  }

  test('the view comes to hold all of theirs, in some frames, and then rests', () => {
    const { theirs, view, following, play, look } = scene();
    look({ x: 1000, y: 500, w: 1600, h: 800 });
    following.follow(theirs.clientID);
    expect(play()).toBeGreaterThan(5);
    const { x, y, zoom } = view.camera();
    expect(x).toBeCloseTo(1000, 5);
    expect(x + 400 / zoom).toBeCloseTo(2600, 5);
    expect(y).toBeLessThanOrEqual(500);
    expect(y + 800 / zoom).toBeGreaterThanOrEqual(1300);
    expect(play()).toBe(0);
    expect(following.leader()?.name).toBe('Asha');
  });

  test('where motion is not wanted it jumps', () => {
    const { theirs, view, following, options, play, look } = scene();
    options.still = true;
    look({ x: 1000, y: 500, w: 400, h: 800 });
    following.follow(theirs.clientID);
    expect(play()).toBe(1);
    expect(view.camera()).toEqual({ x: 1000, y: 500, zoom: 1 });
  });

  test('moving by oneself ends it; so does the leader going', () => {
    const { mine, theirs, view, telling, following, play, look } = scene();
    look({ x: 1000, y: 500, w: 400, h: 800 });
    following.follow(theirs.clientID);
    play(3);
    expect(telling.told().follows).toBe(theirs.clientID);
    view.look({ x: 5, y: 5, zoom: 1 });
    expect(following.leader()).toBeNull();
    expect(telling.told().follows).toBeNull();
    play();
    expect(view.camera()).toEqual({ x: 5, y: 5, zoom: 1 });

    following.follow(theirs.clientID);
    play();
    leave(theirs, mine);
    expect(following.leader()).toBeNull();
  });

  test('chains end at the last leader, circles are broken', () => {
    const chain = [someone(1, 2), someone(2, 3), someone(3)];
    expect(lastLeader(1, chain, null)?.client).toBe(3);
    expect(lastLeader(9, chain, null)).toBeNull();
    const circle = [someone(1, 2), someone(2, 1)];
    expect(lastLeader(1, circle, null)?.client).toBe(2);
    expect(lastLeader(1, [someone(1, 1)], null)?.client).toBe(1);
  });

  test('any shape of box and screen', () => {
    for (const box of [{ x: 0, y: 0, w: 10, h: 5000 }, { x: -50, y: 9, w: 300, h: 20 }, { x: 0, y: 0, w: 1, h: 1 }]) {
      const camera = cameraFor(box, { w: 390, h: 600 });
      expect(camera.zoom).toBeGreaterThanOrEqual(0.05);
      expect(camera.zoom).toBeLessThanOrEqual(4);
      expect(camera.x + 390 / camera.zoom / 2).toBeCloseTo(box.x + box.w / 2);
    }
  });
});

describe('cursor chat', () => {
  test('typed words are told, an idle field closes, and everybody keeps the list', () => {
    const [mine, theirs] = [page('me', 'Me'), page('asha', 'Asha')];
    const telling = tellOthers(theirs, looking().view);
    const theirChat = cursorChat(telling, hearOthers(theirs, 'asha', { cursors: () => true }), 'asha');
    const myHearing = hearOthers(mine, 'me', { cursors: () => true });
    const myChat = cursorChat(tellOthers(mine, looking().view), myHearing, 'me');
    theirChat.open();
    for (const text of ['h', 'hello', 'hello all']) {
      theirChat.type(text);
      vi.advanceTimersByTime(TELL_EVERY);
      reach(theirs, mine);
    }
    expect(myHearing.others()[0]?.chat).toBe('hello all');
    expect(myChat.log()).toEqual([]);
    vi.advanceTimersByTime(CHAT_IDLE);
    reach(theirs, mine);
    expect(theirChat.draft()).toBeNull();
    expect(theirChat.log()).toMatchObject([{ name: 'You', text: 'hello all', mine: true }]);
    vi.advanceTimersByTime(TELL_EVERY);
    reach(theirs, mine);
    expect(myChat.log()).toMatchObject([{ name: 'Asha', text: 'hello all', mine: false }]);
  });

  test('of a quick line only the end arrives; what was said before we came is not news', () => {
    const [mine, theirs, late] = [page('me', 'Me'), page('asha', 'Asha'), page('tom', 'Tom')];
    const telling = tellOthers(theirs, looking().view);
    const chat = cursorChat(telling, hearOthers(theirs, 'asha', { cursors: () => true }), 'asha');
    reach(theirs, mine);
    const myChat = cursorChat(tellOthers(mine, looking().view), hearOthers(mine, 'me', { cursors: () => true }), 'me');
    for (const text of ['one', 'two']) {
      chat.open();
      chat.type(text);
      chat.close();
      vi.advanceTimersByTime(TELL_EVERY);
      reach(theirs, mine);
      telling.cursor({ x: text.length, y: myChat.log().length });
      vi.advanceTimersByTime(TELL_EVERY);
      reach(theirs, mine);
    }
    expect(myChat.log().map(({ text }) => text)).toEqual(['one', 'two']);
    const lateChat = cursorChat(tellOthers(late, looking().view), hearOthers(late, 'tom', { cursors: () => true }), 'tom');
    reach(theirs, late);
    expect(lateChat.log()).toEqual([]);
  });

  test('an empty field says nothing', () => {
    const mine = page('me', 'Me');
    const telling = tellOthers(mine, looking().view);
    const chat = cursorChat(telling, hearOthers(mine, 'me', { cursors: () => true }), 'me');
    chat.open();
    chat.type('x');
    chat.type('');
    chat.close();
    expect(chat.log()).toEqual([]);
    expect(telling.told().chat).toBeNull();
  });
});

describe('news of others', () => {
  const names: Readonly<Record<string, string>> = { a: 'Amara', b: 'Ben', c: 'Cleo' };
  function news(interest: 'off' | 'mine' | 'area' | 'all' = 'all') {
    const some = someBoard();
    const said: string[] = [];
    const state = { busy: false };
    some.put({ id: 'area', kind: 'area', text: 'Before the round' }, 'mine');
    some.put({ id: 'own', by: 'me', parent: 'area' }, 'mine');
    const stop = tellNews(some.board, {
      me: 'me', interest: () => interest, area: () => 'area', selection: () => new Set(), busy: () => state.busy,
      name: (person) => names[person], say: (words) => void said.push(words),
    });
    return { ...some, said, state, stop };
  }

  test('many changes are one sentence', () => {
    const { put, drop, said, stop } = news();
    for (const [n, by] of ['a', 'a', 'b', 'c', 'a', 'b'].entries()) put({ id: `n${n}`, by, parent: 'area' });
    put({ id: 'n0', text: 'longer' });
    put({ id: 'own', text: 'by another' });
    put({ id: 'gone', by: 'a' });
    drop('gone');
    vi.advanceTimersByTime(GATHER);
    expect(said).toEqual(['Amara and 2 others added 6 notes in Before the round. 1 note changed in Before the round.']);
    drop('n0');
    drop('n1');
    vi.advanceTimersByTime(GATHER);
    expect(said[1]).toBe('2 notes removed in Before the round.');
    vi.advanceTimersByTime(GATHER * 3);
    expect(said).toHaveLength(2);
    stop();
  });

  test('silent while typing, and told afterwards; nothing of one’s own doing', () => {
    const { put, said, state } = news();
    state.busy = true;
    put({ id: 'x', by: 'b' });
    put({ id: 'y', by: 'me' }, 'mine');
    vi.advanceTimersByTime(GATHER * 4);
    expect(said).toEqual([]);
    state.busy = false;
    vi.advanceTimersByTime(GATHER);
    expect(said).toEqual(['Ben added 1 note.']);
  });

  test('only as much as is wanted', () => {
    const tell = (interest: 'off' | 'mine' | 'area') => {
      const { put, said } = news(interest);
      put({ id: 'far', by: 'a' });
      put({ id: 'near', by: 'a', parent: 'area' });
      put({ id: 'own', text: 'changed' });
      vi.advanceTimersByTime(GATHER);
      return said;
    };
    expect(tell('off')).toEqual([]);
    expect(tell('mine')).toEqual(['1 note changed in Before the round.']);
    expect(tell('area')).toEqual(['Amara added 1 note in Before the round. 1 note changed in Before the round.']);
  });

  test('who is not recorded is not named', () => {
    const { put, said } = news();
    put({ id: 'x', by: null });
    vi.advanceTimersByTime(GATHER);
    expect(said).toEqual(['Others added 1 note.']);
  });
});
