// Input: the page's events, turned into what pointers, keys and clipboard mean on a board.
import type { BoardCanvas } from '../canvas/types';
import { COMMANDS } from '../commands';
import { isMac, press as pressKey, type Keymap, type Where } from '../commands/keys';
import { goBeside } from '../commands/siblings';
import type { Asking } from '../commands/types';
import type { ObjectId, Point } from '../model/types';
import type { Storing } from '../view/settings';
import type { BoardView } from '../view/types';
import { createEditor } from './editor';
import { createGrips } from './grips';
import { createHover } from './hover';
import { createPointers } from './pointers';
import type { Grip } from './press';
import { watchScreenKeyboard } from './screenKeyboard';
import { addPictures, onCopy, onPaste, pastePlain, take, type Picture, type Transfer } from './transfer';
import type { Device, Press } from './types';
import { turned } from './wheel';

export interface InputOptions {
  readonly keymap: Keymap;
  ask(asking: Asking): void;
  /** For the others: what is being dragged, and where the pointer is. */
  hold?(ids: Iterable<ObjectId>, dx: number, dy: number): void;
  cursor?(at: Point | null): void;
  /** False: what is being written is written elsewhere, in the outline. By default it is always here. */
  writesHere?(): boolean;
  /** Sends an image to the server and shows how far it is. Null: it did not work, and that was said. */
  upload?(file: File): Promise<Picture | null>;
  /** Null: nothing is kept on this device. */
  readonly storage?: Storing | null;
}

export interface BoardInput {
  /** For keys pressed elsewhere on the page; true when one was a command. */
  key(event: KeyboardEvent, where: Where): boolean;
  /** Images chosen from a dialog, in the middle of the view or beside what has the focus. */
  addPictures(files: readonly File[]): Promise<void>;
  destroy(): void;
}

