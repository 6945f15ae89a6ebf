"""Runs updates through the core in a child process, where they may crash, hang or eat memory in peace.

As a program: reads JSON lines `[before, update]` (hex; `before` is a list of updates applied first) and answers
each with one line, a JSON list `[outcome, detail]`.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pycrdt import Array, Doc, Map, Text, XmlFragment

from lab.realtime.protocol import decode_vector

MEMORY = 2 << 30
SECONDS = 120


def outcomes(cases: Sequence[tuple[Sequence[bytes], bytes]]) -> list[str]:
    """For each (updates before, update): "ok", or what the core did instead. A child that dies leaves its list
    short, and the case it died of is then reported as "died"."""
    lines = "".join(
        json.dumps([[update.hex() for update in before], update.hex()]) + "\n" for before, update in cases
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.core_child"],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    results = [json.loads(line)[0] for line in done.stdout.splitlines()]
    return results if len(results) == len(cases) else [*results, f"died ({done.returncode})"]


def _outcome(before: list[str], update: str) -> str:
    doc: Doc = Doc()
    for earlier in before:
        doc.apply_update(bytes.fromhex(earlier))
    step = "apply"
    try:
        doc.apply_update(bytes.fromhex(update))
        step = "encode"
        state, vector = doc.get_update(), decode_vector(doc.get_state())
        step = "reload"
        again: Doc = Doc()
        again.apply_update(state)
        if decode_vector(again.get_state()) != vector:
            return "reload: another state vector"
        step = "read"
        if _content(doc) != _content(again):
            return "reload: another content"
    except BaseException as error:  # panics of the core are no Exceptions
        return f"{step}: {type(error).__name__}: {error}"
    return "ok"


def _content(doc: Doc) -> list[str]:
    """The roots of the corpus, as what they are called."""
    return [
        str(doc.get("text", type=Text).diff()),
        str(doc.get("map", type=Map).to_py()),
        str(doc.get("array", type=Array).to_py()),
        str(doc.get("xml", type=XmlFragment)),
        str(doc.get("board", type=Map).to_py()),
    ]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.alarm(SECONDS)
    for line in sys.stdin:
        before, update = json.loads(line)
        sys.stdout.write(json.dumps([_outcome(before, update)]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
