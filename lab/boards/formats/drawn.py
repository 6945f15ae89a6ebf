"""Drawn: the formats that are pictures of a board, for those who look or print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lab.boards.drawing import Look, draw, press, svg
from lab.boards.errors import BoardNotDrawn
from lab.boards.formats.found import Exported
from lab.boards.objects import BoardContent


def draw_as(content: BoardContent, format: str, look: Look) -> Exported:
    """`format`: one of DRAWN. Raises BoardNotDrawn."""
    media, write = _WRITERS[format]
    try:
        return Exported(write(content, look), media, format)
    except (RuntimeError, MemoryError):  # RuntimeError: what Typst's errors derive from
        raise BoardNotDrawn(NOT_DRAWN) from None


NOT_DRAWN: Final = (
    "This board could not be drawn; there may be too much on it for one picture. Take one area of it, or "
    "another format."
)
_WRITERS: Final[dict[str, tuple[str, Callable[[BoardContent, Look], bytes]]]] = {
    "svg": (svg.MEDIA, lambda content, look: svg.write(draw(content, look))),
    "png": ("image/png", press.png),
    "pdf": ("application/pdf", press.pdf),
}
DRAWN: Final = tuple(_WRITERS)
