"""The command line: what it prints, what it refuses, and that a backup brings everything back."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import stat
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlmodel import col, select

from lab.__main__ import TYPES, main
from lab.archive import ArchiveError, backup, restore
from lab.boards.demo import TITLE
from lab.boards.formats import read as read_board
from lab.challenges.demo import load_demo
from lab.challenges.models import Challenge, Version
from lab.checkup import checkup, documents
from lab.comments.models import Post
from lab.core.audit import AuditEntry
from lab.core.clock import SystemClock
from lab.core.db import Database, migrate
from lab.core.settings import Settings
from lab.export import export
from lab.main import create_app, describe
from lab.people.models import BearerToken, Login, Person
from lab.realtime.ports import Entry, RoomName
from lab.realtime.stores import open_store
from lab.realtime.stores.tables import Document, Snapshot, Update
from lab.realtime.workers import digest, fold
from lab.typescript import browser_types
from tests.support.app import running_lab, settings_for

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Run]:
    """`lab …` in this process, on a migrated database."""
    root = logging.getLogger()
    before, level, configured = root.handlers, root.level, structlog.get_config()
    for name in list(os.environ):
        if name.startswith("LAB_") or name == "PORT":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAB_DATA_DIR", str(tmp_path))

    def command(*arguments: str, **settings: str) -> int:
        for name, value in settings.items():
            monkeypatch.setenv(f"LAB_{name.upper()}", value)
        return main(list(arguments))

    yield command
    root.handlers = before
    root.setLevel(level)
    structlog.configure(**configured)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    """Another migrated database, once of each kind."""
    await migrate(empty_url)
    made = Database(empty_url)
    yield made
    await made.dispose()


def test_token_prints_a_token_alone_and_makes_the_person(
    run: Run, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("token", "Rosa@Example.org", "--role", "staff", "--name", "Rosa") == 0
    first = capsys.readouterr().out
    assert re.fullmatch(r"lab_[\w-]{32}\n", first)
    assert run("token", "rosa@example.org") == 0
    assert run("token", "rosa@example.org", "--role", "facilitator") == 0
    assert run("token", "ben@example.org") == 0

    async def people() -> list[tuple[str, str | None, str | None]]:
        database = Database(sqlite_url)
        async with database.reading() as session:
            found = (await session.exec(select(Person).order_by(col(Person.id)))).all()
            tokens = (await session.exec(select(BearerToken))).all()
        await database.dispose()
        assert len(tokens) == 4
        return [(person.name, person.email, person.role) for person in found]

    assert asyncio.run(people()) == [
        ("Rosa", "rosa@example.org", "facilitator"),
        ("ben", "ben@example.org", "participant"),
    ]


def test_what_cannot_be_done_is_said_in_one_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.zip").write_text("not a zip")
    (tmp_path / "file").write_text("not a directory")
    for arguments, status, words in [
        (["token", "nonsense"], 2, "not an e-mail address"),
        (["restore", "nowhere.zip"], 1, "nowhere.zip cannot be read"),
        (["restore", "notes.zip"], 1, "cannot be read"),
        (["backup", "no/such/folder/x.zip"], 1, "cannot be written"),
        (["export", "no/such/folder/x.zip"], 1, "cannot be written"),
        (["migrate", "--data", str(tmp_path / "file")], 1, "File exists"),
    ]:
        assert run(*arguments) == status, arguments
        said = capsys.readouterr()
        assert said.out == ""
        assert words in said.err
        assert said.err.startswith("lab: ")
        assert said.err.count("\n") == 1, said.err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"env": "production"}, "LAB_SECRET must be at least 32"),
        ({"env": "production", "secret": "x" * 40}, "LAB_SECRET must be at least 32"),
        ({"env": "production", "secret": "0123456789abcdef" * 2}, "LAB_BASE_URL must be set to an https://"),
        (
            {"env": "production", "secret": "0123456789abcdef" * 2, "base_url": "http://lab.example.org"},
            "LAB_BASE_URL must be set to an https://",
        ),
        ({"base_url": "lab.example.org"}, "LAB_BASE_URL: must be an origin"),
        ({"base_url": "https://lab.example.org/path"}, "LAB_BASE_URL: must be an origin"),
        ({"port": "x"}, "LAB_PORT: "),
        ({"limit_factor": "0"}, "LAB_LIMIT_FACTOR: "),
        ({"env": "staging"}, "LAB_ENV: "),
    ],
)
def test_settings_that_are_not_safe_or_make_no_sense_are_refused(
    run: Run, settings: dict[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("migrate", **settings) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "0123456789abcdef" not in said


def test_openapi_and_types_are_printed_without_leaving_anything_behind(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("openapi") == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"
    assert not (tmp_path / "secret").exists()


def test_the_browsers_types_are_current() -> None:
    made = browser_types(create_app(settings_for("sqlite:///unused.db", Path("unused"))).routes)
    assert TYPES.read_text() == made, "run .venv/bin/lab types"


def test_types_are_written_where_the_browser_looks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "frontend" / "types.ts"
    monkeypatch.setattr("lab.__main__.TYPES", target)
    assert run("types") == 0
    assert target.read_text() == TYPES.read_text()


def test_the_whole_circle_on_the_command_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo") == 0
    assert run("demo") == 0
    assert run("check") == 0
    assert "all is well" in capsys.readouterr().err
    assert run("backup") == 0
    assert run("export") == 0
    (saved,) = tmp_path.glob("lab-backup-*.zip")
    (exported,) = tmp_path.glob("lab-export-*.zip")
    assert stat.S_IMODE(saved.stat().st_mode) == stat.S_IMODE(exported.stat().st_mode) == 0o600
    elsewhere = tmp_path / "elsewhere"
    assert run("restore", str(saved), "--data", str(elsewhere)) == 0
    assert run("check", "--data", str(elsewhere)) == 0
    assert "4 documents" in capsys.readouterr().err
    assert run("restore", str(saved), "--data", str(elsewhere)) == 1
    assert "not empty" in capsys.readouterr().err
    with zipfile.ZipFile(exported) as archive:
        statements = [name for name in archive.namelist() if name.endswith("/statement.md")]
        assert len(statements) == 3
        assert all(len(archive.read(name)) > 300 for name in statements)
        (board,) = [name for name in archive.namelist() if "/boards/" in name]
        read = read_board(board, archive.read(board))
        assert read.content.title == TITLE
        assert read.kept["note"] > 20
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"token_hash" not in everything
    assert b"password_hash" not in everything
    assert b"secret_hash" not in everything


# Archive and checkup, closer.


@pytest.fixture
async def filled(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A lab with the example, people, and a document that was written in and compacted."""
    async with running_lab(sqlite_url, tmp_path) as lab:
        await load_demo(lab.people.database, lab.app.state.rooms, SystemClock())
        ana = await lab.person("Ana", role="staff")
        await ana.post("/api/me/tokens", {"name": "Script"})
    database = Database(sqlite_url)
    async with open_store(database) as store, database.reading() as session:
        for room in (await session.exec(select(Document.room))).all():
            found = await store.open(RoomName(room))
            assert found is not None
            state = fold(None, [row.update for row in found.tail])
            await store.append([Entry(RoomName(room), found.epoch, state, ana.id, (4711,))])
            await store.write_snapshot(RoomName(room), found.epoch, 1, state)
    yield database
    await database.dispose()


