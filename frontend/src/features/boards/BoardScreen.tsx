// The screen of a board: its two faces, the tools, and where one is led when a command asks something.
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { PageHeading } from '../../ui';
import { BoardCanvas, type BoardCanvasHandle } from './BoardCanvas';
import type { EvidenceShown } from './canvas/types';
import { press } from './commands';
import type { Asking } from './commands/types';
import { isLost } from './focus';
import { AltBar } from './panels/AltBar';
import { ChatField } from './panels/ChatField';
import { FindBar } from './panels/FindBar';
import { Palette } from './panels/Palette';
import { PicturePicker } from './panels/PicturePicker';
import { QuestionDialog } from './panels/questions';
import { SidePanel, type SideTab } from './panels/SidePanel';
import { Uploads, useUploads } from './panels/Uploads';
import { Zoom } from './panels/Zoom';
import { setPersonal, usePersonal } from './personal';
import { useLatest, useScope } from './scope';
import type { BoardComments } from './useBoardComments';
import { FollowingBar } from './panels/FollowingBar';
import styles from './board.module.css';
import { useNarrow } from './useNarrow';

const ActionsMenu = lazy(() => import('./panels/ActionsMenu'));
const HistoryDialog = lazy(() => import('./panels/HistoryDialog'));

interface BoardScreenProps {
  readonly asked: Asking | null;
  readonly onAnswered: () => void;
  readonly talk: BoardComments;
  readonly evidence: (card: string) => EvidenceShown | null | undefined;
  readonly notices: ReactNode;
}

