"""Following: keeps a room in line with its log, to which other nodes write too.

The log is the truth. Bulletins of other nodes save a look at it as long as they follow on what is known; a
hole, a broken subscription or a tick of the clock makes this node read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from . import bulletin
from .errors import Outdated, StaleEpoch
from .ports import Lease, RoomName
from .replica import Replica
from .surroundings import Surroundings

log = structlog.get_logger(__name__)

PULL = 1_000
BREATH = 50
"""Rows applied before others get their turn."""


class Followed(Protocol):
    """A room, as far as its log is concerned."""

    name: RoomName
    epoch: int
    retired: bool

    @property
    def loaded(self) -> bool: ...

    async def usable(self) -> Replica: ...

    def learn(self, update: bytes, *, apply: bool) -> bool:
        """Somebody else's row: apply it and pass it on. False: it could not be applied at this moment."""

    def learn_leases(self, leases: Mapping[int, Lease]) -> None: ...

    def outdated(self) -> None:
        """The room has another epoch by now."""

    def told(self, message: bulletin.Here | bulletin.WhoIsThere | bulletin.Told) -> None: ...


class Following:
    def __init__(self, room: Followed, around: Surroundings) -> None:
        self._room = room
        self._around = around
        self._seen = 0
        """Everything in the log up to this was passed on here."""
        self._applied = 0
        """Everything up to this was in the replica when it was loaded."""
        self._ahead: set[int] = set()
        """Beyond a hole in what we have seen, but our own and passed on."""
        self._pulling = asyncio.Lock()
        self._pulls = 0
        self._leases_wanted = False
        self._listener: asyncio.Task[None] | None = None
        self._subscribed = asyncio.Event()

    async def start(self) -> None:
        """Subscribe before loading: an update published in between would be seen by nobody."""
        self._listener = self._around.spawn(self._listen(), f"listen {self._room.name}")
        try:
            async with asyncio.timeout(self._around.options.subscribe_seconds):
                await self._subscribed.wait()
        except TimeoutError:
            log.warning("broker_away", room=self._room.name)

    def stop(self) -> None:
        if self._listener is not None:
            self._listener.cancel()

    def opened(self, head: int) -> None:
        self._seen = self._applied = head

    def reloaded(self, head: int) -> None:
        """Up to `head` it is in the replica, but not all of that has been passed on."""
        self._applied = head

    def logged(self, seq: int) -> None:
        """Our own: in the replica, and passed on."""
        if seq <= self._seen:
            return
        self._ahead.add(seq)
        while self._seen + 1 in self._ahead:
            self._seen += 1
            self._ahead.discard(self._seen)

    def mind_the_gap(self) -> None:
        if self._ahead:
            self._catch_up_soon()

    def head_is(self, seq: int) -> None:
        """What the store says, asked every few seconds."""
        if seq > self._seen and self._room.loaded:
            self._catch_up_soon()

    def _catch_up_soon(self) -> None:
        self._around.spawn(self.catch_up(), f"catch up {self._room.name}")

    async def catch_up(self) -> None:
        try:
            await self.pull()
        except Exception as error:
            # The tick will ask again.
            log.warning("pull_failed", room=self._room.name, error=repr(error))

    async def pull(self, *, leases: bool = False) -> None:
        """Afterwards everything is here that was in the log when this was called."""
        wanted = self._pulls + 1
        self._leases_wanted = self._leases_wanted or leases
        async with self._pulling:
            if self._pulls >= wanted:
                # One that began after we asked has told us.
                return
            self._pulls += 1
            self._around.stats.pulls += 1
            try:
                await self._pull()
            except StaleEpoch:
                self._room.outdated()
                raise Outdated("The content of this document was replaced.") from None

    async def _pull(self) -> None:
        room, store = self._room, self._around.store
        more = True
        while more:
            await room.usable()
            rows = await store.since(room.name, room.epoch, self._seen, PULL)
            more = len(rows) == PULL
            for count, row in enumerate(rows):
                if count % BREATH == BREATH - 1:
                    await asyncio.sleep(0)
                if not self._learn(row.seq, row.update):
                    more = True
                    break
            self._leases_wanted = self._leases_wanted or bool(rows)
        if self._leases_wanted:
            self._leases_wanted = False
            room.learn_leases(await store.leases(room.name))

    def _learn(self, seq: int, update: bytes) -> bool:
        """False: it does not follow on what we have seen, or cannot be applied now."""
        if seq <= self._seen or seq in self._ahead:
            return True
        if seq != self._seen + 1 or not self._room.learn(update, apply=seq > self._applied):
            return False
        self._around.stats.rows_pulled += 1
        self.logged(seq)
        return True

    async def _listen(self) -> None:
        while True:
            try:
                async with self._around.broker.subscribe(self._room.name) as messages:
                    self._subscribed.set()
                    await self._look()
                    async for message in messages:
                        await self._heed(message)
            except Exception:
                log.warning("subscription_failed", room=self._room.name, exc_info=True)
            await asyncio.sleep(1)

    async def _heed(self, message: bytes | None) -> None:
        heard = bulletin.read(message) if message is not None else None
        match heard:
            case bulletin.Rows(epoch, rows):
                if epoch != self._room.epoch or not all(self._note(row) for row in rows):
                    await self._look()
            case bulletin.Here() | bulletin.WhoIsThere() | bulletin.Told():
                self._room.told(heard)
            case _:
                await self._look()

    def _note(self, row: bulletin.Row) -> bool:
        if not self._learn(row.seq, row.update):
            return False
        lease = Lease(row.principal, self._room.epoch)
        self._room.learn_leases(dict.fromkeys(row.new_clients, lease))
        return True

    async def _look(self) -> None:
        """Something may have been missed."""
        if self._room.loaded and not self._room.retired:
            await self.catch_up()
