"""Those who look at a statement: a Python client, a Node client, the database itself; and what they found."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pycrdt
from client import Client, digest, last_text

HERE = Path(__file__).resolve().parent
WITHIN = 120.0


@dataclass(slots=True)
class Findings:
    expected: str
    good: bool = True
    digests: set[str] = field(default_factory=set)
    stopped: bool = False
    """Something failed before everybody had been looked at."""

    def see(self, who: str, text: str, tree: str) -> None:
        same = text == self.expected
        self.good = self.good and same
        self.digests.add(tree)
        verdict = "exact" if same else f"DIFFERS {_where(text, self.expected)}"
        print(f"  {who:<40} {len(text):>7,} characters  {verdict}", flush=True)

    def conclude(self) -> bool:
        """The same words in different trees would be as bad."""
        if len(self.digests) > 1:
            self.good = False
            print("  the trees differ", flush=True)
        if not self.good:
            print("  NOT the same everywhere", flush=True)
        elif self.stopped:
            print("  stopped before the end: not everybody was looked at", flush=True)
        else:
            print("  every text is exact", flush=True)
        return self.good and not self.stopped


async def look(client: Client, findings: Findings, who: str) -> None:
    """At a client's text as soon as it is the expected one, or at whatever it is in the end."""
    size = len(findings.expected.encode())

    def there() -> bool:
        # Measured first: reading the whole text after every frame would be slow.
        return _size(client.statement) == size and last_text(client.statement) == findings.expected

    try:
        await client.until(there, within=WITHIN)
    except TimeoutError:
        print(f"  {who} has waited in vain", flush=True)
    findings.see(who, last_text(client.statement), digest(client.statement))


class NodeClient:
    """client.mjs --watch in a child process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def look(self, findings: Findings, who: str) -> None:
        question = {
            "wait": hashlib.sha256(findings.expected.encode()).hexdigest(),
            "length": len(findings.expected.encode("utf-16-le")) // 2,
            "within": WITHIN,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        await self._process.stdin.drain()
        held = await self.answer()
        findings.see(who, held["text"], held["digest"])

    async def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        async with asyncio.timeout(WITHIN + 10):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the Node client ended before its time")
        answer: dict[str, Any] = json.loads(line)
        return answer


@asynccontextmanager
async def node_client(url: str, token: str, room: str) -> AsyncIterator[NodeClient]:
    process = await asyncio.create_subprocess_exec(
        *("node", str(HERE / "client.mjs"), "--url", url, "--token", token, "--room", room, "--watch"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 26,
    )
    try:
        client = NodeClient(process)
        await client.answer()
        yield client
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def look_into_database(data: Path, room: str, findings: Findings) -> None:
    """No server, none of its code: the rows of the log, folded."""
    database = sqlite3.connect(data / "lab.db")
    try:
        found = database.execute("SELECT epoch, head FROM room_document WHERE room = ?", (room,)).fetchone()
        if found is None:
            raise RuntimeError(f"the database in {data} has no room {room}")
        rows = database.execute(
            "SELECT content FROM room_update WHERE room = ? AND epoch = ? ORDER BY seq", (room, found[0])
        ).fetchall()
    finally:
        database.close()
    if len(rows) != found[1]:
        raise RuntimeError(f"the log of {room} has {len(rows)} rows and says it has {found[1]}")
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc["statement"] = pycrdt.XmlFragment()
    for (content,) in rows:
        doc.apply_update(content)
    statement = doc.get("statement", type=pycrdt.XmlFragment)
    findings.see(f"the database's log, {len(rows):,} rows", last_text(statement), digest(statement))


def _size(statement: pycrdt.XmlFragment) -> int:
    """Bytes of the last block's words."""
    blocks = list(statement.children)
    if not blocks or isinstance(blocks[-1], pycrdt.XmlText):
        return 0
    return sum(len(text) for text in blocks[-1].children if isinstance(text, pycrdt.XmlText))


def _where(text: str, expected: str) -> str:
    same = zip(text, expected, strict=False)
    at = next((n for n, (a, b) in enumerate(same) if a != b), min(len(text), len(expected)))
    return f"at {at}: {text[at : at + 20]!r}, expected {expected[at : at + 20]!r}"
