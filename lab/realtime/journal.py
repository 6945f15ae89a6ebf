"""The journal: one writer that makes accepted updates durable, in order, as many at a time as are waiting.

No timer: while one append is on its way to the disk, the next batch gathers by itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Protocol

import structlog

from .errors import RealtimeError, StaleEpoch, StorageDown
from .options import Options, Stats
from .ports import Entry, RoomName, Store

log = structlog.get_logger(__name__)

Result = int | StaleEpoch | StorageDown
"""The sequence an entry got in its room's log, or why it is not in the log."""


class Submitter(Protocol):
    """A room, as far as the journal is concerned."""

    @property
    def name(self) -> RoomName: ...

    def settled(self, results: Sequence[Result]) -> None:
        """What became of the oldest entries it submitted, in the order in which it submitted them. After a
        StorageDown, all it had submitted so far is settled."""


Waiting = tuple[Submitter, Entry]


class Journal:
    def __init__(self, store: Store, options: Options, stats: Stats) -> None:
        self._store = store
        self._options = options
        self._stats = stats
        self._waiting: deque[Waiting] = deque()
        self._held = 0
        self._filled = asyncio.Event()
        self._below = asyncio.Event()
        self._below.set()
        self._idle = asyncio.Event()
        self._idle.set()

    def submit(self, room: Submitter, entry: Entry) -> None:
        self._waiting.append((room, entry))
        self._held += len(entry.update)
        self._filled.set()
        self._idle.clear()
        if len(self._waiting) >= self._options.journal_entries or self._held >= self._options.journal_bytes:
            self._below.clear()

    @property
    def depth(self) -> int:
        return len(self._waiting)

    async def admit(self) -> None:
        """Returns when there is room for more."""
        await self._below.wait()

    async def flushed(self) -> None:
        """Returns when everything submitted so far is settled."""
        await self._idle.wait()

    async def run(self) -> None:
        while True:
            await self._filled.wait()
            batch = self._next()
            started = asyncio.get_running_loop().time()
            results = await self._append(batch)
            self._stats.append_seconds += asyncio.get_running_loop().time() - started
            if any(isinstance(result, StorageDown) for result in results):
                self._give_up(batch, results)
            self._settle(batch, results)
            if not self._waiting:
                self._filled.clear()
                self._idle.set()

    def _next(self) -> list[Waiting]:
        batch: list[Waiting] = []
        size = 0
        while self._waiting and len(batch) < self._options.batch_entries and size < self._options.batch_bytes:
            waiting = self._waiting.popleft()
            size += len(waiting[1].update)
            batch.append(waiting)
        self._held -= size
        self._below.set()
        return batch

    async def _append(self, batch: list[Waiting]) -> list[Result]:
        entries = [entry for _, entry in batch]
        for wait in (*self._options.journal_retries, None):
            try:
                results: list[Result] = list(await self._store.append(entries))
            except Exception as error:
                self._stats.append_failures += 1
                if not isinstance(error, RealtimeError):
                    log.exception("append_failed", entries=len(entries))
                    if len({entry.room for entry in entries}) > 1:
                        # One room's trouble is not another's.
                        return await self._append_apart(batch)
                if wait is not None:
                    await asyncio.sleep(wait)
            else:
                self._stats.appends += 1
                self._stats.entries_appended += len(entries)
                return results
        down = StorageDown("Your last edits could not be stored. They are kept on your device.")
        return [down] * len(batch)

    async def _append_apart(self, batch: list[Waiting]) -> list[Result]:
        results: dict[int, Result] = {}
        for name in dict.fromkeys(entry.room for _, entry in batch):
            places = [at for at, (_, entry) in enumerate(batch) if entry.room == name]
            results.update(zip(places, await self._append([batch[at] for at in places]), strict=True))
        return [results[at] for at in range(len(batch))]

    def _give_up(self, batch: list[Waiting], results: list[Result]) -> None:
        """What waits behind a lost entry of its room builds on it: it is lost too."""
        failed = {
            id(room)
            for (room, _), result in zip(batch, results, strict=True)
            if isinstance(result, StorageDown)
        }
        down = next(result for result in results if isinstance(result, StorageDown))
        kept: deque[Waiting] = deque()
        for waiting in self._waiting:
            if id(waiting[0]) in failed:
                batch.append(waiting)
                results.append(down)
                self._held -= len(waiting[1].update)
            else:
                kept.append(waiting)
        self._waiting = kept
        self._stats.entries_lost += sum(isinstance(result, StorageDown) for result in results)
        log.error("storage_down", rooms=len(failed), entries=len(results))

    def _settle(self, batch: list[Waiting], results: list[Result]) -> None:
        per_room: dict[int, tuple[Submitter, list[Result]]] = {}
        for (room, _), result in zip(batch, results, strict=True):
            per_room.setdefault(id(room), (room, []))[1].append(result)
        for room, some in per_room.values():
            try:
                room.settled(some)
            except Exception:
                log.exception("settling_failed", room=room.name)
