"""Upkeep: what follows from a room's durable edits, in its own time: derived rows, a shorter log."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import structlog
from pycrdt import Doc

from .ports import RoomKind, RoomName
from .surroundings import Surroundings

log = structlog.get_logger(__name__)


class Kept(Protocol):
    """A room, as far as its upkeep is concerned."""

    name: RoomName
    key: str
    kind: RoomKind
    epoch: int

    @property
    def document(self) -> Doc[Any] | None: ...


class Upkeep:
    def __init__(self, room: Kept, around: Surroundings) -> None:
        self._room = room
        self._around = around
        self._updates = self._bytes = 0
        """Since the last snapshot, as far as this node knows."""
        self._compacting = False
        self._unsaved: set[str] = set()
        self._deriving: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def loaded(self, updates: int, size: int) -> None:
        self._updates, self._bytes = updates, size

    def logged(self, size: int) -> None:
        self._updates += 1
        self._bytes += size

    def saved(self, principals: set[str]) -> None:
        """Edits of these became durable through this node."""
        self._unsaved |= principals
        if self._deriving is None or self._deriving.done():
            self._deriving = self._around.spawn(self._derive_later(), f"derive {self._room.name}")
        options = self._around.options
        if not self._compacting and (
            self._updates >= options.compact_updates or self._bytes >= options.compact_bytes
        ):
            self._compacting = True
            self._around.spawn(self._compact(), f"compact {self._room.name}")

    async def close(self) -> None:
        self.hurry()
        if self._deriving is not None:
            await self._deriving
        await self._derive()

    def hurry(self) -> None:
        self._hurry.set()

    async def _derive_later(self) -> None:
        try:
            async with asyncio.timeout(self._around.options.saved_seconds):
                await self._hurry.wait()
        except TimeoutError:
            pass
        await self._derive()

    async def _derive(self) -> None:
        document = self._room.document
        if not self._unsaved or document is None:
            return
        principals, self._unsaved = frozenset(self._unsaved), set()
        try:
            await self._room.kind.saved(self._room.key, document, principals)
        except Exception:
            log.exception("saved_hook_failed", room=self._room.name)

    async def _compact(self) -> None:
        self._updates = self._bytes = 0
        store, stats = self._around.store, self._around.stats
        try:
            stored = await store.open(self._room.name)
            if stored is None or stored.epoch != self._room.epoch or not stored.tail:
                return
            state = await self._around.work.fold(stored.snapshot, [row.update for row in stored.tail])
            await store.write_snapshot(self._room.name, stored.epoch, stored.head, state)
            stats.compactions += 1
        except Exception:
            # The log has it all; a later attempt folds more.
            stats.compaction_failures += 1
            log.exception("compaction_failed", room=self._room.name)
        finally:
            self._compacting = False
