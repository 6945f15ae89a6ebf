/** A passing word about what was just done. Errors wait to be dismissed; the rest leave by themselves. */
import { X } from 'lucide-react';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { Button } from './Button';
import { IconButton } from './IconButton';
import styles from './Toast.module.css';

export interface ToastOptions {
  tone?: 'error';
  /** One thing to do about it, e.g. take it back. A toast with an action stays until it is dismissed. */
  action?: { label: string; run: () => void };
}
interface Shown extends ToastOptions {
  id: number;
  text: string;
}
export type ShowToast = (text: string, options?: ToastOptions) => void;

const LEAVES_AFTER = 7_000;
const AT_ONCE = 3;
const Toasts = createContext<ShowToast | null>(null);

export function useToast(): ShowToast {
  const show = useContext(Toasts);
  if (!show) throw new Error('useToast needs a ToastProvider above it.');
  return show;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Shown[]>([]);
  const next = useRef(1);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback<ShowToast>(
    (text, options = {}) => {
      const id = next.current++;
      setToasts((all) => [...all.slice(1 - AT_ONCE), { id, text, ...options }]);
      if (options.tone !== 'error' && !options.action) setTimeout(() => dismiss(id), LEAVES_AFTER);
    },
    [dismiss],
  );
  const polite = useMemo(() => toasts.filter((toast) => toast.tone !== 'error'), [toasts]);
  const urgent = useMemo(() => toasts.filter((toast) => toast.tone === 'error'), [toasts]);

  return (
    <Toasts value={show}>
      {children}
      <div className={styles.region} data-react-aria-top-layer="true">
        <div role="alert">{urgent.map((toast) => <One key={toast.id} toast={toast} dismiss={dismiss} />)}</div>
        <div role="status">{polite.map((toast) => <One key={toast.id} toast={toast} dismiss={dismiss} />)}</div>
      </div>
    </Toasts>
  );
}

function One({ toast, dismiss }: { toast: Shown; dismiss: (id: number) => void }) {
  const { action } = toast;
  return (
    <div className={styles.toast}>
      <span className={styles.text}>{toast.text}</span>
      {action ? (
        <Button
          size="small"
          onPress={() => {
            action.run();
            dismiss(toast.id);
          }}
        >
          {action.label}
        </Button>
      ) : null}
      <IconButton label="Dismiss" icon={<X aria-hidden />} onPress={() => dismiss(toast.id)} />
    </div>
  );
}
