"""Appending to PostgreSQL: the whole batch in one transaction of two statements."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import URL

from lab.realtime.errors import StaleEpoch, StorageDown
from lab.realtime.ports import Entry
from lab.realtime.stores.batch import Batch, Place
from lab.realtime.stores.sql import milliseconds

TIMEOUT = 15.0
# The third: a connection the server ended while it was idle is found out in the middle of its next use.
_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

# In the order of the rooms: two nodes that write to the same rooms wait for each other, never in a circle.
# Whoever waited here sees the head and the epoch the other left behind.
_LOCK = """
SELECT room, epoch, head FROM room_document WHERE room = ANY($1::text[]) ORDER BY room FOR NO KEY UPDATE
"""
_WRITE = """
WITH advanced AS (
  UPDATE room_document SET head = head + n.count
  FROM unnest($1::text[], $2::bigint[]) AS n(room, count) WHERE room_document.room = n.room
), leased AS (
  INSERT INTO room_lease (room, client, principal, epoch)
  SELECT * FROM unnest($3::text[], $4::bigint[], $5::text[], $6::bigint[]) ON CONFLICT DO NOTHING
)
INSERT INTO room_update (room, epoch, seq, content, principal, at, checksum)
SELECT * FROM unnest(
  $7::text[], $8::bigint[], $9::bigint[], $10::bytea[], $11::text[], $12::bigint[], $13::bytea[]
)
"""


class PostgresLog:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def running(cls, url: URL) -> AsyncIterator[PostgresLog]:
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            pool = await asyncpg.create_pool(
                dsn, min_size=1, max_size=2, timeout=TIMEOUT, command_timeout=TIMEOUT
            )
        except _TROUBLE as error:
            raise StorageDown(f"PostgreSQL cannot be reached: {error}") from error
        try:
            await _refuse_forgetful(pool)
            yield cls(pool)
        finally:
            await pool.close()

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        batch = Batch(entries)
        try:
            async with self._pool.acquire() as connection:
                try:
                    async with connection.transaction():
                        return await self._append(connection, batch)
                except _TROUBLE:
                    connection.terminate()  # begin afresh with a new one, whatever state this one is in
                    raise
        except _TROUBLE as error:
            # Also when the connection broke during COMMIT and nobody can tell which way it went: the rows,
            # if they are there, are found by the next `since`, and writing an update twice does no harm.
            raise StorageDown(f"The edits could not be written: {error}") from error

    async def _append(self, connection: Any, batch: Batch) -> list[int | StaleEpoch]:
        rooms = sorted({room for room, _ in batch.wanted})
        heads: dict[Place, int] = {
            (room, epoch): head
            for room, epoch, head in await connection.fetch(_LOCK, rooms)
            if (room, epoch) in batch.wanted
        }
        answers, updates, leases = batch.rows(heads, milliseconds())
        if updates:
            await connection.execute(
                _WRITE,
                [room for room, _ in heads],
                [batch.wanted[place] for place in heads],
                *_columns(leases, 4),
                *_columns(updates, 7),
            )
        return answers


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]


async def _refuse_forgetful(pool: asyncpg.Pool) -> None:
    """We tell people their work is safe when the commit returns; these settings would make that a lie."""
    for setting in ("fsync", "synchronous_commit"):
        if await pool.fetchval(f"SHOW {setting}") == "off":
            raise StorageDown(
                f"PostgreSQL runs with {setting} = off: it may lose what it has confirmed. Switch it on."
            )
