"""The export: what people made, in open formats, readable without this program.

A zip: `challenges/<name>/statement.md` and `challenge.json` for each challenge, `tables/*.json` for the rest,
`README.txt`. No password, token, link or invitation secret is in it, not even as a hash.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, LargeBinary, Table
from sqlmodel import SQLModel, col, select

from lab.archive import LEFT_OUT, ArchiveError
from lab.challenges.markdown_out import to_markdown
from lab.challenges.models import Challenge
from lab.challenges.reading import read_state
from lab.core.db import Database
from lab.realtime.ports import RoomName
from lab.realtime.replica import folded
from lab.realtime.stores import open_store

ENGINE_TABLES = frozenset({"room_document", "room_update", "room_lease"})
"""Edits one by one: the statement holds what they came to."""
SECRET = re.compile(r"hash$|^token|secret", re.IGNORECASE)
README = """Everything that people made in this lab, on {day}.

challenges/   one folder each: the statement as Markdown, and what is known about the challenge as JSON
tables/       everything else, one JSON file per table: people, memberships, comments, versions, activity,
              invitations, and the audit log (its hashes let anybody check that it is complete)

Times are UTC. Nothing in here signs anybody in. People's names and addresses are personal data: keep it safe.
"""


async def export(database: Database, path: Path, day: str) -> int:
    """How many challenges are in it. Readable by its owner only; the file appears when it is complete."""
    partial = path.with_name(path.name + ".partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README.format(day=day))
            async with database.reading() as session:
                await (await session.connection()).run_sync(_write_tables, archive)
                challenges = (await session.exec(select(Challenge).order_by(col(Challenge.id)))).all()
            await _write_statements(database, archive, challenges)
        os.replace(partial, path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return len(challenges)


def _write_tables(connection: Connection, archive: zipfile.ZipFile) -> None:
    for table in SQLModel.metadata.sorted_tables:
        if table.name in LEFT_OUT | ENGINE_TABLES:
            continue
        rows = connection.execute(sa.select(*_open_columns(table)).order_by(*table.primary_key.columns))
        content = json.dumps(
            [dict(row) for row in rows.mappings()], default=_plain, ensure_ascii=False, indent=1
        )
        archive.writestr(f"tables/{table.name}.json", content)


def _open_columns(table: Table) -> list[Any]:
    """The audit chain's hashes stay: they are what it is for."""
    return [
        column
        for column in table.columns
        if not isinstance(column.type, LargeBinary)
        and (table.name == "audit_entry" or not SECRET.search(column.name))
    ]


async def _write_statements(
    database: Database, archive: zipfile.ZipFile, challenges: Sequence[Challenge]
) -> None:
    async with open_store(database) as store:
        for challenge in challenges:
            folder = f"challenges/{_slug(challenge.title)}-{challenge.id}"
            about = challenge.model_dump(mode="json")
            archive.writestr(f"{folder}/challenge.json", json.dumps(about, ensure_ascii=False, indent=1))
            stored = await store.open(RoomName(challenge.room))
            if stored is not None:
                blocks = read_state(folded(stored.snapshot, [row.update for row in stored.tail]))
                archive.writestr(f"{folder}/statement.md", to_markdown(blocks))


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "challenge"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in an export yet")