async def state_of(database: Database) -> dict[str, str]:
    async with open_store(database) as store, database.reading() as session:
        rooms = (await session.exec(select(Document.room))).all()
        found = {}
        for room in rooms:
            stored = await store.open(RoomName(room))
            assert stored is not None
            found[room] = digest(fold(stored.snapshot, [row.update for row in stored.tail]))
        return found


async def test_a_backup_brings_everything_back_under_new_epochs(
    filled: Database, empty: Database, tmp_path: Path
) -> None:
    """Into SQLite and into PostgreSQL."""
    path = tmp_path / "saved.zip"
    await backup(filled, path)
    await restore(empty, path)
    assert await state_of(empty) == await state_of(filled)
    async with filled.reading() as old, empty.reading() as new:
        for table in (Person, BearerToken, Version, Post):
            before = [row.model_dump() for row in (await old.exec(select(table))).all()]
            after = [row.model_dump() for row in (await new.exec(select(table))).all()]
            assert sorted(before, key=str) == sorted(after, key=str)
        assert (await new.exec(select(Login))).all() == [], "everybody signs in anew"
        assert set((await new.exec(select(Document.epoch))).all()) == {2}
        assert set((await new.exec(select(Challenge.epoch))).all()) == {2}
        last = (await new.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()))).first()
        assert last is not None
        assert last.action == "restored"
    assert [sentence async for sentence in checkup(empty)] == []
    assert await documents(empty) == 3


