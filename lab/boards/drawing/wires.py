"""Wires: the way a connector goes from one box to another, as `canvas/wires.ts` draws it in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Final, Literal

from lab.boards.arrangement import Box
from lab.boards.objects import Relation

Point = tuple[float, float]
Side = Literal["left", "right", "above", "below"]

CLEAR: Final = 3
"""Between an arrow's point and what it points at."""
HEAD: Final = 8


@dataclass(frozen=True, slots=True)
class Stroke:
    """Told by word and by line, so that nobody needs colour for it."""

    width: float
    dash: tuple[float, ...]
    word: str


STROKES: Final[dict[Relation, Stroke]] = {
    "plain": Stroke(2, (), ""),
    "supports": Stroke(3, (), "supports"),
    "challenges": Stroke(2, (8, 6), "challenges"),
    "leads_to": Stroke(2, (), "leads to"),
}


@dataclass(frozen=True, slots=True)
class Route:
    curve: tuple[Point, Point, Point, Point]
    head: tuple[Point, Point, Point]
    middle: Point


def label(relation: Relation, text: str) -> str:
    word = STROKES[relation].word
    return f"{word}: {text}" if word and text else word or text


def route(start: Box, end: Box) -> Route:
    """An end is a box, or a bare point: a box without size."""
    out, into = _sides(start, end)
    first = _edge(start, out, 0)
    last = _edge(end, into, CLEAR if end[2] or end[3] else 0)
    reach = min(160.0, max(24.0, hypot(last[0] - first[0], last[1] - first[1]) * 0.45))
    curve = (first, _pushed(first, out, reach), _pushed(last, into, reach), last)
    back = _pushed(last, into, HEAD)
    half = HEAD * 0.75
    across, down = (0.0, half) if into in ("left", "right") else (half, 0.0)
    head = ((back[0] - across, back[1] - down), last, (back[0] + across, back[1] + down))
    middle = (_halfway(*(point[0] for point in curve)), _halfway(*(point[1] for point in curve)))
    return Route(curve, head, middle)


def _halfway(a: float, b: float, c: float, d: float) -> float:
    return (a + 3 * b + 3 * c + d) / 8


def _sides(start: Box, end: Box) -> tuple[Side, Side]:
    ax, ay, bx, by = (*_centre(start), *_centre(end))
    across = max(end[0] - (start[0] + start[2]), start[0] - (end[0] + end[2]))
    down = max(end[1] - (start[1] + start[3]), start[1] - (end[1] + end[3]))
    # The gap that is wider decides; boxes that overlap both ways are told apart by their centres.
    overlap = across < 0 and down < 0
    if across >= down or (overlap and abs(bx - ax) >= abs(by - ay)):
        return ("right", "left") if bx >= ax else ("left", "right")
    return ("below", "above") if by >= ay else ("above", "below")


def _edge(box: Box, side: Side, clear: float) -> Point:
    x, y, w, h = box
    match side:
        case "left":
            return x - clear, y + h / 2
        case "right":
            return x + w + clear, y + h / 2
        case "above":
            return x + w / 2, y - clear
        case "below":
            return x + w / 2, y + h + clear


def _pushed(point: Point, side: Side, by: float) -> Point:
    x, y = point
    match side:
        case "left":
            return x - by, y
        case "right":
            return x + by, y
        case "above":
            return x, y - by
        case "below":
            return x, y + by


def _centre(box: Box) -> Point:
    return box[0] + box[2] / 2, box[1] + box[3] / 2
