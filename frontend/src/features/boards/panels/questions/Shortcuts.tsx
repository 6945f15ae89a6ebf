// Every command with its keys: to be searched, switched off and given other keys, for one person on one device.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button, Checkbox, ConfirmDialog, Dialog, TextField } from '../../../../ui';
import { isSingle, names as namesOf, shown } from '../../commands/keys';
import { isMac } from '../../commands';
import type { Command, Group } from '../../commands/types';
import { useScope, useViewState } from '../../scope';
import type { Permit } from '../../view/types';
import styles from './questions.module.css';
import type { QuestionProps } from './types';

const GROUPS: readonly Group[] = ['Write', 'Select', 'Move', 'Arrange', 'Connect', 'Look', 'Talk', 'Lock', 'Board'];
const WRITING: readonly Group[] = ['Write', 'Move', 'Arrange', 'Connect', 'Lock'];
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead'];

export default function Shortcuts({ onClose }: QuestionProps) {
  const { view, commands, keymap } = useScope();
  const { letters } = useViewState(view);
  useKeymap(keymap);
  const [wanted, setWanted] = useState('');
  const [changing, setChanging] = useState<string | null>(null);
  const [resetting, setResetting] = useState(false);
  const words = wanted.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const mine = commands.filter(
    (command) => mayEver(command, view.permit()) && words.every((word) => `${command.label} ${keymap.keys(command).map((key) => shown(key)).join(' ')}`.toLocaleLowerCase().includes(word)),
  );
  return (
    <Dialog
      title="Keyboard shortcuts"
      isOpen
      onClose={onClose}
      wide
      footer={
        <>
          <Button onPress={() => setResetting(true)}>Reset all</Button>
          <Button variant="primary" onPress={onClose}>
            Done
          </Button>
        </>
      }
    >
      <Checkbox
        checked={letters}
        onChange={(on) => view.set({ letters: on })}
        hint="Off: only keys together with Ctrl, Alt or Command, arrows and Enter act. Good for voice typing and unsteady hands."
      >
        Single letters and signs act while the board has the focus
      </Checkbox>
      <TextField label="Search" type="search" autoComplete="off" value={wanted} onChange={setWanted} />
      <p className={styles.count} role="status">
        {words.length > 0 ? `${mine.length} found` : ''}
      </p>
      {GROUPS.map((group) => {
        const inside = mine.filter((command) => command.group === group && (keymap.keys(command).length > 0 || !command.quiet));
        return inside.length === 0 ? null : (
          <section key={group} aria-label={group}>
            <h3 className={styles.groupTitle}>{group}</h3>
            <table className={styles.keys}>
              <tbody>
                {inside.map((command) => (
                  <tr key={command.id}>
                    <th scope="row">{command.label}</th>
                    <td>
                      {changing === command.id ? (
                        <Capture command={command} done={() => setChanging(null)} />
                      ) : (
                        <Keys command={command} off={!letters} change={command.native ? undefined : () => setChanging(command.id)} />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        );
      })}
      <ConfirmDialog
        title="Reset all shortcuts?"
        confirm="Reset"
        tone="primary"
        isOpen={resetting}
        onClose={() => setResetting(false)}
        onConfirm={() => keymap.reset()}
      >
        <p>Every command gets the keys it came with.</p>
      </ConfirmDialog>
    </Dialog>
  );
}

function Keys({ command, off, change }: { command: Command; off: boolean; change: (() => void) | undefined }) {
  const { keymap } = useScope();
  const keys = keymap.keys(command);
  return (
    <>
      {keys.map((key, at) => (
        <span key={key}>
          {at > 0 ? ' or ' : ''}
          <kbd>{shown(key)}</kbd>
          {off && isSingle(key) ? <span className={styles.note}> (off)</span> : null}
        </span>
      ))}
      {keys.length === 0 ? <span className={styles.note}>none</span> : null}{' '}
      {change ? (
        <Button size="small" variant="quiet" aria-label={`Change the keys of ${command.label}`} onPress={change}>
          Change
        </Button>
      ) : null}
    </>
  );
}

/** The next key pressed becomes the command's. Escape leaves it, Backspace takes every key away. */
function Capture({ command, done }: { command: Command; done: () => void }) {
  const { view, keymap } = useScope();
  const field = useRef<HTMLInputElement>(null);
  const [clash, setClash] = useState<string | null>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <>
      <input
        ref={field}
        className={styles.capture}
        readOnly
        aria-label={`New key for ${command.label}. Escape keeps the old one, Backspace takes it away.`}
        aria-describedby={`clash-${command.id}`}
        value="Press a key"
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Tab' || MODIFIERS.includes(event.key)) return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === 'Escape') return done();
          if (event.key === 'Backspace') {
            keymap.remap(command.id, []);
            view.say(`${command.label} has no key now.`);
            return done();
          }
          const [name] = namesOf(event.nativeEvent, isMac());
          if (name === undefined) return;
          const others = keymap.clashes(command.id, name);
          if (others.length > 0) {
            setClash(`${shown(name)} belongs to ${others.map(({ label }) => label).join(', ')}. Press another.`);
            return;
          }
          keymap.remap(command.id, [name]);
          view.say(`${command.label}: ${shown(name)}.`);
          done();
        }}
      />
      <span id={`clash-${command.id}`} role="status" className={styles.note}>
        {clash}
      </span>
    </>
  );
}

function useKeymap(keymap: ReturnType<typeof useScope>['keymap']): void {
  const version = useRef(0);
  useSyncExternalStore(
    (changed) =>
      keymap.subscribe(() => {
        version.current += 1;
        changed();
      }),
    () => version.current,
  );
}

/** Is it ever for this role? What can be done at this moment changes too often to leave things out of a list. */
function mayEver(command: Command, permit: Permit): boolean {
  if (command.id === 'area.rules') return permit.leads;
  return permit.writes || !WRITING.includes(command.group);
}
