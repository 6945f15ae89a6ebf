// One room, opened: the document, the people in it, and how safe its edits are.
import type { Room, RoomOptions } from "./types";

export function openRoom(options: RoomOptions): Room {
  throw new Error(`not yet: ${options.kind}`);
}
