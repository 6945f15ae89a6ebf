export { forgetDevice, unsentOnDevice } from './device';
export {
  RoomProvider,
  type RoomProviderProps,
  RoomScope,
  usePresence,
  useRoom,
  useRoomEvent,
  useRoomState,
  useShared,
} from './hooks';
export { RoomNotices } from './RoomNotices';
export { openRoom } from './room';
export { SavedBadge } from './SavedBadge';
export type * from './types';
