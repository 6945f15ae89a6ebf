"""L2, L4, G1: thousands who only listen and then come back at once; thousands of rooms that come and go."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

from tests.faults.authors import at_work, until
from tests.faults.crowd import Guest, arrive
from tests.faults.outcome import Outcome
from tests.faults.rig import Rig, rig

IN_A_ROOM = 40
OF_ONE_PERSON = 16
AT_ONCE = 100
"""How many join at the same time when there is no storm."""
HELD = 20.0
SYNCED = {2_000: 30.0, 10_000: 120.0}
PER_CONNECTION = 40.0
"""KiB."""
ROOMS, WARM = 20_000, 2_000
GROWTH = 20.0
"""MiB."""


async def two_thousand(folder: Path, runs: int, chance: Random) -> Outcome:
    return await storm(folder, runs, chance, 2_000)


async def ten_thousand(folder: Path, runs: int, chance: Random) -> Outcome:
    return await storm(folder, runs, chance, 10_000)


async def storm(folder: Path, runs: int, chance: Random, people: int) -> Outcome:
    """Held idle for a while; then the server dies, and all come back in the same moment, without the random
    wait that a well-behaved client takes."""
    outcome = Outcome()
    async with rig(folder, people=people // OF_ONE_PERSON + 8) as lab:
        [node] = lab.nodes
        for run in range(runs):
            places = [
                (lab.addresses(f"storm-{run}-{n // IN_A_ROOM}")[0], lab.tokens[n % (len(lab.tokens) - 8)])
                for n in range(people)
            ]
            room, ledger = f"storm-{run}-0", lab.ledger()
            [author] = lab.authors(room, chance, ledger, count=1)
            author.token = lab.tokens[-1]
            async with at_work([author], per_second=5) as typing:
                await lab.first_words([author])
                empty = node.memory()
                there = await all_of(places, AT_ONCE)
                worked, began = node.cpu(), time.monotonic()
                await asyncio.sleep(HELD)
                idle = (node.cpu() - worked) / (time.monotonic() - began)
                steady = node.memory()
                outcome.note("each idle connection, KiB", (steady - empty) / people / 1024)
                outcome.note("processor while idle, % of a core", 100 * idle)
                await lab.kill(node)
                await asyncio.gather(*(guest.gone.wait() for guest in there))
                await lab.start(node)
                async with peak_memory(lab) as peaks:
                    began = time.monotonic()
                    there = await all_of(places, people)
                    took = time.monotonic() - began
                outcome.note("all back and synced, s", took)
                outcome.note("memory, peak against steady", max(peaks) / steady)
                outcome.must(took <= SYNCED[people], f"all back only after {took:.0f} s")
                outcome.must(max(peaks) < 2 * steady, "more than twice the memory")
                typing.stop()
                await lab.judge(outcome, room, [author], ledger)
                for guest in there:
                    guest.transport.abort()
    worst = max(outcome.seen["each idle connection, KiB"])
    outcome.must(worst <= PER_CONNECTION, f"{worst:.0f} KiB for each idle connection")
    return outcome


async def all_of(places: list[tuple[str, str]], at_once: int) -> list[Guest]:
    gate = asyncio.Semaphore(at_once)

    async def come(url: str, token: str) -> Guest:
        async with gate:
            while True:
                with contextlib.suppress(OSError, TimeoutError):
                    return await arrive(url, token)

    return list(await asyncio.gather(*(come(*place) for place in places)))


@contextlib.asynccontextmanager
async def peak_memory(lab: Rig) -> AsyncIterator[list[int]]:
    peaks = [lab.nodes[0].memory()]

    async def watch() -> None:
        while True:
            await asyncio.sleep(0.1)
            peaks.append(lab.nodes[0].memory())

    watching = asyncio.create_task(watch())
    try:
        yield peaks
    finally:
        watching.cancel()


async def rooms_come_and_go(folder: Path, runs: int, chance: Random) -> Outcome:
    """G1: each room is made, joined, left, and forgotten again by the server."""
    outcome = Outcome()
    async with rig(folder, people=40, settings={"LAB_ROOM_IDLE_SECONDS": "0.5"}) as lab:
        [node] = lab.nodes
        await visit_rooms(lab, "warm", WARM)
        warm = node.memory()
        for run in range(runs):
            await visit_rooms(lab, f"leak-{run}", ROOMS)
            grown = (node.memory() - warm) / 2**20
            outcome.runs += 1
            outcome.note("rooms opened", node.counters()["lab_rooms_opened_total"])
            outcome.note("memory grown by, MiB", grown)
            outcome.must(grown < GROWTH * (run + 1), f"the memory has grown by {grown:.0f} MiB")
    return outcome


async def visit_rooms(lab: Rig, prefix: str, count: int) -> None:
    gate = asyncio.Semaphore(30)

    async def visit(number: int) -> None:
        async with gate:
            url, token = lab.addresses(f"{prefix}-{number}")[0], lab.tokens[number % len(lab.tokens)]
            guest = await arrive(url, token, number + 1, speaks=True)
            guest.transport.close()
            await guest.gone.wait()

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(visit(number))
    await until(lambda: lab.nodes[0].counters()["lab_rooms_open"] == 0)
