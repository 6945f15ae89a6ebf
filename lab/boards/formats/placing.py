"""Placing: where things go that come without a place of their own."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any, Final

from lab.boards.drawing.model import Look
from lab.boards.drawing.sheets import sheet
from lab.boards.objects import NOTE_HEIGHT, NOTE_WIDTH, BoardObject, Kind

GAP: Final = 10
AREA_GAP: Final = 24
PAD: Final = 16
HEAD: Final = 52
"""Of an area: its title, above what lies in it."""
MOST_ACROSS: Final = 6
WIDEST_ROW: Final = 4_200
Fields = dict[str, Any]


def tall(kind: Kind, text: str, width: float = NOTE_WIDTH) -> float:
    """As it will be drawn: long words make it taller."""
    one = BoardObject(id="x", kind=kind, text=text[:2_000], w=width)
    return sheet(one, Look(authors=False), {}, 0, 0).h if kind != "area" else NOTE_HEIGHT


def in_rows(heights: Sequence[float], across: int, x: float, y: float) -> list[tuple[float, float]]:
    """Places for so many notes, row by row; a row is as tall as its tallest."""
    places = []
    for begin in range(0, len(heights), across):
        row = heights[begin : begin + across]
        places += [(x + at * (NOTE_WIDTH + GAP), y) for at in range(len(row))]
        y += max(row) + GAP
    return places


def columns(count: int) -> int:
    return min(MOST_ACROSS, max(2, ceil(sqrt(count))))


def place(loose: list[Fields], areas: list[tuple[Fields, list[Fields]]]) -> None:
    """Gives `x` and `y` to what has none, and areas their sizes. Each thing has `kind`, `text`."""
    x = y = lowest = 0.0
    for area, members in areas:
        if area.get("x") is not None:
            _inside(members, area["x"], area["y"])
            continue
        w, h = _inside(members, x, y)
        if x and x + w > WIDEST_ROW:
            x, y = 0.0, lowest + AREA_GAP
            w, h = _inside(members, x, y)
        area |= {"x": x, "y": y, "w": w, "h": h}
        lowest = max(lowest, y + h)
        x += w + AREA_GAP
    waiting = [one for one in loose if one.get("x") is None]
    top = lowest + AREA_GAP if areas else 0.0
    _put(waiting, columns(len(waiting)), 0.0, top)


def _inside(members: list[Fields], x: float, y: float) -> tuple[float, float]:
    """How large the area must be for them."""
    waiting = [one for one in members if one.get("x") is None or one.get("placed")]
    across = columns(len(waiting))
    bottom = _put(waiting, across, x + PAD, y + HEAD)
    for one in waiting:
        one["placed"] = True
    w = 2 * PAD + across * NOTE_WIDTH + (across - 1) * GAP
    return max(340.0, w), max(300.0, bottom + PAD - y)


def _put(things: list[Fields], across: int, x: float, y: float) -> float:
    """Returns how far down they reach."""
    heights = [tall(one["kind"], one["text"]) for one in things]
    lowest = y
    for one, high, (left, top) in zip(things, heights, in_rows(heights, across, x, y), strict=True):
        one |= {"x": left, "y": top}
        lowest = max(lowest, top + high)
    return lowest


def around(members: Sequence[Fields]) -> Fields:
    """The area round things that have their places."""
    left = min(one["x"] for one in members)
    top = min(one["y"] for one in members)
    right = max(one["x"] + (one.get("w") or NOTE_WIDTH) for one in members)
    bottom = max(one["y"] + (one.get("h") or NOTE_HEIGHT) for one in members)
    return {
        "x": left - PAD, "y": top - HEAD, "w": right - left + 2 * PAD, "h": bottom - top + HEAD + PAD,
    }  # fmt: skip
