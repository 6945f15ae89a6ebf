// The drawn board in the page: canvas and input live here for as long as it is shown.
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { type BoardCanvas as Canvas, type EvidenceShown, mountCanvas, type PersonColour } from './canvas';
import type { BoardInput, Picture } from './input';
import { storage } from './opened';
import type { ObjectId } from './model/types';
import { type Scope, useLatest, useScope } from './scope';
import { SelectionBar } from './panels/SelectionBar';
import { useNarrow } from './useNarrow';
import { areasInOrder } from './view/places';
import type { BoardView } from './view/types';
import styles from './board.module.css';

/** Fetched beside the drawing, which is seen first. */
const input = import('./input');

const FRAMES = 30;

export interface BoardCanvasHandle {
  takeFocus(): void;
  element(id: string): HTMLElement | null;
}

interface BoardCanvasProps {
  ref: Ref<BoardCanvasHandle>;
  /** Is writing done here rather than in the outline? */
  writesHere(): boolean;
  evidence(card: string): EvidenceShown | null | undefined;
  upload(file: File): Promise<Picture | null>;
}

export function BoardCanvas({ ref, writesHere, evidence, upload }: BoardCanvasProps) {
  const scope = useScope();
  const { view, context, keymap, opened } = scope;
  const { is: narrow } = useNarrow();
  const host = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<Canvas | null>(null);
  const latest = useLatest({ scope, writesHere, evidence, upload });
  /** What had the focus when the drawing made way for one of another document. */
  const had = useRef<Had | null>(null);

  useEffect(() => {
    const place = host.current;
    if (!place) return;
    const made = mountCanvas(place, view, {
      imageUrl: (file, small) => `/api/boards/${latest.current.scope.served.id}/images/${file}${small ? '/small' : ''}`,
      person: (id) => {
        const found = latest.current.scope.person(id);
        return found && { name: found.name, colour: found.colour as PersonColour };
      },
      evidence: (card) => latest.current.evidence(card),
      comments: (id) => latest.current.scope.comments(id),
      authors: () => latest.current.scope.served.authors,
    });
    let ended = false;
    let attached: BoardInput | null = null;
    void input.then(({ attachInput }) => {
      if (ended) return;
      attached = attachInput(place, view, made, {
        keymap,
        ask: context.ask,
        hold: opened.telling.hold,
        cursor: (at) => opened.telling.cursor(view.state().calm ? null : at),
        writesHere: () => latest.current.writesHere(),
        upload: (file) => latest.current.upload(file),
        storage: storage(),
      });
      if (had.current) giveBack(had.current, place, made);
      had.current = null;
    });
    const stopOthers = opened.hearing.subscribe(() => made.setOthers(opened.hearing.others()));
    made.setOthers(opened.hearing.others());
    setCanvas(made);
    return () => {
      had.current = focusIn(place);
      setCanvas(null);
      stopOthers();
      ended = true;
      attached?.destroy();
      made.destroy();
    };
  }, [view, context, keymap, opened, latest]);

  // What the screen knows beyond the document: names and comments of some, or how authors are shown at all.
  useRefresh(canvas, scope, evidence);

  // On a small screen the whole board would be too small to read: what one was at is shown, else its first area.
  useEffect(() => {
    if (!canvas || !narrow) return;
    let tries = 0;
    let frame = requestAnimationFrame(function look() {
      if (view.viewport().w === 0 && tries++ < FRAMES) frame = requestAnimationFrame(look);
      else lookNear(view);
    });
    return () => cancelAnimationFrame(frame);
  }, [canvas, narrow, view]);

  useImperativeHandle(
    ref,
    () => ({
      takeFocus() {
        canvas?.takeFocus();
        const { focused } = view.state();
        if (focused !== null) view.reveal(focused);
      },
      element: (id) => canvas?.element(id) ?? null,
    }),
    [canvas, view],
  );

  return (
    <div ref={host} className={styles.canvas} data-landmark="board">
      {canvas ? <SelectionBar canvas={canvas} /> : null}
    </div>
  );
}

interface Had {
  /** Of the text that was being written. */
  readonly caret: readonly [start: number, end: number] | null;
}

function focusIn(place: HTMLElement): Had | null {
  const at = document.activeElement;
  if (!place.contains(at)) return null;
  return { caret: at instanceof HTMLTextAreaElement ? [at.selectionStart, at.selectionEnd] : null };
}

function giveBack({ caret }: Had, place: HTMLElement, canvas: Canvas): void {
  const at = document.activeElement;
  if (caret && at instanceof HTMLTextAreaElement && place.contains(at)) at.setSelectionRange(...caret);
  else if (at === document.body || at === null) canvas.takeFocus();
}

/** Only what would look or sound different is drawn anew: somebody who comes changes nothing on a large board. */
function useRefresh(canvas: Canvas | null, { board, person, comments, served }: Scope, evidence: BoardCanvasProps['evidence']): void {
  const known = useRef<{ canvas: Canvas; authors: string; said: Map<ObjectId, string> } | null>(null);
  useEffect(() => {
    if (!canvas) return;
    const said = new Map<ObjectId, string>();
    for (const { id, by, evidence: card } of board.all()) {
      const name = by === null ? '' : (person(by)?.name ?? '');
      said.set(id, card === null ? `${comments(id)} ${name}` : JSON.stringify([comments(id), name, evidence(card)]));
    }
    const before = known.current;
    known.current = { canvas, authors: served.authors, said };
    if (before?.canvas !== canvas) return;
    if (before.authors !== served.authors) canvas.refresh();
    else canvas.refresh([...said].filter(([id, words]) => before.said.get(id) !== words).map(([id]) => id));
  }, [canvas, board, person, comments, served.authors, evidence]);
}

function lookNear(view: BoardView): void {
  const { focused } = view.state();
  if (focused !== null) {
    const box = view.board.box(focused);
    if (box) view.fit({ ...box, w: Math.max(box.w, NEAR.w), h: Math.max(box.h, NEAR.h) });
    return;
  }
  const [first] = areasInOrder(view.board);
  const box = first ? view.board.box(first) : undefined;
  if (!box) return;
  // Its upper part fills the width; the rest is a swipe away.
  const { w, h } = view.viewport();
  view.fit({ ...box, h: Math.min(box.h, (0.8 * Math.max(box.w, w) * h) / Math.max(1, w)) });
}

const NEAR = { w: 440, h: 500 };
