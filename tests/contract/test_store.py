"""What every store promises (docs/protocol.md, "The log"), asked of each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from lab.core.db import Database
from lab.realtime.errors import RoomNotFound, StaleEpoch
from lab.realtime.ports import Entry, Lease, Logged, RoomExists, RoomName, Store
from lab.realtime.stores import open_store
from lab.realtime.stores.memory import MemoryStore

ROOM = RoomName("scratch/one")
OTHER = RoomName("scratch/two")


def entry(
    update: bytes, room: RoomName = ROOM, epoch: int = 1, who: str = "ana", clients: Sequence[int] = ()
) -> Entry:
    return Entry(room, epoch, update, who, tuple(clients))


@asynccontextmanager
async def sql_nodes(url: str) -> AsyncIterator[tuple[Store, Store]]:
    async with AsyncExitStack() as stack:
        stores = []
        for _ in range(2):
            database = Database(url)
            stack.push_async_callback(database.dispose)
            stores.append(await stack.enter_async_context(open_store(database)))
        yield stores[0], stores[1]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def place(request: pytest.FixtureRequest) -> str | None:
    return None if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def nodes(place: str | None) -> AsyncIterator[tuple[Store, Store]]:
    """Two nodes' stores on one database."""
    if place is None:
        shared = MemoryStore()
        yield shared, shared
    else:
        async with sql_nodes(place) as pair:
            yield pair


@pytest.fixture
def store(nodes: tuple[Store, Store]) -> Store:
    return nodes[0]


async def test_a_room_that_was_never_created_is_none_and_not_empty(store: Store) -> None:
    assert await store.open(ROOM) is None
    assert await store.head([ROOM]) == {}
    assert await store.leases(ROOM) == {}


async def test_a_created_room_holds_exactly_its_seed(store: Store) -> None:
    await store.create(ROOM, b"seed", schema=3)
    opened = await store.open(ROOM)
    assert opened is not None
    assert (opened.epoch, opened.schema, opened.head, opened.snapshot) == (1, 3, 1, None)
    assert opened.tail == (Logged(1, b"seed"),)


async def test_a_room_may_be_created_empty(store: Store) -> None:
    await store.create(ROOM, None)
    opened = await store.open(ROOM)
    assert opened is not None
    assert (opened.head, opened.tail, opened.snapshot_seq) == (0, (), 0)
    assert await store.append([entry(b"first")]) == [1]


async def test_of_many_who_create_a_room_at_once_one_seeds_it(nodes: tuple[Store, Store]) -> None:
    outcomes = await asyncio.gather(
        *(nodes[n % 2].create(ROOM, b"seed %d" % n) for n in range(10)), return_exceptions=True
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, RoomExists) for outcome in outcomes) == 9
    opened = await nodes[1].open(ROOM)
    assert opened is not None
    assert [row.update for row in opened.tail] == [b"seed %d" % outcomes.index(None)]


async def test_updates_are_kept_in_the_order_they_were_appended(store: Store) -> None:
    await store.create(ROOM, b"seed")
    await store.create(OTHER, None)
    batch = [entry(b"a"), entry(b"x", OTHER), entry(b"b"), entry(b"", OTHER), entry(b"c")]
    assert await store.append(batch) == [2, 1, 3, 2, 4]
    assert await store.append([entry(b"d")]) == [5]
    opened = await store.open(ROOM)
    assert opened is not None
    assert [(row.seq, row.update) for row in opened.tail] == [
        (1, b"seed"), (2, b"a"), (3, b"b"), (4, b"c"), (5, b"d"),
    ]  # fmt: skip
    assert await store.head([ROOM, OTHER, RoomName("scratch/none")]) == {ROOM: (1, 5), OTHER: (1, 2)}


async def test_nothing_to_append_is_fine(store: Store) -> None:
    assert await store.append([]) == []


async def test_an_update_of_a_mebibyte_comes_back_byte_for_byte(store: Store) -> None:
    big = bytes(range(256)) * 4096
    await store.create(ROOM, None)
    await store.append([entry(big)])
    assert await store.since(ROOM, 1, 0) == [Logged(1, big)]


