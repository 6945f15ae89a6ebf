"""A peer: a document that speaks our wire, over a wire that is a list the test delivers.

Written against docs/protocol.md and not with the product's own codec, so that the two check each other.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Array, Doc, Text, UndoManager

from lab.realtime.ports import Visitor


def varuint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def sized(data: bytes) -> bytes:
    return varuint(len(data)) + data


def take(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def step1(state_vector: bytes) -> bytes:
    return b"\0\0" + sized(state_vector)


def step2(update: bytes) -> bytes:
    return b"\0\1" + sized(update)


def update_frame(update: bytes) -> bytes:
    return b"\0\2" + sized(update)


def mark(number: int) -> bytes:
    return bytes([100]) + varuint(number)


def awareness(client: int, clock: int, state: Any) -> bytes:
    entry = varuint(client) + varuint(clock) + sized(json.dumps(state).encode())
    return b"\1" + sized(b"\1" + entry)


def presences(message: bytes) -> dict[int, tuple[int, Any]]:
    """What an awareness frame says: client -> (clock, state)."""
    assert message[0] == 1
    length, at = take(message, 1)
    assert at + length == len(message)
    count, at = take(message, at)
    found = {}
    for _ in range(count):
        client, at = take(message, at)
        clock, at = take(message, at)
        size, at = take(message, at)
        found[client] = (clock, json.loads(message[at : at + size]))
        at += size
    return found


@dataclass(slots=True, eq=False)
class Wire:
    """One connection seen from both ends: what was sent and has not arrived."""

    down: deque[bytes] = field(default_factory=deque)
    up: deque[bytes] = field(default_factory=deque)
    closed: tuple[int, str] | None = None
    """What the server said when it closed."""
    stuck: bool = False
    """The other end does not read: sending never ends."""
    watch: Any = None
    """Called with each message at the moment the server sends it."""

    async def send(self, message: bytes) -> None:
        if self.watch is not None:
            self.watch(message)
        self.down.append(message)

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


class Peer:
    """One browser tab: its document, its marks, and what it was told is safe."""

    def __init__(self, name: str, person: str | None = None, *, ids: Callable[[], int] | None = None) -> None:
        """`ids`: where client ids come from, for runs that must be the same again; else from chance."""
        self.name = name
        self._ids = ids
        self.visitor = Visitor(person or f"person-{name}", name.title(), f"session-{name}")
        self.written = 0
        self.fresh()

    def fresh(self) -> None:
        """A new copy, as after a reload: a new client id, nothing in it."""
        self.doc: Doc[Any] = Doc(client_id=self._ids() if self._ids else None)
        self.ledger = self.doc.get("ledger", type=Array)
        self.scribble = self.doc.get("scribble", type=Text)
        self.tries = self.doc.get("tries", type=Array)
        self.undo = UndoManager(scopes=[self.tries], capture_timeout_millis=0)
        self.undo.include_origin("mine")
        self.epoch: int | None = None
        self.wire: Wire | None = None
        self.events: list[dict[str, Any]] = []
        self.others: dict[int, tuple[int, Any]] = {}
        self.unmarked: list[str] = []
        """Written to the ledger, where nothing is ever taken back, and not covered by a mark."""
        self.marks: dict[int, list[str]] = {}
        self.marked = 0
        self.saved = 0
        self.synced = False
        self._quiet = False
        self._watch = self.doc.observe(lambda event: self._changed(event.update))

    # -- editing: the screen changes now, the wire carries it later

    def write(self, position: float) -> str:
        token = self._token()
        self.unmarked.append(token)
        with self.doc.transaction(origin="ledger"):
            self.ledger.insert(round(position * len(self.ledger)), token)
        return token

    def attempt(self, position: float) -> str:
        token = self._token()
        with self.doc.transaction(origin="mine"):
            self.tries.insert(round(position * len(self.tries)), token)
        return token

    def _token(self) -> str:
        self.written += 1
        return f"w{self.name}-{self.written};"

    def scrawl(self, position: float, text: str) -> None:
        at = round(position * len(str(self.scribble)))
        self.scribble.insert(at, text)

    def erase(self, position: float, length: int) -> None:
        size = len(str(self.scribble))
        at = min(round(position * size), max(size - 1, 0))
        if size:
            del self.scribble[at : min(at + length, size)]

    def _changed(self, update: bytes) -> None:
        if not self._quiet:
            self._say(update_frame(update))

    def save(self) -> None:
        """Ask to be told when all of it is safe; which makes sense once all of it has been sent."""
        if self.wire is None or not self.synced:
            return
        self.marked += 1
        self.marks[self.marked] = self.unmarked
        self.unmarked = []
        self._say(mark(self.marked))

    # -- the wire

    def _say(self, message: bytes) -> None:
        # Like stock clients, it does not wait for the server's sync step 1 before it sends edits.
        if self.wire is not None:
            self.wire.up.append(message)

    def connected(self, wire: Wire) -> None:
        self.wire = wire
        for tokens in self.marks.values():
            self.unmarked.extend(tokens)
        self.marks, self.marked, self.saved = {}, 0, 0
        self.synced = False
        wire.up.append(step1(self.doc.get_state()))

    def cut(self) -> None:
        self.wire = None
        self.synced = False

    def receive(self) -> bytes | None:
        """Take one message off the wire and believe it."""
        if self.wire is None or not self.wire.down:
            return None
        message = self.wire.down.popleft()
        kind = message[0]
        if kind == 0:
            self._sync(message)
        elif kind == 1:
            self.others.update(presences(message))
        elif kind == 101:
            self.saved, end = take(message, 1)
            assert end == len(message)
            for number in [number for number in self.marks if number <= self.saved]:
                del self.marks[number]
        elif kind == 102:
            length, at = take(message, 1)
            event = json.loads(message[at : at + length])
            self.events.append(event)
            if event["type"] == "joined":
                self.epoch = event["epoch"]
        return message

    def _sync(self, message: bytes) -> None:
        length, at = take(message, 2)
        assert at + length == len(message)
        payload = message[at:]
        if message[1] == 0:
            # Only the whole difference makes good what may have been lost with an earlier connection.
            self.synced = True
            self._say(step2(self.doc.get_update(payload)))
            self.save()
        else:
            self._quiet = True
            try:
                self.doc.apply_update(payload)
            finally:
                self._quiet = False

    def content(self) -> dict[str, Any]:
        return content(self.doc)


def content(doc: Doc[Any]) -> dict[str, Any]:
    """What a document holds, in a form that two replicas can be compared by."""
    return {
        "ledger": doc.get("ledger", type=Array).to_py(),
        "scribble": str(doc.get("scribble", type=Text)),
        "tries": doc.get("tries", type=Array).to_py(),
    }


def replayed(updates: list[bytes]) -> Doc[Any]:
    """The document a log stands for."""
    doc: Doc[Any] = Doc()
    for update in updates:
        doc.apply_update(update)
    return doc
