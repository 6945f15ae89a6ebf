// In the page's bar: everything about the board as a whole, and how it is shown.
import { Search, SlidersHorizontal } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { commandOf, run, shown } from '../commands';
import { IconButton, Menu, MenuChoice, MenuItem, MenuLine } from '../../../ui';
import { type Face, setPersonal, usePersonal } from '../personal';
import { useScope, useViewState } from '../scope';
import { useNarrow } from '../useNarrow';

const SaveTemplate = lazy(() => import('./SaveTemplate'));

const WIDE: readonly { id: Face; label: string }[] = [
  { id: 'both', label: 'Board and outline' },
  { id: 'board', label: 'Board only' },
  { id: 'outline', label: 'Outline only' },
];

const ITEMS = ['history', 'export', 'legend', 'removed', 'duplicates', 'settings', 'shortcuts'] as const;

export function BoardMenu() {
  const { view, context, keymap } = useScope();
  const { wide } = usePersonal();
  const narrow = useNarrow();
  const { calm } = useViewState(view);
  const [saving, setSaving] = useState(false);
  const key = (id: string) => {
    const [first] = keymap.keys(commandOf(id));
    return first === undefined ? undefined : shown(first);
  };
  return (
    <>
      {narrow.smallUpright ? null : <IconButton label={`Find on this board (${key('find') ?? ''})`} icon={<Search aria-hidden />} onPress={() => run('find', context)} />}
      <Menu label="Board menu" trigger={<IconButton label="Board menu" icon={<SlidersHorizontal aria-hidden />} />}>
        {narrow.is ? null : <MenuChoice title="Show" value={wide} onChange={(face) => setPersonal({ wide: face })} options={WIDE} />}
        {narrow.is ? null : <MenuLine />}
        <MenuItem onAction={() => run('find', context)} note={key('find')}>
          Find…
        </MenuItem>
        <MenuItem onAction={() => run('chat', context)} note={key('chat')}>
          Say something to those here…
        </MenuItem>
        <MenuItem onAction={() => run('calm', context)} note="No cursors, no motion, one area at a time">
          {calm ? 'Leave calm mode' : 'Calm mode'}
        </MenuItem>
        <MenuLine />
        {ITEMS.map((id) => (
          <MenuItem key={id} note={key(id)} onAction={() => run(id, context)}>
            {commandOf(id).label}
          </MenuItem>
        ))}
        {view.permit().writes ? <MenuItem onAction={() => setSaving(true)}>Keep as a template…</MenuItem> : null}
      </Menu>
      <Suspense fallback={null}>{saving ? <SaveTemplate onClose={() => setSaving(false)} /> : null}</Suspense>
    </>
  );
}
