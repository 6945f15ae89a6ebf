// A button for one command of the list: its key in the tooltip and for assistive technology, its reason when it cannot.
import type { ReactNode, Ref } from 'react';
import { useSyncExternalStore } from 'react';
import { commandOf, isMac, run, shown } from '../commands';
import type { Command } from '../commands/types';
import { useScope } from '../scope';
import styles from './panels.module.css';

interface CommandButtonProps {
  readonly id: string;
  readonly icon: ReactNode;
  /** Beside the icon, where there is room. */
  readonly words?: string;
  /** Instead of the command's own. */
  readonly label?: string;
  readonly pressed?: boolean;
  /** Instead of running the command. `byKey`: not with a pointer. */
  readonly onPress?: (byKey: boolean) => void;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function CommandButton({ id, icon, words, label, pressed, onPress, ref }: CommandButtonProps) {
  const { context } = useScope();
  const command = commandOf(id);
  const keys = useKeys(command);
  const why = command.why(context);
  const name = label ?? command.label;
  const tip = [name, keys[0] && `(${shown(keys[0])})`, why ? `– ${why}` : ''].filter(Boolean).join(' ');
  return (
    <button
      ref={ref}
      type="button"
      className={words ? styles.wordy : styles.tool}
      aria-label={name}
      aria-pressed={pressed}
      aria-keyshortcuts={keys.length > 0 ? keys.map(spelled).join(' ') : undefined}
      aria-disabled={why === null || onPress ? undefined : true}
      title={tip}
      onClick={(event) => (onPress ? onPress(event.detail === 0) : run(id, context))}
    >
      {icon}
      {words ? <span className={styles.toolWords}>{words}</span> : null}
    </button>
  );
}

export function useKeys(command: Command): readonly string[] {
  const { keymap } = useScope();
  return useSyncExternalStore(keymap.subscribe, () => keymap.keys(command));
}

/** As the ARIA attribute wants it: "Control+Shift+Z". */
export function spelled(key: string): string {
  return key.replace(/\bMod\b/, isMac() ? 'Meta' : 'Control').replace(/\+\+$/, '+Plus').replace(/^\+$/, 'Plus');
}
