// Beside what is selected: the things most often done with it. Everything else is under "More".
import { Ellipsis, MessageSquare, Spline, ThumbsUp } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { createPortal } from 'react-dom';
import type { BoardCanvas } from '../canvas/types';
import { commandOf, run } from '../commands';
import { SUPPORT } from '../commands/support';
import { useObject, usePermit, useScope, useViewState } from '../scope';
import { CommandButton } from './CommandButton';
import { useToolbar } from './useToolbar';
import styles from './panels.module.css';

export function SelectionBar({ canvas }: { canvas: BoardCanvas }) {
  const { view, board, context, me } = useScope();
  const { selection, focused, editing, moving, connecting, tool } = useViewState(view);
  const permit = usePermit(view);
  const [only] = selection;
  const id = focused !== null && selection.has(focused) ? focused : (only ?? null);
  const object = useObject(board, id);
  const place = useMemo(() => {
    const element = document.createElement('div');
    element.className = styles.tracked ?? '';
    return element;
  }, []);
  const shown = id !== null && object !== undefined && editing === null && !moving && connecting === null && tool === 'select';
  const bar = useToolbar<HTMLDivElement>(() => canvas.takeFocus());

  useEffect(() => {
    if (!shown || id === null) return;
    canvas.overlay.append(place);
    const stop = canvas.track(place, id, 'below');
    return () => {
      stop();
      place.remove();
    };
  }, [canvas, place, shown, id]);

  if (!shown || !object) return null;
  const supported = object.reactions.get(SUPPORT)?.includes(me.id) ?? false;
  const offered = (command: string) => commandOf(command).why(context) !== '';
  return createPortal(
    <div
      ref={bar.row}
      {...bar.props}
      role="toolbar"
      aria-label={selection.size > 1 ? `${selection.size} selected` : 'Selected'}
      className={`${styles.float} ${styles.selection}`}
      data-landmark="selection"
    >
      {permit.writes && offered('support') ? (
        <CommandButton id="support" icon={<ThumbsUp aria-hidden />} words={supported ? 'Supported' : 'Support'} label={supported ? 'Supported: take it back' : 'Support'} pressed={supported} />
      ) : null}
      {permit.writes && offered('colour') ? (
        <CommandButton id="colour" icon={<span className={styles.swatch} data-colour={object.colour} aria-hidden="true" />} label={`Colour: ${object.colour}`} />
      ) : null}
      {permit.writes && offered('connect') ? <CommandButton id="connect" icon={<Spline aria-hidden />} /> : null}
      {offered('comment') ? <CommandButton id="comment" icon={<MessageSquare aria-hidden />} /> : null}
      <CommandButton id="menu" icon={<Ellipsis aria-hidden />} label="More actions" onPress={() => run('menu', context)} />
    </div>,
    place,
  );
}
