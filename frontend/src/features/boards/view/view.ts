// The view: one person's selection, focus and camera on a board, with identities that stay until something changes.
import type { Board, Box, Changes, Colour, ObjectId, Point } from '../model/types';
import { centred, fitting, revealing, toBoard, toScreen, zoomed } from './camera';
import { excerpt, nameOf } from './naming';
import { areaOf, nearest, walk, walkAll, wholeBoard } from './places';
import { keepSettings, readSettings, type Storing } from './settings';
import { centre, createSight, pageClock, type Clock } from './sight';
import { spotAround, spotBeside } from './spot';
import type { BoardView, Permit, ViewState } from './types';

export interface ViewOptions {
  readonly id?: string;
  readonly permit: Permit;
  say(words: string): void;
  /** Null: nothing is kept. */
  readonly storage: Storing | null;
  readonly clock?: Clock;
  /** Where one was until now, on the same board over another document. */
  readonly former?: BoardView | undefined;
}

export function createView(board: Board, options: ViewOptions): BoardView {
  const settings = readSettings(options.storage);
  let permit = options.permit;
  let state: ViewState = {
    selection: new Set(),
    focused: null,
    editing: null,
    tool: 'select',
    connecting: null,
    moving: false,
    calmArea: null,
    colour: 'butter' satisfies Colour,
    found: [],
    ...settings,
    ...(options.former && whatIsHere(board, options.former.state())),
  };
  let hidden = 0;
  /** Where the focused object was when last seen, to find its neighbour when it is gone. */
  let lastBox: Box | null = null;
  let lastArea: ObjectId | null = null;
  let lastName = '';
  const listeners = new Set<() => void>();
  const sight = createSight(options.clock ?? pageClock, () => state.calm);
  if (options.former && options.former.viewport().w > 0) sight.look(options.former.camera(), false);

  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const become = (change: Partial<ViewState>) => {
    const entries = Object.entries(change) as [keyof ViewState, unknown][];
    if (entries.every(([name, value]) => state[name] === value)) return;
    const before = state;
    state = { ...state, ...change };
    if (state.focused !== before.focused) note();
    if (entries.some(([name]) => name in settings)) keepSettings(options.storage, state);
    tell();
  };
  const note = () => {
    const id = state.focused;
    if (id === null || !board.get(id)) return;
    lastBox = board.box(id) ?? lastBox;
    lastArea = areaOf(board, id);
    lastName = nameOf(board, id);
  };
  const chosen = (ids: Iterable<ObjectId>): ReadonlySet<ObjectId> => {
    const next = new Set([...ids].filter((id) => board.get(id)));
    return equal(next, state.selection) ? state.selection : next;
  };

  const onChanges = ({ ids, whose }: Changes) => {
    // Who writes on an empty board is looking at it already.
    if (sight.fresh() && whose === 'mine') sight.look(sight.camera(), false);
    if (sight.fresh()) first();
    const gone = (id: ObjectId | null) => id !== null && ids.has(id) && !board.get(id);
    const change: { -readonly [K in keyof ViewState]?: ViewState[K] } = {};
    if ([...state.selection].some(gone)) change.selection = chosen(state.selection);
    if (state.found.some(gone)) change.found = state.found.filter((id) => !gone(id));
    if (gone(state.connecting)) change.connecting = null;
    if (gone(state.editing)) change.editing = null;
    if (gone(state.calmArea)) change.calmArea = null;
    if (gone(state.focused)) {
      const near = lastBox && (nearest(board, stillThere(), lastBox) ?? nearest(board, walkAll(board), lastBox));
      change.focused = near;
      change.moving = false;
      if ((change.selection ?? state.selection).size === 0) change.selection = near === null ? NOTHING : new Set([near]);
      if (whose === 'others') options.say(lostWords(lastName, near === null ? null : nameOf(board, near)));
    }
    become(change);
    if (state.focused !== null && ids.has(state.focused)) note();
  };
  const stillThere = () => walk(board, lastArea !== null && board.get(lastArea) ? lastArea : null);
  const unsubscribe = board.subscribe(onChanges);
  note();

  /** The whole board, once there are both something to see and somewhere to see it. */
  const first = () => {
    const whole = wholeBoard(board);
    if (whole && sight.viewport().w > 0) sight.look(fitting(whole, sight.viewport(), false), false);
  };

  const view: BoardView = {
    board,
    id: options.id ?? '',
    permit: () => permit,
    allow(next) {
      if (next === permit) return;
      permit = next;
      const why = state.editing === null ? null : permit.why('edit', state.editing);
      // A text that was locked while it was being written: what is typed now would not be taken.
      if (why !== null) state = { ...state, editing: null };
      if (!permit.writes && (state.editing !== null || state.moving)) state = { ...state, editing: null, moving: false, connecting: null };
      if (why !== null) options.say(why);
      tell();
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    select(ids, how = 'only') {
      const wanted = new Set(ids);
      if (how === 'only') return become({ selection: chosen(wanted) });
      const next = new Set(state.selection);
      for (const id of wanted) {
        if (how === 'toggle' && next.has(id)) next.delete(id);
        else next.add(id);
      }
      become({ selection: chosen(next) });
    },
    focus(id, how = {}) {
      if (id !== null && !board.get(id)) return;
      const change: { -readonly [K in keyof ViewState]?: ViewState[K] } = { focused: id };
      if (!how.keep) change.selection = id === null ? chosen([]) : chosen([id]);
      if (state.editing !== null && state.editing !== id) change.editing = null;
      if (state.calm && id !== null) change.calmArea = areaOf(board, id);
      become(change);
      if (id !== null && !how.still) view.reveal(id);
    },
    edit(id) {
      if (id === null) return become({ editing: null });
      if (!board.get(id)) return;
      const why = permit.why('edit', id);
      if (why !== null) return options.say(why);
      const calmArea = state.calm ? areaOf(board, id) : state.calmArea;
      become({ editing: id, focused: id, selection: chosen([id]), moving: false, connecting: null, calmArea });
    },
    set(change) {
      if (change.calm && !state.calm) return become({ calmArea: state.focused === null ? null : areaOf(board, state.focused), ...change });
      become(change);
    },

    camera: sight.camera,
    onCamera: sight.listen,
    viewport: sight.viewport,
    resize(w, h) {
      sight.resize({ w, h });
      if (sight.fresh()) first();
    },
    cover(bottom) {
      hidden = bottom;
      if (state.editing !== null) view.reveal(state.editing);
    },
    look: (camera, how = {}) => sight.look(camera, how.glide ?? false),
    zoomBy: (factor, at = centre(sight.viewport())) => sight.look(zoomed(sight.camera(), factor, at), false),
    fit(box = wholeBoard(board) ?? undefined, how = {}) {
      const size = sight.viewport();
      const camera = box ? fitting(box, size, how.close ?? false) : centred({ x: 0, y: 0, w: 0, h: 0 }, size, 1, hidden);
      sight.look(camera, how.glide ?? false);
    },
    reveal(id, how = {}) {
      const box = board.box(id);
      if (!box || sight.viewport().w === 0) return;
      // From where the camera is going: two arrow keys in one glide must not stop halfway.
      const target = sight.target();
      const next = revealing(target, box, sight.viewport(), { ...how, hidden });
      if (next !== target) sight.look(next, true);
    },
    toBoard: (screen: Point) => toBoard(sight.camera(), screen),
    toScreen: (point: Point) => toScreen(sight.camera(), point),
    spotFor(kind) {
      const beside = state.focused === null ? null : spotBeside(board, state.focused, kind);
      return beside ?? spotAround(board, view.toBoard(centre(sight.viewport())), kind);
    },
    say: options.say,
    destroy() {
      unsubscribe();
      sight.destroy();
      listeners.clear();
    },
  };
  return view;
}

const NOTHING: ReadonlySet<ObjectId> = new Set();

/** What of a state still means something on this board. */
function whatIsHere(board: Board, { selection, focused, editing, connecting, calmArea, found, ...rest }: ViewState): Partial<ViewState> {
  const here = (id: ObjectId | null) => (id !== null && board.get(id) ? id : null);
  const chosen = new Set([...selection].filter((id) => board.get(id)));
  return {
    ...rest,
    selection: chosen,
    focused: here(focused),
    editing: here(editing),
    connecting: here(connecting),
    calmArea: here(calmArea),
    found: found.filter((id) => board.get(id)),
    moving: rest.moving && chosen.size > 0,
  };
}

function lostWords(name: string, next: string | null): string {
  const gone = `Somebody removed ${name}.`;
  return next === null ? `${gone} The board has the focus now.` : `${gone} Now on ${excerpt(next)}.`;
}

function equal(a: ReadonlySet<ObjectId>, b: ReadonlySet<ObjectId>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
