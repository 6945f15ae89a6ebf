/** Every key the lab listens to, in one list. */
import { Fragment } from 'react';
import { Dialog } from '../ui';
import styles from './KeyboardHelp.module.css';

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
const ctrl = mac ? 'Cmd' : 'Ctrl';
const alt = mac ? 'Option' : 'Alt';

const GROUPS: readonly [string, readonly [string, readonly string[]][]][] = [
  [
    'Everywhere',
    [
      ['Next, previous control', ['Tab', 'Shift+Tab']],
      ['Skip to the main content', ['Tab, then Enter, at the top of a page']],
      ['Close a dialog or menu', ['Escape']],
    ],
  ],
  [
    'In a statement',
    [
      ['Bold, italic', [`${ctrl}+B`, `${ctrl}+I`]],
      ['Link', [`${ctrl}+K`]],
      ['Headings, lists, tables', ['/ on an empty line']],
      ['Undo and redo your own changes', [`${ctrl}+Z`, `${ctrl}+Shift+Z`]],
      ['Go to the toolbar, and back', [`${alt}+F10`, 'Escape']],
      ['Comment on the selected words', [`${ctrl}+${alt}+M`]],
      ['Next comment', ['F7']],
      ['Leave the text', ['Escape, then Tab']],
    ],
  ],
];

export function KeyboardHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Keyboard help" isOpen={isOpen} onClose={onClose}>
      {GROUPS.map(([group, keys]) => (
        <Fragment key={group}>
          <h3 className={styles.group}>{group}</h3>
          <dl className={styles.keys}>
            {keys.map(([what, pressed]) => (
              <div key={what} className={styles.key}>
                <dt>{what}</dt>
                <dd>
                  {pressed.map((key, index) => (
                    <Fragment key={key}>
                      {index ? ' · ' : null}
                      <kbd>{key}</kbd>
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
