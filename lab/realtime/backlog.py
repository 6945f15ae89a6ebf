"""The backlog: what a room may not say yet, behind the journal, in the order in which it came up.

A relay waits to become durable. An answer to a joiner and a promise wait for all relays before them: the
one may hold, and the other speaks of, what is not durable yet.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from .connection import Connection
from .ports import Entry


class Relay:
    """An update on its way into the log."""

    __slots__ = ("author", "entry")

    def __init__(self, author: Connection, entry: Entry) -> None:
        self.author, self.entry = author, entry


class Answer:
    """What a connection lacked when it asked."""

    __slots__ = ("connection", "state_vector", "update")

    def __init__(self, connection: Connection, state_vector: bytes, update: bytes) -> None:
        self.connection, self.state_vector = connection, state_vector
        self.update: bytes | None = update
        """None: it held what was lost, and is to be found out again."""


class Promise:
    """Saved, to be said when all before it is durable."""

    __slots__ = ("connection", "n")

    def __init__(self, connection: Connection, n: int) -> None:
        self.connection, self.n = connection, n


class Backlog:
    def __init__(self) -> None:
        self.submitted = 0
        self.settled = 0
        self.drained = asyncio.Event()
        """Set while nothing is on its way into the log."""
        self.drained.set()
        self._waiting: deque[Relay | Answer | Promise] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, item: Relay | Answer | Promise) -> None:
        self._waiting.append(item)
        if isinstance(item, Relay):
            self.submitted += 1
            self.drained.clear()

    def settle(self) -> Relay:
        """The oldest relay has been decided. When one before it was lost, what waits in between may not be
        said: it goes to the end, for `lose`."""
        while not isinstance(item := self._waiting.popleft(), Relay):
            self._waiting.append(item)
        self.settled += 1
        if self.settled == self.submitted:
            self.drained.set()
        return item

    def sayable(self) -> Iterator[Answer | Promise]:
        """What waits for nothing but what is durable by now."""
        while self._waiting:
            item = self._waiting[0]
            if isinstance(item, Relay) or (isinstance(item, Answer) and item.update is None):
                return
            self._waiting.popleft()
            yield item

    def lose(self) -> None:
        """What all of this built on is lost: promises are not kept, answers are found out again."""
        answers = [item for item in self._waiting if isinstance(item, Answer) and not item.connection.closed]
        for item in answers:
            item.update = None
        self._waiting = deque(answers)

    def unanswered(self) -> list[Answer]:
        return [item for item in self._waiting if isinstance(item, Answer) and item.update is None]

    def clear(self) -> None:
        self._waiting.clear()
        self.settled = self.submitted
        self.drained.set()
