"""A stretch of network that does what networks do: delays, throttles, holds, swallows, cuts.

    async with Proxy("127.0.0.1", port) as line:
        line.down.rate = 1_000          # bytes a second towards the client
        line.hold()                     # every packet is lost until `mend`; TCP sends them again then
        line.swallow()                  # half open: what is sent vanishes, and nobody is told
        line.cut()                      # every connection ends at once
        line.mend()

What is done when can be written down beforehand, and made up from a seed: `play(trouble(chance, seconds))`.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from types import TracebackType
from typing import Literal, Self

from bench.server import reserve_port

CHUNK = 1 << 16
WAITING = 64
"""Chunks that a delay may hold; beyond, the sender is slowed down as by any full buffer."""

Filter = Callable[[bytes], bytes]
Verb = Literal["hold", "swallow", "cut", "refuse", "slow", "mend"]


class Way:
    """One direction, for all connections."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.rate: float | None = None
        """Bytes a second; None: as fast as they come."""
        self.filter: Callable[[], Filter] | None = None
        """Called once for each new connection; what it returns sees all of its bytes in order."""
        self.swallowing = False
        self.carried = 0
        self.open = asyncio.Event()
        self.open.set()


@dataclass(eq=False)
class Line:
    """One connection: both its ends, and whether bytes of it are missing."""

    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    torn: bool = False

    def abort(self) -> None:
        for writer in self.writers:
            writer.transport.abort()


class Proxy:
    def __init__(self, host: str, port: int, *, receive_buffer: int = 0) -> None:
        """`receive_buffer`: bytes the system keeps for us of what the target sends; 0: its default."""
        self._target = (host, port)
        self._buffer = receive_buffer
        self.up, self.down = Way(), Way()
        """Towards the target, and back."""
        self.refusing = False
        self.port = reserve_port()
        self.lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, backlog=4096)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is told so in the next round of the loop

    # -- trouble

    def hold(self) -> None:
        for way in (self.up, self.down):
            way.open.clear()

    def swallow(self) -> None:
        for way in (self.up, self.down):
            way.swallowing = True

    def cut(self) -> None:
        for line in list(self.lines):
            line.abort()

    def refuse(self) -> None:
        """As when nothing listens there any more."""
        self.refusing = True
        self.cut()

    def slow(self, delay: float) -> None:
        self.up.delay = self.down.delay = delay

    def mend(self) -> None:
        """What was held arrives. A connection that lost bytes cannot go on, and ends."""
        self.refusing = False
        for way in (self.up, self.down):
            way.delay, way.rate, way.swallowing = 0.0, None, False
            way.open.set()
        for line in list(self.lines):
            if line.torn:
                line.abort()

    async def play(self, script: Sequence[tuple[float, Verb, float]]) -> None:
        """(seconds to wait before it, what happens, delay for `slow`)"""
        for wait, verb, delay in script:
            await asyncio.sleep(wait)
            if verb == "slow":
                self.slow(delay)
            else:
                getattr(self, verb)()

    # -- carrying

    async def _connected(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        line = Line([near_out])
        self.lines.add(line)
        try:
            if self.refusing:
                return
            far, far_out = await self._reach()
            line.writers.append(far_out)
            if self.refusing:
                return
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(line, self.up, near, far_out))
                both.create_task(self._pump(line, self.down, far, near_out))
        except* _Over:
            for writer in line.writers:
                writer.close()
        except* (OSError, asyncio.CancelledError):
            line.abort()
        finally:
            if len(line.writers) < 2 or self.refusing:
                line.abort()
            self.lines.discard(line)
            self._tasks.discard(task)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not self._buffer:
            return await asyncio.open_connection(*self._target)
        near = socket.socket()
        near.setblocking(False)
        near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer)
        # As over a real network. With segments of 64 KiB, as on loopback, the system alone keeps megabytes.
        near.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1_400)
        await asyncio.get_running_loop().sock_connect(near, self._target)
        return await asyncio.open_connection(sock=near, limit=self._buffer)

    async def _pump(
        self, line: Line, way: Way, source: asyncio.StreamReader, sink: asyncio.StreamWriter
    ) -> None:
        change = way.filter() if way.filter else None
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WAITING)
        loop = asyncio.get_running_loop()
        delivering = loop.create_task(self._deliver(line, way, waiting, sink))
        try:
            while data := await source.read(max(1, int(way.rate / 10)) if way.rate else CHUNK):
                if way.rate:
                    await asyncio.sleep(len(data) / way.rate)
                if change is not None:
                    data = change(data)
                await waiting.put((loop.time() + way.delay, data))
            await waiting.put((loop.time(), b""))
            await delivering
        finally:
            delivering.cancel()
            await asyncio.wait([delivering])
            if not delivering.cancelled():
                delivering.exception()
        # One end has hung up, and all it said has arrived.
        raise _Over

    async def _deliver(
        self, line: Line, way: Way, waiting: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await waiting.get()
            if (early := due - loop.time()) > 0:
                await asyncio.sleep(early)
            await way.open.wait()
            if way.swallowing:
                line.torn = True
                continue
            if not data:
                return
            way.carried += len(data)
            sink.write(data)
            await sink.drain()


class _Over(Exception):
    """One end of a line has hung up."""


def trouble(chance: Random, seconds: float) -> list[tuple[float, Verb, float]]:
    """A script of as many seconds: one thing after the other goes wrong and is mended again."""
    script: list[tuple[float, Verb, float]] = []
    left = seconds
    verbs: tuple[Verb, ...] = ("hold", "swallow", "cut", "refuse", "slow")
    while left > 0:
        quiet, bad = chance.uniform(0.1, 1.0), chance.uniform(0.1, 1.5)
        script.append((quiet, chance.choice(verbs), chance.uniform(0.01, 0.3)))
        script.append((bad, "mend", 0.0))
        left -= quiet + bad
    return script
