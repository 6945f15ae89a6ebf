"""R1, R2: a backup taken while people write holds what was acknowledged by then; a flipped bit is found."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from pycrdt import Doc, Text

from bench.ledger import TOKEN
from bench.server import LAB, ROOT, Server
from lab.checkup import checkup
from lab.core.db import Database, migrate
from lab.realtime.ports import Entry, RoomName
from lab.realtime.replica import folded
from lab.realtime.stores import open_store
from tests.faults.authors import at_work
from tests.faults.outcome import Outcome
from tests.faults.rig import Rig, rig

ROOMS = 5


async def backed_up(folder: Path, runs: int, chance: Random) -> Outcome:
    """R1: from SQLite and from PostgreSQL in turn, restored into an empty SQLite lab, checked, and served."""
    outcome = Outcome()
    for run in range(runs):
        place = folder / f"lab-{run}"
        place.mkdir()
        async with rig(place, store="postgres" if run % 2 else "sqlite") as lab:
            rooms = [f"copy-{number}" for number in range(ROOMS)]
            ledgers = [lab.ledger() for _ in rooms]
            authors = [
                lab.authors(room, chance, ledger, count=2)
                for room, ledger in zip(rooms, ledgers, strict=True)
            ]
            everybody = [author for some in authors for author in some]
            async with at_work(everybody, per_second=20) as typing:
                await lab.first_words(everybody)
                await asyncio.sleep(chance.uniform(1.0, 3.0))
                marks = [set(ledger.acknowledged) for ledger in ledgers]
                began = time.monotonic()
                await command(lab.nodes[0].environment, "backup", str(place / "backup.zip"))
                outcome.note("backup, s", time.monotonic() - began)
                later = sum(len(ledger.acknowledged) for ledger in ledgers) - sum(map(len, marks))
                outcome.note("words acknowledged meanwhile", later)
                typing.stop()
            await restored(outcome, lab, rooms, marks, sum(author.written for author in everybody))
    return outcome


async def restored(
    outcome: Outcome, lab: Rig, rooms: Sequence[str], marks: Sequence[set[str]], written: int
) -> None:
    data = lab.folder / "restored"
    data.mkdir()
    other = Server(data, settings={"LAB_SECRET": lab.nodes[0].environment["LAB_SECRET"]})
    began = time.monotonic()
    await command(other.environment, "restore", str(lab.folder / "backup.zip"))
    outcome.note("restore, s", time.monotonic() - began)
    await command(other.environment, "check")
    await lab.start(other)
    try:
        lab.nodes[:] = [*lab.nodes, other]
        outcome.runs += 1
        outcome.written += written
        for room, mark in zip(rooms, marks, strict=True):
            text = await lab.stranger(room, -1)
            words = [f"w{writer}-{number}" for writer, number in TOKEN.findall(text)]
            outcome.acknowledged += len(mark)
            outcome.lost += len(mark - set(words))
            outcome.doubled += len(words) - len(set(words))
    finally:
        other.stop()


async def command(environment: dict[str, str], *arguments: str) -> None:
    """Raises CalledProcessError, with what it said, when it does not end well."""
    await asyncio.to_thread(
        subprocess.run, [str(LAB), *arguments],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


COLUMNS = {
    "room_update": ("content", "checksum", "principal", "at"),
    "room_snapshot": ("content", "checksum", "at"),
}


async def flipped(folder: Path, runs: int, chance: Random) -> Outcome:
    """R2: one bit of one stored row at a time. `lab check` names the room and the row, and only those; every
    other room opens."""
    outcome = Outcome()
    path = folder / "lab.db"
    await migrate(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    environment = {**os.environ, "LAB_DATA_DIR": str(folder), "LAB_DEMO": "0"}
    try:
        rooms = await filled(database, chance)
        for run in range(runs):
            flip = a_flip(path, chance)
            room = flip.room
            flip.write(path, flip.after)
            found = [each async for each in checkup(database)]
            outcome.runs += 1
            found_it = any(room in each for each in found)
            outcome.must(found_it, f"not found: {flip}")
            outcome.add("flips found and named", found_it)
            if flip.table == "room_update":
                named = f"Row {flip.seq} of the log of {room}"
                outcome.must(any(named in each for each in found), f"the row is not named: {flip}")
            outcome.must(all(room in each for each in found), f"others are named as well: {flip}")
            if run % 100 == 0:
                said = await asyncio.to_thread(
                    subprocess.run, [str(LAB), "check"],
                    cwd=ROOT, env=environment, capture_output=True, text=True,
                )  # fmt: skip
                outcome.must(said.returncode == 1 and room in said.stdout, f"lab check does not say: {flip}")
            async with open_store(database) as store:
                for other in rooms:
                    if other != room:
                        assert await store.open(other)
            flip.write(path, flip.before)
        outcome.must(not [each async for each in checkup(database)], "something is left damaged")
    finally:
        await database.dispose()
    return outcome


async def filled(database: Database, chance: Random) -> list[RoomName]:
    """Rooms with a log, half of them with a snapshot of its first half."""
    rooms = [RoomName(f"scratch/flip-{number}") for number in range(6)]
    async with open_store(database) as store:
        for number, room in enumerate(rooms):
            doc: Doc[Any] = Doc()
            updates: list[bytes] = []
            watch = doc.observe(lambda event: updates.append(event.update))  # noqa: B023
            text = doc.get("text", type=Text)
            for word in range(30):
                text.insert(chance.randint(0, len(str(text))), f"w{number}-{word};")
            del watch
            await store.create(room, None)
            await store.append(
                [Entry(room, 1, update, f"person-{number}", (doc.client_id,)) for update in updates]
            )
            if number % 2:
                await store.write_snapshot(room, 1, 15, folded(None, updates[:15]))
    return rooms


@dataclass(frozen=True)
class Flip:
    """One bit of one column of one row."""

    table: str
    column: str
    room: str
    seq: int
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.column} of row {self.seq} of {self.table} of {self.room}"

    def write(self, path: Path, value: Any) -> None:
        with contextlib.closing(sqlite3.connect(path)) as rows, rows:
            rows.execute(
                f"UPDATE {self.table} SET {self.column} = ? WHERE room = ? AND seq = ?",
                (value, self.room, self.seq),
            )


def a_flip(path: Path, chance: Random) -> Flip:
    table = chance.choice(list(COLUMNS))
    column = chance.choice(COLUMNS[table])
    with contextlib.closing(sqlite3.connect(path)) as rows:
        room, seq, before = chance.choice(rows.execute(f"SELECT room, seq, {column} FROM {table}").fetchall())
    return Flip(table, column, room, seq, before, flipped_bit(before, chance))


def flipped_bit(value: Any, chance: Random) -> Any:
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(40)
    if isinstance(value, str):
        spoilt = bytearray(value.encode())
        spoilt[chance.randrange(len(spoilt))] ^= 1
        return spoilt.decode()
    spoilt = bytearray(value)
    spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)
