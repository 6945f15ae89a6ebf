"""Facets: what may be written under each key of a board's document, and by whom.

A key is `<object id>/<facet>`, or `legend/<colour>` in the map beside it. Everything here is asked on every
update, before it is applied; what it lets pass, `document.py` reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from lab.boards.objects import (
    COLOURS,
    KINDS,
    LONGEST,
    MOST_PROMPT,
    REACH,
    RELATIONS,
)
from lab.realtime.ports import Special

OBJECTS: Final = "objects"
BOARD: Final = "board"
OBJECT_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,32}")
AT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")
MOST_ALT: Final = 500
MOST_MERGED: Final = 500
MOST_LEGEND: Final = 40
LONGEST_TAG: Final = 40
LONGEST_EMOJI: Final = 16
LONGEST_ID: Final = 26

_WEB: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_ID: Final = re.compile(r"[0-9A-Za-z]{1,26}")
_ORDER: Final = re.compile(r"[!-~]{0,64}")
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def check_entry(root: str, key: str, value: Any, principal: str) -> str | None:
    """Why this may not be written, or, as `Special.NOTHING`, not be taken away."""
    if root == BOARD:
        return _legend(key, value)
    object_id, _, facet = key.partition("/")
    if not OBJECT_ID.fullmatch(object_id):
        return "This is not the id of an object."
    kind, _, rest = facet.partition("/")
    if kind == "tag" and rest:
        return _tag(rest, value)
    if kind == "reaction" and rest:
        return _reaction(rest, value, principal)
    if facet in ("made", "gone"):
        return _signed(facet, value, principal)
    if facet == "text":
        return None if value is Special.TEXT else "The text of an object is a text, and stays."
    check = _PLAIN.get(facet)
    if check is None:
        return f"Objects have no {facet[:40]!r}."
    if value is Special.NOTHING:
        return None if facet != "place" else "An object always has a place."
    return None if check(value) else f"This is no {facet} of an object."


def _legend(key: str, value: Any) -> str | None:
    head, _, colour = key.partition("/")
    if head != "legend" or colour not in COLOURS:
        return f"A board has no {key[:40]!r}."
    if value is Special.NOTHING or _text(value, MOST_LEGEND):
        return None
    return f"What a colour means is said in at most {MOST_LEGEND} characters."


def _tag(tag: str, value: Any) -> str | None:
    if not is_tag(tag):
        return f"A tag has 1 to {LONGEST_TAG} characters."
    return None if value is True or value is Special.NOTHING else "A tag is there, or it is not."


def _reaction(rest: str, value: Any, principal: str) -> str | None:
    emoji, _, person = rest.partition("/")
    if not is_emoji(emoji):
        return "This is not a reaction."
    if person != principal:
        return "A reaction is given and taken back by oneself."
    return None if value is True or value is Special.NOTHING else "A reaction is there, or it is not."


def _signed(facet: str, value: Any, principal: str) -> str | None:
    """Who made or removed it, and when."""
    if value is Special.NOTHING:
        return None if facet == "gone" else "Who made an object is never taken away."
    fields = {"by", "at", "kind"} if facet == "made" else {"by", "at"}
    if not isinstance(value, dict) or value.keys() != fields:
        return f"This is no {facet!r} of an object."
    if value["by"] is not None and value["by"] != principal:
        return "You can sign with your own name only."
    if value["at"] is not None and not (isinstance(value["at"], str) and AT.fullmatch(value["at"])):
        return "A time is written 2026-11-23T10:05Z."
    if facet == "made" and value["kind"] not in KINDS:
        return "There is no such kind of object."
    return None


def is_tag(tag: str) -> bool:
    return 1 <= len(tag) <= LONGEST_TAG and tag == tag.strip() and not _HIDDEN.search(tag)


def is_emoji(emoji: str) -> bool:
    return (
        1 <= len(emoji) <= LONGEST_EMOJI
        and not re.search(r"[\s/A-Za-z]", emoji)
        and not _HIDDEN.search(emoji)
    )


def is_web_address(url: str) -> bool:
    return bool(_WEB.fullmatch(url))


def is_order(value: Any) -> bool:
    return isinstance(value, str) and bool(_ORDER.fullmatch(value))


def is_id(value: Any) -> bool:
    """Of something that is not on the board: a person, a file, a card."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def is_object_id(value: Any) -> bool:
    return isinstance(value, str) and bool(OBJECT_ID.fullmatch(value))


def is_number(value: Any, least: float, most: float) -> bool:
    # NaN compares false with everything.
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _text(value: Any, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most


def _has(value: Any, *fields: str) -> bool:
    return isinstance(value, dict) and value.keys() == set(fields)


def _end(value: Any) -> bool:
    return value is None or (
        _has(value, "object", "x", "y")
        and (value["object"] is None or is_object_id(value["object"]))
        and is_number(value["x"], -REACH, REACH)
        and is_number(value["y"], -REACH, REACH)
    )


def _picture(value: Any) -> bool:
    return value is None or (
        _has(value, "file", "width", "height")
        and is_id(value["file"])
        and all(is_number(value[side], 1, LONGEST) and value[side] == int(value[side]) for side in _SIDES)
    )


def _source(value: Any) -> bool:
    return value is None or (
        _has(value, "url", "title", "site")
        and _text(value["url"], 2_000)
        and is_web_address(value["url"])
        and _text(value["title"], 300)
        and _text(value["site"], 100)
    )


def _origin(value: Any) -> bool:
    return value is None or (
        _has(value, "board", "object") and is_id(value["board"]) and is_object_id(value["object"])
    )


_SIDES: Final = ("width", "height")
_PLAIN: Final[dict[str, Callable[[Any], bool]]] = {
    "place": lambda v: _has(v, "x", "y") and all(is_number(v[axis], -REACH, REACH) for axis in ("x", "y")),
    "size": lambda v: _has(v, "w", "h") and all(is_number(v[side], 1, LONGEST) for side in ("w", "h")),
    "z": is_order,
    "parent": lambda v: v is None or is_object_id(v),
    "style": lambda v: _has(v, "colour") and v["colour"] in COLOURS,
    "start": _end,
    "end": _end,
    "relation": lambda v: v in RELATIONS,
    "picture": _picture,
    "alt": lambda v: _text(v, MOST_ALT),
    "source": _source,
    "evidence": lambda v: v is None or is_id(v),
    "prompt": lambda v: _text(v, MOST_PROMPT),
    "origin": _origin,
    "merged": lambda v: isinstance(v, list) and len(v) <= MOST_MERGED and all(map(is_object_id, v)),
}
FACETS: Final = ("made", "text", "tag", "reaction", "gone", *_PLAIN)
