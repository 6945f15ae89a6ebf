/** Asks once before something that is hard to take back. The button names the act; nothing here says "OK". */
import { useState, type ReactNode } from 'react';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { FormError } from './FormError';

export interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  confirm: string;
  cancel?: string;
  tone?: 'primary' | 'danger';
  isOpen: boolean;
  onClose: () => void;
  /** Closes when this is done; when it fails, says why and stays. */
  // biome-ignore lint/suspicious/noConfusingVoidType: callers may return a promise or nothing at all
  onConfirm: () => void | Promise<unknown>;
}

export function ConfirmDialog({ tone = 'danger', cancel = 'Cancel', ...props }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  function close() {
    setFailure(null);
    props.onClose();
  }
  async function confirmed() {
    setBusy(true);
    setFailure(null);
    try {
      await props.onConfirm();
      props.onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      role="alertdialog"
      title={props.title}
      isOpen={props.isOpen}
      onClose={close}
      footer={
        <>
          <Button onPress={close}>{cancel}</Button>
          <Button variant={tone} busy={busy} onPress={() => void confirmed()}>
            {props.confirm}
          </Button>
        </>
      }
    >
      {props.children}
      <FormError error={failure} />
    </Dialog>
  );
}
