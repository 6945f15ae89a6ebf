"""The database: sessions on SQLite or PostgreSQL, and the migrations that shape it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from weakref import WeakSet

import aiosqlite
import structlog
from sqlalchemy import URL, Connection, Dialect, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

log = structlog.get_logger("lab.db")

PATIENCE = 5.0
"""Seconds to wait for another writer of a SQLite file."""
MIGRATIONS = Path(__file__).parent.parent / "migrations"
_MIGRATION_LOCK = 0x1AB  # any constant: one migration at a time on a PostgreSQL server's database

# Constraints need names that are the same on every database, or no migration can ever alter them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class DatabaseUnavailable(Exception):
    """Locked, full, damaged, or not there: nothing was changed, and trying again later may help."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out, also from SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Open it, and `dispose` of it in the same event loop."""

    failure: ClassVar[type[Exception]] = DatabaseUnavailable
    """What `transaction` and `reading` raise, for those who may not import this module."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """`sqlite:///path/to/file` or `postgresql://user@host/name`."""
        self.url = _with_driver(url)
        self.path = Path(self.url.database) if self.is_sqlite and self.url.database else None
        self._threads: WeakSet[Thread] = WeakSet()
        """Each SQLite connection has one."""
        self.engine = _engine(self.url, patience=patience, threads=self._threads)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Everything within happens, durably, or nothing does."""
        # IMMEDIATE: take the write lock now and wait for it. A transaction that reads first and asks for
        # the lock later is refused at once when another has written meanwhile, however long it would wait.
        async with self._session(self.engine.execution_options(begin="BEGIN IMMEDIATE")) as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One unchanging view of the database; writes are refused by PostgreSQL and must not be tried."""
        options: dict[str, Any] = {"begin": "BEGIN"}
        if not self.is_sqlite:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        async with self._session(self.engine.execution_options(**options)) as session:
            yield session

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        try:
            async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
                try:
                    await session.connection()
                except OSError as error:  # no such host, refused: the driver's own error, before it is SQL
                    raise DatabaseUnavailable(f"The database cannot be reached: {error}") from error
                yield session
        except (DBAPIError, PoolTimeout, ConnectionError, TimeoutError) as error:
            if is_unavailable(error):
                raise DatabaseUnavailable(f"The database cannot be used: {_cause(error)}") from error
            raise

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when nothing can be read."""
        async with self.reading() as session:
            await (await session.connection()).execute(text("SELECT 1"))

    async def dispose(self) -> None:
        await self.engine.dispose()
        # Whoever was cancelled in the middle of a transaction left a connection that is still being closed,
        # by a task nobody waits for. The file is let go of when its thread has ended.
        until = asyncio.get_running_loop().time() + PATIENCE
        while any(thread.is_alive() for thread in self._threads):
            if asyncio.get_running_loop().time() > until:
                log.warning("connections_left_open", database=str(self.path))
                return
            await asyncio.sleep(0.005)


async def migrate(url: str) -> None:
    """Bring the database to the newest revision, in one transaction; a new SQLite file is made."""
    from alembic import command  # slow to import, and only needed here

    location = _with_driver(url)
    if location.get_backend_name() == "sqlite" and location.database:
        Path(location.database).parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(_must_open, location.database)

    def upgrade(connection: Connection) -> None:
        command.upgrade(alembic_config(connection), "head")

    # Foreign keys are off: a batch migration drops the table it has copied, and rows of other tables with it.
    engine = _engine(location, foreign_keys=False)
    try:
        async with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
            if location.get_backend_name() == "postgresql":
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
                )
            await connection.run_sync(upgrade)
    except (DBAPIError, OSError) as error:
        if is_unavailable(error):
            raise DatabaseUnavailable(f"The database cannot be used: {_cause(error)}") from error
        raise
    finally:
        await engine.dispose()


def _must_open(path: str) -> None:
    """Said here, where one can wait for the answer: the driver's thread would still be at work on its own
    when the command that was refused has ended."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for pragma in sqlite_pragmas():
                connection.execute(pragma)
    except sqlite3.Error as error:
        raise DatabaseUnavailable(f"The database cannot be used: {error}") from error


def alembic_config(connection: Connection) -> Any:
    """For Alembic's own commands (`check`, `revision --autogenerate`) on a connection of ours."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def is_unavailable(error: BaseException) -> bool:
    """Whether the database, rather than what was asked of it, is the trouble. By code, never by wording."""
    if isinstance(error, DBAPIError):
        original = error.orig
        code = getattr(original, "sqlite_errorcode", None)
        if code is not None:
            return code & 0xFF in _SQLITE_TROUBLE
        state = getattr(original, "sqlstate", None)
        if state is not None:
            return state[:2] in _POSTGRES_TROUBLE or state in _POSTGRES_BUSY
        # The driver itself failed: a connection that broke, or could not be made.
        return error.connection_invalidated or isinstance(original, OSError | sqlite3.OperationalError)
    return isinstance(error, PoolTimeout | OSError)


_SQLITE_TROUBLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
# Connection, invalid sign-in, no such database, resources, operator, system and internal errors.
_POSTGRES_TROUBLE = frozenset({"08", "28", "3D", "53", "57", "58", "XX"})
_POSTGRES_BUSY = frozenset({"25006", "40001", "40P01", "55P03"})  # read only, serialisation, deadlock, lock


def _cause(error: BaseException) -> BaseException:
    original = error.orig if isinstance(error, DBAPIError) else None
    return original or error


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed.set(drivername="sqlite+aiosqlite")
        case "sqlite":
            raise ValueError("A SQLite database needs a file: sqlite:///data/lab.db")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+asyncpg")
        case other:
            raise ValueError(f"LAB_DATABASE_URL names {other}; it may be sqlite:///… or postgresql://…")


def _engine(
    url: URL,
    *,
    patience: float = PATIENCE,
    foreign_keys: bool = True,
    threads: WeakSet[Thread] | None = None,
) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url, pool_pre_ping=True, connect_args={"timeout": 10, "command_timeout": 30}
        )

    def connection(*args: Any, **options: Any) -> aiosqlite.Connection:
        made = aiosqlite.connect(*args, **options)
        made._thread.daemon = True  # as SQLAlchemy has it where it makes the connection
        if threads is not None:
            threads.add(made._thread)
        return made

    engine = create_async_engine(url, connect_args={"async_creator_fn": connection})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # The driver would begin transactions by itself, and not before a read; we say BEGIN ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in sqlite_pragmas(patience, foreign_keys=foreign_keys):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def sqlite_pragmas(patience: float = PATIENCE, *, foreign_keys: bool = True) -> tuple[str, ...]:
    return (
        f"PRAGMA busy_timeout = {round(patience * 1000)}",  # first: the next one may have to wait
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )
