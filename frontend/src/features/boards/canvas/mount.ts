// The canvas: draws a board into a host and keeps it so. At rest the page shows real notes; while the camera moves,
// and far out, a Canvas2D does. Nothing here changes the document or decides what is selected.
import type { BoardObject, Box, ObjectId, Point } from '../model/types';
import type { BoardView, Camera, Permit, ViewState } from '../view/types';
import styles from './board.module.css';
import { Covers } from './covers';
import { doingsOf, type Doings, NOTHING, toldAnew } from './doings';
import { meet } from './grid';
import type { Now } from './naming';
import { Minimap } from './minimap';
import { Overlay } from './overlay';
import { FAR, NEAR } from './paint';
import { watchPalette } from './palette';
import { isSheet, Scene } from './scene';
import { Stock } from './stock';
import { Surface } from './surface';
import { fontsFor, wantsStillness, watchSize, watchStillness } from './surroundings';
import type { BoardCanvas, CanvasOptions, Guide, Hit, Other, Side } from './types';
import { Typesetter } from './typeset';
import { World } from './world';

/** Board and page agree again this long after the last movement. */
const STILL_MS = 140;
/** Chosen notes that stay in the page while the camera moves; more are drawn on the canvas with their ring. */
const MOST_KEPT = 24;
/** The page is put in reading order when nothing happened for so long. */
const LEISURE_MS = 300;
/** Far out, what others do is drawn no more often than they tell it. */
const FAR_MS = 80;
/** Text that could wait is set for so long at a time, with pauses. */
const SETTING_MS = 6;
const PAUSE_MS = 12;
const LABEL = 'Notes. Arrow keys move between notes, Enter edits, N adds, M moves, V supports';
const NEAR_PX = 8;

type Phase = 'waiting' | 'moving' | 'mounting' | 'still' | 'far';

export function mountCanvas(host: HTMLElement, view: BoardView, options: CanvasOptions): BoardCanvas {
  return new Canvas(host, view, options);
}

class Canvas implements BoardCanvas {
  readonly overlay: HTMLElement;
  private readonly surface: Surface;
  private readonly scene: Scene;
  private readonly world: World;
  private readonly over: Overlay;
  private readonly minimap: Minimap;
  private readonly covers: Covers;
  private readonly stock: Stock;
  private readonly stops: (() => void)[] = [];
  private phase: Phase = 'waiting';
  private state: ViewState;
  private permit: Permit;
  private camera: Camera;
  private kept: Set<ObjectId> = new Set();
  private others: readonly Other[] = [];
  private acting: Doings = NOTHING;
  private offset: { ids: readonly ObjectId[]; dx: number; dy: number } | null = null;
  /** The focus is being given, not taken. */
  private giving = false;
  private frame = 0;
  private timer = 0;
  private leisure = 0;
  private setting = 0;
  private painting = 0;
  private lastMove = 0;
  private lastPaint = 0;
  private destroyed = false;
  private dirty: Dirty = clean();

  constructor(
    private readonly host: HTMLElement,
    private readonly view: BoardView,
    private readonly options: CanvasOptions,
  ) {
    host.classList.add(styles.board!);
    this.surface = new Surface(host, () => this.request({ picture: true }));
    const type = new Typesetter(this.surface.palette.families);
    this.scene = new Scene(view.board, type, options, () => view.permit());
    this.permit = view.permit();
    this.world = new World(view.board, this.scene, (id) => this.doings(id), options.label ?? LABEL);
    this.over = new Overlay((id) => this.scene.box(id), () => this.state.cursors && !this.state.calm);
    this.overlay = this.over.root;
    this.state = view.state();
    this.camera = view.camera();
    this.stock = new Stock(view.board, this.scene, this.world, (object) => this.shows(object));
    this.covers = new Covers(this.world.covers, view.board, this.scene);
    this.minimap = new Minimap(view, this.scene, this.surface.palette, (object) => this.shows(object));
    host.append(this.surface.element, this.world.root, this.overlay, this.minimap.root);
    this.setManner();
    this.world.moving(true, new Set());
    this.stops.push(
      view.board.subscribe((changes) => {
        for (const id of changes.ids) this.dirty.ids.add(id);
        if (changes.legend) this.dirty.all = true;
        if (changes.whose === 'mine') this.dirty.mine = true;
        this.request({});
      }),
      view.subscribe(() => {
        if (view.permit() !== this.permit) {
          this.permit = view.permit();
          this.dirty.all = true;
        }
        this.request({ state: true });
      }),
      view.onCamera((camera) => this.follow(camera)),
      watchPalette(() => this.repaint()),
      watchSize(host, (w, h, ratio) => this.resize(w, h, ratio)),
      watchStillness(() => this.setManner()),
    );
    this.world.listbox.addEventListener('focusin', this.focused);
    void this.begin(type);
  }

  destroy(): void {
    for (const stop of this.stops.splice(0)) stop();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    clearTimeout(this.leisure);
    clearTimeout(this.setting);
    clearTimeout(this.painting);
    this.phase = 'waiting';
    this.destroyed = true;
    this.over.destroy();
    this.minimap.destroy();
    this.world.root.remove();
    this.surface.element.remove();
    this.host.classList.remove(styles.board!);
    delete this.host.dataset.authors;
    delete this.host.dataset.still;
  }

  element(id: ObjectId): HTMLElement | null {
    return this.world.element(id);
  }

  takeFocus(): void {
    this.flushState();
    const { focused } = this.state;
    const target = (focused !== null && this.world.element(focused)) || this.world.listbox;
    this.giving = true;
    target.focus({ preventScroll: true });
    this.giving = false;
  }

  settled(): boolean {
    return (this.phase === 'still' || this.phase === 'far') && this.frame === 0 && this.scene.measured;
  }

  box(id: ObjectId): Box | undefined {
    this.takeIn();
    return this.scene.box(id);
  }

  heightOf(object: BoardObject): number {
    return this.scene.heightOf(object);
  }

  at(screen: Point): readonly Hit[] {
    this.takeIn();
    return this.scene.at(this.view.toBoard(screen), NEAR_PX / this.view.camera().zoom).filter((hit) => this.shows(this.view.board.get(hit.id)));
  }

  within(box: Box, wholly = false): readonly ObjectId[] {
    this.takeIn();
    return this.scene.within(box, wholly).filter((id) => this.shows(this.view.board.get(id)));
  }

  setOffset(ids: Iterable<ObjectId>, dx: number, dy: number): void {
    this.offset = { ids: [...ids], dx, dy };
    this.request({ offset: true });
  }

  refresh(ids?: Iterable<ObjectId>): void {
    for (const id of ids ?? []) {
      this.dirty.ids.add(id);
      this.dirty.anew.add(id);
    }
    if (!ids) this.dirty.all = true;
    this.dirty.mine = true;
    this.setManner();
    this.request({});
  }

  cover(element: HTMLElement, id: ObjectId): () => void {
    const lift = this.covers.add(element, id);
    if (this.phase === 'moving' || this.phase === 'far') this.world.carry(this.camera, this.kept);
    return lift;
  }

  track(element: HTMLElement, id: ObjectId, side: Side): () => void {
    return this.over.track(element, id, side);
  }

  setOthers(others: readonly Other[]): void {
    this.others = others;
    this.request({ others: true });
  }

  showGuides(guides: readonly Guide[]): void {
    this.over.showGuides(guides);
  }

  showMarquee(box: Box | null): void {
    this.over.showMarquee(box);
  }

  showDrop(hint: { readonly box: Box; readonly words?: string } | null): void {
    this.over.showDrop(hint);
  }

  showLine(line: { readonly from: ObjectId; readonly to: Point } | null): void {
    this.over.showLine(line);
  }

  showHandles(id: ObjectId | null): void {
    this.over.showHandles(id);
  }

  // ---- what happened, gathered until the next frame ----

  private request(what: Partial<Pick<Dirty, 'state' | 'offset' | 'others' | 'picture'>>): void {
    Object.assign(this.dirty, what);
    if (this.phase === 'waiting' || this.frame !== 0) return;
    this.frame = requestAnimationFrame(this.tick);
  }

  private readonly tick = (): void => {
    this.frame = 0;
    this.flush();
    this.mountSome();
  };

  /** Changes of the document, before a question about boxes is answered in the same turn. */
  private takeIn(): void {
    if (this.phase !== 'waiting' && (this.dirty.ids.size > 0 || this.dirty.all || this.dirty.offset)) this.flush();
  }

