"""The same scene for every board: notes in a loose grid, six to fourteen words each, and connectors."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.boards.arrangement import layers
from lab.boards.objects import COLOURS

WORDS = """
ward bed home medicine nurse round early list patient ready pharmacy time carer ask before evening order
screen phone update tray today tomorrow lounge transport letter check bag door owner name people waiting
result blood test scan doctor shift handover board note plan review discharge summary family visit lunch
taxi chair quiet call again
""".split()  # noqa: SIM905 - words are easier to read than a list of strings
PAPERS = ("#fff3bf", "#ffe8cc", "#ffe3e3", "#e5dbff", "#d0ebff", "#d3f9d8", "#f8f9fa")
"""As Excalidraw has colours."""


@dataclass(frozen=True)
class Note:
    id: str
    x: int
    y: int
    w: int
    h: int
    text: str
    colour: int


@dataclass(frozen=True)
class Scene:
    notes: tuple[Note, ...]
    links: tuple[tuple[Note, Note], ...]
    w: int
    h: int

    @property
    def middle(self) -> Note:
        """Lies where a board that was fitted, and then enlarged, is looked at."""
        x, y = self.w / 2, self.h / 2
        return min(self.notes, key=lambda note: math.hypot(note.x + note.w / 2 - x, note.y + note.h / 2 - y))

    def as_ours(self, title: str) -> str:
        """Our own file format."""
        keys = layers(len(self.notes) + len(self.links))
        objects: list[dict[str, Any]] = [
            {
                "id": note.id, "kind": "note", "x": note.x, "y": note.y, "w": note.w, "h": note.h,
                "z": z, "text": note.text, "colour": COLOURS[note.colour],
            }
            for note, z in zip(self.notes, keys, strict=False)
        ]  # fmt: skip
        objects += [
            {
                "id": f"wire{at:08}", "kind": "connector", "z": keys[len(self.notes) + at],
                "start": {"object": start.id, "x": start.x, "y": start.y},
                "end": {"object": end.id, "x": end.x, "y": end.y},
            }
            for at, (start, end) in enumerate(self.links)
        ]  # fmt: skip
        return json.dumps({"format": "live-lab/board", "version": 1, "title": title, "objects": objects})

    def as_skeleton(self) -> str:
        """What Excalidraw makes elements of. Everything that is not said here is as it has it by itself."""
        elements: list[dict[str, Any]] = [
            {
                "type": "rectangle", "id": note.id,
                "x": note.x, "y": note.y, "width": note.w, "height": note.h,
                "backgroundColor": PAPERS[note.colour], "fillStyle": "solid",
                "label": {"text": note.text, "fontSize": 16},
            }
            for note in self.notes
        ]  # fmt: skip
        elements += [
            {
                "type": "arrow", "x": start.x + start.w, "y": start.y + start.h / 2,
                "width": end.x - start.x - start.w, "height": end.y - start.y,
                "start": {"id": start.id}, "end": {"id": end.id},
            }
            for start, end in self.links
        ]  # fmt: skip
        return json.dumps(elements)


def scene(count: int = 3_000, links: int = 300) -> Scene:
    chance = mulberry32(20_261)
    columns = math.ceil(math.sqrt(count * 1.2))
    notes: list[Note] = []
    for at in range(count):
        words = 6 + int(chance() * 9)
        x = (at % columns) * 230 + round(chance() * 20)
        y = at // columns * 190 + round(chance() * 20)
        w = 160 + round(chance() * 40)
        text = " ".join(WORDS[int(chance() * len(WORDS))] for _ in range(words))
        notes.append(Note(f"note{at:08}", x, y, w, 120, text, int(chance() * len(COLOURS))))
    pairs: list[tuple[Note, Note]] = []
    while len(pairs) < links and count > 1:
        start = int(chance() * (count - 1))
        end = min(count - 1, start + (1 if chance() < 0.6 else columns))
        if end != start:
            pairs.append((notes[start], notes[end]))
    return Scene(tuple(notes), tuple(pairs), columns * 230, math.ceil(count / columns) * 190)


def mulberry32(seed: int) -> Callable[[], float]:
    """The same numbers on every run, from 0 up to 1."""
    state = seed

    def imul(a: int, b: int) -> int:
        return a * b & 0xFFFFFFFF

    def next_one() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = imul(state ^ (state >> 15), 1 | state)
        t = ((t + imul(t ^ (t >> 7), 61 | t)) & 0xFFFFFFFF) ^ t
        return (t ^ (t >> 14)) / 4_294_967_296

    return next_one