async def test_a_backup_of_what_is_written_meanwhile_is_whole(filled: Database, tmp_path: Path) -> None:
    """A write that is not finished is not in it; what was acknowledged before it began is."""
    async with filled.transaction() as session:
        session.add(Person(name="Half", created_at=SystemClock().now()))
        await session.flush()
        manifest = await backup(filled, tmp_path / "saved.zip")
    async with filled.reading() as session:
        people = len((await session.exec(select(Person))).all())
    assert manifest.tables["person"].rows == people - 1


def changed(path: Path, name: str, content: bytes | None) -> Path:
    """A copy of an archive in which one file has other content, or is missing."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info.filename))
            elif content is not None:
                new.writestr(name, content)
    return other


async def test_damaged_and_foreign_archives_are_refused_and_leave_nothing(
    filled: Database, empty: Database, tmp_path: Path
) -> None:
    path = tmp_path / "saved.zip"
    manifest = await backup(filled, path)
    with zipfile.ZipFile(path) as archive:
        people = archive.read("tables/person.jsonl")
    row = json.loads(people.splitlines()[0])
    told = json.loads(manifest.model_dump_json())
    for name, content, words in [
        ("tables/person.jsonl", people.replace(b"Jo", b"Mo"), "damaged"),
        ("tables/person.jsonl", b"".join(people.splitlines(keepends=True)[:-1]), "damaged"),
        ("tables/person.jsonl", b"nonsense\n", "damaged"),
        ("tables/person.jsonl", json.dumps({**row, "created_at": 5}).encode() + b"\n", "damaged"),
        ("tables/person.jsonl", json.dumps({"id": "x"}).encode() + b"\n", "damaged"),
        ("tables/lab_visit.jsonl", None, "missing"),
        ("manifest.json", None, "not an archive"),
        ("manifest.json", b"{}", "not an archive"),
        ("manifest.json", json.dumps({**told, "format": 99}).encode(), "use that version"),
        ("manifest.json", json.dumps({**told, "revision": "0000"}).encode(), "use that version"),
        ("manifest.json", json.dumps({**told, "tables": {}}).encode(), "use that version"),
    ]:
        with pytest.raises(ArchiveError, match=words):
            await restore(empty, changed(path, name, content))
        async with empty.reading() as session:
            assert (await session.exec(select(Person))).all() == []
    await restore(empty, path)


async def test_the_checkup_names_what_is_not_as_it_was_written(filled: Database) -> None:
    assert [sentence async for sentence in checkup(filled)] == []
    async with filled.reading() as session:
        one, two, three = (await session.exec(select(Document.room).order_by(col(Document.room)))).all()
    async with open_store(filled) as store:
        empty = fold(None, [])
        await store.write_snapshot(RoomName(one), 1, 2, empty)
    async with filled.transaction() as session:
        row = await session.get_one(Update, (two, 1, 1))
        row.content = row.content[:-1] + b"\xff"
        session.add(row)
        entry = (await session.exec(select(AuditEntry))).first()
        assert entry is not None
        entry.actor = "somebody else"
        session.add(entry)
    told = [sentence async for sentence in checkup(filled)]
    assert any(one in sentence and "snapshot" in sentence for sentence in told)
    assert any(two in sentence and "damaged" in sentence for sentence in told)
    assert any("audit log does not fit together at entry 1" in sentence for sentence in told)
    assert not any(three in sentence for sentence in told)
    async with filled.reading() as session:
        assert (await session.exec(select(Snapshot))).all()


async def test_an_audit_entry_that_was_taken_out_is_missed(filled: Database) -> None:
    async with filled.transaction() as session:
        entries = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)))).all()
        await session.delete(entries[1])
    told = [sentence async for sentence in checkup(filled)]
    assert told == ["The audit log does not fit together at entry 2: it was altered."]


async def test_an_export_of_a_strange_title_is_a_plain_folder(filled: Database, tmp_path: Path) -> None:
    async with filled.transaction() as session:
        challenge = (await session.exec(select(Challenge))).first()
        assert challenge is not None
        challenge.title = "../../Ünsafe: \u202e name?"
        session.add(challenge)
    path = tmp_path / "export.zip"
    assert await export(filled, path, "2026-01-05") == 3
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if ".." in name or not name.isascii()]
        tables: dict[str, Any] = {
            name: json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("tables/")
        }
    assert "tables/room_update.json" not in tables
    assert tables["tables/audit_entry.json"][0]["hash"]
    assert not path.with_name("export.zip.partial").exists()


def test_the_description_printed_is_the_one_served() -> None:
    app = create_app(Settings(secret="a secret for a description only, long enough"))  # type: ignore[arg-type]
    assert describe(app)["paths"]["/api/me"]["get"]["operationId"] == "get_me"
