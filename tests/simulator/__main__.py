"""Tries many seeds, or one again with everything that happened.

.venv/bin/python -m tests.simulator [--seeds 10000] [--first 0] [--jobs 2] [--no-page]
.venv/bin/python -m tests.simulator --seed 4711
"""

from __future__ import annotations

import argparse
import os
import time
from multiprocessing import Pool

from bench.page import put, where
from tests.simulator.world import Ended, World, hushed

TITLE = "Simulated servers, by the thousand"
ABOUT = (
    "The real engine on simulated servers, disk, messages and networks, in virtual time on one thread: "
    "servers killed and restarted, the disk away, stuck, full, or silent about what it wrote; messages "
    "between servers lost, doubled and late; lines cut or dead; the content replaced. Each seed is one "
    "history of 15 virtual seconds of trouble. A seed fails when anything acknowledged is missing or "
    "doubled, anybody sees a word or a Saved before it is on the disk, or not all are equal to the log "
    "within 60 virtual seconds."
)
HEAD = "| what | seeds | failed | words acknowledged | to equal, worst |\n|---|---|---|---|---|"


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--seeds", type=int, default=10_000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--seed", type=int)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("--no-page", action="store_true")
    chosen = options.parse_args()
    if chosen.seed is not None:
        ended = World(chosen.seed, tell=print).run()
        print(ended)
        return 1 if ended.wrong else 0
    began, results = time.monotonic(), []
    with Pool(chosen.jobs, initializer=hushed) as pool:
        seeds = range(chosen.first, chosen.first + chosen.seeds)
        for ended in pool.imap_unordered(one, seeds, chunksize=20):
            results.append(ended)
            if ended.wrong:
                print(f"seed {ended.seed}: {'; '.join(ended.wrong[:5])}", flush=True)
            if len(results) % 500 == 0:
                print(f"  {len(results)} seeds, {time.monotonic() - began:.0f} s", flush=True)
    failed = [ended.seed for ended in results if ended.wrong]
    words = sum(ended.acknowledged for ended in results)
    row = (
        f"| seeds {chosen.first} to {chosen.first + chosen.seeds - 1} | {len(results)} | {len(failed)} "
        f"| {words} | {max(ended.equal_after for ended in results):.1f} virtual s |"
    )
    print(row)
    if not chosen.no_page:
        command = f"`.venv/bin/python -m tests.simulator --seeds {chosen.seeds} --first {chosen.first}`"
        put(TITLE, lead=f"{ABOUT}\n\nLast run {where()}.", head=HEAD, row=row, notes=command)
    return 1 if failed else 0


def one(seed: int) -> Ended:
    return World(seed).run()


if __name__ == "__main__":
    raise SystemExit(main())
