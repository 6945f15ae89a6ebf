"""The store that forgets: rooms in this process's memory, with every promise but durability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.realtime.errors import RoomNotFound, StaleEpoch
from lab.realtime.ports import Entry, Lease, Logged, RoomExists, RoomName, StoredRoom


@dataclass(slots=True)
class _Room:
    schema: int
    epoch: int = 1
    logs: dict[int, list[bytes]] = field(default_factory=dict)
    snapshot: bytes | None = None
    snapshot_seq: int = 0
    leases: dict[int, Lease] = field(default_factory=dict)

    @property
    def log(self) -> list[bytes]:
        return self.logs.setdefault(self.epoch, [])

    def after(self, seq: int, limit: int | None = None) -> list[Logged]:
        end = None if limit is None else seq + limit
        return [Logged(number, update) for number, update in enumerate(self.log[seq:end], start=seq + 1)]


class MemoryStore:
    """Several engines may share one: they are then nodes on one database. `within` is not joined."""

    def __init__(self) -> None:
        self._rooms: dict[RoomName, _Room] = {}

    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None:
        if room in self._rooms:
            raise RoomExists(room)
        created = self._rooms[room] = _Room(schema)
        if seed is not None:
            created.log.append(seed)

    async def open(self, room: RoomName) -> StoredRoom | None:
        found = self._rooms.get(room)
        if found is None:
            return None
        return StoredRoom(
            room,
            found.epoch,
            found.schema,
            len(found.log),
            found.snapshot,
            found.snapshot_seq,
            tuple(found.after(found.snapshot_seq)),
            dict(found.leases),
        )

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        return [self._append(entry) for entry in entries]

    def _append(self, entry: Entry) -> int | StaleEpoch:
        found = self._rooms.get(entry.room)
        if found is None or found.epoch != entry.epoch:
            return StaleEpoch(f"{entry.room} is not at epoch {entry.epoch}")
        found.log.append(entry.update)
        for client in entry.new_clients:
            found.leases.setdefault(client, Lease(entry.principal, entry.epoch))
        return len(found.log)

    async def since(self, room: RoomName, epoch: int, seq: int, limit: int = 1000) -> list[Logged]:
        found = self._rooms.get(room)
        if found is None or found.epoch != epoch:
            raise StaleEpoch(f"{room} is not at epoch {epoch}")
        return found.after(seq, limit)

    async def head(self, rooms: Sequence[RoomName]) -> dict[RoomName, tuple[int, int]]:
        return {
            room: (found.epoch, len(found.log))
            for room in rooms
            if (found := self._rooms.get(room)) is not None
        }

    async def leases(self, room: RoomName) -> dict[int, Lease]:
        found = self._rooms.get(room)
        return {} if found is None else dict(found.leases)

    async def write_snapshot(self, room: RoomName, epoch: int, seq: int, state: bytes) -> None:
        found = self._rooms.get(room)
        if found is None or found.epoch != epoch or (found.snapshot is not None and seq < found.snapshot_seq):
            return
        if seq > len(found.log):
            raise ValueError(f"a snapshot of {room} up to {seq}, but its log ends at {len(found.log)}")
        found.snapshot, found.snapshot_seq = state, seq

    async def new_epoch(
        self, room: RoomName, seed: bytes, *, schema: int | None = None, within: Any = None
    ) -> int:
        found = self._rooms.get(room)
        if found is None:
            raise RoomNotFound(f"There is no room {room}.")
        found.epoch += 1
        found.snapshot, found.snapshot_seq = None, 0
        found.log.append(seed)
        if schema is not None:
            found.schema = schema
        return found.epoch

    async def delete(self, room: RoomName, *, within: Any = None) -> None:
        self._rooms.pop(room, None)
