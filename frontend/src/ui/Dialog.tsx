/** A modal conversation: focus goes in, stays in, and returns to where it came from. Escape closes it. */
import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton';
import { names } from './names';

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Buttons, the main one last. For a form, leave it out and let the form bring its own `DialogActions`. */
  footer?: ReactNode;
  wide?: boolean;
  role?: 'dialog' | 'alertdialog';
}

export function Dialog({ title, isOpen, onClose, children, footer, wide, role = 'dialog' }: DialogProps) {
  useWayBack(isOpen);
  return (
    <ModalOverlay
      className={styles.overlay}
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable={role === 'dialog'}
    >
      <Modal className={names(styles.modal, wide && styles.wide)}>
        <AriaDialog className={styles.dialog} role={role}>
          <div className={styles.head}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label="Close" icon={<X aria-hidden />} onPress={onClose} />
          </div>
          <div className={styles.body}>{children}</div>
          {footer ? <div className={styles.foot}>{footer}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/**
 * Where focus goes when a dialog has gone and left it nowhere. The library gives it back to what opened the dialog,
 * but a list drawn anew in the same breath may take that away: then the page itself gets it.
 */
function useWayBack(isOpen: boolean): void {
  const open = useRef(false);
  const from = useRef<Element | null>(null);
  // While drawing: once the dialog is there, focus is inside it.
  if (isOpen && !open.current) from.current = document.activeElement;
  open.current = isOpen;

  useEffect(() => {
    if (!isOpen) return;
    return () => {
      const back = from.current;
      const settle = () => {
        if (document.activeElement !== document.body) return;
        const place = back?.isConnected && back !== document.body ? back : document.getElementById('main');
        if (place instanceof HTMLElement) place.focus();
      };
      requestAnimationFrame(() => requestAnimationFrame(settle));
    };
  }, [isOpen]);
}

/** The last row of a form inside a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
