"""A crowd: thousands of people in one process, each a lean socket that can join, listen and come back.

A guest has no document of its own. It speaks just enough of docs/protocol.md to be one of many: asks for what
there is, answers that it has nothing, says who it is, and counts and times what it is sent.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import struct
import time
from collections.abc import AsyncIterator, Callable, Sequence
from random import Random
from urllib.parse import urlsplit

from bench.peer import read_varuint, sized, varuint

STAMP = re.compile(rb"@(\d+);")
"""In a text: when it was typed, in nanoseconds of this machine's clock."""


class Guest(asyncio.Protocol):
    """One connection. `synced` when it has been given the document."""

    def __init__(
        self, url: str, token: str, client: int, *, speaks: bool = False, keeps: bool = False
    ) -> None:
        """`speaks`: of itself, by awareness. `keeps`: all it is sent of the document."""
        self.keeps = keeps
        self._url, self._token, self.client, self._speaks = urlsplit(url), token, client, speaks
        self.synced = asyncio.get_running_loop().create_future()
        self.synced.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.gone = asyncio.Event()
        self.code = 0
        """What the server closed with; 1006 when it said nothing."""
        self.heard = 0
        self.delays: list[float] = []
        self.present: dict[int, bool] = {}
        """Client id -> whether it is here, as far as we were told."""
        self.held: list[bytes] = []
        """The updates it was sent, if it `keeps` them."""
        self._unread = bytearray()
        self._upgraded = False
        self._message = bytearray()

    # -- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            (
                f"GET {self._url.path} HTTP/1.1\r\nHost: {self._url.netloc}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: lab.v1\r\nAuthorization: Bearer {self._token}\r\n\r\n"
            ).encode()
        )

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if not self._upgraded:
            head, found, rest = bytes(self._unread).partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.transport.abort()
                return
            self._upgraded, self._unread = True, bytearray(rest)
            self.send(b"\0\0" + sized(b"\0"))
            if self._speaks:
                self.announce(1)
        while self._next_frame():
            pass

    def connection_lost(self, error: Exception | None) -> None:
        self.code = self.code or 1006
        if not self.synced.done():
            self.synced.set_exception(ConnectionError(f"closed {self.code}"))
        self.gone.set()

    # -- frames

    def send(self, payload: bytes, opcode: int = 2) -> None:
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        # A mask of noughts is a mask.
        self.transport.write(head + b"\0\0\0\0" + payload)

    def announce(self, clock: int) -> None:
        state = json.dumps({"cursor": clock}).encode()
        self.send(b"\1" + sized(b"\1" + varuint(self.client) + varuint(clock) + sized(state)))

    def _next_frame(self) -> bool:
        data = self._unread
        if len(data) < 2:
            return False
        size, at = data[1] & 0x7F, 2
        if size == 126:
            if len(data) < 4:
                return False
            size, at = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            if len(data) < 10:
                return False
            size, at = int.from_bytes(data[2:10], "big"), 10
        if len(data) < at + size:
            return False
        opcode, final = data[0] & 0x0F, data[0] & 0x80
        payload = bytes(data[at : at + size])
        del data[: at + size]
        if opcode == 8:
            self.code = int.from_bytes(payload[:2], "big") if payload else 1005
            self.transport.close()
        elif opcode == 9:
            self.send(payload, 10)
        elif opcode in (0, 2):
            self._message += payload
            if final:
                message, self._message = bytes(self._message), bytearray()
                self._take(message)
        return True

    def _take(self, message: bytes) -> None:
        self.heard += 1
        if message[0] == 0 and message[1] == 0:
            self.send(b"\0\1" + sized(b"\0\0"))
        elif message[0] == 0 and message[1] == 1:
            self._keep(message)
            if not self.synced.done():
                self.synced.set_result(None)
        elif message[0] == 0:
            self._keep(message)
            now = time.monotonic_ns()
            self.delays += [(now - int(stamp)) / 1e9 for stamp in STAMP.findall(message)]
        elif message[0] == 1:
            self._meet(message)

    def _keep(self, message: bytes) -> None:
        if self.keeps:
            _, at = read_varuint(message, 2)
            self.held.append(message[at:])

    def _meet(self, message: bytes) -> None:
        _, at = read_varuint(message, 1)
        count, at = read_varuint(message, at)
        for _ in range(count):
            client, at = read_varuint(message, at)
            _, at = read_varuint(message, at)
            size, at = read_varuint(message, at)
            self.present[client] = message[at : at + size] != b"null"
            at += size


async def arrive(
    url: str,
    token: str,
    client: int = 0,
    *,
    speaks: bool = False,
    keeps: bool = False,
    within: float = 60,
) -> Guest:
    """Connected and given the document. Raises ConnectionError or TimeoutError."""
    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    async with asyncio.timeout(within):
        _, guest = await loop.create_connection(
            lambda: Guest(url, token, client, speaks=speaks, keeps=keeps), parts.hostname, parts.port
        )
        try:
            await guest.synced
        except BaseException:
            guest.transport.abort()
            raise
    return guest


class Regular:
    """A guest that comes back each time, to one of several places, and how long it was away."""

    def __init__(
        self,
        addresses: Callable[[], Sequence[str]],
        token: str,
        chance: Random,
        *,
        jitter: float = 0.5,
        keeps: bool = False,
    ) -> None:
        self._keeps = keeps
        self._addresses, self._token, self._chance, self._jitter = addresses, token, chance, jitter
        self.guest: Guest | None = None
        self.away: list[float] = []
        """Seconds, of each time it was cut off."""
        self.codes: list[int] = []

    @property
    def here(self) -> bool:
        return self.guest is not None and not self.guest.gone.is_set()

    async def keep_coming(self) -> None:
        left: float | None = None
        while True:
            try:
                self.guest = await arrive(
                    self._chance.choice(self._addresses()), self._token, keeps=self._keeps
                )
            except (OSError, TimeoutError):
                await asyncio.sleep(self._chance.uniform(0, self._jitter))
                continue
            if left is not None:
                self.away.append(time.monotonic() - left)
            await self.guest.gone.wait()
            left = time.monotonic()
            self.codes.append(self.guest.code)
            await asyncio.sleep(self._chance.uniform(0, self._jitter))

    def leave(self) -> None:
        if self.guest is not None:
            self.guest.transport.abort()


@contextlib.asynccontextmanager
async def coming(regulars: Sequence[Regular]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(regular.keep_coming()) for regular in regulars]
        try:
            yield
        finally:
            for task, regular in zip(tasks, regulars, strict=True):
                task.cancel()
                regular.leave()
