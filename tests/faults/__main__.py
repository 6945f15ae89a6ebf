"""Runs scenarios, each lane in a process of its own, and writes what came out to docs/benchmarks.md.

    .venv/bin/python -m tests.faults [--full] [--runs N] [--seed S] [--no-page] [F1 F5 …]

`F1` stands for `F1-sqlite` and `F1-postgres`; no name for everything.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from random import Random

from bench.page import put, where
from tests.faults.outcome import HEAD, Outcome, from_json, total
from tests.faults.scenarios import SCENARIOS, Scenario

TITLE = "Faults"
ABOUT = (
    "Real processes, a real PostgreSQL, a real Redis, and a network that can be told what to do. Authors "
    "type unique words all the time, also while cut off; what is acknowledged goes to a ledger with fsync. "
    "Then all authors, a stranger at every server and the log itself must hold the same text, with every "
    "acknowledged word in it once. The time to equal counts from the moment at which the trouble is over and "
    "nobody types any more; of other figures the worst is shown. Several sets of machines share the cores."
)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("names", nargs="*")
    options.add_argument("--full", action="store_true", help="the full counts")
    options.add_argument("--runs", type=int, help="how often, instead of what is set for each")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--no-page", action="store_true", help="leave docs/benchmarks.md alone")
    options.add_argument("--lane", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    wanted = [
        each for each in SCENARIOS if not chosen.names or any(named(each.name, n) for n in chosen.names)
    ]
    if chosen.lane:
        [scenario] = (each for each in SCENARIOS if each.name == chosen.names[0])
        return _lane(scenario, chosen.runs, Random(chosen.seed), Path(chosen.lane))
    good = True
    for scenario in wanted:
        runs = chosen.runs or (scenario.full if chosen.full else scenario.runs)
        if not runs:
            continue
        outcome = _run(_all_lanes(scenario, runs, chosen.seed))
        # Another seed is another row, so that a long count can be done in parts.
        row = outcome.row(scenario.title if chosen.seed == 1 else f"{scenario.title}, seed {chosen.seed}")
        print(row, flush=True)
        good = good and outcome.good
        if not chosen.no_page:
            command = f"`.venv/bin/python -m tests.faults {scenario.name} --runs {runs} --seed {chosen.seed}`"
            put(TITLE, lead=f"{ABOUT}\n\nLast run {where()}.", head=HEAD, row=row, notes=command)
    return 0 if good else 1


def named(name: str, asked: str) -> bool:
    """`F1` is `F1-sqlite` and `F1-postgres`, and not `F10`."""
    return name == asked or name.startswith(f"{asked}-")


async def _all_lanes(scenario: Scenario, runs: int, seed: int) -> Outcome:
    began = time.monotonic()
    lanes = min(scenario.lanes, runs)
    shares = [runs // lanes + (lane < runs % lanes) for lane in range(lanes)]
    print(f"── {scenario.title}: {runs} runs on {lanes} sets of machines", flush=True)
    parts = await asyncio.gather(
        *(_process(scenario, share, seed * 1000 + lane) for lane, share in enumerate(shares))
    )
    print(f"   {time.monotonic() - began:.0f} s", flush=True)
    return total(parts)


async def _process(scenario: Scenario, runs: int, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="lab-faults-") as name:
        result = Path(name) / "outcome.json"
        command = [*scenario.within, sys.executable, "-m", "tests.faults", scenario.name]
        command += ["--runs", str(runs), "--seed", str(seed), "--lane", str(result)]
        process = await asyncio.create_subprocess_exec(*command)
        try:
            await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        if process.returncode or not result.exists():
            return Outcome(wrong=[f"seed {seed} ended with {process.returncode}"])
        return from_json(result.read_text())


def _run(work: Awaitable[Outcome]) -> Outcome:
    """Whoever is told to end (SIGTERM) ends its servers first."""

    async def until_told() -> Outcome:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    return asyncio.run(until_told())


def _lane(scenario: Scenario, runs: int, chance: Random, result: Path) -> int:
    folder = result.parent / "machines"
    folder.mkdir()
    outcome = _run(scenario.run(folder, runs, chance))
    result.write_text(outcome.as_json())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
