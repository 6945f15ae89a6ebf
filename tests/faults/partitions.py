"""F5, F6: servers that do not hear of each other, or hear wrong, while people on all of them write."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.faults.authors import Author, at_work, until
from tests.faults.mischief import by
from tests.faults.outcome import Outcome
from tests.faults.proxy import Proxy
from tests.faults.rig import rig

PARTED = 30.0
"""Seconds."""
LAG = 6.0
"""Seconds after which people on another server see an edit, when there is only the log to learn it from."""


async def parted(folder: Path, runs: int, chance: Random) -> Outcome:
    """F5: three servers, each of which may lose Redis: every packet held back, swallowed without a word, or
    the connection refused."""
    outcome = Outcome()
    async with rig(folder, nodes=3, store="postgres", redis=True) as lab:
        for run in range(runs):
            room, ledger = f"parted-{run}", lab.ledger()
            authors = lab.authors(room, chance, ledger, count=6)
            away = chance.sample(lab.redis_lines, chance.randint(1, 3))
            async with at_work(authors, per_second=4) as typing:
                await lab.first_words(authors)
                began = time.monotonic()
                for line in away:
                    part(line, run)
                while time.monotonic() - began < PARTED - LAG:
                    await lag(outcome, authors, chance)
                await asyncio.sleep(began + PARTED - time.monotonic())
                for line in away:
                    line.mend()
                typing.stop()
                await lab.judge(outcome, room, authors, ledger)
            for author in authors:
                outcome.must(not author.closes, f"somebody was cut off: {author.closes}")
    return outcome


def part(line: Proxy, how: int) -> None:
    (line.hold, line.swallow, line.refuse)[how % 3]()


async def lag(outcome: Outcome, authors: Sequence[Author], chance: Random) -> None:
    """How long until everybody has what somebody types now."""
    word = f"{chance.choice(authors).type()};"
    try:
        took = await until(lambda: all(word in str(author.text) for author in authors), within=3 * LAG)
    except TimeoutError:
        outcome.must(False, f"an edit was not seen elsewhere within {3 * LAG} s")
    else:
        outcome.note("lag while parted, s", took)
        outcome.must(took <= LAG, f"an edit was seen elsewhere only after {took:.1f} s")


async def misheard(folder: Path, runs: int, chance: Random) -> Outcome:
    """F6: of the messages between servers a tenth is lost, a tenth comes twice, a tenth too late."""
    outcome = Outcome()
    async with rig(folder, nodes=3, store="postgres", redis=True) as lab:
        assert lab.redis is not None
        for line in lab.redis_lines:
            line.down.filter = by(chance)
            line.cut()
        for run in range(runs):
            room, ledger = f"misheard-{run}", lab.ledger()
            authors = lab.authors(room, chance, ledger, count=6)
            before = published(lab.redis.port)
            async with at_work(authors, per_second=10) as typing:
                await lab.first_words(authors)
                await asyncio.sleep(8)
                typing.stop()
                await lab.judge(outcome, room, authors, ledger, limit=10)
                edits = sum(author.written for author in authors)
                per_edit = (published(lab.redis.port) - before) / edits
                outcome.note("messages per edit", per_edit)
                outcome.must(per_edit <= 2 * len(lab.nodes), f"{per_edit:.1f} messages per edit")
    return outcome


def published(port: int) -> int:
    """How many PUBLISH commands this Redis has taken."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as redis:
        redis.sendall(b"INFO commandstats\r\nQUIT\r\n")
        told = b"".join(iter(lambda: redis.recv(1 << 16), b""))
    _, _, found = told.partition(b"cmdstat_publish:calls=")
    return int(found.split(b",")[0]) if found else 0
