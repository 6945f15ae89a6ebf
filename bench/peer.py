"""One person at a room, over a real socket: a replica, its marks, and what the server has acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pycrdt
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

STEP1, STEP2, UPDATE = 0, 1, 2


class Peer:
    """Speaks docs/protocol.md. `doc` survives reconnection, as a browser's does."""

    def __init__(self, url: str, token: str, *, on_saved: Callable[[int], None] | None = None) -> None:
        self.url, self.token = url, token
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.socket: ClientConnection | None = None
        self.sent = 0
        self.saved = 0
        self.synced = asyncio.Event()
        self.heard = asyncio.Event()
        self.closed: tuple[int, str] | None = None
        self._on_saved = on_saved
        self._own: list[bytes] = []
        self._receiving = False
        self._watch = self.doc.observe(self._note)

    def _note(self, event: Any) -> None:
        if not self._receiving:
            self._own.append(event.update)

    @contextlib.asynccontextmanager
    async def joined(self) -> AsyncIterator[Peer]:
        """Connected, and holding all that is durable, for the length of the block."""
        self.synced.clear()
        self.sent = self.saved = 0
        headers = {"Authorization": f"Bearer {self.token}"}
        async with connect(
            self.url, additional_headers=headers, subprotocols=["lab.v1"], max_size=None, compression=None
        ) as socket:
            self.socket, self.closed = socket, None
            reader = asyncio.create_task(self._read(socket))
            try:
                await socket.send(b"\0\0" + sized(self.doc.get_state()))
                async with asyncio.timeout(60):
                    while not self.synced.is_set() and self.closed is None:
                        self.heard.clear()
                        await self.heard.wait()
                if not self.synced.is_set():
                    raise ConnectionError(f"closed {self.closed} before it had the document")
                yield self
            finally:
                reader.cancel()
                # Not `await reader`: whoever cancels us at this moment is not to be mistaken for the reader.
                await asyncio.wait([reader])

    async def write(self, change: Callable[[], None]) -> int:
        """Make a change, send it, and return the number of its mark."""
        assert self.socket is not None
        with self.doc.transaction():
            change()
        while self._own:
            await self.socket.send(b"\0\2" + sized(self._own.pop(0)))
        self.sent += 1
        await self.socket.send(varuint(100) + varuint(self.sent))
        return self.sent

    async def until_saved(self, number: int, *, within: float = 60) -> None:
        async with asyncio.timeout(within):
            while self.saved < number:
                self.heard.clear()
                await self.heard.wait()

    async def until(self, true: Callable[[], bool], *, within: float = 60) -> None:
        async with asyncio.timeout(within):
            while not true():
                self.heard.clear()
                await self.heard.wait()

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                assert isinstance(message, bytes)
                await self._take(socket, message)
                self.heard.set()
        except ConnectionClosed:
            pass
        finally:
            self.closed = (socket.close_code or 1006, socket.close_reason or "")
            self.heard.set()

    async def _take(self, socket: ClientConnection, message: bytes) -> None:
        kind, at = read_varuint(message, 0)
        if kind == 0:
            part, at = read_varuint(message, at)
            size, at = read_varuint(message, at)
            payload = message[at : at + size]
            if part == STEP1:
                await socket.send(b"\0\1" + sized(self.doc.get_update(payload)))
                self.sent += 1
                await socket.send(varuint(100) + varuint(self.sent))
                return
            self._receiving = True
            try:
                self.doc.apply_update(payload)
            finally:
                self._receiving = False
            if part == STEP2:
                self.synced.set()
        elif kind == 101:
            self.saved, _ = read_varuint(message, at)
            if self._on_saved:
                self._on_saved(self.saved)
        elif kind == 102:
            size, at = read_varuint(message, at)
            self.event(json.loads(message[at : at + size]))

    def event(self, event: dict[str, Any]) -> None:
        """News from the server; benches that care override this."""


def varuint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(0x80 | number & 0x7F)
        number >>= 7
    out.append(number)
    return bytes(out)


def sized(payload: bytes) -> bytes:
    return varuint(len(payload)) + payload


def read_varuint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
