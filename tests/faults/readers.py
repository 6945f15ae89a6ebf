"""L5, L6: people who read slowly, and people who are no longer there though nobody has said so."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from pycrdt import Doc, Text

from tests.faults.authors import Author, at_work, until
from tests.faults.crowd import Guest, Regular, arrive, coming
from tests.faults.outcome import Outcome
from tests.faults.proxy import Proxy
from tests.faults.rig import Rig, rig

ROOMS = 10
QUICK, SLOW = 20, 2
"""In each room: 220 in all, 20 of them slow."""
RATE = 1_000
"""Bytes a second that the slow ones read."""
EDITS = 10
"""A second, in each room."""
TURN = 15.0
CLOSED, PRESENCE_GONE = 30.0, 35.0
HALF_OPEN = 200


async def slow_readers(folder: Path, runs: int, chance: Random) -> Outcome:
    """L5: what do the quick ones notice of the slow ones? Turns with and without them alternate."""
    outcome = Outcome()
    async with (
        rig(folder, people=40) as lab,
        Proxy("127.0.0.1", lab.nodes[0].port, receive_buffer=16_384) as line,
    ):
        quiet: list[float] = []
        slowed: list[float] = []
        for run in range(runs):
            rooms = [f"slow-{run}-{number}" for number in range(ROOMS)]
            ledgers = [lab.ledger() for _ in rooms]
            authors = [
                lab.authors(room, chance, ledger, count=1, padding=2_000)[0]
                for room, ledger in zip(rooms, ledgers, strict=True)
            ]
            quick = [await visit(lab, room, n) for room in rooms for n in range(QUICK)]
            slow = [
                Regular(
                    partial(list, [f"ws://127.0.0.1:{line.port}/ws/scratch/{room}"]),
                    lab.tokens[person],
                    Random(chance.random()),
                    keeps=True,
                )
                for room in rooms
                for person in range(QUICK, QUICK + SLOW)
            ]
            async with at_work(authors, per_second=0.001) as typing, coming(slow):
                typing.stop()
                await until(lambda: all(each.here for each in slow))  # noqa: B023
                grown = await writing(lab, authors, TURN)
                quiet += delays(quick)
                line.down.rate = RATE
                # Three times as long: so much is on its way before a server notices anything.
                more = await writing(lab, authors, 3 * TURN)
                slowed += delays(quick)
                # By the server's count: they themselves find out when they have read all before it.
                sent_away = len(slow) + len(quick) + len(authors) - connections(lab)
                line.mend()
                for room, author, ledger in zip(rooms, authors, ledgers, strict=True):
                    await lab.judge(outcome, room, [author], ledger)
                await until(lambda: all(each.here for each in slow))  # noqa: B023
                for each, room in zip(slow, (room for room in rooms for _ in range(SLOW)), strict=True):
                    assert each.guest is not None
                    outcome.must(
                        room_text(each.guest.held) == await lab.text(room), "a slow one has something else"
                    )
                outcome.note("memory beyond that of quick ones, MiB", (more - 3 * grown) / 2**20)
                outcome.note("slow ones sent away", sent_away)
                outcome.must(sent_away > 0, "nobody was too slow")
            for guest in quick:
                outcome.must(not guest.gone.is_set(), f"a quick one was sent away {guest.code}")
                guest.transport.abort()
        outcome.note("p95 of the others alone, ms", 1000 * p95(quiet))
        outcome.note("p95 of the others beside slow ones, ms", 1000 * p95(slowed))
        beyond = max(outcome.seen["memory beyond that of quick ones, MiB"])
        outcome.must(beyond <= 2 * ROOMS * SLOW, "too much memory")
    return outcome


async def visit(lab: Rig, room: str, person: int) -> Guest:
    return await arrive(lab.addresses(room)[0], lab.tokens[person])


async def writing(lab: Rig, authors: Sequence[Author], seconds: float) -> int:
    """Each edit carries the time at which it was typed. By how many bytes the server has grown."""
    before = lab.nodes[0].memory()
    until_then = time.monotonic() + seconds
    while time.monotonic() < until_then:
        for author in authors:
            author.text.insert(0, f"@{time.monotonic_ns()};")
            author.type()
            await asyncio.sleep(1 / EDITS / len(authors))
    return lab.nodes[0].memory() - before


def room_text(updates: Sequence[bytes]) -> str:
    """What somebody holds who was sent these."""
    doc: Doc[Any] = Doc()
    for update in updates:
        doc.apply_update(update)
    return str(doc.get("text", type=Text))


def delays(guests: Sequence[Guest]) -> list[float]:
    taken = [delay for guest in guests for delay in guest.delays]
    for guest in guests:
        guest.delays.clear()
    return taken


def p95(delays: Sequence[float]) -> float:
    return statistics.quantiles(delays, n=20)[-1]


async def half_open(folder: Path, runs: int, chance: Random) -> Outcome:
    """L6: two hundred sockets from which nothing comes any more, and into which nothing goes."""
    outcome = Outcome()
    async with (
        rig(folder, people=40) as lab,
        Proxy("127.0.0.1", lab.nodes[0].port) as line,
    ):
        for run in range(runs):
            room, ledger = f"half-open-{run}", lab.ledger()
            far = f"ws://127.0.0.1:{line.port}/ws/scratch/{room}"
            authors = lab.authors(room, chance, ledger)
            for author in authors[1:]:
                author.addresses = lambda: [far]  # noqa: B023
            async with at_work(authors, per_second=5) as typing, guests(lab, far) as there:
                await lab.first_words(authors)
                witness = await arrive(lab.addresses(room)[0], lab.tokens[0], 7, speaks=True)
                await until(lambda: sum(witness.present.values()) > HALF_OPEN)  # noqa: B023
                line.swallow()
                began = time.monotonic()
                # The witness, and the author who is on this side.
                await until(lambda: connections(lab) <= 2)
                closed = time.monotonic() - began
                await until(lambda: sum(witness.present.values()) <= 1)  # noqa: B023
                gone = time.monotonic() - began
                outcome.note("closed after, s", closed)
                outcome.note("presence gone after, s", gone)
                outcome.must(closed <= CLOSED, f"closed only after {closed:.0f} s")
                outcome.must(gone <= PRESENCE_GONE, f"still shown after {gone:.0f} s")
                outcome.must(not any(guest.gone.is_set() for guest in there), "they were told after all")
                line.mend()
                typing.stop()
                await lab.judge(outcome, room, authors, ledger)
                witness.transport.abort()
    return outcome


@contextlib.asynccontextmanager
async def guests(lab: Rig, url: str) -> AsyncIterator[list[Guest]]:
    there = [
        await arrive(url, lab.tokens[number % len(lab.tokens)], 1_000 + number, speaks=True)
        for number in range(HALF_OPEN)
    ]
    try:
        yield there
    finally:
        for guest in there:
            guest.transport.abort()


def connections(lab: Rig) -> float:
    return lab.nodes[0].counters()["lab_connections_open"]
