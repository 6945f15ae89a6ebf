// Pointers: from down to up, by mouse, pen and fingers. At most one gesture at a time, and none is ever left half done.
import type { ObjectId } from '../model/types';
import { areaAt } from '../view/spot';
import { apart, between, startPan, startPinch, type Pinch } from './pan';
import { click, doubleClick, dragFrom, under, type Grip } from './press';
import { FAR_ENOUGH, type Gesture, type Press, type Tools } from './types';

/** A finger drags a note only after it has rested on it for so long; before that it pans. */
const RESTED = 180;
const LONG = 500;
const TWICE = 400;
const TAP = 300;
/** Within so many pixels of the edge a drag moves the view. */
const EDGE = 28;

interface Pressed {
  readonly press: Press;
  readonly on: ObjectId | null;
  readonly grip: Grip | null;
  rested: boolean;
}

export interface Pointers {
  down(press: Press, grip?: Grip | null): void;
  move(press: Press): void;
  up(press: Press): void;
  lost(pointer: number): void;
  /** Escape: what is going on is put back. False: nothing was. */
  escape(): boolean;
  /** The space bar is held: pressing pans. */
  space(held: boolean): void;
  busy(): boolean;
  /** Puts back whatever is going on. */
  stop(): void;
}

export function createPointers(tools: Tools): Pointers {
  const { view } = tools;
  const down = new Map<number, Press>();
  let pressed: Pressed | null = null;
  let gesture: Gesture | null = null;
  /** Whose moves the gesture or press follows. */
  let owner: number | null = null;
  let pinch: Pinch | null = null;
  let pinchSince = 0;
  let lastTap: { time: number; at: Press['at'] } | null = null;
  let lastClick: { press: Press; on: ObjectId | null } | null = null;
  let penSeen = false;
  let spaceHeld = false;
  let callOff: (() => void)[] = [];
  let tick: (() => void) | null = null;

  const quiet = () => {
    for (const off of callOff) off();
    callOff = [];
    tick?.();
    tick = null;
  };
  const release = () => {
    quiet();
    pressed = null;
    gesture = null;
    owner = null;
  };
  const stop = () => {
    const going = gesture;
    release();
    pinch = null;
    going?.cancel();
  };

  const longPress = () => {
    if (!pressed) return;
    const { press, on } = pressed;
    release();
    if (on !== null && !view.state().selection.has(on)) view.focus(on, { still: true });
    tools.ask({ question: 'menu', ids: on === null ? [] : [...view.state().selection], payload: press.at });
  };

  const begin = (now: Press) => {
    if (!pressed) return;
    const { press, on, grip, rested } = pressed;
    const finger = press.device === 'touch';
    const pans = spaceHeld || press.button === 1 || (finger && !grip && (penSeen || (on === null && drawsNothing()) || (on !== null && !rested)));
    quiet();
    gesture = pans ? startPan(tools, press) : dragFrom(tools, press, on, grip);
    pressed = null;
    if (gesture) gesture.move(now);
    else owner = null;
  };
  /** On the ground a finger pans, but for the tools that draw. */
  const drawsNothing = () => view.state().tool === 'select' || view.state().tool === 'connect' || view.state().tool === 'hand';

  const edge = () => {
    const press = owner === null ? undefined : down.get(owner);
    if (!gesture || !press || gesture.name === 'pan' || gesture.name === 'resize') return;
    const { w, h } = view.viewport();
    const push = (at: number, long: number) => (at < EDGE ? at - EDGE : at > long - EDGE ? at - long + EDGE : 0);
    const dx = push(press.at.x, w);
    const dy = push(press.at.y, h);
    if ((dx === 0 && dy === 0) || w === 0) return;
    tick ??= tools.after(16, () => {
      tick = null;
      const camera = view.camera();
      const speed = 0.5 / camera.zoom;
      view.look({ ...camera, x: camera.x + dx * speed, y: camera.y + dy * speed });
      gesture?.move({ ...press, time: press.time });
      edge();
    });
  };

  const clicked = (now: Press) => {
    if (!pressed) return;
    const { on, grip } = pressed;
    release();
    const near = now.device === 'touch' ? 24 : 8;
    const twice = grip === null && lastClick !== null && lastClick.on === on && now.time - lastClick.press.time < TWICE && apart(now.at, lastClick.press.at) < near;
    if (twice && !now.shift && !now.mod) {
      lastClick = null;
      return doubleClick(tools, now, on);
    }
    lastClick = grip === null ? { press: now, on } : null;
    click(tools, now, on, grip);
  };

  return {
    down(press, grip = null) {
      if (press.device === 'pen') penSeen = true;
      // A hand that rests on the glass while the pen writes.
      if (press.device === 'touch' && [...down.values()].some(({ device }) => device === 'pen')) return;
      if (press.button === 2 || down.has(press.pointer)) return;
      down.set(press.pointer, press);
      if (down.size > 1) {
        const fingers = [...down.values()].filter(({ device }) => device === 'touch');
        if (press.device !== 'touch') return void down.delete(press.pointer);
        stop();
        lastClick = null;
        const [a, b] = fingers;
        if (fingers.length === 2 && a && b) {
          pinch = startPinch(tools, a.at, b.at);
          pinchSince = press.time;
        }
        return;
      }
      owner = press.pointer;
      if (press.button === 1 || spaceHeld) {
        gesture = startPan(tools, press);
        return;
      }
      const on = grip ? null : under(tools, press);
      pressed = { press, on, grip, rested: false };
      if (press.device === 'touch') {
        const mine = pressed;
        callOff = [tools.after(RESTED, () => {
          mine.rested = true;
        }), tools.after(LONG, longPress)];
      } else if (on !== null && view.state().tool === 'select' && !press.shift && !press.mod && view.state().connecting === null && !view.state().selection.has(on)) {
        view.focus(on, { still: true });
      }
    },
    move(press) {
      const first = down.get(press.pointer);
      if (!first) return;
      down.set(press.pointer, { ...press, button: first.button });
      if (pinch) {
        const [a, b] = [...down.values()];
        if (a && b) pinch.move(a.at, b.at);
        return;
      }
      if (press.pointer !== owner) return;
      if (gesture) {
        gesture.move(press);
        edge();
      } else if (pressed && apart(press.at, pressed.press.at) >= FAR_ENOUGH[press.device]) begin(press);
    },
    up(press) {
      if (!down.delete(press.pointer)) return;
      if (pinch) {
        const finger = [...down.values()][0];
        if (pinch.still() && press.time - pinchSince < TAP && finger) {
          const at = between(press.at, finger.at);
          if (lastTap && press.time - lastTap.time < TWICE + TAP) {
            lastTap = null;
            fitArea(tools, at);
          } else lastTap = { time: press.time, at };
        }
        pinch = null;
        return;
      }
      if (press.pointer !== owner) return;
      if (gesture) {
        const going = gesture;
        release();
        going.up(press);
      } else if (pressed) clicked(press);
      else owner = null;
    },
    lost(pointer) {
      if (!down.delete(pointer)) return;
      if (pinch) pinch = null;
      else if (pointer === owner) stop();
    },
    escape() {
      const going = gesture !== null || pressed !== null;
      stop();
      return going;
    },
    space(held) {
      spaceHeld = held;
    },
    busy: () => gesture !== null || pinch !== null,
    stop() {
      down.clear();
      stop();
    },
  };
}

function fitArea({ view }: Tools, at: Press['at']): void {
  const area = areaAt(view.board, view.toBoard(at));
  view.fit(area === null ? undefined : view.board.box(area), { glide: true });
}
