"""Several servers in one process whose disk, messages and deaths are the test's to arrange."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from lab.realtime.brokers.mailbox import Mailbox
from lab.realtime.engine import Engine
from lab.realtime.errors import StaleEpoch, StorageDown
from lab.realtime.options import Options
from lab.realtime.ports import Access, Broker, Entry, Logged, RoomName, Visitor
from lab.realtime.stores.memory import MemoryStore
from lab.realtime.workers import InProcess, Work
from tests.support.peer import Peer, Wire

ROOM = RoomName("scratch/one")
TOKEN = re.compile(rb"w[a-z]+-\d+;")


class OpenRooms:
    """Everybody may write everywhere."""

    schema = None

    async def access(self, key: str, visitor: Visitor | None) -> Access:
        return Access.WRITE

    async def create_on_join(self, key: str, visitor: Visitor) -> bool:
        return False

    async def saved(self, key: str, doc: Any, principals: frozenset[str]) -> None:
        return None


class Disk(MemoryStore):
    """One disk for all nodes, which can be slow, full, or silent about a write it did make."""

    def __init__(self) -> None:
        super().__init__()
        self.moving = asyncio.Event()
        self.moving.set()
        self.fail_appends = 0
        self.forgetful = False
        """A failing append has written after all."""
        self.down = False

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        await self.moving.wait()
        if self.down:
            raise StorageDown("the disk is away")
        if self.fail_appends:
            self.fail_appends -= 1
            if self.forgetful:
                await super().append(entries)
            raise StorageDown("the disk is full")
        results = await super().append(entries)
        # The answer takes a while: what happens in between must not matter.
        await asyncio.sleep(0)
        return results

    async def open(self, room: RoomName) -> Any:
        if self.down:
            raise StorageDown("the disk is away")
        found = await super().open(room)
        await asyncio.sleep(0)
        return found

    async def since(self, room: RoomName, epoch: int, seq: int, limit: int = 1000) -> list[Logged]:
        if self.down:
            raise StorageDown("the disk is away")
        found = await super().since(room, epoch, seq, limit)
        await asyncio.sleep(0)
        return found

    def log(self, room: RoomName = ROOM) -> list[bytes]:
        return self._rooms[room].log

    def epoch(self, room: RoomName = ROOM) -> int:
        return self._rooms[room].epoch

    def durable(self, room: RoomName = ROOM) -> set[str]:
        """Every token that is in the log, whatever became of it later."""
        return tokens(b"".join(b"".join(log) for log in self._rooms[room].logs.values()))


def tokens(data: bytes) -> set[str]:
    return {found.decode() for found in TOKEN.findall(data)}


class Post:
    """Messages between nodes lie here until the test delivers, loses, repeats or shuffles them."""

    def __init__(self) -> None:
        self.lying: deque[tuple[Mailbox, bytes]] = deque()
        self.mailboxes: dict[RoomName, list[tuple[PostBox, Mailbox]]] = {}

    def deliver(self, count: int = 10**6) -> None:
        while self.lying and count:
            mailbox, message = self.lying.popleft()
            mailbox.put(message)
            count -= 1

    def interrupt(self) -> None:
        for boxes in self.mailboxes.values():
            for _, mailbox in boxes:
                mailbox.missed()


class PostBox:
    def __init__(self, post: Post) -> None:
        self._post = post

    async def publish(self, room: RoomName, message: bytes) -> None:
        for owner, mailbox in self._post.mailboxes.get(room, ()):
            if owner is not self:
                self._post.lying.append((mailbox, message))

    @asynccontextmanager
    async def subscribe(self, room: RoomName) -> AsyncIterator[AsyncIterator[bytes | None]]:
        mailbox = Mailbox()
        self._post.mailboxes.setdefault(room, []).append((self, mailbox))
        try:
            yield mailbox
        finally:
            self._post.mailboxes[room].remove((self, mailbox))

    async def healthy(self) -> bool:
        return True


class Node:
    """One server. `kill` is kill -9: whatever was only in memory is gone."""

    def __init__(
        self, disk: Disk, post: Post, options: Options, kind: Any = None, work: Work | None = None
    ) -> None:
        self._disk, self._post, self._options = disk, post, options
        self._kind = kind or OpenRooms()
        self._work = work or InProcess()
        self.lines: dict[Wire, asyncio.Task[None]] = {}
        self.arrived: dict[Wire, asyncio.Queue[bytes]] = {}

    @property
    def room(self) -> Any:
        return self.engine._rooms[ROOM]

    def broker(self) -> Broker:
        return PostBox(self._post)

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.engine = Engine(
            self._disk,
            self.broker(),
            {"scratch": self._kind},
            self._options,
            work=self._work,
            clock=lambda: self._loop.time(),
        )
        await self.engine.__aenter__()

    async def stop(self) -> None:
        await self.engine.__aexit__(None, None, None)

    async def kill(self) -> None:
        for line in self.lines.values():
            line.cancel()
        await asyncio.gather(*self.lines.values(), return_exceptions=True)
        await self.engine.abandon()
        for wire in self.lines:
            wire.closed = wire.closed or (1006, "")
        self.lines.clear()

    def connect(self, peer: Peer, wire: Wire, *, room: RoomName = ROOM, **how: Any) -> None:
        """Open a socket; the peer's end is the wire. What arrives is read one message after the other.
        `how`: what the client said when it came, as for `Engine.join`."""
        self.arrived[wire] = asyncio.Queue()
        self.lines[wire] = self._loop.create_task(self._line(peer.visitor, wire, room, {"lab": True} | how))

    async def _line(self, visitor: Visitor, wire: Wire, name: RoomName, how: dict[str, Any]) -> None:
        try:
            seat = await self.engine.join(name, visitor, wire, **how)
            if seat is None:
                return
            try:
                while not seat.closed:
                    await seat.receive(await self.arrived[wire].get())
            finally:
                seat.leave()
        except Exception as error:
            self._loop.call_exception_handler({"message": "a line broke", "exception": error})

    def hang_up(self, wire: Wire) -> None:
        self.lines.pop(wire).cancel()

    def carry(self, wire: Wire, count: int = 10**6) -> None:
        """Bring what the peer has sent."""
        while wire.up and count:
            self.arrived[wire].put_nowait(wire.up.popleft())
            count -= 1
