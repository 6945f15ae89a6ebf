"""The front door of `make cluster`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bench.server import reserve_port
from scripts.balancer import Balancer

PATIENCE = 30


@contextlib.asynccontextmanager
async def server(name: str) -> AsyncIterator[tuple[str, int]]:
    """Says its name and what it was asked for, once for each line, until the other end has nothing to say."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                if line != b"\r\n":
                    writer.write(f"{name}: {line.decode().strip()}\n".encode())
                    await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield listening.sockets[0].getsockname()
    listening.close()


async def asked(door: Balancer, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
    writer.write_eof()
    async with asyncio.timeout(PATIENCE):
        told = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return told


async def test_all_who_open_one_room_come_to_one_server_and_rooms_are_spread() -> None:
    async with server("one") as one, server("two") as two, Balancer([one, two]) as door:
        rooms = {f"/ws/statement/{n}": await asked(door, f"/ws/statement/{n}?epoch=1") for n in range(20)}
        assert {told.split(":")[0] for told in rooms.values()} == {"one", "two"}
        for room, told in rooms.items():
            assert (await asked(door, f"{room}?epoch=2")).split(":")[0] == told.split(":")[0]


async def test_another_door_prefers_the_other_server() -> None:
    async with (
        server("one") as one,
        server("two") as two,
        Balancer([one, two]) as door,
        Balancer([one, two], turned=1) as other,
    ):
        for path in ("/", "/ws/board/1", "/ws/board/2"):
            there = {(await asked(each, path)).split(":")[0] for each in (door, other)}
            assert there == {"one", "two"}


async def test_when_a_server_is_gone_the_other_is_asked_and_when_all_are_it_says_so() -> None:
    async with server("one") as one:
        nobody = ("127.0.0.1", reserve_port())
        async with Balancer([nobody, one]) as door:
            assert (await asked(door, "/")).startswith("one: GET / HTTP/1.1")
        async with Balancer([nobody]) as door:
            assert (await asked(door, "/")).startswith("HTTP/1.1 502 ")


async def test_what_is_no_request_is_hung_up_on() -> None:
    async with server("one") as one, Balancer([one]) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"x" * 200_000)
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                assert await reader.read() == b""
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
