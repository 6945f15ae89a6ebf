// How safe the person's work is, in words, at every width.
import { useRoomState } from "./hooks";

export function SavedBadge() {
  const state = useRoomState();
  return <span>{state.saved}</span>;
}
