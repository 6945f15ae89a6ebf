"""The board as a list: what a picture of it shows, for those who read instead of look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lab.boards.arrangement import Arrangement
from lab.boards.drawing.model import Look
from lab.boards.drawing.sheets import SUPPORT
from lab.boards.drawing.wires import STROKES
from lab.boards.light import plain
from lab.boards.objects import BoardContent, BoardObject

NAMELESS: Final = {"area": "Area", "cluster": "Group", "note": "Empty note", "image": "Picture"}
PLAIN: Final = "connected to"


def listing(content: BoardContent, look: Look) -> list[dict[str, Any]]:
    """Sections in reading order: `{title, prompt, items: [{text, facts, inside}]}`. What lies in no area
    comes last. `inside` has the members of a group, one level deep."""
    board = Arrangement(content)
    areas = [one for one in board.areas if look.area in (None, one.id)]
    sections = [
        {"title": _name(one), "prompt": one.prompt, "items": list(_items(board, one.id, look))}
        for one in areas
    ]
    if look.area is None:
        loose = list(_items(board, None, look))
        if loose:
            sections.append({"title": "Outside the areas" if areas else "", "prompt": "", "items": loose})
    return sections


def _items(board: Arrangement, parent: str | None, look: Look) -> Iterator[dict[str, Any]]:
    for one in board.members(parent):
        if one.kind == "area":
            continue
        inside = (
            [_item(board, member, look) for member in board.members(one.id)] if one.kind == "cluster" else []
        )
        yield {**_item(board, one, look), "inside": inside}


def _item(board: Arrangement, one: BoardObject, look: Look) -> dict[str, Any]:
    return {"text": _words(one, look), "facts": "; ".join(_facts(board, one, look)), "inside": []}


def _words(one: BoardObject, look: Look) -> str:
    if one.kind == "source" and one.source:
        return " – ".join(part for part in (one.source.title, one.source.url, plain(one.text)) if part)
    if one.kind == "image":
        return " – ".join(part for part in (plain(one.text), one.alt) if part) or NAMELESS["image"]
    if one.kind == "evidence":
        card = look.cards.get(one.evidence or "")
        return f"{card.label}: {card.text}" if card else "An evidence card that is no longer there"
    return _name(one)


def _name(one: BoardObject) -> str:
    return plain(one.text).strip() or NAMELESS.get(one.kind, "Without words")


def _facts(board: Arrangement, one: BoardObject, look: Look) -> Iterator[str]:
    meaning = board.content.legend.get(one.colour) if one.kind == "note" else None
    if meaning:
        yield meaning
    if one.tags:
        yield ", ".join(one.tags)
    support = len(one.reactions.get(SUPPORT, ()))
    if support:
        yield f"supported by {support}"
    for wire in board.wires(one.id):
        if board.at(wire, "start") != one.id:
            continue
        other, said = board.at(wire, "end"), plain(wire.text)
        words = STROKES[wire.relation].word or PLAIN
        if other:
            because = f" ({said})" if said else ""
            yield f"{words} “{_words(board.objects[other], look)}”{because}"
        elif said:
            yield f"{words} “{said}”"
    if look.authors and one.by and one.by in look.names:
        yield look.names[one.by]
