"""The archive: one file that holds a lab, taken while people work, read back into an empty one.

It is a zip of one JSON line per row, the same for SQLite and PostgreSQL, read in one transaction: everything
acknowledged before it began is in it. Sign-ins and unused links stay out; passwords and tokens are in it as
hashes, so keep it as you keep the database.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, LargeBinary, Table, func, insert, text, update
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

import lab
from lab.challenges.models import Challenge
from lab.core import audit
from lab.core.clock import now
from lab.core.db import Database, UtcDateTime
from lab.people import Person
from lab.realtime.ports import RoomName
from lab.realtime.replica import folded
from lab.realtime.stores import open_store
from lab.realtime.stores.tables import Document, Update

FORMAT = 1
LEFT_OUT = frozenset({"login", "sign_in_link", "sign_in_failure", "access_change", "room_snapshot"})
"""Sign-ins do not survive a restore; snapshots are made again from the log."""
AT_ONCE = 500


class ArchiveError(Exception):
    """The archive cannot be written or read; the message says why."""


class Contents(BaseModel):
    rows: int
    sha256: str


class Manifest(BaseModel):
    format: int
    version: str
    revision: str
    made_at: datetime
    tables: dict[str, Contents]


async def backup(database: Database, path: Path) -> Manifest:
    """Readable by its owner only; the file appears when it is complete."""
    partial = path.with_name(path.name + ".partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            async with database.reading() as session:
                connection = await session.connection()
                manifest = await connection.run_sync(_write_tables, archive)
            archive.writestr("manifest.json", manifest.model_dump_json(indent=2))
        os.replace(partial, path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _write_tables(connection: Connection, archive: zipfile.ZipFile) -> Manifest:
    tables: dict[str, Contents] = {}
    for table in _tables():
        digest, count = hashlib.sha256(), 0
        with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
            rows = connection.execution_options(yield_per=AT_ONCE).execute(
                sa.select(table).order_by(*table.primary_key.columns)
            )
            for row in rows.mappings():
                line = json.dumps(dict(row), default=_plain, ensure_ascii=False, separators=(",", ":")) + "\n"
                file.write(line.encode())
                digest.update(line.encode())
                count += 1
        tables[table.name] = Contents(rows=count, sha256=digest.hexdigest())
    return Manifest(
        format=FORMAT, version=lab.__version__, revision=_revision(connection), made_at=now(), tables=tables
    )


async def restore(database: Database, path: Path) -> Manifest:
    """Everything in the archive, in one transaction; every document under a new epoch, so that a browser with
    another copy keeps its unsent edits apart instead of merging them."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _read_manifest(archive)
            async with open_store(database) as store, database.transaction() as session:
                connection = await session.connection()
                await connection.run_sync(_check_fits, manifest)
                await connection.run_sync(_read_tables, archive, manifest)
                for room, epoch in (await session.exec(select(Document.room, Document.epoch))).all():
                    state = folded(None, await _log(session, room, epoch))
                    started = await store.new_epoch(RoomName(room), state, within=session)
                    await _follow(session, room, started)
                await audit.record(session, now(), "command line", "restored", str(manifest.made_at.date()))
    except (OSError, zipfile.BadZipFile) as error:
        raise ArchiveError(f"{path} cannot be read: {error}") from error
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(archive.read("manifest.json"))
    except (KeyError, ValidationError) as error:
        raise ArchiveError("This is not an archive of a lab.") from error
    if manifest.format != FORMAT or set(manifest.tables) != {table.name for table in _tables()}:
        raise ArchiveError(
            f"This archive was made by version {manifest.version}; use that version to restore it."
        )
    return manifest


def _check_fits(connection: Connection, manifest: Manifest) -> None:
    if _revision(connection) != manifest.revision:
        raise ArchiveError(
            f"This archive was made by version {manifest.version}; use that version to restore it."
        )
    for model in (Person, Document):
        if connection.execute(sa.select(func.count()).select_from(model)).scalar_one():
            raise ArchiveError("This lab is not empty. Restore into an empty data directory or database.")


def _read_tables(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for table in reversed(_tables()):
        connection.execute(table.delete())
    for table in _tables():
        digest, waiting, count = hashlib.sha256(), [], 0
        for line in _lines(archive, table.name):
            digest.update(line)
            waiting.append(_row(table, line))
            count += 1
            if len(waiting) == AT_ONCE:
                connection.execute(insert(table), waiting)
                waiting = []
        if waiting:
            connection.execute(insert(table), waiting)
        if Contents(rows=count, sha256=digest.hexdigest()) != manifest.tables[table.name]:
            raise ArchiveError(f"The archive is damaged: {table.name} is not as it was written.")


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    try:
        with archive.open(f"tables/{table}.jsonl") as file:
            yield from file
    except KeyError as error:
        raise ArchiveError(f"The archive is damaged: {table} is missing.") from error


async def _log(session: AsyncSession, room: str, epoch: int) -> list[bytes]:
    rows = await session.exec(
        select(Update.content)
        .where(col(Update.room) == room, col(Update.epoch) == epoch)
        .order_by(col(Update.seq))
    )
    return list(rows.all())


async def _follow(session: AsyncSession, room: str, epoch: int) -> None:
    kind, _, key = room.partition("/")
    if kind == "statement":
        await session.exec(update(Challenge).where(col(Challenge.id) == key).values(epoch=epoch))


def _tables() -> list[Table]:
    """Parents before children."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in LEFT_OUT]


def _revision(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value)} has no place in an archive yet")


def _row(table: Table, line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line)
        return {column.name: _stored(column.type, given[column.name]) for column in table.columns}
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"The archive is damaged: a row of {table.name} cannot be read.") from error


def _stored(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, LargeBinary) else value