export function attachInput(host: HTMLElement, view: BoardView, canvas: BoardCanvas, options: InputOptions): BoardInput {
  const mac = isMac();
  const context = { view, ask: options.ask };
  const pointers = createPointers({
    view,
    canvas,
    ask: options.ask,
    hold: options.hold ?? (() => undefined),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  const key = (event: KeyboardEvent, where: Where) => pressKey(event, context, { commands: COMMANDS, keymap: options.keymap, where, mac });
  const editor = createEditor(view, canvas, (event) => key(event, 'note'), options.writesHere);
  const grips = createGrips(view, canvas);
  const hover = createHover(view, canvas, pointers.busy);
  const world = () => host.querySelector('[role=listbox]')?.parentElement;

  /** On the board itself, and not on a tool or a field that floats over it. */
  const isBoard = (target: EventTarget | null): target is Element => {
    if (!(target instanceof Element) || target.closest('textarea,input,select,a')) return false;
    return target === host || (target.parentElement === host && target instanceof HTMLCanvasElement) || (world()?.contains(target) ?? false);
  };
  const gripAt = (target: EventTarget | null): Grip | null => {
    if (!(target instanceof Element) || !canvas.overlay.contains(target)) return null;
    const side = target.closest<HTMLElement>('[data-side]')?.dataset.side;
    const id = hover.shown();
    if (id !== null && (side === 'left' || side === 'right' || side === 'above' || side === 'below')) return { grip: 'side', id, side };
    return grips.at(target);
  };
  let corner: Point = { x: 0, y: 0 };
  const at = (event: MouseEvent): Point => ({ x: event.clientX - corner.x, y: event.clientY - corner.y });
  const measure = () => {
    const { left, top } = host.getBoundingClientRect();
    corner = { x: left, y: top };
  };
  const pressOf = (event: PointerEvent): Press => ({
    pointer: event.pointerId,
    device: (['mouse', 'touch', 'pen'] as const).find((one) => one === event.pointerType) ?? ('mouse' satisfies Device),
    at: at(event),
    button: Math.max(0, event.button),
    shift: event.shiftKey,
    alt: event.altKey,
    mod: mac ? event.metaKey : event.ctrlKey,
    time: event.timeStamp,
  });

  const listeners = new AbortController();
  const on = <E extends Event>(target: EventTarget, types: string, run: (event: E) => void, passive = false) => {
    for (const type of types.split(' ')) target.addEventListener(type, run as EventListener, { signal: listeners.signal, passive });
  };
  /** Space was pressed, and nothing else since. */
  let spaceAlone = false;

  on<PointerEvent>(host, 'pointerdown', (event) => {
    const grip = gripAt(event.target);
    if (!grip && !isBoard(event.target)) return;
    measure();
    spaceAlone = false;
    if (view.state().editing !== null) view.edit(null);
    host.setPointerCapture?.(event.pointerId);
    pointers.down(pressOf(event), grip);
    if (view.state().editing === null) canvas.takeFocus();
    hover.refresh();
  });
  // Focus goes where the view says, and the old one is not torn away before it is written.
  on<MouseEvent>(host, 'mousedown', (event) => {
    if (isBoard(event.target) || gripAt(event.target)) event.preventDefault();
  });
  on<PointerEvent>(host, 'pointermove', (event) => {
    if (event.buttons === 0) measure();
    // Between two frames a pen or a fast mouse sends several; the last is where it is.
    pointers.move(pressOf(event));
    options.cursor?.(view.toBoard(at(event)));
    if (event.buttons !== 0) hover.refresh();
    else if (event.pointerType !== 'touch') hover.over(isBoard(event.target) || gripAt(event.target) ? at(event) : null);
  });
  on<PointerEvent>(host, 'pointerup', (event) => {
    pointers.up(pressOf(event));
    hover.refresh();
    grips.place();
  });
  on<PointerEvent>(host, 'pointercancel lostpointercapture', (event) => pointers.lost(event.pointerId));
  on<PointerEvent>(host, 'pointerleave', () => {
    options.cursor?.(null);
    hover.over(null);
  });
  // Pressed without a pointer, by a screen reader's own cursor say.
  on<MouseEvent>(canvas.overlay, 'click', (event) => {
    const grip = event.detail === 0 ? gripAt(event.target) : null;
    if (grip?.grip === 'side') goBeside(view, grip.id, grip.side);
  });
  on<WheelEvent>(host, 'wheel', (event) => {
    const target = event.target as Element;
    const mine = isBoard(target) || canvas.overlay.contains(target) || target === editor.field();
    // Zooming the page from a tool over the board would be a surprise; scrolling in it is its own.
    if (!mine && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    measure();
    turned(view, event, at(event));
  });
  // Two fingers on the page itself would zoom the page (Safari).
  on<Event>(host, 'gesturestart gesturechange', (event) => event.preventDefault());
  on<PointerEvent>(host, 'contextmenu', (event) => {
    if (!isBoard(event.target)) return;
    event.preventDefault();
    // A long touch has asked already.
    if (event.pointerType === 'touch') return;
    measure();
    const id = canvas.at(at(event)).find(({ id, part }) => part !== 'body' || !['area', 'cluster'].includes(view.board.get(id)?.kind ?? ''))?.id;
    if (id !== undefined && !view.state().selection.has(id)) view.focus(id, { still: true });
    options.ask({ question: 'menu', ids: id === undefined ? [] : [...view.state().selection], payload: at(event) });
  });

  on<KeyboardEvent>(host, 'keydown', (event) => {
    if (event.target instanceof Element && event.target.closest('textarea,input,select')) return;
    const where: Where = isBoard(event.target) ? 'board' : 'page';
    if (event.key === 'Escape' && pointers.escape()) return event.preventDefault();
    if (event.key === ' ' && where === 'board' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      // Held, it lets the pointer pan; let go alone, it is the key it is.
      event.preventDefault();
      if (!event.repeat) spaceAlone = true;
      return pointers.space(true);
    }
    if (key(event, where)) event.stopPropagation();
  });
  on<KeyboardEvent>(window, 'keyup', (event) => {
    if (event.key !== ' ') return;
    pointers.space(false);
    if (spaceAlone && isBoard(event.target)) key(event, 'board');
    spaceAlone = false;
  });
  on<Event>(window, 'blur', () => {
    pointers.space(false);
    pointers.stop();
  });

  let pointer: Point | null = null;
  const transfer: Transfer = {
    view,
    storage: options.storage ?? null,
    ask: options.ask,
    upload: options.upload,
    pointer: () => pointer && view.toBoard(pointer),
  };
  on<PointerEvent>(host, 'pointermove pointerleave', (event) => {
    pointer = event.type === 'pointermove' && event.pointerType !== 'touch' && isBoard(event.target) ? at(event) : null;
  });
  on<ClipboardEvent>(host, 'copy', (event) => (isBoard(event.target) ? onCopy(transfer, event, false) : undefined));
  on<ClipboardEvent>(host, 'cut', (event) => (isBoard(event.target) ? onCopy(transfer, event, true) : undefined));
  /** Ctrl+Shift+V was pressed, and no paste has come of it yet. */
  let plain: ReturnType<typeof setTimeout> | null = null;
  on<ClipboardEvent>(host, 'paste', (event) => {
    if (!isBoard(event.target)) return;
    const asPlain = plain !== null;
    if (plain !== null) clearTimeout(plain);
    plain = null;
    onPaste(transfer, event, asPlain);
  });
  on<KeyboardEvent>(host, 'keydown', (event) => {
    if (event.key.toLowerCase() !== 'v' || !event.shiftKey || !(mac ? event.metaKey : event.ctrlKey) || !isBoard(event.target)) return;
    // Some browsers paste so only into text fields: then the clipboard is read, where that is allowed.
    plain = setTimeout(() => {
      plain = null;
      navigator.clipboard?.readText?.().then(
        (text) => pastePlain(transfer, text),
        () => view.say('This browser gives no text for that. Open a note and paste into it.'),
      );
    }, 100);
  });
  on<DragEvent>(host, 'dragover', (event) => {
    if (!event.dataTransfer || !view.permit().writes) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  on<DragEvent>(host, 'drop', (event) => {
    if (!event.dataTransfer || (event.target instanceof Element && event.target.closest('textarea,input'))) return;
    event.preventDefault();
    measure();
    take(transfer, event.dataTransfer, view.toBoard(at(event)));
  });
  const stops = [
    watchScreenKeyboard(host, view),
    view.subscribe(() => {
      // The right to write was lost in the middle of it.
      if (!view.permit().writes && pointers.busy()) pointers.stop();
      hover.refresh();
    }),
  ];

  return {
    key,
    addPictures: (files) => addPictures(transfer, files, null),
    destroy() {
      if (plain !== null) clearTimeout(plain);
      pointers.stop();
      listeners.abort();
      for (const stop of stops) stop();
      editor.destroy();
      grips.destroy();
      canvas.showHandles(null);
    },
  };
}
