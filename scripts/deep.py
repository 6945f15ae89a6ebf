"""The searches that take a night's worth of examples, written to docs/benchmarks.md.

.venv/bin/python -m scripts.deep [C1] [C3]
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from bench.page import put, where

ROOT = Path(__file__).resolve().parents[1]
TITLE = "Searches by chance"
HEAD = "| what | how many | found wrong | minutes |\n|---|---|---|---|"
SEARCHES = {
    "C1": (
        "C1 replicas that edit, undo, are cut off, restarted, replaced; equal, and nothing acknowledged lost",
        "5,000 histories of 100 steps",
        "tests/property/test_convergence.py",
    ),
    "C3": (
        "C3 the server's library and Yjs hold the same after the same session",
        "1,000 sessions",
        "tests/property/test_two_languages.py",
    ),
}


def main() -> int:
    worst = 0
    for name in sys.argv[1:] or SEARCHES:
        title, count, path = SEARCHES[name]
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        failed = subprocess.run([*command, "--hypothesis-profile", "deep", path], cwd=ROOT, check=False)
        worst = max(worst, failed.returncode)
        found = "nothing" if not failed.returncode else "**something**"
        row = f"| {title} | {count} | {found} | {(time.monotonic() - began) / 60:.1f} |"
        put(
            TITLE,
            lead=f"Last run {where()}.",
            head=HEAD,
            row=row,
            notes=f"`.venv/bin/python -m scripts.deep {name}`",
        )
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