  /** `painting`: not when the caller paints anyway. */
  private flush(painting = true): void {
    const dirty = this.dirty;
    this.dirty = clean();
    let touched = dirty.ids.size > 0 || dirty.all || dirty.picture;
    const before = this.state;
    this.state = this.view.state();
    if (dirty.all) this.rebuild();
    else if (dirty.ids.size > 0) this.change(dirty.ids, dirty.anew);
    if (dirty.others && this.takeOthers()) touched = true;
    if (dirty.offset && this.offset) {
      const stale = this.scene.offset(this.offset.ids, this.offset.dx, this.offset.dy);
      if (this.offset.ids.length === 0) this.offset = null;
      for (const id of stale) this.world.move(id);
      touched = true;
    }
    if (before !== this.state || touched) this.applyState(before, dirty.ids);
    const drawn = touched || before !== this.state;
    if (drawn || dirty.others) this.over.again();
    if (drawn) {
      this.covers.place();
      this.minimap.stale();
      const now = dirty.mine || dirty.all || dirty.picture || dirty.offset || before !== this.state;
      if (painting && this.phase !== 'still') this.paintSoon(this.phase === 'far' && !now);
    }
    if (dirty.ids.size > 0 || dirty.all) this.atLeisure();
  }

  private flushState(): void {
    if (this.phase === 'waiting') return;
    this.flush();
  }

  private rebuild(): void {
    this.scene.rebuild(true);
    this.setLater();
    this.stock.rewrite();
    this.world.reorder();
    if (this.phase === 'still' || this.phase === 'mounting') this.gather();
  }

  /** `anew`: of these something else changed than the object. */
  private change(ids: ReadonlySet<ObjectId>, anew: ReadonlySet<ObjectId>): void {
    const stale = this.scene.update(ids);
    const named = new Set<ObjectId>();
    for (const id of stale) {
      const object = this.view.board.get(id);
      if (!object) {
        this.saveFocus(id);
        this.stock.remove(id);
        this.world.reorder();
        continue;
      }
      if (!ids.has(id) && isSheet(object)) {
        named.add(id);
        continue;
      }
      const { moved, reworded } = this.stock.update(object, this.kept.has(id), this.camera.zoom >= NEAR, anew.has(id));
      if (moved) this.world.reorder();
      if (!reworded || !isSheet(object)) continue;
      // Whoever is connected with it speaks of it in its words.
      for (const wire of this.view.board.connectors(id)) {
        for (const end of [wire.start?.object, wire.end?.object]) if (end && end !== id) named.add(end);
      }
    }
    for (const id of named) this.world.rename(id);
  }

  /** Whether anything but their cursors and rings is drawn otherwise now. */
  private takeOthers(): boolean {
    const before = this.acting;
    this.acting = doingsOf(this.others);
    const moved = this.scene.holds(this.acting.held);
    const told = toldAnew(before, this.acting);
    for (const id of moved) this.world.move(id);
    for (const id of told) this.world.rename(id);
    this.over.setOthers(this.others);
    return moved.size > 0 || told.length > 0;
  }

  private doings(id: ObjectId): Now {
    return { doings: this.acting.words.get(id) ?? [] };
  }

  // ---- selection, focus ----

  private applyState(before: ViewState, changed: ReadonlySet<ObjectId>): void {
    const { state } = this;
    const calm = before.calm !== state.calm || before.calmArea !== state.calmArea;
    const kept = this.keepers();
    for (const id of kept) {
      const object = this.view.board.get(id);
      if (!object) {
        kept.delete(id);
        continue;
      }
      // The option of a connector exists only while it is chosen.
      if (!this.world.element(id) && this.shows(object)) {
        if (object.kind === 'connector') this.world.write(id);
        this.world.writeOption(object);
        this.stock.remember(id);
      }
      if (!this.kept.has(id)) this.world.keep(id, true);
    }
    const left = [...this.kept].filter((id) => !kept.has(id));
    this.kept = kept;
    const marks = new Set<ObjectId>([...changed, ...before.selection, ...state.selection]);
    for (const id of [before.focused, state.focused, before.editing, state.editing, before.connecting, state.connecting]) if (id) marks.add(id);
    this.world.mark(state, marks);
    if (before.found !== state.found) this.world.found(new Set(state.found));
    this.syncFocus();
    for (const id of left) {
      this.world.keep(id, false);
      const object = this.view.board.get(id);
      if (object?.kind === 'connector') this.world.removeOption(id);
    }
    if (this.phase === 'moving' || this.phase === 'far') this.world.carry(this.camera, kept);
    if (before.minimap !== state.minimap || before === state) this.minimap.show(state.minimap);
    if (before.cursors !== state.cursors || calm) this.over.again();
    if (calm) {
      this.setManner();
      for (const id of [...this.world.drawn()]) if (!this.shows(this.view.board.get(id))) this.stock.remove(id);
      this.world.veil((id) => this.shows(this.view.board.get(id)));
      this.stock.doubt();
      if (this.phase === 'still' || this.phase === 'mounting') this.gather();
    }
  }

