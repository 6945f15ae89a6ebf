"""Appending to SQLite: one connection, kept open, in a thread of its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from lab.realtime.errors import StaleEpoch, StorageDown
from lab.realtime.ports import Entry
from lab.realtime.stores.batch import Batch, Place
from lab.realtime.stores.sql import milliseconds

PATIENCE = 5.0
"""Seconds to wait for another writer, for example a migration or a backup."""

_ADVANCE = "UPDATE room_document SET head = head + ? WHERE room = ? AND epoch = ? RETURNING head"
_UPDATE = (
    "INSERT INTO room_update (room, epoch, seq, content, principal, at, checksum) VALUES (?,?,?,?,?,?,?)"
)
_LEASE = "INSERT INTO room_lease (room, client, principal, epoch) VALUES (?,?,?,?) ON CONFLICT DO NOTHING"


class SqliteLog:
    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        # A thread of its own: the default pool would let a slow flush wait behind somebody's file reading.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-log")
        self._connection: sqlite3.Connection | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SqliteLog]:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._opened)
            yield self
        finally:
            await loop.run_in_executor(self._thread, self._close)
            self._thread.shutdown()

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._append, Batch(entries))

    def _append(self, batch: Batch) -> list[int | StaleEpoch]:
        connection = self._opened()
        try:
            connection.execute("BEGIN IMMEDIATE")
            heads: dict[Place, int] = {}
            for (room, epoch), count in batch.wanted.items():
                row = connection.execute(_ADVANCE, (count, room, epoch)).fetchone()
                if row is not None:
                    heads[room, epoch] = row[0] - count
            answers, updates, leases = batch.rows(heads, milliseconds())
            connection.executemany(_UPDATE, updates)
            connection.executemany(_LEASE, leases)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise StorageDown(f"The edits could not be written: {error}") from error
        finally:
            if connection.in_transaction:
                # Begin afresh: whatever state a failed flush left behind goes with the old connection.
                self._close()
        return answers

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except sqlite3.Error as error:
                raise StorageDown(f"{self._path} cannot be opened: {error}") from error
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=self._patience, isolation_level=None)
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
        if mode != "wal":
            connection.close()
            raise StorageDown(
                f"{self._path} is on a disk that cannot keep a write-ahead log; use a local one."
            )
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
