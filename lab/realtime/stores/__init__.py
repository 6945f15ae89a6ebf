"""Where rooms are kept. `open_store` picks by the kind of database; `MemoryStore` is for simulations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lab.realtime.stores.postgres import PostgresLog
from lab.realtime.stores.sql import Sessions, SqlStore
from lab.realtime.stores.sqlite import SqliteLog


@asynccontextmanager
async def open_store(database: Sessions) -> AsyncIterator[SqlStore]:
    """The database has been migrated. Raises StorageDown when it cannot be used or would forget."""
    if database.is_sqlite:
        async with SqliteLog(Path(database.url.database or "")).running() as sqlite:
            yield SqlStore(database, sqlite)
    else:
        async with PostgresLog.running(database.url) as postgres:
            yield SqlStore(database, postgres)
