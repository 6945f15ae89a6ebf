// React's view of a room: a context and small hooks that only listen.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type * as Y from 'yjs';
import { openRoom } from './room';
import { type PresenceList, presences, samePresences } from './presence';
import type { Describe, Room, RoomEvent, RoomEventOf, RoomKind, RoomState } from './types';

const RoomContext = createContext<Room | null>(null);

export interface RoomProviderProps {
  readonly kind: RoomKind;
  /** The key of the room: for a statement, the challenge's id. */
  readonly id: string;
  readonly schema: number | null;
  readonly person: { readonly id: string; readonly name: string };
  readonly persist: boolean;
  /** The same function every time: another one is another room. */
  readonly describe?: Describe;
  /** Shown until the room object exists (one frame), not until it is connected. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

/** Opens the room while mounted. Another kind, id or person is another room. */
export function RoomProvider({ kind, id, schema, person, persist, describe, fallback, children }: RoomProviderProps) {
  const [room, setRoom] = useState<Room | null>(null);
  const { id: personId, name } = person;
  useEffect(() => {
    const opened = openRoom({ kind, key: id, schema, person: { id: personId, name }, persist, ...(describe && { describe }) });
    setRoom(opened);
    return () => {
      setRoom(null);
      void opened.close();
    };
  }, [kind, id, schema, personId, name, persist, describe]);
  if (room === null) return fallback ?? null;
  return <RoomContext value={room}>{children}</RoomContext>;
}

/** For rooms opened elsewhere (tests, stories). */
export function RoomScope({ room, children }: { readonly room: Room; readonly children: ReactNode }) {
  return <RoomContext value={room}>{children}</RoomContext>;
}

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (room === null) throw new Error('useRoom needs a RoomProvider above it.');
  return room;
}

export function useRoomState(): RoomState {
  const room = useRoom();
  return useSyncExternalStore(
    useCallback((changed) => room.subscribe(changed), [room]),
    useCallback(() => room.state(), [room]),
  );
}

/** `listener` may change on every render; the subscription does not. */
export function useRoomEvent<T extends RoomEvent['type']>(
  type: T,
  listener: (event: RoomEventOf<T>) => void,
): void {
  const room = useRoom();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => room.onEvent(type, (event) => latest.current(event)), [room, type]);
}

/** Who is here, yourself first, one entry per person. */
export function usePresence(): PresenceList {
  const room = useRoom();
  const { generation, you } = useRoomState();
  const last = useRef<PresenceList>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `generation` says that room.awareness is another
  const subscribe = useCallback(
    (changed: () => void) => {
      const { awareness } = room;
      awareness.on('change', changed);
      return () => awareness.off('change', changed);
    },
    [room, generation],
  );
  return useSyncExternalStore(subscribe, () => {
    const next = presences(room.awareness.getStates(), room.awareness.clientID, you);
    if (!samePresences(last.current, next)) last.current = next;
    return last.current;
  });
}

/** A value read from the document; renders again when, and only when, the value changes. */
export function useShared<T>(read: (doc: Y.Doc) => T, same: (a: T, b: T) => boolean = Object.is): T {
  const room = useRoom();
  const { generation } = useRoomState();
  const last = useRef<{ value: T } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `generation` says that room.doc is another
  const subscribe = useCallback(
    (changed: () => void) => {
      const { doc } = room;
      doc.on('afterTransaction', changed);
      return () => doc.off('afterTransaction', changed);
    },
    [room, generation],
  );
  return useSyncExternalStore(subscribe, () => {
    const value = read(room.doc);
    if (last.current === null || !same(last.current.value, value)) last.current = { value };
    return last.current.value;
  });
}
