"""A balancer: one front door, several servers. It sends all who open one room to one server, where it can.

That is cheaper, and not needed for correctness: a second door that prefers other servers does no harm. A
connection stays with its server; when that is gone the browser comes back, and is sent to the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from types import TracebackType
from typing import Self

HEAD = 64 << 10
"""Bytes of a request before its body; beyond, it is nobody's honest request."""
PATIENCE = 30.0
"""Seconds that somebody may take to say what is wanted."""
NOBODY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    b"No server of this lab answers at the moment.\n"
)


class Balancer:
    def __init__(self, servers: Sequence[tuple[str, int]], *, port: int = 0, turned: int = 0) -> None:
        """`turned`: by how many places this door's preferences are moved, to be another's than its
        neighbour's."""
        self._servers = list(servers)
        self._turned = turned
        self.port = port
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._door = await asyncio.start_server(self._arrived, "127.0.0.1", self.port, limit=HEAD)
        self.port = self._door.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is told so in the next round of the loop

    def order(self, path: str) -> list[tuple[str, int]]:
        """Which server to try first, second …: the same for everybody who wants the same room."""
        room = path.partition("?")[0]
        first = self._turned
        if room.startswith("/ws/"):
            first += int.from_bytes(hashlib.blake2b(room.encode(), digest_size=4).digest(), "big")
        first %= len(self._servers)
        return self._servers[first:] + self._servers[:first]

    async def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                server = await self._reach(head)
            if server is None:
                writer.write(NOBODY)
            else:
                await self._carry(head, reader, writer, *server)
            writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)

    async def _carry(
        self,
        head: bytes,
        near: asyncio.StreamReader,
        near_writer: asyncio.StreamWriter,
        far: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Until the server has nothing more to say."""
        far_writer.write(head)
        asking = asyncio.create_task(_ask(near, far_writer))
        try:
            await _pour(far, near_writer)
        finally:
            asking.cancel()
            await asyncio.wait([asking])
            far_writer.transport.abort()

    async def _reach(self, head: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        words = head.split(b"\r\n")[0].split(b" ")
        path = words[1].decode("latin-1") if len(words) == 3 else ""
        for address in self.order(path):
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(*address)
        return None


async def _ask(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Whoever asked and is gone needs no answer: the server is told so."""
    try:
        await _pour(source, sink)
        sink.write_eof()
    except OSError:
        sink.transport.abort()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(HEAD):
        sink.write(data)
        await sink.drain()
