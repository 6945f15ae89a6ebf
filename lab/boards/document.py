"""The board as a shared document: read into `BoardContent`, and built from one.

Two root maps. `objects` is flat, one key per object and facet (`facets.py` says which); `board` holds the
legend. An object that was removed stays, with a flag (`gone`), so that what others type meanwhile is not
lost. The browser's twin of this file is `frontend/src/features/boards/model/`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from pycrdt import Doc, Text
from pycrdt import Map as SharedMap

from lab.boards import facets
from lab.boards.facets import BOARD, OBJECTS
from lab.boards.objects import (
    COLOURS,
    KINDS,
    LONGEST,
    MOST_OBJECTS,
    MOST_PROMPT,
    MOST_TAGS,
    MOST_TEXT,
    NOTE_HEIGHT,
    NOTE_WIDTH,
    REACH,
    RELATIONS,
    BoardContent,
    BoardObject,
    Colour,
    End,
    Origin,
    Picture,
    Source,
)
from lab.realtime.ports import Schema
from lab.realtime.replica import Poisoned, distrusting

SCHEMA_VERSION: Final = 1
MOST_TYPED: Final = 4_000
"""That one update may insert into one text."""
MOST_REACTIONS: Final = 50
"""Kinds of them on one object."""

SCHEMA: Final = Schema(
    version=SCHEMA_VERSION,
    roots={OBJECTS: "map", BOARD: "map"},
    elements=frozenset(),
    attributes={},
    marks=frozenset(),
    check_entry=facets.check_entry,
    most_typed=MOST_TYPED,
)

Found = dict[str, dict[str, Any]]
"""Object id -> facet -> what stands there, whatever that is."""


def read(doc: Doc[Any], title: str = "") -> BoardContent:
    """What is on the board. Never raises, whatever is in there: numbers are brought into their bounds, what
    cannot be understood is left out."""
    found = _found(doc)
    there = {id: parts for id, parts in found.items() if _kind(parts) and not _is_gone(parts)}
    kept = sorted(there, key=lambda id: (_at(there[id]) or "", id))[:MOST_OBJECTS]
    return BoardContent(title=title, legend=_legend(doc), objects=_objects({id: there[id] for id in kept}))


def read_state(state: bytes, title: str = "") -> BoardContent:
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    return read(doc, title)


class Made(NamedTuple):
    kind: str
    by: str | None


def made_in(state: bytes, id: str) -> Made | None:
    """What an object is and who made it; None when it is not there, or was removed."""
    if not facets.OBJECT_ID.fullmatch(id):
        return None
    doc: Doc[Any] = Doc()
    with distrusting():
        doc.apply_update(state)
        objects = doc.get(OBJECTS, type=SharedMap)
        parts = {facet: objects.get(f"{id}/{facet}") for facet in ("made", "gone")}
    return (
        Made(_kind(parts), _name(_of(parts["made"], "by"))) if _kind(parts) and not _is_gone(parts) else None
    )


def signed_by(state: bytes) -> frozenset[str]:
    """Ids of those who made or removed something, what was removed included. Any may be unknown."""
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    signed = (
        _name(_of(parts.get(facet), "by")) for parts in _found(doc).values() for facet in ("made", "gone")
    )
    return frozenset(id for id in signed if id is not None)


def removed(doc: Doc[Any]) -> tuple[BoardObject, ...]:
    """What was removed and can be brought back, the latest first."""
    found = {id: parts for id, parts in _found(doc).items() if _kind(parts)}
    gone = sorted(
        (id for id in found if _is_gone(found[id])),
        key=lambda id: (_text_of(found[id]["gone"], "at"), id),
        reverse=True,
    )[:MOST_OBJECTS]
    objects = {one.id: one for one in _objects(found)}
    return tuple(objects[id] for id in gone)


def build(content: BoardContent) -> bytes:
    """A document that holds exactly this, as one update. Times and names are taken as they stand."""
    doc: Doc[Any] = Doc(client_id=secrets.randbelow(2**32 - 1) + 1)
    objects, board = doc.get(OBJECTS, type=SharedMap), doc.get(BOARD, type=SharedMap)
    with doc.transaction():
        for one in content.objects:
            for facet, value in _facets(one):
                objects[f"{one.id}/{facet}"] = value
        for colour, meaning in content.legend.items():
            board[f"legend/{colour}"] = meaning
    return doc.get_update()


def begun(content: BoardContent, by: str | None, at: str) -> BoardContent:
    """The same as somebody's beginning: nobody else's name is on it."""
    fresh: dict[str, Any] = {"by": by, "at": at, "reactions": {}}
    return content.model_copy(
        update={"objects": tuple(one.model_copy(update=fresh) for one in content.objects)}
    )


def _facets(one: BoardObject) -> Iterable[tuple[str, Any]]:
    """What stands in the document about it; defaults are left out, except where every object has one."""
    yield "made", {"kind": one.kind, "by": one.by, "at": one.at}
    yield "place", {"x": one.x, "y": one.y}
    yield "text", Text(one.text)
    if one.kind not in ("connector", "cluster"):
        yield "size", {"w": one.w, "h": one.h}
    if one.z:
        yield "z", one.z
    if one.parent is not None:
        yield "parent", one.parent
    if one.colour != "butter":
        yield "style", {"colour": one.colour}
    for tag in one.tags:
        yield f"tag/{tag}", True
    for name in ("start", "end", "picture", "source", "origin"):
        part = getattr(one, name)
        if part is not None:
            yield name, part.model_dump()
    if one.relation != "plain":
        yield "relation", one.relation
    for name in ("alt", "evidence", "prompt"):
        if getattr(one, name):
            yield name, getattr(one, name)
    for emoji, persons in one.reactions.items():
        for person in persons:
            yield f"reaction/{emoji}/{person}", True
    if one.merged:
        yield "merged", list(one.merged)


# Reading.


def _entries(doc: Doc[Any], root: str) -> Mapping[str, Any]:
    try:
        with distrusting():
            found = json.loads(str(doc.get(root, type=SharedMap)))
    except Poisoned:
        return {}
    return found if isinstance(found, dict) else {}


def _found(doc: Doc[Any]) -> Found:
    found: Found = {}
    for key, value in _entries(doc, OBJECTS).items():
        id, slash, facet = key.partition("/")
        if slash and facets.OBJECT_ID.fullmatch(id):
            found.setdefault(id, {})[facet] = value
    return found


def _legend(doc: Doc[Any]) -> dict[Colour, str]:
    entries = _entries(doc, BOARD)
    meanings = {colour: entries.get(f"legend/{colour}") for colour in COLOURS}
    return {
        colour: meaning[: facets.MOST_LEGEND]
        for colour, meaning in meanings.items()
        if isinstance(meaning, str) and meaning
    }


def _objects(found: Found) -> tuple[BoardObject, ...]:
    """Lowest first."""
    kinds = {id: _kind(parts) for id, parts in found.items()}
    objects = [_object(id, parts, kinds) for id, parts in found.items()]
    return tuple(sorted(objects, key=lambda one: (one.z, one.id)))


def _object(id: str, parts: dict[str, Any], kinds: Mapping[str, str]) -> BoardObject:
    kind = kinds[id]
    return BoardObject.model_validate(
        {
            "id": id,
            "kind": kind,
            "by": _name(_of(parts.get("made"), "by")),
            "at": _at(parts),
            "x": _number(_of(parts.get("place"), "x"), 0, -REACH, REACH),
            "y": _number(_of(parts.get("place"), "y"), 0, -REACH, REACH),
            "w": _number(_of(parts.get("size"), "w"), NOTE_WIDTH, 1, LONGEST),
            "h": _number(_of(parts.get("size"), "h"), NOTE_HEIGHT, 1, LONGEST),
            "z": parts["z"] if facets.is_order(parts.get("z")) else "",
            "parent": _parent(kind, parts.get("parent"), kinds),
            "colour": _one_of(COLOURS, _of(parts.get("style"), "colour"), "butter"),
            "text": _cut(parts.get("text"), MOST_TEXT),
            "tags": sorted(_tags(parts))[:MOST_TAGS],
            "start": _end(id, kind, parts.get("start"), kinds),
            "end": _end(id, kind, parts.get("end"), kinds),
            "relation": _one_of(RELATIONS, parts.get("relation"), "plain"),
            "picture": _picture(parts.get("picture")),
            "alt": _cut(parts.get("alt"), facets.MOST_ALT),
            "source": _source(parts.get("source")),
            "evidence": _name(parts.get("evidence")),
            "prompt": _cut(parts.get("prompt"), MOST_PROMPT),
            "reactions": _reactions(parts),
            "origin": _origin(parts.get("origin")),
            "merged": _merged(id, parts.get("merged")),
        }
    )


def _kind(parts: dict[str, Any]) -> str:
    kind: str = _one_of(KINDS, _of(parts.get("made"), "kind"), "")
    return kind


def _is_gone(parts: dict[str, Any]) -> bool:
    return isinstance(parts.get("gone"), dict)


def _at(parts: dict[str, Any]) -> str | None:
    at = _of(parts.get("made"), "at")
    return at if isinstance(at, str) and facets.AT.fullmatch(at) else None


def _parent(kind: str, parent: Any, kinds: Mapping[str, str]) -> str | None:
    """Areas are in nothing, clusters in areas only, the rest in either: so nothing is ever inside itself."""
    if not isinstance(parent, str):
        return None
    allowed = () if kind == "area" else ("area",) if kind == "cluster" else ("area", "cluster")
    return parent if kinds.get(parent) in allowed else None


def _end(id: str, kind: str, end: Any, kinds: Mapping[str, str]) -> End | None:
    if kind != "connector" or not isinstance(end, dict):
        return None
    to = end.get("object")
    holds = isinstance(to, str) and kinds.get(to, "connector") != "connector" and to != id
    return End(
        object=to if holds else None,
        x=_number(end.get("x"), 0, -REACH, REACH),
        y=_number(end.get("y"), 0, -REACH, REACH),
    )


def _picture(picture: Any) -> Picture | None:
    if not facets.is_id(_of(picture, "file")):
        return None
    width, height = (int(_number(_of(picture, side), 1, 1, LONGEST)) for side in ("width", "height"))
    return Picture(file=picture["file"], width=width, height=height)


def _source(source: Any) -> Source | None:
    url = _of(source, "url")
    if not isinstance(url, str) or len(url) > 2_000 or not facets.is_web_address(url):
        return None
    return Source(url=url, title=_cut(source.get("title"), 300), site=_cut(source.get("site"), 100))


def _origin(origin: Any) -> Origin | None:
    board, object_id = _of(origin, "board"), _of(origin, "object")
    known = facets.is_id(board) and facets.is_object_id(object_id)
    return Origin(board=board, object=object_id) if known else None


def _merged(id: str, merged: Any) -> list[str]:
    if not isinstance(merged, list):
        return []
    others = [one for one in merged if facets.is_object_id(one) and one != id]
    return list(dict.fromkeys(others))[: facets.MOST_MERGED]


def _tags(parts: dict[str, Any]) -> list[str]:
    tags = (
        facet.removeprefix("tag/") for facet, value in parts.items() if facet.startswith("tag/") and value
    )
    return [tag for tag in tags if facets.is_tag(tag)]


def _reactions(parts: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    given: dict[str, list[str]] = {}
    for facet in sorted(facet for facet, value in parts.items() if facet.startswith("reaction/") and value):
        emoji, _, person = facet.removeprefix("reaction/").partition("/")
        if facets.is_emoji(emoji) and facets.is_id(person):
            given.setdefault(emoji, []).append(person)
    return {emoji: tuple(given[emoji]) for emoji in list(given)[:MOST_REACTIONS]}


def _of(value: Any, field: str) -> Any:
    return value.get(field) if isinstance(value, dict) else None


def _text_of(value: Any, field: str) -> str:
    text = _of(value, field)
    return text if isinstance(text, str) else ""


def _name(value: Any) -> str | None:
    return value if facets.is_id(value) else None


def _one_of(known: tuple[Any, ...], value: Any, default: str) -> Any:
    return value if isinstance(value, str) and value in known else default


def _cut(value: Any, most: int) -> str:
    return value[:most] if isinstance(value, str) else ""


def _number(value: Any, default: float, least: float, most: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        return default
    return min(max(value, least), most)
