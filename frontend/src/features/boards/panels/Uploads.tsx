// Images on their way to the lab: how far each is, and what became of it.
import { useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { upload } from '../../../api/upload';
import { announce, IconButton, useToast } from '../../../ui';
import type { Picture } from '../input';
import type { Uploaded } from '../served';
import styles from './panels.module.css';

interface OnItsWay {
  readonly id: number;
  readonly name: string;
  /** 0 to 1. */
  readonly part: number;
  stop(): void;
}

export interface UploadsState {
  readonly list: readonly OnItsWay[];
  /** Null: it did not work, and that was said. */
  send(file: File): Promise<Picture | null>;
  /** Was this file sent from this page? */
  isNew(file: string | undefined): boolean;
}

/** The server allows no more; told before anything is sent. */
const LARGEST = 15 * 1024 * 1024;

export function useUploads(board: string): UploadsState {
  const toast = useToast();
  const client = useQueryClient();
  const next = useRef(1);
  const sent = useRef(new Set<string>());
  const [list, setList] = useState<readonly OnItsWay[]>([]);
  const send = useCallback(
    async (file: File): Promise<Picture | null> => {
      if (file.size > LARGEST) {
        toast(`“${file.name}” is larger than 15 MB. Make it smaller and try again.`, { tone: 'error' });
        return null;
      }
      const id = next.current++;
      const stopping = new AbortController();
      const change = (part: number) => setList((all) => all.map((each) => (each.id === id ? { ...each, part } : each)));
      setList((all) => [...all, { id, name: file.name, part: 0, stop: () => stopping.abort() }]);
      const form = new FormData();
      form.set('file', file);
      try {
        const done = await upload<Uploaded>(`/api/boards/${board}/images`, form, { onProgress: change, signal: stopping.signal });
        sent.current.add(done.id);
        announce(`${file.name} is on the board.`);
        void client.invalidateQueries({ queryKey: ['challenge'], predicate: ({ queryKey }) => queryKey[2] === 'quota' });
        return { file: done.id, width: done.width, height: done.height };
      } catch (error) {
        if (!stopping.signal.aborted) toast(error instanceof Error ? error.message : 'The image could not be added.', { tone: 'error' });
        return null;
      } finally {
        setList((all) => all.filter((each) => each.id !== id));
      }
    },
    [board, client, toast],
  );
  const isNew = useCallback((file: string | undefined) => file !== undefined && sent.current.has(file), []);
  return useMemo(() => ({ list, send, isNew }), [list, send, isNew]);
}

export function Uploads({ uploads: { list } }: { uploads: UploadsState }) {
  if (list.length === 0) return null;
  return (
    <ul className={`${styles.float} ${styles.uploads}`} aria-label="Images on their way">
      {list.map(({ id, name, part, stop }) => (
        <li key={id}>
          <label>
            <span>{name}</span>
            <progress value={part} max={1} />
          </label>
          <IconButton label={`Stop sending ${name}`} icon={<X aria-hidden />} size="small" onPress={stop} />
        </li>
      ))}
    </ul>
  );
}
