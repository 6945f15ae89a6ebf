"""The rig's own parts: a network that lies would prove nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.faults.mischief import Mischief, reply_end
from tests.faults.outcome import Outcome, from_json, total
from tests.faults.proxy import Proxy, trouble

PATIENCE = 30.0


@contextlib.asynccontextmanager
async def echo() -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


class Watched(Proxy):
    writers: list[asyncio.StreamWriter]


@pytest.fixture
async def line() -> AsyncIterator[Watched]:
    async with echo() as port, Watched("127.0.0.1", port) as proxy:
        proxy.writers = []
        yield proxy
        for writer in proxy.writers:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def opened(line: Watched) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    line.writers.append(writer)
    return reader, writer


async def heard(reader: asyncio.StreamReader, count: int) -> bytes:
    async with asyncio.timeout(PATIENCE):
        return await reader.readexactly(count)


async def test_what_is_said_arrives_whole_and_in_order(line: Watched) -> None:
    reader, writer = await opened(line)
    said = Random(1).randbytes(3_000_000)
    writer.write(said)
    assert await heard(reader, len(said)) == said
    writer.write_eof()
    assert await reader.read() == b""


async def test_what_is_held_arrives_after_mending(line: Watched) -> None:
    reader, writer = await opened(line)
    line.hold()
    writer.write(b"held")
    waiting = asyncio.ensure_future(heard(reader, 4))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    line.mend()
    assert await waiting == b"held"


async def test_what_is_swallowed_never_arrives_and_ends_the_line_only_when_mended(line: Watched) -> None:
    reader, writer = await opened(line)
    writer.write(b"first")
    assert await heard(reader, 5) == b"first"
    line.swallow()
    writer.write(b"lost")
    waiting = asyncio.ensure_future(reader.read(1))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done, "half open: nobody is told"
    line.mend()
    with contextlib.suppress(ConnectionError):
        assert await waiting == b""
    reader, writer = await opened(line)
    writer.write(b"again")
    assert await heard(reader, 5) == b"again"


async def test_cut_and_refused_lines_end(line: Watched) -> None:
    reader, writer = await opened(line)
    writer.write(b"x")
    assert await heard(reader, 1) == b"x"
    line.refuse()
    for again in range(2):
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                assert await reader.read() == b""
        if not again:
            reader, _ = await opened(line)


async def test_a_throttled_way_is_slow_in_its_direction_only(line: Watched) -> None:
    reader, writer = await opened(line)
    line.down.rate = 2_000
    began = time.monotonic()
    writer.write(bytes(1_000))
    assert len(await heard(reader, 1_000)) == 1_000
    assert time.monotonic() - began >= 0.45, "a thousand bytes at two thousand a second"
    assert line.up.carried == 1_000


async def test_a_script_is_the_same_for_the_same_seed_and_leaves_the_line_mended(line: Watched) -> None:
    assert trouble(Random(7), 60) == trouble(Random(7), 60) != trouble(Random(8), 60)
    await line.play([(0, verb, delay / 100) for _, verb, delay in trouble(Random(7), 60)])
    reader, writer = await opened(line)
    writer.write(b"well")
    assert await heard(reader, 4) == b"well"


MESSAGE = b"*3\r\n$7\r\nmessage\r\n$4\r\nroom\r\n$%d\r\n%b\r\n"


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_only_messages_are_tampered_with_however_the_bytes_are_cut(step: int) -> None:
    answer = b">3\r\n$9\r\nsubscribe\r\n$4\r\nroom\r\n:1\r\n"
    said = b"".join((MESSAGE % (2, b"%02d" % n)) + answer for n in range(100))
    mischief = Mischief(Random(3))
    carried = b"".join(mischief(said[at : at + step]) for at in range(0, len(said), step))
    assert carried.count(b"subscribe") == 100
    kept = [carried.count(MESSAGE % (2, b"%02d" % n)) for n in range(100)]
    assert set(kept) == {0, 1, 2}
    assert carried == Mischief(Random(3))(said), "the seed decides, not the size of the pieces"


@pytest.mark.parametrize(
    "reply",
    [b"+OK\r\n", b":12\r\n", b"$-1\r\n", b"_\r\n", b"%1\r\n+a\r\n$1\r\nb\r\n", b"*2\r\n*0\r\n$2\r\n\r\n\r\n"],
)
def test_the_end_of_each_kind_of_reply_is_found(reply: bytes) -> None:
    assert reply_end(reply + b"+more\r\n", 0) == len(reply)
    assert all(reply_end(reply[:cut], 0) is None for cut in range(len(reply)))


def test_outcomes_add_up_and_say_what_is_wrong() -> None:
    one, two = Outcome(runs=2, acknowledged=10, written=11, equal=[0.5]), Outcome(runs=1, lost=1, equal=[1.5])
    one.note("lag, s", 2.0)
    two.must(False, "something happened")
    whole = total([one, from_json(two.as_json())])
    assert (whole.runs, whole.acknowledged, whole.lost, whole.equal) == (3, 10, 1, [0.5, 1.5])
    assert not whole.good
    assert whole.row("F0") == (
        "| F0 | 3 | 10 of 11 written | 1 | 0 | 0 | 1.00 / 1.50 s | lag 2 s; **something happened** |"
    )
