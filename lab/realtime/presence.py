"""Presence: who is in a room and where, as told by awareness. Pure; times are given by the caller.

Nothing here is stored. One connection speaks for one client id, under the name the server knows it by. Clocks
towards others are ours: a client that comes back with the clock it had would otherwise not be seen again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from .protocol import AwarenessUpdate

State = tuple[int, int, str]
"""Client id, clock, state as JSON text; "null" for one who left."""

GONE = "null"
REMEMBERED = 5_000


@dataclass(slots=True)
class Seen:
    clock: int
    text: str
    at: float
    owner: object | None
    """The connection that speaks for it; None: it is on another node."""
    offset: int = 0
    """What we add to the clocks of its owner."""


class Presence:
    def __init__(self, ttl: float) -> None:
        self._ttl = ttl
        self._here: dict[int, Seen] = {}
        self._left: dict[int, int] = {}
        """Last clock of those who left, oldest first."""

    def states(self, *, except_for: int | None = None) -> tuple[State, ...]:
        return tuple((id_, seen.clock, seen.text) for id_, seen in self._here.items() if id_ != except_for)

    def own(self) -> tuple[State, ...]:
        """What this node knows at first hand."""
        return tuple(
            (id_, seen.clock, seen.text) for id_, seen in self._here.items() if seen.owner is not None
        )

    def clients_of(self, owner: object) -> list[int]:
        return [id_ for id_, seen in self._here.items() if seen.owner is owner]

    def may_speak(self, owner: object, client: int, *, same_person: bool) -> bool:
        """`same_person`: whoever speaks for this id now is the same person, back before the loss of the old
        connection was noticed."""
        seen = self._here.get(client)
        return seen is None or seen.owner is owner or (same_person and seen.owner is not None)

    def holder(self, client: int) -> object | None:
        seen = self._here.get(client)
        return seen.owner if seen is not None else None

    def heard(self, owner: object, client: int, clock: int, text: str, now: float) -> State | None:
        """A state from one of our own connections, as others are to see it. None: it is old news."""
        seen = self._here.get(client)
        if seen is None or seen.owner is not owner:
            last = seen.clock if seen is not None else self._left.get(client, -1)
            offset = max(last + 1 - clock, 0)
            last = -1
        else:
            offset, last = seen.offset, seen.clock
        clock += offset
        if clock < last or (clock == last and text != GONE):
            if seen is not None:
                seen.at = now
            return None
        self._know(client, Seen(clock, text, now, owner, offset))
        return client, clock, text

    def told(self, states: Iterable[State], now: float) -> tuple[State, ...]:
        """States from another node; what of it is news."""
        news: list[State] = []
        for client, clock, text in states:
            seen = self._here.get(client)
            last = seen.clock if seen is not None else self._left.get(client, -1)
            if clock > last or (clock == last and text == GONE and seen is not None):
                self._know(client, Seen(clock, text, now, None))
                news.append((client, clock, text))
            elif seen is not None and clock == last and seen.owner is None:
                seen.at = now
        return tuple(news)

    def leave(self, owner: object) -> tuple[State, ...]:
        return self._remove(self.clients_of(owner))

    def expire(self, now: float) -> tuple[State, ...]:
        """Those who said nothing for too long."""
        return self._remove([id_ for id_, seen in self._here.items() if now - seen.at > self._ttl])

    def _know(self, client: int, seen: Seen) -> None:
        if seen.text != GONE:
            self._here[client] = seen
            self._left.pop(client, None)
            return
        self._here.pop(client, None)
        self._left[client] = seen.clock
        if len(self._left) > REMEMBERED:
            del self._left[next(iter(self._left))]

    def _remove(self, clients: Iterable[int]) -> tuple[State, ...]:
        gone: list[State] = []
        for client in clients:
            clock = self._here[client].clock + 1
            self._know(client, Seen(clock, GONE, 0, None))
            gone.append((client, clock, GONE))
        return tuple(gone)


def colour(principal: str) -> str:
    return f"p{sum(principal.encode()) % 6 + 1}"


def signed(text: str, principal: str, name: str) -> str:
    """A state as its client sent it, under the name the server knows."""
    state = json.loads(text)
    if state is None:
        return GONE
    state["user"] = {"id": principal, "name": name, "colour": colour(principal)}
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


KEEPALIVE = AwarenessUpdate(())
