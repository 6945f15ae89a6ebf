"""From blocks to a shared document: one update by one fresh client, which opens in the editor unchanged."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from lab.challenges.blocks import (
    MARKS,
    Block,
    BulletList,
    Cell,
    CodeBlock,
    Heading,
    Inline,
    Item,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    tidy,
)  # fmt: skip
from lab.challenges.document import ROOT


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a stretch of text went: its first UTF-16 unit is (client, clock), the next clock + 1, …"""

    client: int
    clock: int
    text: str


@dataclass(frozen=True, slots=True)
class Built:
    update: bytes
    client: int
    placed: tuple[Placed, ...]
    """Every stretch of text, in reading order."""


_LINK = {"target": "_blank", "rel": "noopener noreferrer"}


def seed(blocks: Iterable[Block]) -> bytes:
    """One update that makes an empty document hold exactly these blocks."""
    return build(blocks).update


def build(blocks: Iterable[Block], client: int | None = None) -> Built:
    """`client`: leave it out except in golden files; an id may be used only once in a room's life."""
    doc: Doc[Any] = Doc(client_id=secrets.randbelow(2**32 - 1) + 1 if client is None else client)
    root = doc.get(ROOT, type=XmlFragment)
    placed: list[Placed] = []
    with doc.transaction():
        for block in tidy(blocks) or (Paragraph(),):
            _add(root, block, placed)
    return Built(doc.get_update(), doc.client_id, tuple(placed))


def _add(parent: XmlFragment | XmlElement, block: Block, placed: list[Placed]) -> None:
    match block:
        case Paragraph(content):
            _add_inline(_element(parent, "paragraph"), content, placed)
        case Heading(level, content):
            _add_inline(_element(parent, "heading", level=level), content, placed)
        case CodeBlock(text, language):
            element = _element(parent, "codeBlock", language=language or None)
            _add_inline(element, (Run(text),) if text else (), placed)
        case Rule():
            _element(parent, "horizontalRule")
        case Quote(blocks):
            _add_all(_element(parent, "blockquote"), blocks, placed)
        case BulletList(items):
            _add_items(_element(parent, "bulletList"), items, placed)
        case OrderedList(items, start, style):
            _add_items(_element(parent, "orderedList", start=start, type=style or None), items, placed)
        case Table(rows):
            table = _element(parent, "table")
            for row in rows:
                line = _element(table, "tableRow")
                for cell in row:
                    _add_cell(line, cell, placed)


def _add_all(parent: XmlElement, blocks: Sequence[Block], placed: list[Placed]) -> None:
    for block in blocks:
        _add(parent, block, placed)


def _add_items(parent: XmlElement, items: Sequence[Item], placed: list[Placed]) -> None:
    for item in items:
        _add_all(_element(parent, "listItem"), item.blocks, placed)


def _add_cell(row: XmlElement, cell: Cell, placed: list[Placed]) -> None:
    element = _element(
        row,
        "tableHeader" if cell.header else "tableCell",
        colspan=cell.colspan,
        rowspan=cell.rowspan,
        colwidth=list(cell.colwidth) or None,
        align=cell.align or None,
    )
    _add_all(element, cell.blocks, placed)


def _element(parent: XmlFragment | XmlElement, tag: str, **attributes: Any) -> XmlElement:
    element: XmlElement = parent.children.append(XmlElement(tag))
    for name, value in attributes.items():
        if value is not None:
            element.attributes[name] = value
    return element


def _add_inline(parent: XmlElement, content: Sequence[Inline], placed: list[Placed]) -> None:
    """Neighbouring runs share one text; a break stands between texts, as the editor does it."""
    runs: list[Run] = []
    for piece in (*content, None):
        if isinstance(piece, Run):
            runs.append(piece)
            continue
        if runs:
            _add_text(parent, runs, placed)
            runs = []
        if piece is not None:
            _element(parent, "hardBreak")


def _add_text(parent: XmlElement, runs: Sequence[Run], placed: list[Placed]) -> None:
    text: XmlText = parent.children.append(XmlText())
    whole = "".join(run.text for run in runs)
    doc = text.doc
    clock = _next_clock(doc)
    # All letters first, looks afterwards: so the letters have ids in one unbroken row.
    text.insert(0, whole)
    placed.append(Placed(doc.client_id, clock, whole))
    at = 0
    for run in runs:
        # The document counts UTF-8 bytes here, not characters.
        end = at + len(run.text.encode())
        looks: dict[str, Any] = {mark: {} for mark in MARKS if mark in run.marks}
        if run.link is not None:
            title = {"title": run.link.title} if run.link.title else {}
            # As the editor writes it, so that it finds nothing to change.
            looks["link"] = {"href": run.link.href, **_LINK, **title}
        if looks:
            text.format(at, end, looks)
        at = end


def _next_clock(doc: Any) -> int:
    """How many units the one client of this fresh document has used: the vector is [1, client, clock]."""
    state = doc.get_state()
    _, at = _varuint(state, 0)
    _, at = _varuint(state, at)
    return _varuint(state, at)[0]


def _varuint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
