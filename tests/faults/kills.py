"""F1, F3, F4: something is killed while people write: a server, PostgreSQL, Redis."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.faults.authors import Author, at_work, until
from tests.faults.outcome import Outcome
from tests.faults.rig import Kept, rig


async def server_killed(folder: Path, runs: int, chance: Random, store: Kept) -> Outcome:
    """F1: SIGKILL at any moment. In every second run nobody comes back who could send anything again."""
    outcome = Outcome()
    async with rig(folder, store=store) as lab:
        [node] = lab.nodes
        for run in range(runs):
            room, ledger = f"kill-{run}", lab.ledger()
            authors = lab.authors(room, chance, ledger)
            async with at_work(authors, per_second=50) as typing:
                await lab.first_words(authors)
                await asyncio.sleep(chance.uniform(0.0, 1.5))
                await lab.kill(node)
                if run % 2:
                    outcome.note("restart to serving, s", await lab.start(node))
                    typing.stop()
                    await lab.judge(outcome, room, authors, ledger)
            if not run % 2:
                outcome.note("restart to serving, s", await lab.start(node))
                text = await lab.stranger(room)
                outcome.judged(text, ledger, sum(author.written for author in authors))
                outcome.must(text == await lab.text(room), "a stranger gets something else than the log")
    return outcome


async def sqlite_server_killed(folder: Path, runs: int, chance: Random) -> Outcome:
    return await server_killed(folder, runs, chance, "sqlite")


async def postgres_server_killed(folder: Path, runs: int, chance: Random) -> Outcome:
    return await server_killed(folder, runs, chance, "postgres")


async def postgres_killed(folder: Path, runs: int, chance: Random) -> Outcome:
    """F3: PostgreSQL dies by SIGKILL, or is restarted. Whoever types learns within 3 s that it is not saved:
    by being told, or because nothing is said, for which the screens wait as long."""
    outcome = Outcome()
    async with rig(folder, nodes=2, store="postgres", redis=True) as lab:
        assert lab.postgres is not None
        for run in range(runs):
            room, ledger = f"postgres-{run}", lab.ledger()
            authors = lab.authors(room, chance, ledger)
            async with at_work(authors) as typing:
                await lab.first_words(authors)
                await asyncio.sleep(chance.uniform(0.2, 1.0))
                if run % 2:
                    await asyncio.to_thread(lab.postgres.restart)
                else:
                    await asyncio.to_thread(lab.postgres.kill)
                    down = time.monotonic()
                    await asyncio.sleep(chance.uniform(0.0, 5.0))
                    await asyncio.to_thread(lab.postgres.start)
                    for author in authors:
                        if author.told:
                            outcome.note("told after, s", author.told[0][0] - down)
                typing.stop()
                await lab.judge(outcome, room, authors, ledger, limit=10)
    return outcome


async def redis_killed(folder: Path, runs: int, chance: Random) -> Outcome:
    """F4: Redis dies and forgets, or is told to forget, while people on two servers write."""
    outcome = Outcome()
    async with rig(folder, nodes=2, store="postgres", redis=True) as lab:
        assert lab.redis is not None
        for run in range(runs):
            room, ledger = f"redis-{run}", lab.ledger()
            authors = lab.authors(room, chance, ledger)
            async with at_work(authors) as typing:
                await lab.first_words(authors)
                if run % 2:
                    flush(lab.redis.port)
                    await asyncio.sleep(chance.uniform(0.1, 0.5))
                    flush(lab.redis.port)
                else:
                    await asyncio.to_thread(lab.redis.stop)
                    await still_saved(outcome, authors)
                    await asyncio.sleep(chance.uniform(0.0, 2.0))
                    await asyncio.to_thread(lab.redis.start)
                typing.stop()
                await lab.judge(outcome, room, authors, ledger)
            for author in authors:
                outcome.must(not author.closes, f"somebody was cut off: {author.closes}")
                outcome.note("slowest Saved, s", author.slowest)
    return outcome


async def still_saved(outcome: Outcome, authors: Sequence[Author]) -> None:
    """On one server people notice nothing: what they type now is saved."""
    wanted = [(author, author.written) for author in authors]
    try:
        await until(lambda: all(author.safe >= written for author, written in wanted), within=5)
    except TimeoutError:
        outcome.must(False, "not saved while Redis is away")


def flush(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as redis:
        redis.sendall(b"FLUSHALL\r\n")
        assert redis.recv(64).startswith(b"+OK")
