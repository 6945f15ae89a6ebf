"""The broker of a single process. Two of them on one bus are two nodes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lab.realtime.brokers.mailbox import Mailbox
from lab.realtime.ports import RoomName


class MemoryBus:
    """What Redis is to the other broker. `cut` and `mend` are for tests of lost messages."""

    def __init__(self) -> None:
        self.mailboxes: dict[RoomName, list[tuple[MemoryBroker, Mailbox]]] = {}
        self.up = True

    def cut(self) -> None:
        self.up = False

    def mend(self) -> None:
        self.up = True
        for subscribers in self.mailboxes.values():
            for _, mailbox in subscribers:
                mailbox.missed()


class MemoryBroker:
    def __init__(self, bus: MemoryBus | None = None) -> None:
        self._bus = bus or MemoryBus()

    async def publish(self, room: RoomName, message: bytes) -> None:
        if not self._bus.up:
            return
        for owner, mailbox in self._bus.mailboxes.get(room, ()):
            if owner is not self:
                mailbox.put(message)

    @asynccontextmanager
    async def subscribe(self, room: RoomName) -> AsyncIterator[AsyncIterator[bytes | None]]:
        mailbox = Mailbox()
        place = (self, mailbox)
        self._bus.mailboxes.setdefault(room, []).append(place)
        try:
            yield mailbox
        finally:
            others = self._bus.mailboxes[room]
            others.remove(place)
            if not others:
                del self._bus.mailboxes[room]

    async def healthy(self) -> bool:
        return self._bus.up
