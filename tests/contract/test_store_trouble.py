"""What the stores in databases do when the database is in trouble: say so, keep what they have, recover."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from lab.core.db import Database, DatabaseUnavailable
from lab.realtime.errors import StaleEpoch, StorageDown
from lab.realtime.ports import Entry, Logged, RoomExists, RoomName
from lab.realtime.stores import open_store
from lab.realtime.stores.batch import Batch
from lab.realtime.stores.sql import SqlStore
from lab.realtime.stores.sqlite import SqliteLog
from lab.realtime.stores.tables import DamagedRow
from tests.support.services import PostgresServer

ROOM = RoomName("scratch/one")
OTHER = RoomName("scratch/two")


def entry(update: bytes, room: RoomName = ROOM, epoch: int = 1) -> Entry:
    return Entry(room, epoch, update, "ana", (7,))


@pytest.fixture
async def store(database: Database) -> AsyncIterator[SqlStore]:
    async with open_store(database) as store:
        yield store


@asynccontextmanager
async def sqlite_store(url: str, log: SqliteLog) -> AsyncIterator[SqlStore]:
    database = Database(url)
    try:
        async with log.running():
            yield SqlStore(database, log)
    finally:
        await database.dispose()


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


# A caller's transaction


async def test_a_room_made_within_a_transaction_appears_with_it_or_not_at_all(
    store: SqlStore, database: Database
) -> None:
    async def create_and_fail() -> None:
        async with database.transaction() as session:
            await store.create(ROOM, b"seed", within=session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await create_and_fail()
    assert await store.open(ROOM) is None
    async with database.transaction() as session:
        await store.create(ROOM, b"seed", within=session)
    assert await store.since(ROOM, 1, 0) == [Logged(1, b"seed")]


async def test_a_room_that_is_there_leaves_the_callers_transaction_usable(
    store: SqlStore, database: Database
) -> None:
    await store.create(ROOM, b"seed")
    async with database.transaction() as session:
        with pytest.raises(RoomExists):
            await store.create(ROOM, b"another", within=session)
        await store.create(OTHER, b"fine", within=session)
    assert (await store.head([ROOM, OTHER])) == {ROOM: (1, 1), OTHER: (1, 1)}


async def test_a_new_epoch_or_an_erasure_that_is_rolled_back_did_not_happen(
    store: SqlStore, database: Database
) -> None:
    async def restore_and_fail() -> None:
        async with database.transaction() as session:
            assert await store.new_epoch(ROOM, b"again", within=session) == 2
            await store.delete(ROOM, within=session)
            raise ZeroDivisionError

    await store.create(ROOM, b"seed")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await restore_and_fail()
    assert await store.append([entry(b"goes on")]) == [2]
    async with database.transaction() as session:
        assert await store.new_epoch(ROOM, b"again", within=session) == 2
    assert isinstance((await store.append([entry(b"late")]))[0], StaleEpoch)


# Damage


async def damage(database: Database, statement: str) -> None:
    async with database.transaction() as session:
        await (await session.connection()).execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE room_update SET content = checksum WHERE seq = 2 AND room = 'scratch/one'", "Row 2"),
        ("UPDATE room_update SET principal = 'ben' WHERE seq = 3 AND room = 'scratch/one'", "Row 3"),
        ("UPDATE room_update SET at = at + 1 WHERE seq = 1 AND room = 'scratch/one'", "Row 1"),
        ("DELETE FROM room_update WHERE seq = 2 AND room = 'scratch/one'", "Row 2"),
        ("DELETE FROM room_update WHERE room = 'scratch/one'", "ends at 0"),
        ("UPDATE room_document SET head = 9 WHERE room = 'scratch/one'", "says 9"),
        ("UPDATE room_document SET epoch = 2 WHERE room = 'scratch/one'", "epoch 2"),
    ],
)
async def test_a_damaged_log_shuts_its_room_and_is_named(
    store: SqlStore, database: Database, statement: str, named: str
) -> None:
    for room in (ROOM, OTHER):
        await store.create(room, b"one")
        await store.append([entry(b"two", room), entry(b"three", room)])
    await damage(database, statement)
    with pytest.raises(DamagedRow, match=named):
        await store.open(ROOM)
    assert await store.open(OTHER) is not None
    assert [named in line and ROOM in line for line in [line async for line in store.damage()]] == [True]


async def test_a_damaged_row_is_not_handed_to_a_node_that_catches_up(
    store: SqlStore, database: Database
) -> None:
    await store.create(ROOM, b"one")
    await store.append([entry(b"two")])
    await damage(database, "UPDATE room_update SET content = checksum WHERE seq = 2")
    assert await store.since(ROOM, 1, 0, limit=1) == [Logged(1, b"one")]
    with pytest.raises(DamagedRow):
        await store.since(ROOM, 1, 1)


async def test_a_damaged_snapshot_costs_only_time(store: SqlStore, database: Database) -> None:
    await store.create(ROOM, b"one")
    await store.append([entry(b"two")])
    await store.write_snapshot(ROOM, 1, 2, b"one, two")
    await damage(database, "UPDATE room_snapshot SET content = checksum")
    with capture_logs() as told:
        opened = await store.open(ROOM)
    assert opened is not None
    assert (opened.snapshot, [row.update for row in opened.tail]) == (None, [b"one", b"two"])
    assert [(line["event"], line["room"]) for line in told] == [("snapshot_damaged", ROOM)]
    assert len([line async for line in store.damage()]) == 1
    await store.write_snapshot(ROOM, 1, 2, b"made again")
    assert [line async for line in store.damage()] == []


async def test_damage_in_a_past_epoch_is_found_and_shuts_nothing(store: SqlStore, database: Database) -> None:
    await store.create(ROOM, b"one")
    await store.new_epoch(ROOM, b"again")
    await damage(database, "UPDATE room_update SET content = checksum WHERE epoch = 1")
    assert await store.open(ROOM) is not None
    assert ["epoch 1" in line for line in [line async for line in store.damage()]] == [True]


# All or nothing


async def test_a_batch_that_fails_half_way_leaves_nothing(store: SqlStore, database: Database) -> None:
    await store.create(ROOM, b"one")
    await store.create(OTHER, b"one")
    # A row that is in the way of the second entry: the first one must not stay.
    await damage(
        database,
        "INSERT INTO room_update (room, epoch, seq, content, principal, at, checksum) "
        "SELECT room, 1, 2, content, principal, at, checksum FROM room_update WHERE room = 'scratch/two'",
    )
    with pytest.raises(StorageDown):
        await store.append([entry(b"two"), entry(b"two", OTHER), entry(b"three")])
    assert await store.since(ROOM, 1, 0) == [Logged(1, b"one")]
    assert await store.head([ROOM]) == {ROOM: (1, 1)}
    assert await store.leases(ROOM) == {}
    assert await store.append([entry(b"two")]) == [2]


# SQLite


class SmallDisk(SqliteLog):
    pages = 0

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute(f"PRAGMA max_page_count = {self.pages or 1_000_000}")
        return connection

    def swap(self, pages: int) -> None:
        self.pages = pages
        self._thread.submit(self._close).result()


async def test_a_full_disk_refuses_edits_and_takes_them_again_when_there_is_space(sqlite_url: str) -> None:
    disk = SmallDisk(path_of(sqlite_url))
    async with sqlite_store(sqlite_url, disk) as store:
        await store.create(ROOM, b"seed")
        disk.swap(pages=20)
        stored = 1
        with suppress(StorageDown):
            while True:
                assert await store.append([entry(bytes(4000))]) == [stored + 1]
                stored += 1
        with pytest.raises(StorageDown):
            await store.append([entry(bytes(40_000)), entry(b"small")])
        assert len(await store.since(ROOM, 1, 0)) == stored  # reading goes on
        disk.swap(pages=0)
        assert await store.append([entry(bytes(40_000)), entry(b"small")]) == [stored + 1, stored + 2]
        assert [line async for line in store.damage()] == []


async def test_a_locked_file_refuses_edits_in_time_and_stores_nothing(sqlite_url: str) -> None:
    async with sqlite_store(sqlite_url, SqliteLog(path_of(sqlite_url), patience=0.05)) as store:
        await store.create(ROOM, b"seed")
        other = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageDown, match="locked"):
            await store.append([entry(b"not now")])
        assert await store.since(ROOM, 1, 0) == [Logged(1, b"seed")]
        other.execute("COMMIT")
        other.close()
        assert await store.append([entry(b"now")]) == [2]


async def test_an_append_waits_for_another_writer(sqlite_url: str) -> None:
    async with sqlite_store(sqlite_url, SqliteLog(path_of(sqlite_url))) as store:
        await store.create(ROOM, None)
        other = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store.append([entry(b"patient")]))
        assert await store.since(ROOM, 1, 0) == []  # readers do not wait
        other.execute("COMMIT")
        other.close()
        assert await waiting == [1]


async def test_appends_are_flushed_to_the_disk_before_they_are_confirmed(sqlite_url: str) -> None:
    log = SqliteLog(path_of(sqlite_url))
    async with log.running():
        connection = log._thread.submit(log._opened).result()
        pragma = log._thread.submit(lambda: connection.execute("PRAGMA synchronous").fetchone()).result()
    assert pragma == (2,)


async def test_a_store_that_cannot_be_opened_says_which_file(tmp_path: Path) -> None:
    (tmp_path / "lab.db").write_bytes(b"this is a letter, not a database" * 100)
    for path in (tmp_path / "lab.db", tmp_path / "nowhere" / "lab.db"):
        database = Database(f"sqlite:///{path}")
        with pytest.raises(StorageDown, match=str(path)):
            async with open_store(database):
                pass
        await database.dispose()


async def test_a_database_that_is_gone_is_storage_down_and_never_an_empty_room(sqlite_url: str) -> None:
    async with sqlite_store(sqlite_url, SqliteLog(path_of(sqlite_url))) as store:
        pass
    # The last connection is closed, and with it the write-ahead log is folded in and removed.
    path_of(sqlite_url).write_bytes(b"overwritten" * 1000)
    database = Database(sqlite_url)
    store = SqlStore(database, SqliteLog(path_of(sqlite_url)))
    for asking in (store.open(ROOM), store.since(ROOM, 1, 0), store.head([ROOM]), store.leases(ROOM)):
        with pytest.raises(StorageDown):
            await asking
    with pytest.raises(StorageDown):
        await store.create(ROOM, b"seed")
    await database.dispose()


# PostgreSQL


@pytest.mark.services
@pytest.mark.parametrize("setting", ["synchronous_commit", "fsync"])
async def test_a_postgres_that_may_forget_is_refused(postgres: PostgresServer, setting: str) -> None:
    url = await postgres.database()
    admin = await asyncpg.connect(postgres.url)
    database = Database(url)
    try:
        if setting == "fsync":
            await admin.execute("ALTER SYSTEM SET fsync = off")
            await admin.execute("SELECT pg_reload_conf()")
            await _until_off(admin)
        else:
            await admin.execute(f'ALTER DATABASE "{database.url.database}" SET synchronous_commit = off')
        with pytest.raises(StorageDown, match=f"{setting} = off"):
            async with open_store(database):
                pass
    finally:
        await admin.execute("ALTER SYSTEM RESET fsync")
        await admin.execute("SELECT pg_reload_conf()")
        await admin.close()
        await database.dispose()


async def _until_off(admin: asyncpg.Connection) -> None:
    async with asyncio.timeout(20):
        while await admin.fetchval("SHOW fsync") != "off":
            pass


@pytest.mark.services
async def test_a_postgres_that_breaks_off_is_storage_down_and_comes_back_by_itself(
    postgres: PostgresServer,
) -> None:
    database = Database(await postgres.database())
    admin = await asyncpg.connect(postgres.url)
    async with open_store(database) as store:
        await store.create(ROOM, b"seed")
        for _ in range(3):
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
                database.url.database,
            )
            async with asyncio.timeout(20):
                while True:
                    try:
                        await store.append([entry(b"again")])
                        break
                    except StorageDown:
                        pass
                while True:
                    try:
                        assert (await store.since(ROOM, 1, 0))[-1].update == b"again"
                        break
                    except StorageDown:
                        pass
        assert [line async for line in store.damage()] == []
    await admin.close()
    await database.dispose()


@pytest.mark.services
async def test_a_postgres_that_is_away_is_named(tmp_path: Path) -> None:
    database = Database(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(StorageDown, match="cannot be reached"):
        async with open_store(database):
            pass
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    await database.dispose()


def test_a_batch_leases_a_client_id_to_the_first_of_its_entries() -> None:
    batch = Batch([Entry(ROOM, 1, b"a", "ana", (7,)), Entry(ROOM, 1, b"b", "ben", (7, 8))])
    _, _, leases = batch.rows({(ROOM, 1): 4}, at=0)
    assert leases == [(ROOM, 7, "ana", 1), (ROOM, 8, "ben", 1)]
