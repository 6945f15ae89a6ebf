// The tools that float over the board: what can be made, support, undo. On a phone at the thumb's edge.
import { Heading, Image, Link2, MousePointer2, Plus, Redo2, SquareDashed, Spline, StickyNote, ThumbsUp, Undo2 } from 'lucide-react';
import { useCallback, useSyncExternalStore } from 'react';
import { run } from '../commands';
import { SUPPORT } from '../commands/support';
import { useScope, useObject, usePermit, useViewState } from '../scope';
import { IconButton, Menu, MenuItem } from '../../../ui';
import { CommandButton } from './CommandButton';
import { useToolbar } from './useToolbar';
import styles from './panels.module.css';

export function Palette() {
  const { view, board, context, me } = useScope();
  const { tool, focused, connecting } = useViewState(view);
  const permit = usePermit(view);
  const object = useObject(board, focused);
  const changes = useCallback((changed: () => void) => board.subscribe(changed), [board]);
  const undo = useSyncExternalStore(changes, () => board.canUndo());
  const redo = useSyncExternalStore(changes, () => board.canRedo());
  const bar = useToolbar<HTMLDivElement>(() => undefined);
  const toggle = (wanted: typeof tool) => view.set({ tool: tool === wanted ? 'select' : wanted, connecting: null });
  const supported = object?.reactions.get(SUPPORT)?.includes(me.id) ?? false;

  return (
    <div ref={bar.row} {...bar.props} role="toolbar" aria-label="Board tools" aria-orientation="horizontal" className={`${styles.float} ${styles.palette}`} data-landmark="tools">
      <CommandButton id="tool.select" icon={<MousePointer2 aria-hidden />} pressed={tool === 'select'} />
      {permit.writes ? (
        <>
          <CommandButton id="note.add" icon={<StickyNote aria-hidden />} words="Note" />
          <CommandButton
            id="connect"
            icon={<Spline aria-hidden />}
            words="Connect"
            pressed={tool === 'connect' || connecting !== null}
            onPress={(byKey) => (byKey || object ? run('connect', context) : toggle('connect'))}
          />
          <CommandButton
            id="area.add"
            icon={<SquareDashed aria-hidden />}
            pressed={tool === 'area'}
            onPress={(byKey) => (byKey ? run('area.add', context) : toggle('area'))}
          />
          <CommandButton id="support" icon={<ThumbsUp aria-hidden />} words={supported ? 'Supported' : 'Support'} label={supported ? 'Supported: take it back' : 'Support'} pressed={supported} />
          <Menu label="Add something else" placement="top" trigger={<IconButton label="Add something else" icon={<Plus aria-hidden />} className={styles.tool} />}>
            <MenuItem icon={<Heading aria-hidden />} onAction={() => run('heading.add', context)}>
              Heading
            </MenuItem>
            <MenuItem icon={<Image aria-hidden />} onAction={() => run('picture.add', context)}>
              Image…
            </MenuItem>
            <MenuItem icon={<Link2 aria-hidden />} onAction={() => run('source.add', context)}>
              Link…
            </MenuItem>
          </Menu>
          <span className={styles.line} />
          <CommandButton id="undo" icon={<Undo2 aria-hidden />} label={undo ? `Undo: ${undo}` : 'Undo'} />
          <CommandButton id="redo" icon={<Redo2 aria-hidden />} label={redo ? `Redo: ${redo}` : 'Redo'} />
        </>
      ) : null}
    </div>
  );
}
