"""The database of all servers: slow, sometimes away, sometimes silent about what it did write."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

from lab.realtime.errors import StaleEpoch, StorageDown
from lab.realtime.ports import Entry, Lease, Logged, RoomName
from lab.realtime.stores.memory import MemoryStore
from tests.support.nodes import ROOM, tokens


class ChanceDisk(MemoryStore):
    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance
        self.known: set[str] = set()
        """Every token that is in the log, of any epoch."""
        self.latency = 0.002
        self.refuses = self.forgets = self.breaks = 0.0
        """How likely it is that an append is refused, that it is made and not confirmed, and that it fails in
        a way nobody expects."""
        self.away = False
        self.moving = asyncio.Event()
        self.moving.set()

    async def _reach(self) -> None:
        await asyncio.sleep(self._chance.expovariate(1 / self.latency))
        await self.moving.wait()
        if self.away:
            raise StorageDown("the disk is away")

    async def _answer(self) -> None:
        """What was read is on its way: it may be old when it arrives."""
        await asyncio.sleep(self._chance.expovariate(1 / self.latency))

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        await self._reach()
        drawn = self._chance.random()
        if drawn < self.refuses:
            raise StorageDown("the disk is full")
        if drawn < self.refuses + self.breaks:
            raise RuntimeError("a bug in a driver")
        results = await super().append(entries)
        for entry, result in zip(entries, results, strict=True):
            if isinstance(result, int):
                self.known |= tokens(entry.update)
        await self._answer()
        if self._chance.random() < self.forgets:
            raise StorageDown("the connection broke during COMMIT")
        return results

    async def open(self, room: RoomName) -> Any:
        await self._reach()
        found = await super().open(room)
        await self._answer()
        return found

    async def since(self, room: RoomName, epoch: int, seq: int, limit: int = 1000) -> list[Logged]:
        await self._reach()
        found = await super().since(room, epoch, seq, limit)
        await self._answer()
        return found

    async def head(self, rooms: Sequence[RoomName]) -> dict[RoomName, tuple[int, int]]:
        await self._reach()
        found = await super().head(rooms)
        await self._answer()
        return found

    async def leases(self, room: RoomName) -> dict[int, Lease]:
        await self._reach()
        found = await super().leases(room)
        await self._answer()
        return found

    async def write_snapshot(self, room: RoomName, epoch: int, seq: int, state: bytes) -> None:
        await self._reach()
        await super().write_snapshot(room, epoch, seq, state)
        await self._answer()

    def mend(self) -> None:
        self.refuses = self.forgets = self.breaks = 0.0
        self.latency = 0.002
        self.away = False
        self.moving.set()

    # -- what the checker looks at

    def log(self) -> list[bytes]:
        return self._rooms[ROOM].log

    def epoch(self) -> int:
        return self._rooms[ROOM].epoch