  private keepers(): Set<ObjectId> {
    const { state } = this;
    const kept = new Set<ObjectId>();
    for (const id of [state.editing, state.focused, state.connecting]) if (id !== null) kept.add(id);
    // From far out the canvas shows well enough what others move.
    if (this.camera.zoom >= NEAR) {
      const seen = this.seen();
      for (const id of this.acting.words.keys()) {
        const box = this.scene.box(id);
        if (box && kept.size < MOST_KEPT && meet(box, seen)) kept.add(id);
      }
    }
    let room = MOST_KEPT;
    for (const id of state.selection) {
      if (room <= 0) break;
      kept.add(id);
      room -= 1;
    }
    return kept;
  }

  /** Focus inside the board follows the view; focus elsewhere (a panel, the text field) is left where it is. */
  private syncFocus(): void {
    const active = document.activeElement;
    const { listbox } = this.world;
    if (!(active instanceof HTMLElement) || !listbox.contains(active)) return;
    const { focused } = this.state;
    const target = focused === null ? listbox : this.world.element(focused);
    if (!target || target === active) return;
    this.giving = true;
    target.focus({ preventScroll: true });
    this.giving = false;
  }

  /** Before an option goes that has the focus: the listbox holds it until the view says who is next. */
  private saveFocus(id: ObjectId): void {
    const element = this.world.element(id);
    if (element && element === document.activeElement) this.world.listbox.focus({ preventScroll: true });
  }

