"""A client in Python (pycrdt), written from docs/protocol.md alone; the W-numbers are its rules.

    .venv/bin/python bench/conformance/client.py --url http://127.0.0.1:8000 --token … \\
        --room statement/<id> --add "Words"

Joins, adds each `--add` as a paragraph, waits until all of it is durable, and prints as JSON
what it then holds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import pycrdt
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

STEP1, STEP2, UPDATE = 0, 1, 2
SYNC, AWARENESS, MARK, SAVED, EVENT = 0, 1, 100, 101, 102
PRESENCE_SECONDS = 10.0
LARGEST_FRAME = 1 << 20


class Ended(Exception):
    """The server closed the socket: with a code of section 7 and its word."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"closed {code} {reason}".rstrip())
        self.code, self.reason = code, reason


class Refused(Exception):
    """An event `refused` (W18): an edit was not taken."""


@dataclass(slots=True)
class Client:
    url: str
    token: str
    room: str
    schema: int | None = 1
    epoch: int | None = None
    client_id: int | None = None
    keep_alive: float = PRESENCE_SECONDS
    doc: pycrdt.Doc[Any] = field(init=False)
    joined: dict[str, Any] | None = field(init=False, default=None)
    marks: int = field(init=False, default=0)
    saved: int = field(init=False, default=0)
    _socket: ClientConnection = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(init=False, default_factory=list)
    _synced: bool = field(init=False, default=False)
    _failure: Exception | None = field(init=False, default=None)
    _news: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _clock: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        # An editor chooses its own client id; nobody else's may be used (W21).
        self.doc = pycrdt.Doc() if self.client_id is None else pycrdt.Doc(client_id=self.client_id)
        self.doc["statement"] = pycrdt.XmlFragment()

    async def __aenter__(self) -> Self:
        """Steps 2 to 7 of section 9: joined, and holding all that is durable."""
        self._socket = await connect(
            self._address(),
            additional_headers={"Authorization": f"Bearer {self.token}"},
            subprotocols=[Subprotocol("lab.v1")],
            max_size=None,
            compression=None,
            ping_interval=None,
        )
        self._tasks.append(asyncio.create_task(self._read()))
        await self._send(SYNC, STEP1, self.doc.get_state())
        self._tasks.append(asyncio.create_task(self._announce()))
        await self.until(lambda: self._synced and self.joined is not None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._socket.close()

    @property
    def statement(self) -> pycrdt.XmlFragment:
        root: pycrdt.XmlFragment = self.doc.get("statement", type=pycrdt.XmlFragment)
        return root

    async def edit(self, change: Callable[[], object]) -> int:
        """Make a change here at once, send it, and return the number of its mark."""
        made: list[bytes] = []
        watch = self.doc.observe(lambda event: made.append(event.update))
        try:
            with self.doc.transaction():
                change()
        finally:
            self.doc.unobserve(watch)
        return await self.give(made)

    async def give(self, updates: list[bytes]) -> int:
        """Send updates, as few frames as may be, then a mark (W17)."""
        if updates:
            merged = updates[0] if len(updates) == 1 else pycrdt.merge_updates(*updates)
            await self._send(SYNC, UPDATE, merged)
        return await self.mark()

    async def mark(self) -> int:
        self.marks += 1
        await self._socket.send(varuint(MARK) + varuint(self.marks))
        return self.marks

    async def until_saved(self, mark: int, *, within: float = 60) -> None:
        await self.until(lambda: self.saved >= mark, within=within)

    async def until(self, true: Callable[[], bool], *, within: float = 60) -> None:
        """Looks again whenever something has arrived."""
        async with asyncio.timeout(within):
            while not true():
                if self._failure is not None:
                    raise self._failure
                self._news.clear()
                await self._news.wait()
        if self._failure is not None:
            raise self._failure

    def _address(self) -> str:
        both = {"epoch": self.epoch, "schema": self.schema}
        asked = {name: value for name, value in both.items() if value is not None}
        base = "ws" + self.url.removeprefix("http") if self.url.startswith("http") else self.url
        return f"{base.rstrip('/')}/ws/{self.room}" + (f"?{urlencode(asked)}" if asked else "")

    async def _send(self, kind: int, step: int, payload: bytes) -> None:
        message = varuint(kind) + varuint(step) + sized(payload)
        if len(message) > LARGEST_FRAME:
            raise ValueError(f"a frame of {len(message)} bytes is over the limit (W22): split the edit")
        await self._socket.send(message)

    async def _announce(self) -> None:
        """Presence (W14, W15), renewed so that neither end takes silence for death."""
        while True:
            self._clock += 1
            entry = varuint(1) + varuint(self.doc.client_id) + varuint(self._clock) + sized(b"{}")
            await self._socket.send(varuint(AWARENESS) + sized(entry))
            await asyncio.sleep(self.keep_alive)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if not isinstance(message, bytes):
                    raise ValueError("a text message is no frame")
                await self._take(message)
                self._news.set()
            raise Ended(self._socket.close_code or 1006, self._socket.close_reason or "")
        except ConnectionClosed:
            self._failure = Ended(self._socket.close_code or 1006, self._socket.close_reason or "")
        except Exception as error:
            self._failure = error
        finally:
            self._news.set()

    async def _take(self, message: bytes) -> None:
        kind, at = read_varuint(message, 0)
        match kind:
            case 0:
                step, at = read_varuint(message, at)
                payload = read_sized(message, at)
                if step == STEP1:
                    # Everything the server lacks, deletions included (W9), and a mark to know it safe (W17).
                    await self._send(SYNC, STEP2, self.doc.get_update(payload))
                    await self.mark()
                else:
                    self.doc.apply_update(payload)
                    self._synced = self._synced or step == STEP2
            case 101:
                self.saved, _ = read_varuint(message, at)
            case 102:
                event = json.loads(read_sized(message, at))
                if event["type"] == "joined":
                    self.joined = event
                elif event["type"] == "refused":
                    raise Refused(f"{event['reason']}: {event.get('message', '')}")
            case 1 | 3:
                pass  # Who else is here does not change the text.
            case _:
                raise ValueError(f"no frame type {kind} (W6)")


def varuint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(0x80 | number & 0x7F)
        number >>= 7
    out.append(number)
    return bytes(out)


def sized(payload: bytes) -> bytes:
    return varuint(len(payload)) + payload


def read_varuint(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
        if shift > 56:
            raise ValueError("a number of more than eight bytes (W6)")


def read_sized(message: bytes, at: int) -> bytes:
    size, at = read_varuint(message, at)
    if at + size != len(message):
        raise ValueError("a frame is exactly its bytes (W6)")
    return message[at : at + size]


def clocks(doc: pycrdt.Doc[Any]) -> dict[int, int]:
    """The state vector, read: which clock each client id has reached here."""
    vector = doc.get_state()
    count, at = read_varuint(vector, 0)
    found: dict[int, int] = {}
    for _ in range(count):
        client, at = read_varuint(vector, at)
        found[client], at = read_varuint(vector, at)
    return found


def add_paragraph(statement: pycrdt.XmlFragment, words: str) -> pycrdt.XmlText:
    paragraph = statement.children.append(pycrdt.XmlElement("paragraph"))
    return paragraph.children.append(pycrdt.XmlText(words))


def last_text(statement: pycrdt.XmlFragment) -> str:
    """The words of the last block."""
    blocks = list(statement.children)
    return _words(blocks[-1]) if blocks else ""


def digest(statement: pycrdt.XmlFragment) -> str:
    """The same for the same content in any language: SHA-256 of the tree as JSON with sorted keys."""
    tree = [_tree(node) for node in statement.children]
    canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _words(node: Any) -> str:
    if isinstance(node, pycrdt.XmlText):
        return "".join(part for part, _ in node.diff() if isinstance(part, str))
    return "".join(_words(child) for child in node.children)


def _tree(node: Any) -> Any:
    if isinstance(node, pycrdt.XmlText):
        return [[part, _plain(marks or {})] for part, marks in node.diff()]
    return [node.tag, _plain(dict(node.attributes)), [_tree(child) for child in node.children]]


def _plain(value: Any) -> Any:
    """Numbers as JavaScript writes them: 2, not 2.0."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


async def _main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", required=True, help="http://host:port of the lab")
    parser.add_argument("--token", required=True)
    parser.add_argument("--room", required=True, help="statement/<challenge id> or scratch/<any>")
    parser.add_argument("--add", action="append", default=[], help="a paragraph to add; may be repeated")
    asked = parser.parse_args()
    schema = None if asked.room.startswith("scratch/") else 1
    try:
        async with Client(asked.url, asked.token, asked.room, schema=schema) as client:
            for words in asked.add:
                await client.edit(partial(add_paragraph, client.statement, words))
            await client.until_saved(client.marks)
            joined = client.joined or {}
            told = {
                "language": "python",
                "epoch": joined.get("epoch"),
                "access": joined.get("access"),
                "marks": client.marks,
                "saved": client.saved,
                "text": last_text(client.statement),
                "digest": digest(client.statement),
            }
    except (Ended, Refused, TimeoutError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(told, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(_main()))
