"""Messages between servers: late, lost, twice, out of order, and sometimes none at all for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from lab.realtime.brokers.mailbox import Mailbox
from lab.realtime.ports import RoomName


class Air:
    """What all radios share."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.listeners: dict[RoomName, list[tuple[Radio, Mailbox]]] = {}
        self.lost = self.doubled = self.late = 0.0
        self.dead = False
        self.slow_to_subscribe = 0.0

    def mend(self) -> None:
        """Whoever listens is told that something was missed, as after any interruption. A single message that
        was lost on the way is not told of."""
        self.lost = self.doubled = self.late = self.slow_to_subscribe = 0.0
        if self.dead:
            self.dead = False
            for listeners in self.listeners.values():
                for _, mailbox in listeners:
                    mailbox.missed()

    def carry(self, mailbox: Mailbox, message: bytes) -> None:
        drawn = self.chance.random()
        copies = 0 if drawn < self.lost else 2 if drawn < self.lost + self.doubled else 1
        for _ in range(copies):
            late = self.chance.random() < self.late
            delay = self.chance.uniform(0.5, 8.0) if late else self.chance.uniform(0.0005, 0.01)
            asyncio.get_running_loop().call_later(delay, mailbox.put, message)


class Radio:
    """A `Broker`."""

    def __init__(self, air: Air) -> None:
        self._air = air

    async def publish(self, room: RoomName, message: bytes) -> None:
        if not self._air.dead:
            for owner, mailbox in self._air.listeners.get(room, ()):
                if owner is not self:
                    self._air.carry(mailbox, message)

    @asynccontextmanager
    async def subscribe(self, room: RoomName) -> AsyncIterator[AsyncIterator[bytes | None]]:
        mailbox = Mailbox()
        place = (self, mailbox)
        await asyncio.sleep(self._air.chance.uniform(0, 0.01 + self._air.slow_to_subscribe))
        self._air.listeners.setdefault(room, []).append(place)
        if self._air.dead:
            # Entered all the same; a None comes when it works again.
            mailbox.missed()
        try:
            yield mailbox
        finally:
            self._air.listeners[room].remove(place)

    async def healthy(self) -> bool:
        return not self._air.dead
