"""F10: servers are stopped and started one after the other, as for a new version, with a thousand people."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from random import Random

from tests.faults.authors import at_work, until
from tests.faults.crowd import Regular, coming
from tests.faults.outcome import Outcome
from tests.faults.rig import Rig, rig

PEOPLE = 1_000
ROOMS = 25
AUTHORS = 12
INTERRUPTED = 5.0
"""Seconds that anybody may be away at a time."""


async def rolled(folder: Path, runs: int, chance: Random, *, people: int = PEOPLE) -> Outcome:
    """Each run stops (SIGTERM) and starts each of the three once. Who is sent away tries the others."""
    outcome = Outcome()
    settings = {"LAB_SHUTDOWN_SECONDS": "10"}
    async with rig(folder, nodes=3, store="postgres", redis=True, people=80, settings=settings) as lab:
        for run in range(runs):
            room, ledger = f"rolled-{run}-0", lab.ledger()
            authors = lab.authors(room, chance, ledger, count=AUTHORS)
            for author in authors:
                author.addresses = partial(lab.addresses, room)
            regulars = [
                Regular(
                    partial(lab.addresses, f"rolled-{run}-{number % ROOMS}"),
                    lab.tokens[number % len(lab.tokens)],
                    Random(chance.random()),
                )
                for number in range(people)
            ]
            async with coming(regulars), at_work(authors, per_second=5) as typing:
                await lab.first_words(authors)
                await until(lambda: all(regular.here for regular in regulars))  # noqa: B023
                for at in range(len(lab.nodes)):
                    await roll(lab, at)
                    await until(lambda: all(regular.here for regular in regulars))  # noqa: B023
                typing.stop()
                await lab.judge(outcome, room, authors, ledger)
                away = [each for regular in regulars for each in regular.away]
                outcome.note("times somebody was sent away", len(away))
                outcome.note("away, s", max(away))
                outcome.must(max(away) <= INTERRUPTED, f"somebody was away for {max(away):.1f} s")
                told = {code for regular in regulars for code in regular.codes} - {1012}
                outcome.must(not told, f"sent away with {sorted(told)} instead of 1012")
    return outcome


async def roll(lab: Rig, at: int) -> None:
    """Stopped as an operator stops it, and started again when everybody has left."""
    node = lab.nodes[at]
    await asyncio.to_thread(node.stop)
    await lab.start(node)
