"""A drawing: a board as shapes and lines of text, ready for any writer.

Lengths are board units. Groups are in the order they are painted, the lowest first; one group is one object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lab.boards.drawing.palette import Colour, Palette, Theme
from lab.boards.drawing.typeset import Line
from lab.boards.objects import Kind

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Card:
    """An evidence card as it is now."""

    label: str
    """Short and citable: "E12"."""
    text: str
    source: str = ""
    """Where it comes from, in one line."""
    quoted: bool = False
    """Somebody's own words."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    content: bytes
    media: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a board is to be drawn, and what it refers to."""

    theme: Theme = "light"
    authors: bool = True
    """Whether notes say who wrote them."""
    area: str | None = None
    """Only this area."""
    language: str = "en-GB"
    names: Mapping[str, str] = field(default_factory=dict)
    """Person id -> name. Who is not in it is not named."""
    cards: Mapping[str, Card] = field(default_factory=dict)
    images: Mapping[str, ImageFile] = field(default_factory=dict)
    """File id -> what it holds. What is not in it is drawn as an empty frame with its description."""


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    w: float
    h: float
    fill: Colour | None = None
    stroke: Colour | None = None
    thick: float = 1
    radius: float = 0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    r: float
    stroke: Colour
    thick: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One cubic, from the first to the last of four points."""

    points: tuple[Point, Point, Point, Point]
    stroke: Colour
    thick: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Strokes:
    """Straight strokes through these points."""

    points: tuple[Point, ...]
    stroke: Colour
    thick: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text. `x` is where it begins: its left end, its right end when it runs from the right."""

    x: float
    y: float
    """Of its baseline."""
    line: Line
    ink: Colour


@dataclass(frozen=True, slots=True)
class Photo:
    x: float
    y: float
    w: float
    h: float
    file: str
    alt: str


Shape = Rect | Disc | Curve | Strokes | Words | Photo


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    kind: Kind
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    x: float
    y: float
    w: float
    h: float
    title: str
    description: str
    """What the picture shows, in a few sentences: its alternative text."""
    language: str
    palette: Palette
    groups: tuple[Group, ...]
    images: Mapping[str, ImageFile]
    """Those that the picture shows."""
