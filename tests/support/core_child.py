"""Runs updates through the core in a child process, where they may crash, hang or eat memory in peace.

As a program: reads JSON lines `[before, update, read]` (hex; `before` is a list of updates applied first;
`read`: whether to compare what the roots hold) and answers each with one line, a JSON string.
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


def outcomes(cases: Sequence[tuple[Sequence[bytes], bytes]], *, read: bool = False) -> list[str]:
    """For each (updates before, update): "ok", or what the core did instead. When the child
    dies the list ends with the case it died of."""
    lines = "".join(
        json.dumps([[earlier.hex() for earlier in before], update.hex(), read]) + "\n"
        for before, update in cases
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.core_child"],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return results if len(results) == len(cases) else [*results, f"died ({done.returncode})"]


def _outcome(before: list[str], update: str, read: bool) -> str:
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
        if read and _content(doc) != _content(again):
            return "reload: another content"
    except BaseException as error:  # panics of the core are no Exceptions
        return f"{step}: {type(error).__name__}: {error}"
    return "ok"


def _content(doc: Doc) -> list[str]:
    """The roots of the corpus, read as what they are called."""
    return [
        str([(_plain(part), marks) for part, marks in doc.get("text", type=Text).diff()]),
        json.dumps(doc.get("map", type=Map).to_py(), sort_keys=True, default=repr),
        json.dumps(doc.get("array", type=Array).to_py(), sort_keys=True, default=repr),
        str(doc.get("xml", type=XmlFragment)),
        json.dumps(doc.get("board", type=Map).to_py(), sort_keys=True, default=repr),
    ]


def _plain(part: object) -> object:
    return part if isinstance(part, str | dict) else type(part).__name__


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.alarm(SECONDS)
    for line in sys.stdin:
        before, update, read = json.loads(line)
        sys.stdout.write(json.dumps(_outcome(before, update, read)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
