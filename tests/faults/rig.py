"""The machines: `lab serve` on as many nodes as wanted, one database, perhaps a Redis, and lines between.

async with rig(folder, nodes=3, store="postgres", redis=True) as lab:
    await lab.kill(lab.nodes[0])
    await lab.start(lab.nodes[0])
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import urllib.request
from collections.abc import AsyncIterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Literal

from pycrdt import Text

from bench.ledger import Ledger
from bench.peer import Peer
from bench.server import Server
from lab.core.db import Database
from lab.realtime.ports import RoomName
from lab.realtime.replica import folded
from lab.realtime.stores import open_store
from tests.faults.authors import Author, until, until_equal
from tests.faults.outcome import Outcome
from tests.faults.proxy import Proxy
from tests.support.services import PostgresServer, RedisServer, postgres_server

Kept = Literal["sqlite", "postgres"]
PEOPLE = 8


class Rig:
    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.database = url
        """The URL of the database as seen without any trouble in between."""
        self.nodes: list[Server] = []
        self.redis: RedisServer | None = None
        self.redis_lines: list[Proxy] = []
        """Between each node and Redis."""
        self.postgres: PostgresServer | None = None
        self.tokens: list[str] = []
        self._ledgers = 0

    async def start(self, node: Server) -> float:
        return await asyncio.to_thread(node.start)

    async def kill(self, node: Server) -> None:
        await asyncio.to_thread(node.kill)

    def addresses(self, room: str, *nodes: int) -> list[str]:
        chosen = [self.nodes[at] for at in nodes] or self.nodes
        return [f"{node.ws}/scratch/{room}" for node in chosen]

    def ledger(self) -> Ledger:
        self._ledgers += 1
        return Ledger(self.folder / f"ledger-{self._ledgers}.txt")

    def authors(
        self, room: str, chance: Random, ledger: Ledger, *, count: int = 4, padding: int = 0
    ) -> list[Author]:
        """Spread over the nodes, each going back to its own: with other nodes to go to, what one of them
        missed would not be noticed."""
        homes = [self.addresses(room, at) for at in range(len(self.nodes))]
        return [
            Author(
                name,
                partial(list, homes[name % len(homes)]),
                self.tokens[name % len(self.tokens)],
                ledger,
                Random(chance.random()),
                padding=padding,
            )
            for name in range(count)
        ]

    async def text(self, room: str) -> str:
        """What the rows in the database say, read without any server."""
        database = Database(self.database)
        try:
            async with open_store(database) as store:
                stored = await store.open(RoomName(f"scratch/{room}"))
                assert stored is not None
                doc: Any = Peer("", "").doc
                doc.apply_update(folded(stored.snapshot, [row.update for row in stored.tail]))
                return str(doc.get("text", type=Text))
        finally:
            await database.dispose()

    async def stranger(self, room: str, at: int = 0) -> str:
        """What somebody is given who has never been here."""
        peer = Peer(self.addresses(room, at)[0], self.tokens[0])
        text = peer.doc.get("text", type=Text)
        async with peer.joined():
            return str(text)

    async def judge(
        self, outcome: Outcome, room: str, authors: Sequence[Author], ledger: Ledger, *, limit: float = 5
    ) -> None:
        """The trouble is over, and nobody types any more: are all equal, and is everything there, once?"""
        try:
            took = await until_equal(authors)
        except TimeoutError:
            outcome.must(False, f"never equal in {room}: {[(a.safe, a.written, a.closed) for a in authors]}")
        else:
            outcome.equal.append(took)
            outcome.must(took <= limit, f"equal only after {took:.1f} s")
        text = await self.text(room)
        outcome.judged(text, ledger, sum(author.written for author in authors))
        digests = {author.digest() for author in authors} | {digest(text)}
        digests |= {digest(await self.stranger(room, at)) for at in range(len(self.nodes))}
        outcome.must(len(digests) == 1, f"{len(digests)} different texts in {room}")
        for author in authors:
            for code, reason in author.closes:
                outcome.must(code < 4000, f"closed {code} {reason}")

    async def first_words(self, authors: Sequence[Author]) -> None:
        """Everybody is there, and something of everybody's is safe."""
        await until(lambda: all(author.safe for author in authors))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@contextlib.asynccontextmanager
async def rig(
    folder: Path,
    *,
    nodes: int = 1,
    store: Kept = "sqlite",
    redis: bool = False,
    people: int = PEOPLE,
    settings: dict[str, str] | None = None,
) -> AsyncIterator[Rig]:
    async with contextlib.AsyncExitStack() as stack:
        url = f"sqlite:///{folder / 'node-0' / 'lab.db'}"
        made = Rig(folder, url)
        if store == "postgres":
            made.postgres = await asyncio.to_thread(stack.enter_context, postgres_server())
            made.database = await made.postgres.database(empty=True)
        given = {"LAB_DATABASE_URL": made.database, "LAB_SECRET": "nodes of one lab share one secret"}
        if redis:
            made.redis = RedisServer()
            stack.callback(made.redis.stop)
            await asyncio.to_thread(made.redis.start)
        for number in range(nodes):
            data = folder / f"node-{number}"
            data.mkdir()
            own = dict(given)
            if made.redis is not None:
                line = await stack.enter_async_context(Proxy("127.0.0.1", made.redis.port))
                made.redis_lines.append(line)
                own["LAB_REDIS_URL"] = f"redis://127.0.0.1:{line.port}/0"
            node = Server(data, settings={**own, **(settings or {})})
            made.nodes.append(node)
            stack.callback(node.stop)
        # One after the other: the first makes the tables.
        for node in made.nodes:
            await made.start(node)
        made.tokens = await made.nodes[0].tokens([f"person-{n}@example.org" for n in range(people)])
        yield made


# -- what can be seen from outside


async def watch_stalls(server: Server, worst: list[float]) -> None:
    """How long the server takes to say that it is alive, which it does on its event loop."""
    while True:
        began = time.monotonic()
        await asyncio.to_thread(_healthz, server)
        worst.append(time.monotonic() - began)
        await asyncio.sleep(0.05)


def _healthz(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=60):
        pass
