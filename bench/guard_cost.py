"""What the guard costs: microseconds per genuine update, and for a whole document.

.venv/bin/python -m bench.guard_cost [rounds]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from pycrdt import Doc

from lab.realtime.guard import Guard, Known
from lab.realtime.ports import Lease
from lab.realtime.updates import decode_update

SESSION = Path(__file__).parents[1] / "tests/data/fuzz/valid_yjs_session.hex"
CLIENTS = (1000, 1001, 1002)


def main(rounds: int) -> None:
    updates = [bytes.fromhex(line) for line in SESSION.read_text().split()]
    known = Known("me", 1, dict.fromkeys(CLIENTS, Lease("me", 1)))
    doc: Doc = Doc()
    for update in updates:
        doc.apply_update(update)
    state = doc.get_update()

    def decoded() -> None:
        for update in updates:
            decode_update(update, clients=64, structs=5_000, deletions=5_000)

    def guarded() -> None:
        guard = Guard(None)
        for update in updates:
            guard.commit(guard.check(update, known))

    def rebuilt() -> None:
        Guard(None).rebuild(state)

    print(f"{len(updates)} genuine updates of {sum(map(len, updates)) / len(updates):.0f} bytes on average")
    print(f"decode            {best(decoded, rounds) / len(updates):8.1f} us per update")
    print(f"check and commit  {best(guarded, rounds) / len(updates):8.1f} us per update")
    print(f"rebuild           {best(rebuilt, rounds) / 1000:8.1f} ms for a state of {len(state):,} bytes")


def best(run: Callable[[], None], rounds: int) -> float:
    """Microseconds of processor time, the least of some rounds: other programs only ever add."""
    taken = []
    for _ in range(rounds):
        before = process_time()
        run()
        taken.append(process_time() - before)
    return min(taken) * 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