async def test_two_nodes_that_append_at_once_leave_no_hole_and_no_double(nodes: tuple[Store, Store]) -> None:
    rooms = [ROOM, OTHER]
    for room in rooms:
        await nodes[0].create(room, None)

    async def write(node: int) -> list[tuple[RoomName, int, bytes]]:
        # The second node takes the rooms the other way round, which would deadlock without a fixed order.
        order = rooms if node == 0 else rooms[::-1]
        written = []
        for n in range(25):
            batch = [entry(b"%d.%d.%d" % (node, n, k), room) for room in order for k in range(2)]
            seqs = await nodes[node].append(batch)
            for one, seq in zip(batch, seqs, strict=True):
                assert isinstance(seq, int)
                written.append((one.room, seq, one.update))
        return written

    done = [row for rows in await asyncio.gather(write(0), write(1)) for row in rows]
    for room in rooms:
        opened = await nodes[0].open(room)
        assert opened is not None
        assert [row.seq for row in opened.tail] == list(range(1, 101))
        stored = {(room, row.seq, row.update) for row in opened.tail}
        assert stored == {row for row in done if row[0] == room}


async def test_a_row_that_can_be_seen_has_no_unseen_row_before_it(nodes: tuple[Store, Store]) -> None:
    """The order of sequences is the order of commits: a reader that pulls after `seq` misses nothing."""
    await nodes[0].create(ROOM, None)

    async def write(node: int) -> None:
        for n in range(30):
            await nodes[node].append([entry(b"%d.%d" % (node, n))])

    async def follow() -> list[Logged]:
        seen: list[Logged] = []
        while len(seen) < 60:
            seen += await nodes[1].since(ROOM, 1, len(seen))
        return seen

    _, _, seen = await asyncio.gather(write(0), write(1), follow())
    assert [row.seq for row in seen] == list(range(1, 61))


async def test_an_entry_of_an_old_epoch_is_left_out_alone(store: Store) -> None:
    await store.create(ROOM, b"seed")
    await store.create(OTHER, None)
    assert await store.new_epoch(ROOM, b"restored", schema=2) == 2
    outcome = await store.append([entry(b"late"), entry(b"fine", OTHER), entry(b"now", epoch=2)])
    assert isinstance(outcome[0], StaleEpoch)
    assert outcome[1:] == [1, 2]
    opened = await store.open(ROOM)
    assert opened is not None
    assert (opened.epoch, opened.schema) == (2, 2)
    assert [row.update for row in opened.tail] == [b"restored", b"now"]


async def test_an_entry_for_a_room_that_is_not_there_is_stale(store: Store) -> None:
    outcome = await store.append([entry(b"who?")])
    assert isinstance(outcome[0], StaleEpoch)
    assert await store.open(ROOM) is None


async def test_appends_that_race_with_a_new_epoch_are_before_it_or_refused(
    nodes: tuple[Store, Store],
) -> None:
    await nodes[0].create(ROOM, b"seed")

    async def write() -> list[int | StaleEpoch]:
        return [(await nodes[0].append([entry(b"%d" % n)]))[0] for n in range(40)]

    async def restore() -> int:
        while (await nodes[1].head([ROOM]))[ROOM][1] < 5:
            pass
        return await nodes[1].new_epoch(ROOM, b"restored")

    outcomes, epoch = await asyncio.gather(write(), restore())
    refused = [isinstance(outcome, StaleEpoch) for outcome in outcomes]
    assert refused == sorted(refused)  # once refused, always refused
    assert epoch == 2
    assert [row.update for row in await nodes[0].since(ROOM, 2, 0)] == [b"restored"]


async def test_a_new_epoch_needs_a_room(store: Store) -> None:
    with pytest.raises(RoomNotFound):
        await store.new_epoch(ROOM, b"seed")


async def test_since_gives_what_follows_and_no_more_than_the_limit(store: Store) -> None:
    await store.create(ROOM, None)
    await store.append([entry(b"%d" % n) for n in range(1, 11)])
    assert [row.seq for row in await store.since(ROOM, 1, 7)] == [8, 9, 10]
    assert [row.seq for row in await store.since(ROOM, 1, 2, limit=3)] == [3, 4, 5]
    assert await store.since(ROOM, 1, 10) == []


async def test_since_tells_that_the_epoch_is_another(store: Store) -> None:
    await store.create(ROOM, b"seed")
    await store.new_epoch(ROOM, b"again")
    for epoch in (1, 3):
        with pytest.raises(StaleEpoch):
            await store.since(ROOM, epoch, 0)
    with pytest.raises(StaleEpoch):
        await store.since(OTHER, 1, 0)


