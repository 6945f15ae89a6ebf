"""The shapes in which boards go out as files and come in from files."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from lab.boards.objects import Kind
from lab.boards.shapes import BoardShown
from lab.core.web import Form


class ExportQuery(Form):
    area: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")] | None = None
    """Only this area."""
    theme: Literal["light", "dark"] = "light"
    """Of pictures."""
    bom: bool = True
    """Tables begin with a byte order mark, by which spreadsheets know that they are UTF-8."""


class LeftOutShown(BaseModel):
    """What did not come along, or not as it was."""

    what: str
    why: str
    count: int


class BroughtIn(BaseModel):
    board: BoardShown
    kept: dict[Kind, int]
    left_out: list[LeftOutShown]


class TablePreview(BaseModel):
    columns: list[str]
    mapping: dict[str, str | None]
    """What the columns seem to mean: text, area, tags, colour, x, y, author, link -> column, or null."""
    rows: list[list[str]]
    """The first 20."""
    total: int
    delimiter: str
    encoding: str
    fingerprint: str
    """The same for tables with the same header."""