  private readonly focused = (event: FocusEvent): void => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=option]') : null;
    const id = option?.dataset.id;
    if (id === undefined || this.giving) return;
    const from = event.relatedTarget;
    const entered = from instanceof Element && !this.world.listbox.contains(from);
    // By Tab, or by a screen reader's own cursor: it may be on what is out of sight.
    if (entered || id !== this.view.state().focused) this.view.focus(id, { keep: true });
  };

  // ---- the camera ----

  private follow(camera: Camera): void {
    this.camera = camera;
    if (this.phase === 'waiting') return;
    this.lastMove = performance.now();
    if (this.phase === 'still' || this.phase === 'mounting') {
      this.stock.interrupt();
      this.world.moving(true, this.kept);
    }
    this.phase = 'moving';
    if (this.frame !== 0) {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
    }
    this.flush(false);
    this.world.carry(camera, this.kept);
    this.paint();
    this.over.place(camera, this.surface.w, this.surface.h);
    this.minimap.follow(camera, this.surface.w, this.surface.h);
    if (this.timer === 0) this.timer = window.setTimeout(this.still, STILL_MS);
  }

  private readonly still = (): void => {
    this.timer = 0;
    const rest = this.lastMove + STILL_MS - performance.now();
    if (rest > 1) {
      this.timer = window.setTimeout(this.still, rest);
      return;
    }
    this.settle();
  };

  /** The page goes to where the camera is, once; then what is missing is put into it behind the canvas. */
  private settle(): void {
    this.world.show(this.camera, this.surface.ratio);
    this.gather();
  }

  private gather(): void {
    if (this.camera.zoom < NEAR) {
      this.phase = 'far';
      this.world.moving(true, this.kept);
      this.paint();
      this.atLeisure();
      return;
    }
    this.stock.gather(this.camera, this.surface.w, this.surface.h);
    this.phase = 'mounting';
    if (this.stock.few) this.mountSome();
    else this.request({});
  }

  private mountSome(): void {
    if (this.phase !== 'mounting') return;
    this.world.mark(this.state, this.stock.putSome());
    if (this.stock.waiting > 0) {
      this.request({});
      return;
    }
    this.phase = 'still';
    this.world.moving(false, this.kept);
    this.paint();
    this.atLeisure();
  }

  /** What can wait until nothing happens: reading order, and taking out what is far away. */
  private atLeisure(): void {
    // Not put off by every further change: under a storm of them it would never come.
    if (this.leisure !== 0) return;
    this.leisure = window.setTimeout(() => {
      this.leisure = 0;
      if (this.phase === 'moving' || this.phase === 'mounting') return this.atLeisure();
      this.world.settleOrder();
      if (this.phase === 'still' && this.stock.trim(this.kept, this.state.selection)) this.atLeisure();
    }, LEISURE_MS);
  }

  /** Text that nobody could read in the first picture. */
  private setLater(): void {
    if (this.setting !== 0 || this.scene.measured) return;
    this.setting = window.setTimeout(() => {
      this.setting = 0;
      if (this.phase === 'still' || this.phase === 'far') {
        const { stale } = this.scene.measureSome(SETTING_MS);
        for (const id of stale) this.world.move(id);
        if (stale.size > 0) {
          this.over.again();
          if (this.phase === 'far') this.paintSoon(true);
        }
      }
      this.setLater();
    }, PAUSE_MS);
  }

  // ---- drawing ----

  private seen(): Box {
    const { camera, surface } = this;
    return { x: camera.x, y: camera.y, w: surface.w / camera.zoom, h: surface.h / camera.zoom };
  }

  /** `later`: it is only something that others do, seen from far. */
  private paintSoon(later: boolean): void {
    const rest = this.lastPaint + FAR_MS - performance.now();
    if (!later || rest <= 0) this.paint();
    else if (this.painting === 0) this.painting = window.setTimeout(() => this.phase !== 'still' && this.paint(), rest);
  }

  private paint(): void {
    clearTimeout(this.painting);
    this.painting = 0;
    this.lastPaint = performance.now();
    if (this.camera.zoom >= FAR) this.scene.measureIn(this.seen());
    if (this.phase === 'still' || this.phase === 'waiting') this.surface.ground(this.camera);
    else this.surface.board(this.camera, this.scene, this.state.selection, this.kept, (object) => this.shows(object));
  }

  private shows(object: BoardObject | undefined): boolean {
    if (!object) return false;
    const { calm, calmArea } = this.state;
    if (!calm) return true;
    if (object.kind === 'connector') {
      return [object.start?.object, object.end?.object].every((end) => !end || this.scene.areaOf(end) === calmArea);
    }
    return this.scene.areaOf(object.id) === calmArea;
  }

  // ---- host, fonts, theme ----

  private setManner(): void {
    this.host.dataset.authors = this.options.authors();
    const still = this.options.reducedMotion?.() ?? wantsStillness();
    this.host.toggleAttribute('data-still', still || this.view.state().calm);
  }

  private resize(w: number, h: number, ratio: number): void {
    if (!this.surface.resize(w, h, ratio)) return;
    this.view.resize(w, h);
    this.stock.doubt();
    this.camera = this.view.camera();
    if (this.phase === 'waiting') this.paint();
    else this.follow(this.camera);
  }

  private repaint(): void {
    this.surface.readColours();
    this.minimap.repaint(this.surface.palette);
    this.paint();
  }

  private async begin(type: Typesetter): Promise<void> {
    const stop = await fontsFor(type, this.surface.palette.families.tool, () => {
      this.dirty.all = true;
      this.request({});
    });
    if (this.destroyed) {
      stop();
      return;
    }
    this.stops.push(stop);
    this.phase = 'mounting';
    this.state = this.view.state();
    this.camera = this.view.camera();
    this.dirty = clean();
    this.rebuild();
    this.takeOthers();
    this.applyState(this.state, new Set(this.state.selection));
    this.world.show(this.camera, this.surface.ratio);
    this.paint();
    this.over.place(this.camera, this.surface.w, this.surface.h);
    this.gather();
  }
}

interface Dirty {
  ids: Set<ObjectId>;
  /** Of these something else changed than the object: a name, a comment. */
  anew: Set<ObjectId>;
  all: boolean;
  /** Some of it is this person's own doing. */
  mine: boolean;
  state: boolean;
  offset: boolean;
  others: boolean;
  picture: boolean;
}

function clean(): Dirty {
  return { ids: new Set(), anew: new Set(), all: false, mine: false, state: false, offset: false, others: false, picture: false };
}
