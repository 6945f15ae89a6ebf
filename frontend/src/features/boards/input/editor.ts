// Editing in place: a text field exactly over an object's own text, bound to the shared one.
import type { BoardCanvas } from '../canvas/types';
import { freshly } from '../commands/fresh';
import { MOST_TEXT, SOFT_TEXT, type Edit, type Kind, type ObjectId } from '../model/types';
import type { BoardView } from '../view/types';
import { bind } from './binding';
import styles from './input.module.css';

/** A pause of so long ends a step. */
export const PAUSE = 1_500;
/** Never smaller than this while it is written, in pixels on the screen. */
const READABLE = 12;

const LABELS: Record<Kind, string> = {
  note: 'Text of the note',
  heading: 'Heading',
  area: 'Name of the area',
  cluster: 'Name of the cluster',
  connector: 'Words on the connector',
  image: 'Caption',
  source: 'Why this link is here',
  evidence: 'Note on the evidence card',
};
/** Whose height follows the text. */
const GROWS: readonly Kind[] = ['note', 'heading'];
/** Of these a name is one line. */
const ONE_LINE: readonly Kind[] = ['area', 'cluster', 'connector'];

export interface Editor {
  /** The field that is open, if one is. */
  field(): HTMLTextAreaElement | null;
  destroy(): void;
}

/** `keys`: a key was pressed while typing; true when it was a command. `here`: may a field be opened on the board now? */
export function createEditor(view: BoardView, canvas: BoardCanvas, keys: (event: KeyboardEvent) => boolean, here: () => boolean = () => true): Editor {
  let open: { id: ObjectId; field: HTMLTextAreaElement; close(): void } | null = null;
  const follow = () => {
    const { editing } = view.state();
    if (open?.id === editing || (open === null && editing === null)) return;
    const before = open;
    open = null;
    const had = before !== null && document.activeElement === before.field;
    before?.close();
    if (editing !== null && view.state().editing === editing && here()) open = openField(view, canvas, editing, keys);
    else if (had) canvas.takeFocus();
  };
  const stop = view.subscribe(follow);
  follow();
  return {
    field: () => open?.field ?? null,
    destroy() {
      stop();
      open?.close();
      open = null;
    },
  };
}

function openField(view: BoardView, canvas: BoardCanvas, id: ObjectId, keys: (event: KeyboardEvent) => boolean) {
  const { board } = view;
  const kind = board.get(id)?.kind ?? 'note';
  const field = document.createElement('textarea');
  field.className = styles.field ?? '';
  field.dataset.kind = kind;
  field.maxLength = MOST_TEXT;
  field.dir = 'auto';
  field.rows = 1;
  field.spellcheck = true;
  field.setAttribute('aria-label', LABELS[kind]);

  const typing = board.gesture('Typing');
  const edit = (change: (edit: Edit) => void) => {
    const fresh = freshly(view, id);
    if (fresh) fresh.edit(change);
    else typing.edit(change);
  };
  const binding = bind(field, () => board.get(id)?.text ?? '', (text) => edit((one) => one.setText(id, text)));
  const fitHeight = () => {
    const object = board.get(id);
    // A size is part of where it lies: not for those who may only change the words.
    if (!object || !GROWS.includes(object.kind) || view.permit().why('move', id) !== null) return;
    const h = Math.ceil(canvas.heightOf(object));
    if (Number.isFinite(h) && h !== object.h) edit((one) => one.set(id, { h }));
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  const rest = () => {
    clearTimeout(pause);
    pause = undefined;
    if (!board.get(id)) return typing.done();
    fitHeight();
    if (board.get(id)?.text.trim()) freshly(view, id)?.settle();
    typing.done();
  };
  const counter = createCounter(view, canvas, id, field);

  field.addEventListener('input', (event) => {
    if (ONE_LINE.includes(kind) && field.value.includes('\n')) field.value = field.value.replaceAll('\n', ' ');
    if (!(event as InputEvent).isComposing) binding.wrote();
    counter.show(field.value.length);
    clearTimeout(pause);
    pause = setTimeout(rest, PAUSE);
  });
  field.addEventListener('compositionstart', () => binding.compose(true));
  field.addEventListener('compositionend', () => binding.compose(false));
  field.addEventListener('keydown', (event) => {
    // The board's own keys are not for words that are being written.
    event.stopPropagation();
    if (keys(event)) return;
    if (event.key === 'Enter' && ONE_LINE.includes(kind) && !event.isComposing) {
      event.preventDefault();
      view.edit(null);
    }
  });
  field.addEventListener('blur', () => {
    // Another window has the focus: it will come back here.
    if (document.hasFocus() && view.state().editing === id) view.edit(null);
  });
  const stop = board.subscribe(({ ids }) => {
    if (!ids.has(id) || !board.get(id)) return;
    binding.changed();
    counter.show(field.value.length);
  });

  const uncover = canvas.cover(field, id);
  counter.show(field.value.length);
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
  view.reveal(id, { text: READABLE });

  return {
    id,
    field,
    close() {
      stop();
      rest();
      counter.remove();
      uncover();
      field.remove();
    },
  };
}

/** Beyond the soft limit: how many characters are left, seen and, now and then, heard. */
function createCounter(view: BoardView, canvas: BoardCanvas, id: ObjectId, field: HTMLTextAreaElement) {
  let shown: { element: HTMLElement; untrack(): void } | null = null;
  let said = Number.POSITIVE_INFINITY;
  const remove = () => {
    shown?.untrack();
    shown?.element.remove();
    shown = null;
    field.removeAttribute('aria-describedby');
  };
  return {
    remove,
    show(length: number) {
      if (length <= SOFT_TEXT) return remove();
      if (!shown) {
        const element = document.createElement('p');
        element.className = styles.counter ?? '';
        element.id = `board-left-${id}`;
        canvas.overlay.append(element);
        shown = { element, untrack: canvas.track(element, id, 'below') };
        field.setAttribute('aria-describedby', element.id);
      }
      const left = MOST_TEXT - length;
      const long = `${length} characters. Short notes are easier to sort.`;
      shown.element.textContent = left > 200 ? long : left > 0 ? `${left} characters left.` : 'No characters left.';
      const step = [0, 50, 200].find((limit) => left <= limit);
      if (step !== undefined && step < said) view.say(shown.element.textContent);
      said = step ?? Number.POSITIVE_INFINITY;
    },
  };
}
