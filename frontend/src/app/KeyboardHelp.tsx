/** Every key the lab listens to, in one list. */
import { Fragment } from 'react';
import { BESIDES, EDITOR_KEYS, PAGE_KEYS, type Shortcut, written } from '../features/statement/shortcuts';
import { Dialog } from '../ui';
import styles from './KeyboardHelp.module.css';

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const GROUPS: readonly [string, readonly Shortcut[]][] = [
  [
    'Everywhere',
    [
      { what: 'Next, previous control', keys: ['Tab', 'Shift-Tab'] },
      { what: 'Skip to the main content', keys: ['Tab, then Enter, at the top of a page'] },
      { what: 'Close a dialog or menu', keys: ['Escape'] },
    ],
  ],
  ['In a statement', [...PAGE_KEYS, ...BESIDES]],
  ['While writing', EDITOR_KEYS],
  ['In the stages of a challenge', [{ what: 'Move the stage you are in', keys: ['Alt-Up', 'Alt-Down'] }]],
];

export function KeyboardHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Keyboard help" isOpen={isOpen} onClose={onClose}>
      {GROUPS.map(([group, keys]) => (
        <Fragment key={group}>
          <h3 className={styles.group}>{group}</h3>
          <dl className={styles.keys}>
            {keys.map(({ what, keys: pressed }) => (
              <div key={what} className={styles.key}>
                <dt>{what}</dt>
                <dd>
                  {pressed.map((key, index) => (
                    <Fragment key={key}>
                      {index ? ' · ' : null}
                      <kbd>{written(key, mac)}</kbd>
                    </Fragment>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Fragment>
      ))}
    </Dialog>
  );
}
