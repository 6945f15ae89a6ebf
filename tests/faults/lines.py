"""F0: everything a bad line can do, in an order made up from a seed, while people write through it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.faults.authors import at_work
from tests.faults.outcome import Outcome
from tests.faults.proxy import Proxy, trouble
from tests.faults.rig import rig

SECONDS = 20.0


async def bad_lines(folder: Path, runs: int, chance: Random, *, seconds: float = SECONDS) -> Outcome:
    outcome = Outcome()
    async with rig(folder) as lab, Proxy("127.0.0.1", lab.nodes[0].port) as line:
        for run in range(runs):
            room, ledger = f"lines-{run}", lab.ledger()
            far = f"ws://127.0.0.1:{line.port}/ws/scratch/{room}"
            authors = lab.authors(room, chance, ledger)
            for author in authors[1:]:
                author.addresses = lambda: [far]  # noqa: B023
            async with at_work(authors) as typing:
                await lab.first_words(authors)
                await line.play(trouble(chance, seconds))
                typing.stop()
                await lab.judge(outcome, room, authors, ledger)
    return outcome
