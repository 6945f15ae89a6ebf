"""What `Database` and the migrations promise on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, column, inspect, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core.clock import HandClock, SystemClock, now
from lab.core.db import Database, DatabaseUnavailable, UtcDateTime, alembic_config, migrate
from lab.core.ids import new_id
from tests.support.services import PostgresServer

BEFORE_BOARDS = (
    "INSERT INTO person (id, name, guest, suspended, created_at)"
    " VALUES ('p', 'Pat', false, false, '2026-01-05')",
    "INSERT INTO challenge (id, title, question, stage, stages, open_to_lab, example, summary, words, epoch,"
    " seeds, created_by, created_at, updated_at)"
    " VALUES ('c', 'T', 'Q', 's', '[]', false, false, '', 0, 1, '[]', 'p', '2026-01-05', '2026-01-05')",
    "INSERT INTO comment_thread (id, challenge_id, created_by, created_at)"
    " VALUES ('t', 'c', 'p', '2026-01-05')",
)
ON_A_BOARD = (
    "INSERT INTO comment_thread (id, place, challenge_id, created_by, created_at)"
    " VALUES ('b', 'board/x', 'c', 'p', '2026-01-05')",
    "INSERT INTO comment_post (id, thread_id, author_id, text, at) VALUES ('o', 'b', 'p', 'x', '2026-01-05')",
    "INSERT INTO comment_mention (post_id, person_id) VALUES ('o', 'p')",
)
NOTES = "CREATE TABLE note (id INTEGER PRIMARY KEY, at TIMESTAMP WITH TIME ZONE)"


async def run(session: AsyncSession, statement: str) -> None:
    await (await session.connection()).execute(text(statement))


async def count(database: Database, name: str) -> int:
    async with database.reading() as session:
        found = await (await session.connection()).execute(text(f"SELECT count(*) FROM {name}"))
        return int(found.scalar_one())


# Migrations


async def test_the_tables_are_what_the_models_say(database: Database) -> None:
    async with database.engine.connect() as connection:
        await connection.run_sync(lambda connection: command.check(alembic_config(connection)))


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    await migrate(database_url)


async def test_every_migration_can_be_undone_and_done_again(database: Database, database_url: str) -> None:
    def undo(connection: Connection) -> list[str]:
        command.downgrade(alembic_config(connection), "base")
        return inspect(connection).get_table_names()

    async with database.engine.begin() as connection:
        left = await connection.run_sync(undo)
    assert left == ["alembic_version"]
    await migrate(database_url)


async def test_comments_of_before_boards_stand_in_their_statements(
    database: Database, database_url: str
) -> None:
    """0005: a conversation from before keeps its statement; going back, those on boards have no place."""

    def go_back(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "0005_boards")
        for statement in BEFORE_BOARDS:
            connection.execute(text(statement))

    async with database.engine.begin() as connection:
        await connection.run_sync(go_back)
    await migrate(database_url)

    async def places() -> dict[str, str]:
        async with database.reading() as session:
            found = await (await session.connection()).execute(text("SELECT id, place FROM comment_thread"))
            return {row[0]: row[1] for row in found}

    assert await places() == {"t": "statement/c"}
    async with database.transaction() as session:
        for statement in ON_A_BOARD:
            await run(session, statement)
    async with database.engine.begin() as connection:
        await connection.run_sync(
            lambda connection: command.downgrade(alembic_config(connection), "0005_boards")
        )
    await migrate(database_url)
    assert await places() == {"t": "statement/c"}
    assert await count(database, "comment_mention") == 0


@pytest.mark.services
async def test_nodes_that_start_together_migrate_once(postgres: PostgresServer) -> None:
    url = await postgres.database(empty=True)
    await asyncio.gather(*(migrate(url) for _ in range(4)))


async def test_a_new_file_is_made_where_it_is_wanted(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path}/a/b/lab.db")
    database = Database(f"sqlite:///{tmp_path}/a/b/lab.db")
    await database.ping()
    await database.dispose()


# Transactions


async def test_a_transaction_happens_altogether_or_not_at_all(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.transaction() as session:
            await run(session, "INSERT INTO note (id) VALUES (1)")
            await run(session, "INSERT INTO note (id) VALUES (1)")

    async with database.transaction() as session:
        await run(session, NOTES)
    with pytest.raises(IntegrityError):
        await fail_half_way()
    assert await count(database, "note") == 0


async def test_a_mistake_in_a_statement_is_not_called_an_outage(database: Database) -> None:
    with pytest.raises((OperationalError, ProgrammingError)) as caught:
        await count(database, "nothing")
    assert not isinstance(caught.value, DatabaseUnavailable)
    assert isinstance(caught.value, DBAPIError)


async def test_a_reader_keeps_one_view_while_others_write(database: Database) -> None:
    async with database.transaction() as session:
        await run(session, NOTES)
    async with database.reading() as reader:
        seen = [(await (await reader.connection()).execute(text("SELECT count(*) FROM note"))).scalar_one()]
        async with database.transaction() as session:
            await run(session, "INSERT INTO note (id) VALUES (1)")
        seen += [(await (await reader.connection()).execute(text("SELECT count(*) FROM note"))).scalar_one()]
    assert seen == [0, 0]
    assert await count(database, "note") == 1


async def test_writers_that_read_first_wait_for_each_other(database: Database) -> None:
    async with database.transaction() as session:
        await run(session, NOTES)

    async def add(number: int) -> None:
        async with database.transaction() as session:
            await run(session, "SELECT count(*) FROM note")
            await run(session, f"INSERT INTO note (id) VALUES ({number})")

    await asyncio.gather(*(add(number) for number in range(20)))
    assert await count(database, "note") == 20


async def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    note = table("note", column("id"), column("at", UtcDateTime()))
    moment = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    async with database.transaction() as session:
        await run(session, NOTES)
        connection = await session.connection()
        await connection.execute(note.insert().values(id=1, at=moment))
        await connection.execute(note.insert().values(id=2, at=None))
    async with database.reading() as session:
        rows = (await (await session.connection()).execute(select(note).order_by(note.c.id))).all()
        ours = await (await session.connection()).execute(select(note.c.id).where(note.c.at == moment))
    assert rows[0].at == moment
    assert rows[0].at.utcoffset() == timedelta(0)
    assert rows[1].at is None
    assert ours.scalars().all() == [1]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 1), None)  # type: ignore[arg-type]


# Trouble


@pytest.fixture
def locked(sqlite_url: str) -> Iterator[str]:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield sqlite_url
    other.close()


async def test_a_locked_file_is_an_outage(locked: str) -> None:
    database = Database(locked, patience=0.05)
    with pytest.raises(DatabaseUnavailable, match="locked"):
        async with database.transaction():
            pass
    await database.ping()  # reading goes on
    await database.dispose()


async def test_a_full_disk_is_an_outage_and_leaves_what_was_there(sqlite_url: str) -> None:
    async def fill(database: Database) -> None:
        async with database.transaction() as session:
            await run(session, "PRAGMA max_page_count = 30")
            await run(session, "CREATE TABLE heap AS SELECT zeroblob(1000000) AS content")

    database = Database(sqlite_url)
    with pytest.raises(DatabaseUnavailable, match="full"):
        await fill(database)
    async with database.transaction() as session:
        await run(session, "PRAGMA max_page_count = 1000000")
        await run(session, NOTES)
    assert await count(database, "note") == 0
    await database.dispose()


async def test_a_file_that_is_no_database_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "lab.db").write_bytes(b"this is a letter, not a database" * 100)
    database = Database(f"sqlite:///{tmp_path}/lab.db")
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    with pytest.raises(DatabaseUnavailable):
        await migrate(f"sqlite:///{tmp_path}/lab.db")
    await database.dispose()


async def test_a_disposed_file_is_let_go_of_also_by_those_who_were_cancelled(sqlite_url: str) -> None:
    before = set(threading.enumerate())

    async def read(database: Database) -> None:
        async with database.reading() as session:
            await run(session, "SELECT count(*) FROM person")

    for patience in range(40):
        database = Database(sqlite_url)
        reading = [asyncio.create_task(read(database)) for _ in range(3)]
        for _ in range(patience):
            await asyncio.sleep(0)
        # The second comes while the first is being dealt with.
        for _ in range(2):
            for task in reading:
                task.cancel()
            await asyncio.sleep(0)
        await asyncio.gather(*reading, return_exceptions=True)
        await database.dispose()
        assert not set(threading.enumerate()) - before


@pytest.mark.parametrize(
    ("url", "told"),
    [("sqlite://", "needs a file"), ("sqlite:///:memory:", "needs a file"), ("mysql://here/lab", "mysql")],
)
def test_a_database_we_cannot_use_is_refused_by_name(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Database(url)


# Ids and clocks


def test_ids_sort_by_time_and_are_safe_in_an_address() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(one) == 26 and one.isalnum() and one == one.upper() for one in ids)
    assert ids[0][:10] <= ids[-1][:10]


def test_the_hand_clock_stands_until_it_is_turned() -> None:
    clock = HandClock()
    before = clock.now(), clock.monotonic()
    assert (clock.now(), clock.monotonic()) == before
    clock.advance(90)
    assert clock.now() - before[0] == timedelta(seconds=90)
    assert clock.monotonic() - before[1] == 90


def test_the_servers_time_is_utc() -> None:
    assert now().tzinfo is UTC
    clock = SystemClock()
    assert clock.now() - now() < timedelta(seconds=1)
    assert clock.monotonic() <= clock.monotonic()
