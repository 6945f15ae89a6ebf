"""The export: what people made, in open formats, readable without this program.

A zip: `challenges/<name>/` with `statement.md`, `challenge.json` and `boards/*.canvas.zip` for each
challenge, `tables/*.json` for the rest, `README.txt`. No password, token, link or invitation secret
is in it, not even as a hash.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, LargeBinary, Table
from sqlmodel import SQLModel, col, select

from lab.archive import LEFT_OUT, ArchiveError
from lab.boards.document import read_state as read_board
from lab.boards.drawing import ImageFile
from lab.boards.formats import export as write_board
from lab.boards.formats.writing import Surroundings
from lab.boards.models import Board, Image
from lab.challenges.markdown_out import to_markdown
from lab.challenges.models import Challenge
from lab.challenges.reading import read_state
from lab.core.db import Database
from lab.realtime.ports import RoomName, Store
from lab.realtime.replica import folded
from lab.realtime.stores import open_store

ENGINE_TABLES = frozenset({"room_document", "room_update", "room_lease"})
"""Edits one by one: the statement holds what they came to."""
SECRET = re.compile(r"hash$|^token|secret", re.IGNORECASE)
README = """Everything that people made in this lab, on {day}.

challenges/   one folder each: the statement as Markdown, what is known about the challenge as JSON, and its
              boards as JSON Canvas with their pictures (lab.json in each holds what that format cannot say)
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
            async with open_store(database) as store:
                for challenge in challenges:
                    folder = f"challenges/{_slug(challenge.title, 'challenge')}-{challenge.id}"
                    await _write_statement(store, archive, folder, challenge)
                    await _write_boards(database, store, archive, folder, challenge)
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


async def _write_statement(store: Store, archive: zipfile.ZipFile, folder: str, challenge: Challenge) -> None:
    about = challenge.model_dump(mode="json")
    archive.writestr(f"{folder}/challenge.json", json.dumps(about, ensure_ascii=False, indent=1))
    state = await _state(store, challenge.room)
    if state is not None:
        archive.writestr(f"{folder}/statement.md", to_markdown(read_state(state)))


async def _write_boards(
    database: Database, store: Store, archive: zipfile.ZipFile, folder: str, challenge: Challenge
) -> None:
    async with database.reading() as session:
        found = select(Board).where(Board.challenge_id == challenge.id).order_by(col(Board.id))
        boards = (await session.exec(found)).all()
    for board in boards:
        state = await _state(store, board.room)
        if state is None:
            continue
        async with database.reading() as session:
            rows = (await session.exec(select(Image).where(Image.board_id == board.id))).all()
        images = {image.id: ImageFile(image.content, image.media) for image in rows}
        written = write_board(read_board(state, board.title), "canvas.zip", Surroundings(images=images))
        archive.writestr(
            f"{folder}/boards/{_slug(board.title, 'board')}-{board.id}.{written.suffix}", written.content
        )


async def _state(store: Store, room: str) -> bytes | None:
    stored = await store.open(RoomName(room))
    return folded(stored.snapshot, [row.update for row in stored.tail]) if stored is not None else None


def _slug(title: str, otherwise: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or otherwise


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in an export yet")
