"""What lies on a board, apart from how it is kept: the words that document, formats and pictures share.

Lengths are in board units: one is a CSS pixel at 100 %. x grows to the right, y downward; an object's place
is its upper left corner. `frontend/src/features/boards/model/types.ts` says the same in TypeScript.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["note", "heading", "area", "cluster", "connector", "image", "source", "evidence"]
Colour = Literal["butter", "apricot", "rose", "lilac", "sky", "mint", "chalk"]
Relation = Literal["plain", "supports", "challenges", "leads_to"]

KINDS: Final[tuple[Kind, ...]] = (
    "note", "heading", "area", "cluster", "connector", "image", "source", "evidence",
)  # fmt: skip
COLOURS: Final[tuple[Colour, ...]] = ("butter", "apricot", "rose", "lilac", "sky", "mint", "chalk")
RELATIONS: Final[tuple[Relation, ...]] = ("plain", "supports", "challenges", "leads_to")

REACH: Final = 1_000_000
"""Farthest a coordinate may lie from the middle, either way."""
LONGEST: Final = 100_000
"""Longest side."""
MOST_TEXT: Final = 2_000
MOST_PROMPT: Final = 500
MOST_TAGS: Final = 20
MOST_OBJECTS: Final = 20_000
"""On one board, deleted ones not counted."""
NOTE_WIDTH: Final = 200
NOTE_HEIGHT: Final = 150
"""Of a note whose text fits; a longer text makes it taller."""

ObjectId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
Coordinate = Annotated[float, Field(ge=-REACH, le=REACH, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=1, le=LONGEST, allow_inf_nan=False)]


class Part(BaseModel):
    """Unknown fields are refused: a file that says more than we keep must be told so, not cut."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class End(Part):
    """One end of a connector: fixed to an object, or, when that is null, to a place."""

    object: ObjectId | None = None
    x: Coordinate = 0
    y: Coordinate = 0
    """Where it was last seen; what a fixed end falls back to when its object is gone."""


class Picture(Part):
    """Of an image: which uploaded file, and the file's own size in pixels."""

    file: str = Field(pattern=r"^[0-9A-Za-z]{1,26}$")
    width: int = Field(ge=1, le=LONGEST)
    height: int = Field(ge=1, le=LONGEST)


class Source(Part):
    """A link card: a page somewhere else."""

    url: str = Field(max_length=2_000)
    title: str = Field(default="", max_length=300)
    site: str = Field(default="", max_length=100)


class Origin(Part):
    """Where a copied object came from."""

    board: str = Field(max_length=26)
    object: ObjectId


class BoardObject(Part):
    """One object. Which fields mean something depends on its kind; the others keep their defaults.

    - note, heading: `text`. A note's text is plain with light Markdown: **bold**, *italic*, lines that begin
      with "- ". A heading is text that lies on the ground, without paper.
    - area: a named region (`text` is its title) with a `prompt`.
    - cluster: a named group (`text`); it has no place of its own, it goes round its members.
    - connector: `start`, `end`, `relation`; `text` is its label.
    - image: `picture`, `alt`; `text` is its caption.
    - source: `source`; `text` is why it is here.
    - evidence: `evidence`, the id of an evidence card, shown as that card is now.
    """

    id: ObjectId
    kind: Kind
    by: str | None = None
    """Person id of whoever made it; None: not recorded, for ever."""
    at: str | None = None
    """When, ISO 8601 UTC, to the minute."""
    x: Coordinate = 0
    y: Coordinate = 0
    w: Length = NOTE_WIDTH
    h: Length = NOTE_HEIGHT
    z: str = Field(default="", max_length=64)
    """What lies above what: a fractional index, compared character by character; equal ones by id."""
    parent: ObjectId | None = None
    """The area or cluster it belongs to; a cluster's parent is an area or nothing, an area's is nothing."""
    colour: Colour = "butter"
    text: str = Field(default="", max_length=MOST_TEXT)
    tags: tuple[str, ...] = ()
    """In alphabetical order, each 1 to 40 characters."""
    start: End | None = None
    end: End | None = None
    relation: Relation = "plain"
    picture: Picture | None = None
    alt: str = Field(default="", max_length=500)
    source: Source | None = None
    evidence: str | None = Field(default=None, max_length=26)
    prompt: str = Field(default="", max_length=MOST_PROMPT)
    reactions: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Emoji -> ids of the persons who gave it."""
    origin: Origin | None = None
    merged: tuple[ObjectId, ...] = ()
    """Notes that were merged into this one."""


class BoardContent(BaseModel):
    """A whole board, deleted objects left out. Objects are ordered by `z`, then id: the lowest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(default="", max_length=120)
    legend: dict[Colour, str] = Field(default_factory=dict)
    """What a colour means on this board, in at most 40 characters."""
    objects: tuple[BoardObject, ...] = ()
