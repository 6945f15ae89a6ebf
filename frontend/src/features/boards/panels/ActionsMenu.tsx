// Everything that can be done with what is chosen, from the one list of commands; where one pointed or where the focus is.
import { useEffect, useMemo, useRef, useState } from 'react';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { shown } from '../commands';
import type { Asking, Command, Group } from '../commands/types';
import { beside, exchange } from '../outline/actions';
import { useScope } from '../scope';
import styles from './panels.module.css';

interface ActionsMenuProps {
  readonly asked: Asking;
  readonly onClose: () => void;
}

const OF_OBJECTS: readonly Group[] = ['Write', 'Move', 'Arrange', 'Connect', 'Talk', 'Lock'];
const OF_BOARD: readonly Group[] = ['Write', 'Look', 'Board'];
/** Making something new is no act upon what is chosen. */
const MAKING = ['note.add', 'heading.add', 'area.add', 'picture.add', 'source.add'];
const NOT_HERE = ['menu', 'chat'];

export default function ActionsMenu({ asked, onClose }: ActionsMenuProps) {
  const { view, board, context, commands, keymap } = useScope();
  const anchor = useRef<HTMLSpanElement>(null);
  const [place] = useState(() => placeOf(asked));
  const [open, setOpen] = useState(false);
  // The anchor has to be in the page before the menu looks for it.
  useEffect(() => setOpen(true), []);
  const [focused] = asked.ids;
  const sections = useMemo(() => {
    const groups = asked.ids.length > 0 ? OF_OBJECTS : OF_BOARD;
    return groups
      .map((group) => ({ group, items: commands.filter((command) => command.group === group && offered(command, asked.ids.length > 0)) }))
      .map(({ group, items }) => ({ group, items: items.map((command) => ({ command, why: command.why(context) })).filter(({ why }) => why !== '') }))
      .filter(({ items }) => items.length > 0);
  }, [asked, commands, context]);

  /** Once the menu has given the focus back. */
  const later = (act: () => void) => {
    close();
    setTimeout(act, 0);
  };
  const close = () => {
    setOpen(false);
    onClose();
  };
  const steps = focused !== undefined && asked.ids.length === 1 && board.get(focused)?.kind !== 'connector' && view.permit().why('move', focused) === null;

  return (
    <>
      <span ref={anchor} className={styles.anchor} style={place} />
      <Popover aria-label={asked.ids.length > 0 ? 'Actions' : 'Board'} triggerRef={anchor} isOpen={open} onOpenChange={(next) => !next && close()} placement="bottom start" offset={4} className={styles.menuBox}>
        <Menu aria-label={asked.ids.length > 0 ? 'Actions' : 'Board'} autoFocus="first" className={styles.menu}>
          {sections.map(({ group, items }) => (
            <MenuSection key={group} aria-label={group}>
              <Header className={styles.menuHead}>{group}</Header>
              {items.map(({ command, why }) => (
                <MenuItem
                  key={command.id}
                  id={command.id}
                  textValue={command.label}
                  isDisabled={why !== null}
                  className={styles.menuItem}
                  onAction={() => later(() => command.run(context))}
                >
                  <span>
                    {command.label}
                    {why ? <span className={styles.menuWhy}>{why}</span> : null}
                  </span>
                  {keymap.keys(command)[0] ? <kbd>{shown(keymap.keys(command)[0] ?? '')}</kbd> : null}
                </MenuItem>
              ))}
              {group === 'Move' && steps && focused !== undefined
                ? ([-1, 1] as const).map((step) =>
                    beside(board, focused, step) === null ? null : (
                      <MenuItem key={step} id={`step${step}`} textValue={STEPS[step].label} className={styles.menuItem} onAction={() => later(() => exchange(view, focused, step))}>
                        <span>{STEPS[step].label}</span>
                        <kbd>{shown(STEPS[step].key)}</kbd>
                      </MenuItem>
                    ),
                  )
                : null}
            </MenuSection>
          ))}
        </Menu>
      </Popover>
    </>
  );
}

const STEPS = {
  [-1]: { label: 'Change places with the one before', key: 'Alt+ArrowUp' },
  1: { label: 'Change places with the one after', key: 'Alt+ArrowDown' },
} as const;

function offered(command: Command, ofObjects: boolean): boolean {
  if (command.quiet || command.typing === 'only' || NOT_HERE.includes(command.id)) return false;
  return MAKING.includes(command.id) !== ofObjects;
}

/** In the window. Where one pointed, else under what has the focus. */
function placeOf({ payload }: Asking): { left: number; top: number; width: number; height: number } {
  const board = document.querySelector('[data-landmark="board"]')?.getBoundingClientRect();
  const at = payload as { x: number; y: number } | undefined;
  if (board && typeof at?.x === 'number' && typeof at.y === 'number') return { left: board.left + at.x, top: board.top + at.y, width: 1, height: 1 };
  const box = document.activeElement?.getBoundingClientRect();
  const most = { x: window.innerWidth - 8, y: window.innerHeight - 8 };
  if (!box) return { left: most.x / 2, top: most.y / 2, width: 1, height: 1 };
  const left = Math.min(Math.max(8, box.left), most.x);
  const top = Math.min(Math.max(8, box.top), most.y);
  return { left, top, width: Math.max(1, Math.min(box.right, most.x) - left), height: Math.max(1, Math.min(box.bottom, most.y) - top) };
}
