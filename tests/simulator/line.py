"""A line: one socket of one person, with a delay in each direction, that may be cut or go dead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.support.nodes import Node
from tests.support.peer import Wire


@dataclass(slots=True, eq=False)
class Line(Wire):
    node: Node = field(kw_only=True)
    chance: Random = field(kw_only=True)
    heard: Callable[[Line, bytes], None] = field(kw_only=True)
    """Called with each message when it arrives."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """The person knows that it is over."""
    code: int = 1006
    dead: bool = False
    """Nothing arrives any more, in either direction."""
    slow: float = 0.0
    """Seconds that each message towards the person takes to leave the server."""
    _down_at: float = 0.0
    _up_at: float = 0.0

    # -- towards the person

    async def send(self, message: bytes) -> None:
        if self.watch is not None:
            self.watch(message)
        if self.slow:
            await asyncio.sleep(self.slow)
        self._down_at = self._later(self._down_at)
        asyncio.get_running_loop().call_at(self._down_at, self._arrived, message)

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)
        self._down_at = self._later(self._down_at)
        asyncio.get_running_loop().call_at(self._down_at, self._told, code)

    def _arrived(self, message: bytes) -> None:
        if not self.dead and not self.ended.is_set():
            self.heard(self, message)

    def _told(self, code: int) -> None:
        if not self.dead and not self.ended.is_set():
            self.code = code
            self.ended.set()

    # -- towards the server

    def flush(self) -> None:
        """All the person has said so far leaves."""
        loop = asyncio.get_running_loop()
        while self.up:
            self._up_at = self._later(self._up_at)
            loop.call_at(self._up_at, self._carried, self.up.popleft())

    def _carried(self, message: bytes) -> None:
        if not self.dead and self in self.node.lines:
            self.node.arrived[self].put_nowait(message)

    def _later(self, last: float) -> float:
        """Messages of one direction keep their order; those at one moment would not."""
        return max(last + 1e-6, asyncio.get_running_loop().time() + self.chance.uniform(0.001, 0.08))

    # -- ends

    def cut(self) -> None:
        """Both ends notice, each when it does."""
        self.dead = True
        self.ended.set()
        self.lose(self.chance.uniform(0.0, 2.0))

    def go_dead(self) -> None:
        """Nobody notices, until each misses the other's signs of life."""
        self.dead = True
        asyncio.get_running_loop().call_later(self.chance.uniform(1.0, 25.0), self.ended.set)
        self.lose(self.chance.uniform(1.0, 25.0))

    def lose(self, after: float) -> None:
        """The server finds out."""
        asyncio.get_running_loop().call_later(after, self._lost)

    def _lost(self) -> None:
        if self in self.node.lines:
            self.node.hang_up(self)
