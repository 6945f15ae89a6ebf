"""Authors: people who type all the time, whatever happens to the network and the servers.

As a browser does, an author keeps typing while cut off, comes back by itself after a random wait, sends what
the server lacks, and believes an edit safe only when it was told so. What it was told goes to the ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from hashlib import sha256
from random import Random
from typing import Any

from pycrdt import Text
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from bench.ledger import Ledger
from bench.peer import Peer, sized, varuint

SILENCE = 25.0
"""Seconds without a word after which a client drops its socket (W16)."""
LOOK = 0.01


class Author(Peer):
    def __init__(
        self,
        name: int,
        addresses: Callable[[], Sequence[str]],
        token: str,
        ledger: Ledger,
        chance: Random,
        *,
        padding: int = 0,
    ) -> None:
        """`addresses`: where the room can be found now; one of them is tried each time. `padding`: letters
        around each token."""
        super().__init__("", token)
        self.name, self.addresses, self.ledger, self.chance = name, addresses, ledger, chance
        self.padding = padding
        self.text = self.doc.get("text", type=Text)
        self.written = self.safe = 0
        """How many tokens, and how many of them are known to be saved."""
        self.told: list[tuple[float, str]] = []
        """When we learnt that something is not saved, and how."""
        self.closes: list[tuple[int, str]] = []
        self.slowest = 0.0
        """The longest wait from typing to Saved while connected all the time."""
        self._covers: dict[int, int] = {}
        """Mark -> how many tokens are safe when it is answered."""
        self._typed_at: dict[int, float] = {}
        self._typed = asyncio.Event()
        self._heard_at = 0.0
        self.online = False

    # -- typing

    def type(self) -> str:
        self.written += 1
        token = f"w{self.name}-{self.written}"
        with self.doc.transaction():
            self.text.insert(len(str(self.text)), "." * self.padding + f"{token};")
        if self.online:
            self._typed_at[self.written] = time.monotonic()
        self._typed.set()
        return token

    async def keep_typing(self, per_second: float) -> None:
        while True:
            self.type()
            await asyncio.sleep(self.chance.uniform(0, 2 / per_second))

    @property
    def all_safe(self) -> bool:
        return self.online and self.safe == self.written

    def digest(self) -> str:
        return sha256(str(self.text).encode()).hexdigest()

    # -- the connection

    async def stay_connected(self) -> None:
        while True:
            self.url = self.chance.choice(self.addresses())
            self.synced.clear()
            self._covers.clear()
            self._own.clear()
            with contextlib.suppress(OSError, TimeoutError, WebSocketException):
                async with self.joined():
                    self.online = True
                    await self._work()
            self.online = False
            self._typed_at.clear()
            if self.closed is not None:
                self.closes.append(self.closed)
                if self.closed[0] == 1013:
                    self.told.append((time.monotonic(), f"closed {self.closed[1]}"))
            await asyncio.sleep(self.chance.uniform(0.05, 0.5))

    async def _work(self) -> None:
        self._heard_at = time.monotonic()
        sending = asyncio.create_task(self._send())
        try:
            while self.closed is None and not sending.done():
                self.heard.clear()
                left = self._heard_at + SILENCE - time.monotonic()
                if left <= 0:
                    assert self.socket is not None
                    self.socket.transport.abort()
                    return
                # Not `wait_for`: of two things at the same moment it would forget that it was cancelled.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self.heard.wait()
        finally:
            sending.cancel()
            await asyncio.wait([sending])
            if not sending.cancelled() and (error := sending.exception()) is not None:
                assert isinstance(error, WebSocketException | OSError), error

    async def _send(self) -> None:
        assert self.socket is not None
        while True:
            await self._typed.wait()
            self._typed.clear()
            updates, self._own = self._own, []
            written = self.written
            for update in updates:
                await self.socket.send(b"\0\2" + sized(update))
            if updates:
                self.sent += 1
                self._covers[self.sent] = written
                await self.socket.send(varuint(100) + varuint(self.sent))

    async def _take(self, socket: ClientConnection, message: bytes) -> None:
        self._heard_at = time.monotonic()
        if message[:2] == b"\0\0":
            # The answer holds everything written so far, and a mark follows it.
            self._covers[self.sent + 1] = self.written
            self._own.clear()
        await super()._take(socket, message)
        if message[0] == 101:
            self._saved()

    def _saved(self) -> None:
        done = [mark for mark in self._covers if mark <= self.saved]
        safe = max((self._covers.pop(mark) for mark in done), default=0)
        if safe > self.safe:
            now = time.monotonic()
            for number in range(self.safe + 1, safe + 1):
                self.slowest = max(self.slowest, now - self._typed_at.pop(number, now))
            self.ledger.note([f"w{self.name}-{number}" for number in range(self.safe + 1, safe + 1)])
            self.safe = safe

    def event(self, event: dict[str, Any]) -> None:
        if event["type"] == "storage" and not event["ok"]:
            self.told.append((time.monotonic(), "storage"))


@contextlib.asynccontextmanager
async def at_work(authors: Iterable[Author], per_second: float = 20) -> AsyncIterator[Typing]:
    """They are connected as far as possible, and type until told to stop."""
    typing = Typing()
    async with asyncio.TaskGroup() as group:
        staying = [group.create_task(author.stay_connected()) for author in authors]
        typing.tasks = [group.create_task(author.keep_typing(per_second)) for author in authors]
        try:
            yield typing
        finally:
            for task in [*staying, *typing.tasks]:
                task.cancel()


class Typing:
    tasks: list[asyncio.Task[None]]

    def stop(self) -> None:
        for task in self.tasks:
            task.cancel()


async def until_equal(authors: Sequence[Author], *, within: float = 120) -> float:
    """Seconds until everybody is connected, everything is saved, and all hold the same."""
    return await until(
        lambda: all(a.all_safe for a in authors) and len({a.digest() for a in authors}) == 1, within=within
    )


async def until(true: Callable[[], bool], *, within: float = 120) -> float:
    began = time.monotonic()
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - much of it happens in other processes
            await asyncio.sleep(LOOK)
    return time.monotonic() - began
