"""The journal: order, batches, what happens when the store does not take them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from lab.realtime.errors import StaleEpoch, StorageDown
from lab.realtime.journal import Journal, Result
from lab.realtime.options import Options, Stats
from lab.realtime.ports import Entry, RoomName
from tests.support.virtual import VirtualLoop


class Shelf:
    """A store that only appends, when it is told to."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.batches: list[list[bytes]] = []
        self.trouble: Any = None

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        await self.open.wait()
        if self.trouble is not None:
            self.trouble(entries)
        self.batches.append([entry.update for entry in entries])
        return list(range(1, len(entries) + 1))


class Author:
    """A room that remembers what became of what it submitted."""

    def __init__(self, name: str) -> None:
        self.name = RoomName(name)
        self.results: list[Result] = []
        self.breaks = False

    def settled(self, results: Sequence[Result]) -> None:
        self.results += results
        if self.breaks:
            raise RuntimeError("this room is broken")


class Desk:
    def __init__(self, options: Options) -> None:
        self.loop = VirtualLoop()
        self.shelf, self.stats = Shelf(), Stats()
        self.journal = Journal(self.shelf, options, self.stats)  # type: ignore[arg-type]
        self.task = self.loop.create_task(self.journal.run())

    def submit(self, room: Author, *updates: bytes) -> None:
        for update in updates:
            self.journal.submit(room, Entry(room.name, 1, update, "ana"))


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    desk = Desk(getattr(request, "param", Options(journal_retries=(0.1, 0.2))))
    yield desk
    desk.task.cancel()
    desk.loop.settle()
    desk.loop.close()


def test_J1_what_waits_goes_together_and_in_order(desk: Desk) -> None:
    one, two = Author("k/1"), Author("k/2")
    desk.shelf.open.clear()
    desk.submit(one, b"a")
    desk.loop.settle()
    desk.submit(two, b"b")
    desk.submit(one, b"c", b"d")
    assert desk.journal.depth == 3
    desk.shelf.open.set()
    desk.loop.run(desk.journal.flushed())
    assert desk.shelf.batches == [[b"a"], [b"b", b"c", b"d"]]
    assert one.results == [1, 2, 3]
    assert two.results == [1]
    assert desk.stats.entries_appended == 4


def test_J2_a_short_failure_is_survived_without_a_word(desk: Desk) -> None:
    failures = [1, 1]

    def trouble(_: Any) -> None:
        if failures:
            failures.pop()
            raise StorageDown("busy")

    desk.shelf.trouble = trouble
    room = Author("k/1")
    desk.submit(room, b"a")
    desk.loop.advance(1)
    assert room.results == [1]
    assert desk.stats.append_failures == 2


def test_J3_a_long_one_takes_everything_of_its_rooms_and_nothing_of_others(desk: Desk) -> None:
    def trouble(entries: Sequence[Entry]) -> None:
        if desk.loop.time() < 0.5:
            raise StorageDown("away")

    desk.shelf.trouble = trouble
    one, two = Author("k/1"), Author("k/2")
    desk.submit(one, b"a")
    desk.loop.settle()
    desk.submit(one, b"b")
    desk.submit(two, b"c")
    desk.loop.advance(2)
    assert [type(result) for result in one.results] == [StorageDown, StorageDown]
    assert two.results == [1]
    assert desk.stats.entries_lost == 2
    desk.submit(one, b"d")
    desk.loop.settle()
    assert one.results[2:] == [1]


def test_J4_an_entry_the_store_cannot_take_is_its_own_rooms_trouble(desk: Desk) -> None:
    def trouble(entries: Sequence[Entry]) -> None:
        if any(entry.update == b"bad" for entry in entries):
            raise ValueError("too wide for the column")

    desk.shelf.trouble = trouble
    one, two = Author("k/1"), Author("k/2")
    desk.submit(one, b"a")
    desk.submit(two, b"bad")
    desk.submit(one, b"b")
    desk.loop.advance(2)
    assert one.results == [1, 2]
    assert [type(result) for result in two.results] == [StorageDown]


def test_J5_a_room_that_breaks_on_the_news_does_not_stop_the_journal(desk: Desk) -> None:
    one, two = Author("k/1"), Author("k/2")
    one.breaks = True
    desk.submit(one, b"a")
    desk.submit(two, b"b")
    desk.loop.settle()
    desk.submit(two, b"c")
    desk.loop.settle()
    assert two.results == [2, 1]


@pytest.mark.parametrize(
    "desk",
    [Options(journal_entries=2), Options(journal_bytes=2), Options(journal_entries=2, batch_bytes=1)],
    indirect=True,
)
def test_J6_a_full_queue_holds_its_writers_back(desk: Desk) -> None:
    room = Author("k/1")
    desk.shelf.open.clear()
    desk.submit(room, b"-")
    desk.loop.settle()
    desk.submit(room, b"a", b"b")
    waiting = desk.loop.create_task(desk.journal.admit())
    desk.loop.settle()
    assert not waiting.done()
    desk.shelf.open.set()
    desk.loop.settle()
    assert waiting.done()
    assert len(room.results) == 3
    assert all(len(batch) <= desk.journal._options.batch_entries for batch in desk.shelf.batches)
