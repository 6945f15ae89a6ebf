export {
  RoomProvider,
  type RoomProviderProps,
  RoomScope,
  usePresence,
  useRoom,
  useRoomEvent,
  useRoomState,
  useShared,
} from "./hooks";
export { openRoom } from "./room";
export { SavedBadge } from "./SavedBadge";
export type * from "./types";
