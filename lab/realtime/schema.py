"""The schema check: is what an update inserts something that this kind of room may hold (G17)?"""

from __future__ import annotations

import re
from typing import Final

from .entries import held
from .lib0 import Value
from .places import Place
from .ports import EntryName, Schema, Special, Touch
from .updates import Kind, Struct, TypeKind

ROOT_KINDS: Final = {
    "text": TypeKind.TEXT,
    "map": TypeKind.MAP,
    "array": TypeKind.ARRAY,
    "xml": TypeKind.FRAGMENT,
}
_TEXTS: Final = (TypeKind.TEXT, TypeKind.XML_TEXT)
_ELEMENTS: Final = (TypeKind.ELEMENT, TypeKind.FRAGMENT)
_PLAIN: Final = (TypeKind.ARRAY, TypeKind.MAP, TypeKind.TEXT)
_OVERLAP: Final = re.compile(r"--[a-zA-Z0-9+/=]{8}$")
"""y-prosemirror's suffix on a mark that may overlap with itself."""


def misfit(schema: Schema, place: Place, struct: Struct, principal: str) -> str | None:
    """Why this may not be here; None when it may. Deleted contents may be anywhere."""
    if struct.kind is Kind.DELETED:
        return None
    if place.kind is None:
        return f"There is no {place.name[:40]!r} in this kind of document."
    if place.key is not None:
        if schema.check_entry is not None and place.entry_name == (place.owner, place.key):
            return _misfit_named(schema, place.entry_name, struct, principal)
        return _misfit_entry(schema, place, place.key, struct)
    if place.kind in _ELEMENTS:
        return _misfit_child(schema, struct)
    if place.kind in _TEXTS:
        if struct.kind is Kind.FORMAT:
            return _misfit_mark(schema, struct.content)
        return None if struct.kind is Kind.STRING else "Text holds characters and marks only."
    return _misfit_plain(struct)


def _misfit_child(schema: Schema, struct: Struct) -> str | None:
    match struct.content:
        case (TypeKind.XML_TEXT, _):
            return None
        case (TypeKind.ELEMENT, str(name)) if struct.kind is Kind.TYPE:
            return None if name in schema.elements else f"There is no <{name[:40]}> in this kind of document."
    return "An element holds elements and text only."


def _misfit_entry(schema: Schema, place: Place, key: str, struct: Struct) -> str | None:
    if place.kind is TypeKind.MAP:
        return _misfit_plain(struct)
    if place.kind is not TypeKind.ELEMENT:
        return "Only elements and maps have named entries here."
    if key not in schema.attributes.get(place.name, _NONE) and key not in schema.attributes.get("*", _NONE):
        return f"<{place.name}> has no attribute {key[:40]!r}."
    values: list[Value]
    match struct.kind, struct.content:
        case Kind.VALUES, list(values):
            pass
        case Kind.STRING, str(text):
            values = [text]
        case _:
            return f"The attribute {key!r} is not a plain value."
    return _refused(schema, place.name, [(key, value) for value in values])


def misfit_touch(schema: Schema, name: EntryName, touch: Touch, principal: str) -> str | None:
    """Why an update may not do this to an entry, beyond what it writes there."""
    if schema.most_typed is not None and touch.typed > schema.most_typed:
        return f"This is too long for {name[1][:60]!r}."
    if touch.removed and schema.check_entry is not None:
        return schema.check_entry(*name, Special.NOTHING, principal)
    return None


def _misfit_named(schema: Schema, name: EntryName, struct: Struct, principal: str) -> str | None:
    if struct.right is not None:
        return "An entry is set; nothing is slipped in before what it holds."
    if (struct.kind is Kind.VALUES and struct.length == 1) or (
        struct.kind is Kind.TYPE and isinstance(struct.content, tuple) and struct.content[0] in _PLAIN
    ):
        return schema.check_entry(*name, held(struct), principal) if schema.check_entry is not None else None
    return "An entry holds one plain value, or one text, map or array."


def _misfit_mark(schema: Schema, content: Value) -> str | None:
    if not isinstance(content, tuple):
        raise AssertionError("a FORMAT holds its name and value")
    name, value = content
    name = _OVERLAP.sub("", name)
    if name not in schema.marks:
        return f"There is no mark {name[:40]!r} in this kind of document."
    if value is None or value is True:
        return None
    if not isinstance(value, dict):
        return f"The mark {name!r} has attributes, or none; nothing else."
    allowed = schema.attributes.get(name)
    if allowed is not None and not allowed.issuperset(value):
        return f"The mark {name!r} has an attribute that it should not have."
    return _refused(schema, name, list(value.items()))


def _misfit_plain(struct: Struct) -> str | None:
    match struct.kind, struct.content:
        case ((Kind.VALUES | Kind.STRING | Kind.BINARY), _):
            return None
        case Kind.TYPE, (kind, _) if kind in _PLAIN:
            return None
    return "Maps and arrays hold plain values, maps, arrays and text only."


def _refused(schema: Schema, of: str, values: list[tuple[str, Value]]) -> str | None:
    if schema.check_value is None:
        return None
    for name, value in values:
        why = schema.check_value(of, name, value)
        if why is not None:
            return why
    return None


_NONE: Final[frozenset[str]] = frozenset()
