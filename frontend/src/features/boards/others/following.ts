// Following a person: one's own view holds the whole of theirs, whatever the shape of the two screens.
import type { Box } from '../model/types';
import type { BoardView, Camera } from '../view/types';
import type { Hearing } from './hearing';
import type { Heard } from './state';
import type { Telling } from './telling';

/** Of the way that is left, per frame. */
const EASE = 0.25;
/** Nearer than this it is there. */
const THERE = 2;
const LEAST_ZOOM = 0.05;
const MOST_ZOOM = 4;

export interface Following {
  /** The one who is followed; null: nobody. */
  leader(): Heard | null;
  follow(client: number): void;
  stop(): void;
  subscribe(listener: () => void): () => void;
  destroy(): void;
}

export interface FollowingOptions {
  /** No gliding: the view jumps. */
  readonly still: () => boolean;
  readonly nextFrame?: (run: () => void) => void;
}

export function followOthers(view: BoardView, hearing: Hearing, telling: Telling, options: FollowingOptions): Following {
  const nextFrame = options.nextFrame ?? ((run) => void requestAnimationFrame(run));
  const listeners = new Set<() => void>();
  let chosen: number | null = null;
  let leader: Heard | null = null;
  /** Where we put the camera last: anything else is the person's own doing. */
  let ours: Camera | null = null;
  let waiting = false;
  let ended = false;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  function stop(): void {
    if (chosen === null) return;
    chosen = leader = ours = null;
    telling.follow(null);
    changed();
  }

  function movedByHand(at: Camera): boolean {
    return ours !== null && (at.x !== ours.x || at.y !== ours.y || at.zoom !== ours.zoom);
  }

  function step(): void {
    waiting = false;
    if (ended || leader?.view == null) return;
    const at = view.camera();
    if (movedByHand(at)) {
      stop();
      return;
    }
    const goal = cameraFor(leader.view, view.viewport());
    const glided = between(at, goal);
    const last = options.still() || isThere(glided, goal);
    ours = last ? goal : glided;
    if (ours.x !== at.x || ours.y !== at.y || ours.zoom !== at.zoom) view.look(ours);
    ours = view.camera();
    if (!last) wake();
  }

  function wake(): void {
    if (waiting) return;
    waiting = true;
    nextFrame(step);
  }

  const stopHearing = hearing.subscribe(() => {
    if (chosen === null) return;
    const next = lastLeader(chosen, hearing.heard(), telling.told().follows);
    if (next === null) {
      stop();
      return;
    }
    const another = next.client !== leader?.client;
    leader = next;
    if (another) changed();
    wake();
  });
  // Told once a frame, perhaps of a camera that is already behind us: what counts is where it is now.
  const stopCamera = view.onCamera(() => {
    if (movedByHand(view.camera())) stop();
  });

  return {
    leader: () => leader,
    follow(client) {
      leader = lastLeader(client, hearing.heard(), null);
      chosen = leader && client;
      ours = null;
      telling.follow(chosen);
      changed();
      wake();
    },
    stop,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy() {
      ended = true;
      stopHearing();
      stopCamera();
      listeners.clear();
    },
  };
}

/** Whoever leads the one who leads …: chains end at somebody who follows nobody, circles where they began. */
export function lastLeader(client: number, heard: readonly Heard[], me: number | null): Heard | null {
  const people = new Map(heard.map((each) => [each.client, each]));
  const passed = new Set<number>();
  let at = people.get(client) ?? null;
  while (at && at.follows !== null && at.follows !== me && !passed.has(at.client)) {
    passed.add(at.client);
    const next = people.get(at.follows);
    if (!next || passed.has(next.client)) break;
    at = next;
  }
  return at;
}

/** Shows all of the box, in the middle. */
export function cameraFor(box: Box, viewport: { readonly w: number; readonly h: number }): Camera {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, Math.min(viewport.w / box.w, viewport.h / box.h)));
  return {
    zoom,
    x: box.x + box.w / 2 - viewport.w / zoom / 2,
    y: box.y + box.h / 2 - viewport.h / zoom / 2,
  };
}

function isThere(at: Camera, goal: Camera): boolean {
  const far = Math.max(Math.abs(at.x - goal.x), Math.abs(at.y - goal.y)) * goal.zoom;
  return far < THERE && Math.abs(at.zoom / goal.zoom - 1) < 0.002;
}

function between(at: Camera, goal: Camera): Camera {
  const part = (from: number, to: number) => from + (to - from) * EASE;
  return { x: part(at.x, goal.x), y: part(at.y, goal.y), zoom: part(at.zoom, goal.zoom) };
}
