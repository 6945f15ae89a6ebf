"""The statement as a shared document: what it may hold, in the editor's own names.

One root XML fragment named `statement`. `reading.py` turns a document into blocks, `building.py` makes one.
The browser's twin of this file is `frontend/src/features/statement/schema.ts`.
"""

from __future__ import annotations

from typing import Any

from lab.challenges.blocks import MARKS, allowed_href, allowed_language
from lab.realtime.ports import Schema

ROOT = "statement"
SCHEMA_VERSION = 1

_CELL_ATTRIBUTES = frozenset({"colspan", "rowspan", "colwidth", "align"})
_LINK_ATTRIBUTES = frozenset({"href", "target", "rel", "class", "title"})
_REL = frozenset({"noopener", "noreferrer", "nofollow", "ugc", "external"})


def check_value(name: str, attribute: str, value: Any) -> str | None:
    """Why this value of an attribute is refused, or None. `name` is an element or a mark."""
    if value is None:
        return None
    match name, attribute:
        case "link", "href":
            return None if allowed_href(value) else "a link leads to https:, http: or mailto:"
        case "link", "target":
            return None if value in ("_blank", "") else "a link's target is _blank"
        case "link", "rel":
            known = isinstance(value, str) and set(value.split()) <= _REL
            return None if known else "an unknown rel of a link"
        case "link", "class":
            return None if value == "" else "a link has no class of its own"
        case "link", "title":
            return None if isinstance(value, str) and len(value) <= 300 else "a link's title is a short text"
        case "heading", "level":
            return None if is_whole(value, 1, 3) else "a heading's level is 1, 2 or 3"
        case "orderedList", "start":
            return None if is_whole(value, 0, 999_999_999) else "a list starts at a whole number"
        case "orderedList", "type":
            return None if value in ("1", "a", "A", "i", "I") else "an unknown kind of numbering"
        case "codeBlock", "language":
            return None if value == "" or allowed_language(value) else "a language is one short word"
        case (("tableCell" | "tableHeader"), "colspan"):
            return None if is_whole(value, 1, 50) else "a cell spans 1 to 50 columns"
        case (("tableCell" | "tableHeader"), "rowspan"):
            return None if is_whole(value, 1, 200) else "a cell spans 1 to 200 rows"
        case (("tableCell" | "tableHeader"), "colwidth"):
            widths = isinstance(value, list) and len(value) <= 50 and all(is_whole(w, 0, 5000) for w in value)
            return None if widths else "column widths are a short list of whole numbers"
        case (("tableCell" | "tableHeader"), "align"):
            return None if value in ("left", "center", "right") else "a cell is aligned left, center or right"
        case _:
            return f"{name} has no attribute {attribute[:40]!r}"


def is_whole(value: Any, least: int, most: int) -> bool:
    """Numbers come back from the document as floats, so 2.0 is whole."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and least <= value <= most
        and value == int(value)
    )


STATEMENT = Schema(
    version=SCHEMA_VERSION,
    roots={ROOT: "xml"},
    elements=frozenset(
        {
            "paragraph",
            "heading",
            "bulletList",
            "orderedList",
            "listItem",
            "blockquote",
            "horizontalRule",
            "hardBreak",
            "codeBlock",
            "table",
            "tableRow",
            "tableHeader",
            "tableCell",
        }
    ),
    attributes={
        "heading": frozenset({"level"}),
        "orderedList": frozenset({"start", "type"}),
        "codeBlock": frozenset({"language"}),
        "tableHeader": _CELL_ATTRIBUTES,
        "tableCell": _CELL_ATTRIBUTES,
        "link": _LINK_ATTRIBUTES,
    },
    marks=frozenset({*MARKS, "link"}),
    check_value=check_value,
)
