"""Sixty people who work on a board while somebody looks at it, in a process of their own (people.mjs)."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .scene import Note, Scene

SCRIPT = Path(__file__).with_name("people.mjs")


class People:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.sent_away: list[str] = []
        """Close codes of those whom the server sent away; they came back."""

    def go(self) -> None:
        self.sent_away = list(self._told(do="go")["sentAway"])

    def rest(self) -> None:
        self.sent_away = list(self._told(do="rest")["sentAway"])

    def moves(self, note: str, *, count: int, every_ms: int) -> list[tuple[float, float]]:
        """One of them moves a note, again and again: where to, and when that left them (milliseconds)."""
        return [(x, at) for x, at in self._told(do="move", note=note, count=count, every=every_ms)["sent"]]

    def _told(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the people on the board are gone")
        return dict(json.loads(answer))


@contextmanager
def at_board(url: str, tokens: list[str], scene: Scene) -> Iterator[People]:
    """All of them joined, and still. The last token is of one who only does what is asked."""
    node = shutil.which("node")
    if node is None:
        raise SystemExit("This bench needs Node.")
    pipe = subprocess.PIPE
    process = subprocess.Popen([node, str(SCRIPT)], stdin=pipe, stdout=pipe, text=True)
    try:
        people = People(process)
        places = [vars(note) for note in workplaces(scene, len(tokens))]
        people._told(url=url, tokens=tokens, notes=places)
        yield people
    finally:
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def workplaces(scene: Scene, count: int) -> list[Note]:
    """A note for each: every second person near the middle, which is where one looks; the others all over."""
    middle = scene.middle

    def away(note: Note) -> float:
        return math.hypot(note.x - middle.x, note.y - middle.y)

    nearest = sorted((note for note in scene.notes if note is not middle), key=away)
    near, far = nearest[: 2 * count : 2], nearest[2 * count :: max(1, (len(nearest) - 2 * count) // count)]
    return [(near if at % 2 else far)[at] for at in range(count)]
