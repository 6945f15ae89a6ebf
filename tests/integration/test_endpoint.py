"""The endpoint over real sockets: a real uvicorn, real clients, the wire of docs/protocol.md."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pycrdt import Doc, Text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from lab.realtime.brokers.memory import MemoryBroker
from lab.realtime.options import Options
from lab.realtime.ports import Access, RoomName
from lab.realtime.stores.memory import MemoryStore
from tests.support.peer import awareness, mark, presences, sized, step1, step2, take, update_frame
from tests.support.server import Rooms, Server

PATIENCE = 60


class Client:
    """A lab.v1 client (or, with `lab=False`, a stock one) with a text."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.doc: Doc[Any] = Doc()
        self.text = self.doc.get("t", type=Text)
        self.events: list[dict[str, Any]] = []
        self.saved = 0
        self.others: dict[int, tuple[int, Any]] = {}
        self.synced = False
        self.marks = 0

    async def greet(self) -> Client:
        await self.socket.send(step1(self.doc.get_state()))
        await self.until(lambda: self.synced)
        return self

    async def until(self, happened: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                await self.take(bytes(await self.socket.recv()))

    async def take(self, message: bytes) -> None:
        match message[0]:
            case 0:
                _, at = take(message, 2)
                if message[1] == 0:
                    await self.socket.send(step2(self.doc.get_update(message[at:])))
                else:
                    self.doc.apply_update(message[at:])
                    self.synced = True
            case 1:
                self.others.update(presences(message))
            case 101:
                self.saved, _ = take(message, 1)
            case 102:
                _, at = take(message, 1)
                self.events.append(json.loads(message[at:]))

    async def type(self, text: str) -> None:
        before = self.doc.get_state()
        self.text += text
        await self.socket.send(update_frame(self.doc.get_update(before)))

    async def save(self) -> None:
        self.marks += 1
        await self.socket.send(mark(self.marks))
        await self.until(lambda: self.saved >= self.marks)

    async def closed(self) -> tuple[int, str]:
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    await self.take(bytes(await self.socket.recv()))
        except ConnectionClosed:
            assert self.socket.close_code is not None
            return self.socket.close_code, self.socket.close_reason or ""


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


@pytest.fixture
def server(rooms: Rooms) -> Iterator[Server]:
    running = Server(MemoryStore(), MemoryBroker(), {"scratch": rooms}, Options())
    running.start()
    yield running
    running.stop()


@asynccontextmanager
async def a_client(
    server: Server, who: str = "ana", *, path: str = "scratch/one", lab: bool = True, **how: Any
) -> AsyncIterator[Client]:
    headers = how.pop("headers", {"Authorization": f"Bearer {who}"})
    async with connect(
        f"ws://127.0.0.1:{server.port}/ws/{path}",
        additional_headers=headers,
        subprotocols=["lab.v1"] if lab else None,  # type: ignore[list-item]
        max_size=None,
        **how,
    ) as socket:
        yield Client(socket)


async def test_two_people_write_and_are_told_when_it_is_safe(server: Server) -> None:
    async with a_client(server, "ana") as ana, a_client(server, "ben") as ben:
        await ana.greet()
        await ben.greet()
        await ana.type("hello ")
        await ana.save()
        await ben.until(lambda: str(ben.text) == "hello ")
        await ben.type("world")
        await ben.save()
        await ana.until(lambda: str(ana.text) == "hello world")
    async with a_client(server, "eve") as eve:
        await eve.greet()
        assert str(eve.text) == "hello world"
    assert Doc() is not None


async def test_joined_comes_first_and_says_who_you_are(server: Server) -> None:
    async with a_client(server, "ana") as ana:
        await ana.greet()
        assert ana.events[0] == {
            "type": "joined",
            "epoch": 1,
            "schema": 0,
            "access": "write",
            "you": {"id": "ana", "name": "Ana", "colour": "p5"},
        }


async def test_a_stock_client_never_sees_marks_or_events(server: Server) -> None:
    async with a_client(server, "ana", lab=False) as ana:
        assert ana.socket.subprotocol is None
        await ana.greet()
        await ana.type("plain")
        await ana.socket.send(awareness(ana.doc.client_id, 1, {"cursor": 1}))
        await ana.until(lambda: ana.others)
        assert ana.others[ana.doc.client_id][1]["user"]["name"] == "Ana"
        assert ana.events == []


async def test_readers_are_told_so_and_stay(server: Server, rooms: Rooms) -> None:
    rooms.roles["rosa"] = Access.READ
    async with a_client(server, "ana") as ana, a_client(server, "rosa") as rosa:
        await ana.greet()
        await rosa.greet()
        await rosa.type("mine")
        await rosa.until(lambda: rosa.events[-1]["type"] == "refused")
        assert rosa.events[-1]["reason"] == "read_only"
        await ana.type("yours")
        await rosa.until(lambda: "yours" in str(rosa.text))
        assert str(ana.text) == "yours"


async def test_a_stock_reader_who_writes_is_closed(server: Server, rooms: Rooms) -> None:
    rooms.roles["rosa"] = Access.READ
    async with a_client(server, "rosa", lab=False) as rosa:
        await rosa.greet()
        await rosa.type("mine")
        assert await rosa.closed() == (4403, "read_only")


async def test_revocation_takes_effect_within_a_second(server: Server, rooms: Rooms) -> None:
    async with a_client(server, "ana") as ana:
        await ana.greet()
        rooms.roles["ana"] = Access.NONE
        async with asyncio.timeout(PATIENCE):
            await server.ask(server.engine.recheck(frozenset({"ana"})))
            assert await ana.closed() == (4403, "not_allowed")


async def test_ending_a_sign_in_closes_its_sockets(server: Server) -> None:
    async with a_client(server, "ana") as ana, a_client(server, "ben") as ben:
        await ana.greet()
        await ben.greet()
        await server.ask(server.engine.end_session("session-ana"))
        assert await ana.closed() == (4401, "not_signed_in")
        await ben.type("still here")
        await ben.save()


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("scratch/one", {}, (4403, "not_allowed")),
        ("scratch/one", {"Cookie": "who=ana"}, (4403, "not_allowed")),
        ("scratch/one", {"Cookie": "who=ana", "Origin": "null"}, (4403, "not_allowed")),
        ("scratch/one", {"Cookie": "who=ana", "Origin": "http://lab.evil"}, (4403, "not_allowed")),
        ("scratch/one", {"Cookie": "who=ana", "Origin": "http://lab:81"}, (4403, "not_allowed")),
        ("scratch/one", {"Origin": "http://lab"}, (4401, "not_signed_in")),
        ("nothing/one", {"Authorization": "Bearer ana"}, (4404, "no_such_room")),
        ("scratch/one?epoch=9", {"Authorization": "Bearer ana"}, (4409, "epoch")),
        ("scratch/one?epoch=x", {"Authorization": "Bearer ana"}, (4400, "protocol")),
        ("scratch/one?schema=-1", {"Authorization": "Bearer ana"}, (4400, "protocol")),
    ],
)
async def test_the_door(
    server: Server, path: str, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    async with a_client(server, path=path, headers=headers) as client:
        assert await client.closed() == expected


async def test_a_cookie_from_our_own_page_is_enough(server: Server) -> None:
    async with a_client(server, headers={"Cookie": "who=ana", "Origin": "http://lab"}) as ana:
        await ana.greet()


async def test_no_such_room(server: Server, rooms: Rooms) -> None:
    rooms.made_on_join = False
    async with a_client(server, path="scratch/never") as ana:
        assert await ana.closed() == (4404, "no_such_room")


async def test_replaced_content_closes_with_the_new_epoch(server: Server) -> None:
    async with a_client(server) as ana:
        await ana.greet()
        seed: Doc[Any] = Doc()
        seed.get("t", type=Text).insert(0, "new")
        await server.ask(server.engine.replace(RoomName("scratch/one"), seed.get_update()))
        assert await ana.closed() == (4409, "epoch")
        assert ana.events[-1] == {"type": "epoch", "epoch": 2}
    async with a_client(server, path="scratch/one?epoch=2") as again:
        await again.greet()
        assert str(again.text) == "new"


@pytest.mark.parametrize("message", [b"", b"\x05", b"\x00", b"\x00\x02\x09", b"\xff" * 100, b"\x65\x01"])
async def test_what_is_no_frame_closes(server: Server, message: bytes) -> None:
    async with a_client(server) as ana:
        await ana.greet()
        await ana.socket.send(message)
        assert await ana.closed() == (4400, "protocol")


async def test_text_is_no_frame(server: Server) -> None:
    async with a_client(server) as ana:
        await ana.greet()
        await ana.socket.send("hello")
        assert await ana.closed() == (4400, "protocol")


async def test_a_refused_update_names_its_rule(server: Server) -> None:
    async with a_client(server) as ana, a_client(server, "ben") as ben:
        await ana.greet()
        await ben.greet()
        await ana.socket.send(update_frame(bytes.fromhex("01011401000000")))
        code, reason = await ana.closed()
        assert code == 4400
        assert reason.startswith("update_refused:G")
        await ben.type("unharmed")
        await ben.save()


async def test_a_frame_over_the_limit_closes_1009(server: Server) -> None:
    async with a_client(server) as ana:
        await ana.greet()
        await ana.socket.send(b"\x00\x02" + sized(b"x" * (2 << 20)))
        code, _ = await ana.closed()
        assert code == 1009


async def test_a_large_update_goes_through_a_child(server: Server) -> None:
    async with a_client(server) as ana, a_client(server, "ben") as ben:
        await ana.greet()
        await ben.greet()
        await ana.type("long " * 40_000)
        await ben.type("short")
        await ben.save()
        await ana.save()
        await ben.until(lambda: len(str(ben.text)) == 200_005)


async def test_the_server_says_goodbye(rooms: Rooms) -> None:
    server = Server(MemoryStore(), MemoryBroker(), {"scratch": rooms}, Options())
    server.start()
    async with a_client(server) as ana:
        await ana.greet()
        await ana.type("last words")
        await ana.save()
        await server.ask(server.engine.drain())
        assert await ana.closed() == (1012, "restarting")
        assert ana.events[-1] == {"type": "restarting"}
    server.stop()
    assert rooms.derived == [("one", frozenset({"ana"}))]


async def test_who_stops_reading_is_let_go_and_nobody_waits(rooms: Rooms) -> None:
    """L5 and L6 in small: a peer whose end is open but dead."""
    server = Server(
        MemoryStore(), MemoryBroker(), {"scratch": rooms}, Options(write_timeout=1, limit_factor=1000)
    )
    server.start()
    try:
        dead = socket.create_connection(("127.0.0.1", server.port))
        dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        dead.sendall(
            b"GET /ws/scratch/one HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            b"Authorization: Bearer dead\r\n\r\n"
        )
        async with a_client(server, "ana") as ana, a_client(server, "ben") as ben:
            await ana.greet()
            await ben.greet()
            async with asyncio.timeout(120):
                while True:
                    await ana.type("x" * 50_000)
                    await ana.save()
                    here = await server.ask(present(server))
                    if "dead" not in here:
                        break
            await ben.until(lambda: str(ben.text) == str(ana.text))
        dead.close()
    finally:
        server.stop()


async def test_a_half_open_connection_is_aborted_when_it_answers_no_ping(rooms: Rooms) -> None:
    """uvicorn alone would wait for its buffer to empty, which is never."""
    server = Server(
        MemoryStore(),
        MemoryBroker(),
        {"scratch": rooms},
        Options(write_timeout=60, outbox_bytes=64 << 20, limit_factor=1000),
    )
    server.start(ws_ping_interval=1.0, ws_ping_timeout=8.0)
    dead = socket.create_connection(("127.0.0.1", server.port))
    try:
        dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        dead.sendall(
            b"GET /ws/scratch/one HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            b"Authorization: Bearer dead\r\n\r\n"
        )
        async with a_client(server, "ana") as ana:
            await ana.greet()
            # Small enough to be checked here and not in a child process, each on its own.
            for _ in range(160):
                await ana.type("x" * 50_000)
            await ana.save()
            async with asyncio.timeout(120):
                while "dead" in await server.ask(present(server)):
                    await ana.save()
    finally:
        dead.close()
        server.stop()


@pytest.mark.parametrize("nonsense", [b"\xf2\x80\0\0\0\0", b"\x82\x01x", b"\x83\x80\0\0\0\0"])
async def test_what_is_no_websocket_frame_ends_the_connection(server: Server, nonsense: bytes) -> None:
    """Reserved bits, no mask, an unknown kind."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(
            b"GET /ws/scratch/one HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            b"Authorization: Bearer eve\r\n\r\n"
        )
        async with asyncio.timeout(PATIENCE):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(nonsense)
            rest = await reader.read()
        assert b"\x03\xea" in rest  # 1002: a protocol error, in WebSocket's own words
    finally:
        writer.close()
    async with asyncio.timeout(PATIENCE):
        while "eve" in await server.ask(present(server)):
            pass


async def present(server: Server) -> set[str]:
    return {principal for principal, _ in server.engine.present(RoomName("scratch/one"))}
