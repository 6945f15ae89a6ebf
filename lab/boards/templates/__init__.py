"""Templates of boards that come with the lab: one TOML file each, and how they become a board.

A file says `order`, `title`, `about` and `family`, and what lies on the board: `[[area]]` (`key`, `title`,
`prompt`, `x`, `y`, `w`, `h`), `[[heading]]` (`key`, `text`, `x`, `y`, `w`), `[[connector]]` (`from`, a key;
`to`, a key or a place `[x, y]`; `relation`) and `[legend]` (colour = meaning). Lengths are board units, see
`lab/boards/objects.py`. The file's name is the template's id. People are not in them: templates copy, they
never link.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lab.boards.objects import (
    MOST_PROMPT,
    MOST_TEXT,
    BoardContent,
    BoardObject,
    Colour,
    Coordinate,
    End,
    Length,
    Relation,
)

HEADING_HEIGHT = 44
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Area(_Part):
    key: Key
    title: str = Field(min_length=1, max_length=120)
    prompt: str = Field(default="", max_length=MOST_PROMPT)
    x: Coordinate
    y: Coordinate
    w: Length
    h: Length


class _Heading(_Part):
    key: Key
    text: str = Field(min_length=1, max_length=MOST_TEXT)
    x: Coordinate
    y: Coordinate
    w: Length = 460


class _Connector(_Part):
    start: Key = Field(alias="from")
    end: Key | tuple[Coordinate, Coordinate] = Field(alias="to")
    relation: Relation = "plain"


class Layout(_Part):
    """One template. Everything in the file is checked when it is first read."""

    id: str
    order: int
    title: str = Field(min_length=1, max_length=60)
    about: str = Field(min_length=1, max_length=200)
    family: str = Field(min_length=1, max_length=30)
    area: tuple[_Area, ...] = ()
    heading: tuple[_Heading, ...] = ()
    connector: tuple[_Connector, ...] = ()
    legend: dict[Colour, Annotated[str, Field(min_length=1, max_length=40)]] = Field(default_factory=dict)

    @property
    def areas(self) -> tuple[str, ...]:
        return tuple(area.title for area in self.area)

    def content(self) -> BoardContent:
        """As a board. Keys become ids: they are unique on a board of their own."""
        areas = [
            BoardObject(
                id=one.key, kind="area", text=one.title, prompt=one.prompt, x=one.x, y=one.y, w=one.w, h=one.h
            )
            for one in self.area
        ]
        headings = [
            BoardObject(
                id=one.key, kind="heading", text=one.text, x=one.x, y=one.y, w=one.w, h=HEADING_HEIGHT
            )
            for one in self.heading
        ]
        solid = {one.id: one for one in (*areas, *headings)}
        connectors = [
            BoardObject(
                id=f"line-{number}",
                kind="connector",
                start=_end(solid[one.start]),
                end=_end(solid[one.end]) if isinstance(one.end, str) else End(x=one.end[0], y=one.end[1]),
                relation=one.relation,
            )
            for number, one in enumerate(self.connector, 1)
        ]
        objects = (*areas, *headings, *connectors)
        return BoardContent(
            legend=self.legend,
            objects=tuple(one.model_copy(update={"z": _order(at)}) for at, one in enumerate(objects)),
        )


def _end(of: BoardObject) -> End:
    return End(object=of.id, x=of.x + of.w / 2, y=of.y + of.h / 2)


def _order(at: int) -> str:
    """Rising, and with room between any two for what is put there later."""
    return f"V{at:03d}V"


@cache
def built_in() -> tuple[Layout, ...]:
    """All of them, the plainest first."""
    found = [
        Layout.model_validate(
            {"id": file.name.removesuffix(".toml"), **tomllib.loads(file.read_text("utf-8"))}
        )
        for file in files(__name__).iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda one: (one.order, one.id)))
