"""Writing: a board in each of the formats that other tools read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from lab.boards.arrangement import Arrangement
from lab.boards.drawing.model import Card, ImageFile
from lab.boards.drawing.sheets import SUPPORT
from lab.boards.formats import bundle, canvas, excalidraw_out, own_json
from lab.boards.formats.found import Exported
from lab.boards.formats.table import guarded
from lab.boards.objects import BoardContent, BoardObject, Relation

COLUMNS: Final = (
    "id", "kind", "text", "area", "cluster", "tags", "colour_name", "x", "y", "width", "height", "z",
    "status", "author", "created_at", "updated_at", "evidence_ids", "strength", "supports", "challenges",
    "votes:Support", "locked", "url", "language",
    "leads_to", "from", "to", "relation", "title", "alt", "prompt",
)  # fmt: skip
"""Some are always empty by now: so tables of today have the columns of tables of tomorrow."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a board refers to: names of persons, pictures, evidence cards, by id."""

    names: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, ImageFile] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    locks: Mapping[str, str] = field(default_factory=dict)
    """Object -> what of it is locked."""


def export(content: BoardContent, format: str, around: Surroundings | None = None) -> Exported:
    """`format`: one of FORMATS. The same board gives the same bytes."""
    return _WRITERS[format](content, around or Surroundings())


def _table(content: BoardContent, around: Surroundings, delimiter: str = ",") -> bytes:
    """One row an object, in reading order; connectors last."""
    board = Arrangement(content)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    wires = [one for one in content.objects if one.kind == "connector"]
    for one in (*board.whole(), *wires):
        writer.writerow([guarded(cell) for cell in _row(one, board, around)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _row(one: BoardObject, board: Arrangement, around: Surroundings) -> list[str]:
    parent = board.parent(one)
    above = board.objects[parent] if parent else None
    area = board.area(one) if one.kind != "area" else None
    is_wire = one.kind == "connector"
    x, y, w, h = board.box(one)
    return [
        one.id,
        one.kind,
        one.text,
        board.objects[area].text if area else "",
        above.text if above and above.kind == "cluster" else "",
        "; ".join(one.tags),
        one.colour if one.kind == "note" else "",
        *(f"{value:.10g}" for value in (x, y, w, h)),
        one.z,
        "",
        around.names.get(one.by or "", ""),
        one.at or "",
        "",
        one.evidence or "",
        "",
        _targets(one, board, "supports"),
        _targets(one, board, "challenges"),
        str(len(one.reactions.get(SUPPORT, ())) or ""),
        around.locks.get(one.id, ""),
        one.source.url if one.source else "",
        "",
        _targets(one, board, "leads_to"),
        (board.at(one, "start") or "") if is_wire else "",
        (board.at(one, "end") or "") if is_wire else "",
        one.relation if is_wire else "",
        one.source.title if one.source else "",
        one.alt,
        one.prompt,
    ]


def _targets(one: BoardObject, board: Arrangement, relation: Relation) -> str:
    ends = (
        board.at(wire, "end")
        for wire in board.wires(one.id)
        if wire.relation == relation and board.at(wire, "start") == one.id
    )
    return " ".join(dict.fromkeys(end for end in ends if end))


_WRITERS: Final[dict[str, Callable[[BoardContent, Surroundings], Exported]]] = {
    "json": lambda content, around: own_json.write(content, around.images),
    "canvas": lambda content, around: canvas.write(content, around.images, around.cards),
    "canvas.zip": lambda content, around: bundle.write(content, around.images, around.cards),
    "excalidraw": lambda content, around: excalidraw_out.write(content, around.images, around.cards),
    "csv": lambda content, around: Exported(_table(content, around), "text/csv", "csv"),
    "tsv": lambda content, around: Exported(
        _table(content, around, "\t"), "text/tab-separated-values", "tsv"
    ),
}
FORMATS: Final = tuple(_WRITERS)