async def test_a_client_id_stays_with_whoever_used_it_first(nodes: tuple[Store, Store]) -> None:
    await nodes[0].create(ROOM, None)
    await nodes[0].append(
        [entry(b"a", who="ana", clients=[7, 2**53 - 1]), entry(b"b", who="ben", clients=[7])]
    )
    assert await nodes[1].append([entry(b"c", who="ben", clients=[7, 8])]) == [3]
    expected = {7: Lease("ana", 1), 2**53 - 1: Lease("ana", 1), 8: Lease("ben", 1)}
    assert await nodes[1].leases(ROOM) == expected
    opened = await nodes[0].open(ROOM)
    assert opened is not None
    assert opened.leases == expected


async def test_a_client_id_is_remembered_over_epochs(store: Store) -> None:
    await store.create(ROOM, None)
    await store.append([entry(b"a", clients=[7])])
    await store.new_epoch(ROOM, b"again")
    await store.append([entry(b"b", epoch=2, clients=[7, 9])])
    assert await store.leases(ROOM) == {7: Lease("ana", 1), 9: Lease("ana", 2)}


async def test_a_refused_entry_leases_nothing(store: Store) -> None:
    await store.create(ROOM, None)
    await store.append([entry(b"a", epoch=4, clients=[7])])
    assert await store.leases(ROOM) == {}


async def test_a_snapshot_shortens_the_tail(store: Store) -> None:
    await store.create(ROOM, None)
    await store.append([entry(b"%d" % n) for n in range(1, 6)])
    await store.write_snapshot(ROOM, 1, 3, b"one to three")
    opened = await store.open(ROOM)
    assert opened is not None
    assert (opened.snapshot, opened.snapshot_seq, opened.head) == (b"one to three", 3, 5)
    assert opened.tail == (Logged(4, b"4"), Logged(5, b"5"))
    assert [row.seq for row in await store.since(ROOM, 1, 0)] == [1, 2, 3, 4, 5]  # the log is still whole


async def test_an_older_snapshot_is_ignored(store: Store) -> None:
    await store.create(ROOM, None)
    await store.append([entry(b"%d" % n) for n in range(1, 6)])
    await store.write_snapshot(ROOM, 1, 4, b"newer")
    await store.write_snapshot(ROOM, 1, 2, b"older")
    opened = await store.open(ROOM)
    assert opened is not None
    assert (opened.snapshot, opened.snapshot_seq) == (b"newer", 4)


async def test_a_snapshot_of_an_earlier_epoch_is_ignored_and_an_own_one_forgotten(store: Store) -> None:
    await store.create(ROOM, b"seed")
    await store.write_snapshot(ROOM, 1, 1, b"of the first epoch")
    await store.new_epoch(ROOM, b"again")
    await store.write_snapshot(ROOM, 1, 1, b"late")
    opened = await store.open(ROOM)
    assert opened is not None
    assert (opened.snapshot, opened.snapshot_seq) == (None, 0)
    assert opened.tail == (Logged(1, b"again"),)
    await store.write_snapshot(OTHER, 1, 0, b"of no room")
    assert await store.open(OTHER) is None


async def test_a_snapshot_cannot_be_ahead_of_its_log(store: Store) -> None:
    await store.create(ROOM, b"seed")
    with pytest.raises(ValueError):
        await store.write_snapshot(ROOM, 1, 2, b"from the future")


async def test_nothing_is_left_of_a_deleted_room(store: Store) -> None:
    await store.create(ROOM, b"seed")
    await store.append([entry(b"secret", clients=[7])])
    await store.write_snapshot(ROOM, 1, 2, b"secret too")
    await store.new_epoch(ROOM, b"again")
    await store.delete(ROOM)
    assert await store.open(ROOM) is None
    assert await store.head([ROOM]) == {}
    assert await store.leases(ROOM) == {}
    assert isinstance((await store.append([entry(b"late", epoch=2)]))[0], StaleEpoch)
    await store.create(ROOM, b"anew")
    opened = await store.open(ROOM)
    assert opened is not None
    assert opened.tail == (Logged(1, b"anew"),)
    await store.delete(OTHER)  # deleting what is not there is done already


async def test_a_log_of_several_pages_opens_whole(store: Store) -> None:
    await store.create(ROOM, None)
    await store.append([entry(b"%d" % n) for n in range(1, 2502)])
    opened = await store.open(ROOM)
    assert opened is not None
    assert [row.seq for row in opened.tail] == list(range(1, 2502))
