"""`make bench`: every measurement of this version, written to docs/benchmarks.md.

    .venv/bin/python bench/run.py [--short] [kills sequential concurrent hostile guard board]

Nothing here asserts a time; what is asserted is that nothing is lost. Read ratios, not milliseconds: they
were measured on whatever machine this ran on.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from page import PAGE, sections, where, write

ROOT = Path(__file__).resolve().parents[1]
PYTHON = str(ROOT / ".venv" / "bin" / "python")
HEAD = """# Benchmarks

"Nothing is lost" and "hostile input does no harm" are claims; these are the commands that try to prove
them wrong. `make bench` runs them all against servers it starts itself, over loopback, and writes this
page; `bench/run.py NAME` measures one again. Milliseconds depend on the machine named beside them.
"""

TRACES = "tests/data/traces"

FULL: dict[str, tuple[str, list[str]]] = {
    "kills": ("Killed while people write (SQLite, fsync on)", ["bench/kills.py", "--runs", "100"]),
    "sequential": (
        "A real editing trace, one author, two watchers",
        ["bench/conformance/replay.py", f"{TRACES}/json-crdt-patch.json.gz"],
    ),
    "concurrent": (
        "A real editing trace, by its several authors at once",
        ["bench/conformance/replay.py", f"{TRACES}/clownschool.json.gz"],
    ),
    "hostile": ("Hostile frames over live sockets", ["bench/hostile.py", "--frames", "100000"]),
    "guard": ("What the guard costs", ["bench/guard_cost.py"]),
    "board": ("An idea board of 3,000 notes, with 60 people, beside Excalidraw", ["bench/board.py"]),
}
SHORTER = {
    "kills": ["bench/kills.py", "--runs", "4"],
    "hostile": ["bench/hostile.py", "--frames", "2000", "--turn", "8"],
    "board": ["bench/board.py", "--visits", "1"],
}

NOTES = {
    "hostile": "The limits are the product's own. Attackers and honest people run on the same cores as the "
    "server; the attackers' process gives way to the others (nice 10), so that what is measured is what an "
    "attack costs the server. Silent and attacking turns alternate, so that whatever else ran on the machine "
    "falls on both. Milliseconds are from writing to being seen by a room-mate.",
}


def main() -> int:
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or list(FULL)
    short = "--short" in sys.argv[1:]
    parts = sections()
    worst = 0
    for name in wanted:
        title, command = FULL[name]
        command = SHORTER.get(name, command) if short else command
        print(f"── {title}", flush=True)
        result = subprocess.run([PYTHON, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        print(result.stdout, flush=True)
        worst = max(worst, result.returncode)
        said = f"`.venv/bin/python {' '.join(command)}`, {where()}"
        note = f"{NOTES[name]}\n\n" if name in NOTES else ""
        parts[title] = f"{said}\n\n{note}{shown(result.stdout)}\n"
    if not short:
        order = [title for title, _ in FULL.values() if title in parts]
        # What other commands measured stays behind what this one does.
        order += [title for title in parts if title not in order]
        write(HEAD, {title: parts[title] for title in order})
        print(f"Written to {PAGE.relative_to(ROOT)}")
    return worst


def shown(output: str) -> str:
    """Tables as they are; anything else as it was printed."""
    text = output.strip()
    return text if text.startswith("|") else f"```\n{text}\n```"


if __name__ == "__main__":
    raise SystemExit(main())
