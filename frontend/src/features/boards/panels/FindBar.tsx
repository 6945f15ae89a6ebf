// Finding by what is written: how many there are is said, Enter goes from one to the next.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { announce, IconButton } from '../../../ui';
import { run } from '../commands';
import { find } from '../model';
import { useScope, useViewPart } from '../scope';
import styles from './panels.module.css';

const PAUSE = 200;

export function FindBar({ onClose }: { onClose: () => void }) {
  const { view, board, context, served, person } = useScope();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const found = useViewPart(view, ({ state }) => state().found);
  const focused = useViewPart(view, ({ state }) => state().focused);
  const at = focused === null ? -1 : found.indexOf(focused);

  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => {
      const names = served.authors === 'hidden' ? undefined : (id: string) => person(id)?.name ?? null;
      const next = query.trim() === '' ? [] : find(board, query, names);
      view.set({ found: next });
      if (query.trim() !== '') announce(words(next.length));
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [view, board, query, served.authors, person]);

  function go(step: 1 | -1): void {
    run(step === 1 ? 'find.next' : 'find.previous', context);
    // Going on must not need the mouse: focus stays here.
    field.current?.focus();
  }
  function close(): void {
    view.set({ found: [] });
    onClose();
  }

  return (
    <search className={`${styles.float} ${styles.find}`} aria-label="Find on this board" data-landmark="find">
      <input
        ref={field}
        type="search"
        autoComplete="off"
        aria-label="Find"
        placeholder="Words, #tag or a name"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') {
            event.preventDefault();
            go(event.shiftKey ? -1 : 1);
          } else if (event.key === 'Escape') {
            event.preventDefault();
            close();
          }
        }}
      />
      <span className={styles.count}>{query.trim() === '' ? '' : at >= 0 ? `${at + 1} of ${found.length}` : words(found.length)}</span>
      <IconButton label="Previous found" icon={<ChevronUp aria-hidden />} size="small" isDisabled={found.length === 0} onPress={() => go(-1)} />
      <IconButton label="Next found" icon={<ChevronDown aria-hidden />} size="small" isDisabled={found.length === 0} onPress={() => go(1)} />
      <IconButton label="Close" icon={<X aria-hidden />} size="small" onPress={close} />
    </search>
  );
}

function words(count: number): string {
  return count === 0 ? 'Nothing found' : `${count} found`;
}
