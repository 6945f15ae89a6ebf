"""A connection: the outbox, its bound, the pace, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from lab.realtime.connection import Bucket, Connection
from lab.realtime.errors import NotAllowed, Restarting
from lab.realtime.options import Options, Stats
from lab.realtime.ports import Visitor
from tests.support.peer import presences
from tests.support.virtual import VirtualLoop

ANA = Visitor("ana", "Ana", "s")


class Plug:
    """A socket that takes messages while it is open, and fails when it is told to."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.reads.set()
        self.got: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.broken = False

    async def send(self, message: bytes) -> None:
        await self.reads.wait()
        if self.broken:
            raise ConnectionError("gone")
        self.got.append(message)

    async def close(self, code: int, reason: str) -> None:
        await self.reads.wait()
        if self.broken:
            raise ConnectionError("gone")
        self.closed = (code, reason)


class Line:
    def __init__(self, **options: Any) -> None:
        self.loop = VirtualLoop()
        self.plug, self.stats = Plug(), Stats()
        self.loop.run(self._open(Options(**options)))

    async def _open(self, options: Options) -> None:
        self.connection = Connection(self.plug, ANA, options, self.stats, lab=True)
        self.task = asyncio.get_running_loop().create_task(self.connection.run())

    def do(self, *what: Any) -> None:
        async def now() -> None:
            for step in what:
                step()

        self.loop.run(now())
        self.loop.settle()


@pytest.fixture
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    line = Line(**getattr(request, "param", {}))
    yield line
    line.task.cancel()
    line.loop.settle()
    assert not line.loop.failures
    line.loop.close()


def test_messages_go_out_in_order_and_before_the_close(line: Line) -> None:
    link = line.connection
    line.do(lambda: link.offer(b"a"), lambda: link.tell({"type": "x"}), lambda: link.close(Restarting("bye")))
    assert line.plug.got == [b"a", b'f\x0c{"type":"x"}']
    assert line.plug.closed == (1012, "restarting")
    line.do(
        lambda: link.offer(b"b"),
        lambda: link.offer_whole(b"b"),
        lambda: link.offer_presence(((1, 1, "{}"),)),
        lambda: link.close(NotAllowed("late")),
    )
    assert len(line.plug.got) == 2
    assert line.stats.closed == {1012: 1}


def test_of_several_states_of_one_client_only_the_newest_is_sent(line: Line) -> None:
    link = line.connection
    line.do(
        lambda: link.offer_presence(((1, 1, "{}"),)),
        lambda: link.offer_presence(((2, 1, "{}"), (1, 2, '{"x":1}'))),
        lambda: link.offer(b"edits first"),
    )
    assert line.plug.got[0] == b"edits first"
    assert presences(line.plug.got[1]) == {1: (2, {"x": 1}), 2: (1, {})}
    assert len(line.plug.got) == 2


@pytest.mark.parametrize("line", [{"outbox_messages": 3}, {"outbox_bytes": 30}], indirect=True)
def test_who_does_not_read_is_let_go_at_once(line: Line) -> None:
    line.plug.reads.clear()
    line.do(lambda: line.connection.offer(b"0" * 10))
    for _ in range(3):
        line.do(lambda: line.connection.offer(b"1" * 10))
    assert not line.connection.closed
    line.do(lambda: line.connection.offer(b"2" * 10))
    assert line.connection.closed
    assert line.stats.slow_readers == 1
    line.loop.advance(11)
    assert line.task.done(), "even a socket that does not close is not waited for"
    assert line.plug.got == []


@pytest.mark.parametrize("line", [{"outbox_bytes": 30}], indirect=True)
def test_a_whole_document_may_be_larger_than_the_outbox(line: Line) -> None:
    line.plug.reads.clear()
    line.do(lambda: line.connection.offer_whole(b"0" * 100), lambda: line.connection.offer(b"1" * 20))
    line.plug.reads.set()
    line.loop.settle()
    assert [len(message) for message in line.plug.got] == [100, 20]
    assert line.connection._held == 0


@pytest.mark.parametrize("line", [{"outbox_bytes": 30}], indirect=True)
def test_one_message_over_the_bound_goes_when_nothing_else_waits(line: Line) -> None:
    line.do(lambda: line.connection.offer(b"0" * 100))
    assert [len(message) for message in line.plug.got] == [100]


def test_a_write_that_takes_too_long_ends_it(line: Line) -> None:
    line.plug.reads.clear()
    line.do(lambda: line.connection.offer(b"a"))
    line.loop.advance(10.1)
    line.plug.reads.set()
    line.loop.settle()
    assert line.plug.closed == (1013, "slow_reader")
    assert (line.stats.slow_readers, line.stats.closed) == (1, {1013: 1})


@pytest.mark.parametrize("while_closing", [False, True])
def test_a_socket_that_breaks_is_the_end_without_fuss(line: Line, while_closing: bool) -> None:
    line.plug.broken = True
    link = line.connection
    line.do((lambda: link.close(Restarting("bye"))) if while_closing else (lambda: link.offer(b"a")))
    assert line.task.done()
    assert link.closed
    assert link.done.is_set()


def test_a_flood_is_read_more_slowly(line: Line) -> None:
    async def flood() -> None:
        for _ in range(260):
            await line.connection.pace(10)

    line.loop.run(flood())
    assert line.loop.time() == pytest.approx(1, abs=0.1)
    line.loop.run(line.connection.pace(5 << 20))
    assert line.loop.time() > 4


def test_a_bucket_fills_up_to_its_burst() -> None:
    bucket = Bucket(10, 20, 0)
    assert bucket.take(20, 0) == 0
    assert bucket.take(5, 0) == 0.5
    assert bucket.take(20, 100) == 0
    assert bucket.take(1, 100) == pytest.approx(0.1)
