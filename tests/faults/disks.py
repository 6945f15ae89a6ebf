"""F7, F8: a disk that is full, a database that is locked, a write that takes its time. On SQLite."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
import time
from pathlib import Path
from random import Random

from tests.faults.authors import at_work, until
from tests.faults.outcome import Outcome
from tests.faults.rig import Rig, rig, watch_stalls

DISK = "24m"
LOCKED = 30.0
SLOW = 2.0
STALL = 0.2
"""Seconds for which the event loop may stand still."""
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
"""In here anybody may mount a small disk, and it is gone when the last process ends."""


async def full(folder: Path, runs: int, chance: Random) -> Outcome:
    """F7: the disk fills up to the last byte while people write, and some time later there is room again."""
    outcome = Outcome()
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)]
    await asyncio.to_thread(subprocess.run, command, check=True)
    async with rig(disk) as lab:
        for run in range(runs):
            room, ledger = f"full-{run}", lab.ledger()
            ledger.path = folder / ledger.path.name
            authors = lab.authors(room, chance, ledger, padding=500)
            async with at_work(authors) as typing:
                await lab.first_words(authors)
                filled = fill(disk)
                began = time.monotonic()
                await until(lambda: all(author.told for author in authors), within=60)  # noqa: B023
                outcome.note("told after, s", max(author.told[0][0] for author in authors) - began)
                assert await lab.stranger(f"full-{max(run - 1, 0)}"), "reading goes on"
                await asyncio.sleep(chance.uniform(0.0, 1.0))
                filled.unlink()
                typing.stop()
                await lab.judge(outcome, room, authors, ledger, limit=10)
        outcome.must(not await damage(lab), "lab check finds damage")
    return outcome


def fill(disk: Path) -> Path:
    filled = disk / "filled"
    with contextlib.suppress(OSError), filled.open("wb", buffering=0) as file:
        while file.write(bytes(4096)) == 4096:
            pass
    return filled


async def damage(lab: Rig) -> list[str]:
    from lab.checkup import checkup
    from lab.core.db import Database

    database = Database(lab.database)
    try:
        return [found async for found in checkup(database)]
    finally:
        await database.dispose()


async def locked(folder: Path, runs: int, chance: Random) -> Outcome:
    """F8: somebody else holds the database for half a minute. Nothing is acknowledged meanwhile, reading goes
    on, and the event loop does not stand still."""
    outcome = Outcome()
    async with rig(folder) as lab:
        [node] = lab.nodes
        for run in range(runs):
            room, ledger = f"locked-{run}", lab.ledger()
            authors = lab.authors(room, chance, ledger)
            stalls: list[float] = []
            async with at_work(authors) as typing:
                await lab.first_words(authors)
                watching = asyncio.create_task(watch_stalls(node, stalls))
                with contextlib.closing(sqlite3.connect(node.data / "lab.db", isolation_level=None)) as other:
                    other.execute("PRAGMA busy_timeout = 30000")
                    other.execute("BEGIN IMMEDIATE")
                    known = set(ledger.acknowledged)
                    await asyncio.sleep(1.0)
                    late = len(ledger.acknowledged - known)
                    await asyncio.sleep(LOCKED - 1)
                    # What was on the disk before the lock may still be said afterwards, at once.
                    outcome.must(
                        len(ledger.acknowledged - known) == late, "acknowledged what cannot be durable"
                    )
                    if run:
                        outcome.must(bool(await lab.stranger(f"locked-{run - 1}")), "nothing can be read")
                    other.execute("ROLLBACK")
                typing.stop()
                await lab.judge(outcome, room, authors, ledger, limit=10)
                watching.cancel()
            stalled(outcome, stalls)
    return outcome


async def slow(folder: Path, runs: int, chance: Random) -> Outcome:
    """F8: every flush to the disk takes two seconds longer, by a library put before the system's."""
    library = folder / "slow_flush.so"
    source = Path(__file__).with_name("slow_flush.c")
    build = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    await asyncio.to_thread(subprocess.run, build, check=True)
    outcome = Outcome()
    switch = folder / "slow"
    settings = {
        "LD_PRELOAD": str(library),
        "SLOW_FLUSH_WHILE": str(switch),
        "SLOW_FLUSH_MS": f"{SLOW * 1000:.0f}",
    }
    async with rig(folder, settings=settings) as lab:
        [node] = lab.nodes
        for run in range(runs):
            room, ledger = f"slow-{run}", lab.ledger()
            authors = lab.authors(room, chance, ledger)
            stalls: list[float] = []
            async with at_work(authors) as typing:
                await lab.first_words(authors)
                for author in authors:
                    author.slowest = 0.0
                switch.touch()
                watching = asyncio.create_task(watch_stalls(node, stalls))
                await asyncio.sleep(12)
                outcome.must(max(author.slowest for author in authors) >= SLOW / 2, "the disk was not slow")
                outcome.note("edits waiting", node.counters()["lab_journal_entries"])
                switch.unlink()
                typing.stop()
                await lab.judge(outcome, room, authors, ledger, limit=10)
                watching.cancel()
            outcome.note("slowest Saved, s", max(author.slowest for author in authors))
            stalled(outcome, stalls)
    return outcome


def stalled(outcome: Outcome, stalls: list[float]) -> None:
    outcome.note("longest stall, s", max(stalls))
    outcome.must(max(stalls) <= STALL, f"the server stood still for {max(stalls):.2f} s")
