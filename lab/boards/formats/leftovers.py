"""What is merely drawn in a scene (lines, strokes of a pen, empty shapes), as one picture.

An SVG is written from numbers only, nothing of the file's text gets into it, and Typst makes points of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any, Final

import typst

from lab.boards.formats.found import number
from lab.boards.formats.strict import some

MOST_POINTS: Final = 200_000
MOST_PIXELS: Final = 4_000_000
LONGEST: Final = 50_000
MARGIN: Final = 4
Json = dict[str, Any]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    png: bytes
    box: tuple[float, float, float, float]


def drawn(elements: list[Json]) -> Drawn | None:
    """None when there is nothing that can be drawn."""
    shapes = [(one, _points(one)) for one in elements]
    if sum(len(points) for _, points in shapes) > MOST_POINTS:
        return None
    xs = [x for _, points in shapes for x, _ in points]
    ys = [y for _, points in shapes for _, y in points]
    if not xs:
        return None
    x, y = min(xs) - MARGIN, min(ys) - MARGIN
    w, h = max(xs) + MARGIN - x, max(ys) + MARGIN - y
    if max(w, h) > LONGEST:
        return None
    svg = "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.2f}" height="{h:.2f}" '
            f'viewBox="{x:.2f} {y:.2f} {w:.2f} {h:.2f}">',
            *(_shape(one, points) for one, points in shapes if points),
            "</svg>",
        ]
    )
    scale = min(2.0, sqrt(MOST_PIXELS / (w * h)))
    page = (
        f"#set page(width: {w:.2f}pt, height: {h:.2f}pt, margin: 0pt, fill: white)\n"
        '#image("drawn.svg", width: 100%, height: 100%)'
    )
    compile: Any = typst.compile
    try:
        png = compile({"main.typ": page.encode(), "drawn.svg": svg.encode()}, format="png", ppi=72 * scale)
    except RuntimeError:  # what Typst's errors derive from
        return None
    return Drawn(png, (x, y, w, h)) if isinstance(png, bytes) else None


def _points(one: Json) -> list[Point]:
    x, y = _near(one.get("x")), _near(one.get("y"))
    if one["type"] in ("line", "freedraw", "arrow"):
        return [
            (x + _near(point[0]), y + _near(point[1]))
            for point in some(one.get("points"), list)[: MOST_POINTS + 1]
            if isinstance(point, list) and len(point) >= 2
        ]
    w, h = _near(one.get("width")), _near(one.get("height"))
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def _shape(one: Json, points: list[Point]) -> str:
    fill = "none" if one["type"] == "freedraw" else _colour(one.get("backgroundColor"), "none")
    style = (
        f' fill="{fill}" stroke="{_colour(one.get("strokeColor"), "#14211d")}"'
        f' stroke-width="{min(max(number(one.get("strokeWidth"), 1), 0.5), 20):.1f}" stroke-linejoin="round"'
        f' stroke-linecap="round"{_dash(one.get("strokeStyle"))}'
    )
    (left, top), (right, bottom) = points[0], points[min(2, len(points) - 1)]
    middle = ((left + right) / 2, (top + bottom) / 2)
    turn = number(one.get("angle"), 0) * 180 / pi
    if abs(turn) > 0.1 and one["type"] in ("rectangle", "diamond", "ellipse"):
        style += f' transform="rotate({turn:.2f} {middle[0]:.2f} {middle[1]:.2f})"'
    match one["type"]:
        case "ellipse":
            rx, ry = abs(right - left) / 2, abs(bottom - top) / 2
            return f'<ellipse cx="{middle[0]:.2f}" cy="{middle[1]:.2f}" rx="{rx:.2f}" ry="{ry:.2f}"{style}/>'
        case "diamond":
            way = [(middle[0], top), (right, middle[1]), (middle[0], bottom), (left, middle[1])]
            return f'<polygon points="{_way(way)}"{style}/>'
        case "rectangle":
            return f'<polygon points="{_way(points)}"{style}/>'
        case _:
            return f'<polyline points="{_way(points)}"{style}/>'


def _way(points: list[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _near(value: Any) -> float:
    return min(max(number(value, 0), -1e6), 1e6)


def _colour(value: Any, default: str) -> str:
    known = isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{3}|#[0-9A-Fa-f]{6}", value)
    return str(value) if known else default


def _dash(style: Any) -> str:
    return {"dashed": ' stroke-dasharray="8 6"', "dotted": ' stroke-dasharray="1.5 5"'}.get(str(style), "")
