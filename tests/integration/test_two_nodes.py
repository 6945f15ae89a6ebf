"""Two servers, one PostgreSQL, one Redis that comes and goes: people on different servers edit one room."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Text

from bench.peer import Peer
from bench.server import Server
from lab.core.db import Database
from lab.realtime.ports import RoomName
from lab.realtime.stores import open_store
from tests.support.services import RedisServer, redis_server

pytestmark = pytest.mark.services

DEADLINE = 120.0
"""Seconds for what should take at most 6; some machines are many times slower, and shared."""


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def servers(tmp_path: Path, postgres_url: str, own_redis: RedisServer) -> Iterator[tuple[Server, Server]]:
    settings = {
        "LAB_DATABASE_URL": postgres_url,
        "LAB_REDIS_URL": own_redis.url,
        "LAB_SECRET": "two nodes of one lab share one secret",
    }
    nodes = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        nodes.append(Server(tmp_path / name, settings=settings))
    try:
        with ThreadPoolExecutor() as pool:  # at once, as after a power cut
            list(pool.map(lambda node: node.start(), nodes))
        yield nodes[0], nodes[1]
    finally:
        for node in nodes:
            node.stop()


class Person:
    """Writes words that nobody else writes, and now and then takes one back."""

    def __init__(self, name: str, server: Server, room: str) -> None:
        self.peer = Peer(f"{server.ws}/{room}", server.token(f"{name}@example.org", role="participant"))
        self.text = self.peer.doc.get("text", type=Text)
        self.name = name
        self.count = 0
        self.kept: set[str] = set()
        """What is to be found in the end, everywhere."""

    async def write(self, count: int) -> None:
        for _ in range(count):
            self.count += 1
            word = f"{self.name}-{self.count};"
            # At the start, at the end, or between the words of others, but never inside one.
            ends = [0, *(match.end() for match in re.finditer(";", str(self.text)))]
            at = ends[(0, -1, len(ends) // 2)[self.count % 3]]
            await self.peer.write(partial(self.text.insert, at, word))
            self.kept.add(word)
            if self.count % 5 == 0:
                await self.take_back(min(self.kept))

    async def take_back(self, word: str) -> None:
        at = str(self.text).index(word)
        await self.peer.write(partial(self.text.__delitem__, slice(at, at + len(word))))
        self.kept.discard(word)

    async def is_saved(self) -> None:
        await self.peer.until_saved(self.peer.sent, within=DEADLINE)

    def words(self) -> Counter[str]:
        return words(str(self.text))

    def digest(self) -> str:
        return sha256(str(self.text).encode()).hexdigest()


def words(text: str) -> Counter[str]:
    return Counter(re.findall("[^;]*;", text))


async def both_have_everything(ana: Person, ben: Person) -> None:
    """Within the deadline each sees every word that both kept, once, and nothing that was taken back."""
    wanted = Counter(ana.kept | ben.kept)
    for person in (ana, ben):
        await person.peer.until(lambda person=person: person.words() == wanted, within=DEADLINE)
    assert ana.digest() == ben.digest()


async def test_people_on_two_servers_edit_one_room_while_redis_stops_and_starts(
    servers: tuple[Server, Server], own_redis: RedisServer, postgres_url: str
) -> None:
    room = "scratch/two-nodes"
    ana, ben = (Person(name, server, room) for name, server in zip(("ana", "ben"), servers, strict=True))
    async with ana.peer.joined(), ben.peer.joined():
        await asyncio.gather(ana.write(20), ben.write(20))
        await asyncio.gather(ana.is_saved(), ben.is_saved())
        await both_have_everything(ana, ben)

        # In the middle of their writing Redis dies. People on one server notice nothing: what they write is
        # saved. The others get it from the log, deletions too.
        await asyncio.gather(ana.write(20), ben.write(20), asyncio.to_thread(own_redis.stop))
        await asyncio.gather(ana.write(5), ben.write(5))
        await asyncio.gather(ana.is_saved(), ben.is_saved())
        await both_have_everything(ana, ben)
        await ana.take_back(min(ana.kept))
        await both_have_everything(ana, ben)

        # And it comes back, while they go on.
        await asyncio.gather(ana.write(20), ben.write(20), asyncio.to_thread(own_redis.start))
        await asyncio.gather(ana.is_saved(), ben.is_saved())
        await both_have_everything(ana, ben)

        # Twice in short order, with both writing all the time.
        await asyncio.gather(ana.write(60), ben.write(60), asyncio.to_thread(blink, own_redis))
        await asyncio.gather(ana.is_saved(), ben.is_saved())
        await both_have_everything(ana, ben)

    assert await text_in_the_log(postgres_url, room) == str(ana.text)
    assert await text_for_a_newcomer(servers[0], room) == str(ben.text)


async def test_a_server_that_dies_takes_nothing_with_it(
    servers: tuple[Server, Server], postgres_url: str
) -> None:
    room = "scratch/survivor"
    ana, ben = (Person(name, server, room) for name, server in zip(("ana", "ben"), servers, strict=True))
    async with ben.peer.joined():
        async with ana.peer.joined():
            await asyncio.gather(ana.write(30), ben.write(30))
            await ana.is_saved()
            servers[0].kill()
        await ben.is_saved()
        wanted = Counter(ana.kept | ben.kept)
        await ben.peer.until(lambda: ben.words() == wanted, within=DEADLINE)
    assert await text_in_the_log(postgres_url, room) == str(ben.text)


def blink(redis: RedisServer) -> None:
    for _ in range(2):
        redis.stop()
        redis.start()


async def text_in_the_log(url: str, room: str) -> str:
    """What the rows in the database say, read without any server."""
    database = Database(url)
    try:
        async with open_store(database) as store:
            stored = await store.open(RoomName(room))
            assert [problem async for problem in store.damage()] == []
    finally:
        await database.dispose()
    assert stored is not None
    doc = Doc[Any]()
    text = doc.get("text", type=Text)
    for update in (stored.snapshot, *(row.update for row in stored.tail)):
        if update is not None:
            doc.apply_update(update)
    return str(text)


async def text_for_a_newcomer(server: Server, room: str) -> str:
    newcomer = Person("cleo", server, room)
    async with newcomer.peer.joined():
        return str(newcomer.text)
