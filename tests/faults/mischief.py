"""What may happen to messages of pub/sub on their way: lost, doubled, late. Everything else passes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

LINE = b"\r\n"


class Mischief:
    """For the bytes that Redis sends on one connection."""

    def __init__(self, chance: Random, *, lost: float = 0.1, doubled: float = 0.1, late: float = 0.1) -> None:
        self._chance, self._shares = chance, (lost, doubled, late)
        self._unread = b""
        self._late: list[bytes] = []
        """Messages that let the next one pass."""

    def __call__(self, data: bytes) -> bytes:
        self._unread += data
        out: list[bytes] = []
        at = 0
        while (end := reply_end(self._unread, at)) is not None:
            reply, at = self._unread[at:end], end
            out += self._carried(reply) if is_message(reply) else [reply]
        self._unread = self._unread[at:]
        return b"".join(out)

    def _carried(self, message: bytes) -> list[bytes]:
        lost, doubled, late = self._shares
        overtaken, self._late = self._late, []
        drawn = self._chance.random()
        if drawn < lost:
            return overtaken
        if drawn < lost + doubled:
            return [message, message, *overtaken]
        if drawn < lost + doubled + late:
            self._late = [*overtaken, message]
            return []
        return [message, *overtaken]


def is_message(reply: bytes) -> bool:
    """Not the answers to SUBSCRIBE and PING, without which nobody believes anything."""
    head = reply[:40].split(LINE)
    return reply[:1] in b"*>" and len(head) > 2 and head[2] == b"message"


def reply_end(data: bytes, at: int) -> int | None:
    """Where the reply of Redis that begins here ends (RESP 2 and 3); None: not all of it is here."""
    line = data.find(LINE, at)
    if line < 0:
        return None
    kind, rest, after = data[at : at + 1], data[at + 1 : line], line + 2
    if kind in b"*>~%":
        return _many(data, after, int(rest) * (2 if kind == b"%" else 1))
    if kind in b"$=!" and int(rest) >= 0:
        end = after + int(rest) + 2
        return end if end <= len(data) else None
    return after


def _many(data: bytes, at: int | None, count: int) -> int | None:
    for _ in range(count):
        if at is None:
            return None
        at = reply_end(data, at)
    return at


def by(chance: Random) -> Callable[[], Mischief]:
    """One for each connection."""
    return lambda: Mischief(Random(chance.random()))
