"""`make bench`: every measurement of this version, written to docs/benchmarks.md.

    .venv/bin/python bench/run.py [--short]

Nothing here asserts a time; what is asserted is that nothing is lost. Read ratios, not milliseconds: they
were measured on whatever machine this ran on.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = str(ROOT / ".venv" / "bin" / "python")
PAGE = ROOT / "docs" / "benchmarks.md"

FULL: tuple[tuple[str, list[str]], ...] = (
    ("Killed while people write (SQLite, fsync on)", ["bench/kills.py", "--runs", "100"]),
    ("Hostile frames over live sockets", ["bench/hostile.py", "--frames", "100000"]),
    ("What the guard costs", ["bench/guard_cost.py"]),
)
SHORT: tuple[tuple[str, list[str]], ...] = (
    ("Killed while people write (SQLite, fsync on)", ["bench/kills.py", "--runs", "4"]),
    ("Hostile frames over live sockets", ["bench/hostile.py", "--frames", "2000", "--baseline", "5"]),
    ("What the guard costs", ["bench/guard_cost.py"]),
)


def main() -> int:
    short = "--short" in sys.argv[1:]
    page = [
        "# Benchmarks",
        "",
        "Made by `make bench`, which runs the commands named below against servers it starts itself, on one",
        "machine, over loopback.",
        "",
        f"Last run: {dt.datetime.now(dt.UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}" + (", short form." if short else "."),
    ]
    worst = 0
    for title, command in SHORT if short else FULL:
        print(f"── {title}", flush=True)
        result = subprocess.run([PYTHON, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        print(result.stdout, flush=True)
        worst = max(worst, result.returncode)
        page += [
            "",
            f"## {title}",
            "",
            f"`{' '.join(['.venv/bin/python', *command])}`",
            "",
            result.stdout.strip(),
        ]
    if not short:
        PAGE.write_text("\n".join(page) + "\n")
        print(f"Written to {PAGE.relative_to(ROOT)}")
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