export function BoardScreen({ asked, onAnswered, talk, evidence, notices }: BoardScreenProps) {
  const { view, context, commands, keymap, opened, served } = useScope();
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<BoardCanvasHandle>(null);
  const narrow = useNarrow();
  const { wide, narrow: chosen } = usePersonal();
  const face = narrow.is ? (chosen ?? (narrow.smallUpright ? 'outline' : 'board')) : wide;
  const [tab, setTab] = useState<SideTab>('outline');
  /** The object that a new comment is about. */
  const [commenting, setCommenting] = useState<string | null>(null);
  /** Whichever of the two faces was used last is where a text is opened. */
  const [used, setUsed] = useState<'board' | 'outline'>('board');
  const writesIn = face === 'both' ? used : face;
  const writing = useRef(writesIn);
  writing.current = writesIn;
  const writesHere = useCallback(() => writing.current === 'board', []);
  const uploads = useUploads(served.id);
  /** 0: nobody looks for anything; rises when they ask to. */
  const [finding, setFinding] = useState(0);
  const [undescribed, setUndescribed] = useState<Asking['ids']>([]);

  // Some questions are answered by the screen itself.
  useEffect(() => {
    if (asked?.question === 'comment') {
      setTab('comments');
      setCommenting(asked.ids[0] ?? null);
      if (narrow.is) setPersonal({ narrow: 'outline' });
      else if (wide === 'board') setPersonal({ wide: 'both' });
      onAnswered();
    } else if (asked?.question === 'chat') {
      opened.chat.open();
      onAnswered();
    } else if (asked?.question === 'find') {
      setFinding((before) => before + 1);
      onAnswered();
    } else if (asked?.question === 'alt' && asked.ids.every((id) => uploads.isNew(opened.board.get(id)?.picture?.file))) {
      setUndescribed(asked.ids);
      onAnswered();
    }
  }, [asked, onAnswered, opened, narrow.is, wide, uploads]);

  // What had the focus when a question was put may have gone, or moved, with the answer.
  const questioned = useRef(false);
  const back = useLatest(focusFace);
  useEffect(() => {
    if (asked) {
      questioned.current = true;
      return;
    }
    if (!questioned.current) return;
    questioned.current = false;
    let frames = FRAMES_TO_RESTORE;
    let frame = requestAnimationFrame(function look() {
      // A dialog that fades out still has the focus; it gives it back, or loses it, when it has gone.
      if (document.activeElement?.closest(DIALOG) || document.querySelector(LEAVING)) frames = FRAMES_TO_RESTORE;
      if (--frames > 0) frame = requestAnimationFrame(look);
      else if (isLost(document.activeElement)) back.current();
    });
    return () => cancelAnimationFrame(frame);
  }, [asked, back]);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!(event.target instanceof Element) || event.target.closest(`${DIALOG}, [role=menu]`)) return;
      if (event.key === 'Escape' && opened.following.leader() !== null) {
        opened.following.stop();
        view.say('You follow nobody now.');
      }
      if (event.defaultPrevented) return;
      if (event.key === 'F6') {
        event.preventDefault();
        cycle(root.current, event.shiftKey ? -1 : 1, canvas.current);
      } else if (!event.target.closest('input, select, textarea')) press(event, context, { commands, keymap, where: 'page' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [context, commands, keymap, opened, view]);

  // A text that is opened while the outline has the page to itself is opened there.
  useEffect(() => {
    if (face !== 'both') return;
    const follow = (event: FocusEvent) => {
      const region = (event.target as Element | null)?.closest?.('[data-landmark]')?.getAttribute('data-landmark');
      if (region === 'board' || region === 'outline') {
        writing.current = region;
        setUsed(region);
      }
    };
    const place = root.current;
    place?.addEventListener('focusin', follow, true);
    return () => place?.removeEventListener('focusin', follow, true);
  }, [face]);

  return (
    <div ref={root} className={styles.screen} data-face={face}>
      <main id="main" tabIndex={-1} className={styles.main}>
        <PageHeading className="vh">{served.title}</PageHeading>
        <section aria-label="State of this board" className={styles.notices}>
          {notices}
        </section>
        <FollowingBar />
        {face !== 'outline' ? (
          <div className={styles.stage}>
            <BoardCanvas ref={canvas} writesHere={writesHere} evidence={evidence} upload={uploads.send} />
            <Palette />
            <Zoom />
          </div>
        ) : null}
        <ChatField alone={face === 'outline'} />
        {finding > 0 ? (
          <FindBar
            key={finding}
            onClose={() => {
              setFinding(0);
              focusFace();
            }}
          />
        ) : null}
        <Uploads uploads={uploads} />
        {undescribed.length > 0 ? (
          <AltBar
            key={undescribed.join()}
            ids={undescribed}
            onClose={() => {
              setUndescribed([]);
              focusFace();
            }}
          />
        ) : null}
      </main>
      {face !== 'board' ? (
        <SidePanel
          tab={tab}
          onTab={setTab}
          alone={face === 'outline'}
          writesHere={writesIn === 'outline'}
          talk={talk}
          commenting={commenting}
          onCommented={() => setCommenting(null)}
        />
      ) : null}
      <Suspense fallback={null}>
        {asked?.question === 'menu' ? <ActionsMenu asked={asked} onClose={onAnswered} /> : null}
        {asked?.question === 'history' ? <HistoryDialog onClose={onAnswered} /> : null}
      </Suspense>
      {asked?.question === 'picture' ? <PicturePicker onClose={onAnswered} upload={uploads.send} /> : null}
      <QuestionDialog asking={asked} onClose={onAnswered} />
    </div>
  );

  function focusFace(): void {
    if (canvas.current && writing.current === 'board') canvas.current.takeFocus();
    else root.current?.querySelector<HTMLElement>('[data-item][tabindex="0"]')?.focus();
  }
}

/** A dialog that has closed gives the focus back in the next frame, where that is still possible. */
const FRAMES_TO_RESTORE = 3;
const DIALOG = '[role=dialog], [role=alertdialog]';
const LEAVING = ':is([role=dialog], [role=alertdialog])[data-exiting], [data-exiting] :is([role=dialog], [role=alertdialog])';

/** From region to region, the page's bar among them. */
function cycle(root: HTMLElement | null, step: 1 | -1, canvas: BoardCanvasHandle | null): void {
  if (!root) return;
  const bar = document.querySelector<HTMLElement>('header');
  const regions = [...(bar ? [bar] : []), ...root.querySelectorAll<HTMLElement>('[data-landmark]')].filter((each) => each.offsetParent !== null || each === bar);
  // The board holds the bar of what is selected: the innermost region is where one is.
  const at = regions.findLastIndex((each) => each.contains(document.activeElement));
  const order = regions[(at + step + regions.length) % regions.length];
  if (!order) return;
  if (order.dataset.landmark === 'board' && canvas) canvas.takeFocus();
  else (order.querySelector<HTMLElement>('[data-item][tabindex="0"]') ?? order.querySelector<HTMLElement>('button:not([tabindex="-1"]), a[href], input, select, textarea'))?.focus();
}
