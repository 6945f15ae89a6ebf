"""Updates: a Yjs v1 update, from bytes to a list of structs and the deletions after them.

Strict and without recursion: whatever this returns is well-formed on its own (rules G2 to G7 and G14 of
docs/protocol.md). Whether it fits a document is for the guard to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from .errors import RefusedUpdate
from .lib0 import (
    Malformed,
    Value,
    read_bytes,
    read_json,
    read_string,
    read_value,
    read_varuint,
)

MAX_CLOCK: Final = (1 << 31) - 1

Id = tuple[int, int]
"""Client id and clock: the name of one item for ever."""


class Kind(IntEnum):
    """What a struct holds, by the number it has on the wire."""

    COLLECTED = 0
    DELETED = 1
    BINARY = 3
    STRING = 4
    EMBED = 5
    FORMAT = 6
    TYPE = 7
    VALUES = 8


class TypeKind(IntEnum):
    """Which shared type. An XML hook (5) is missing on purpose: the core does not read the name that Yjs
    writes after it, so the two would understand the rest of such an update differently."""

    ARRAY = 0
    MAP = 1
    TEXT = 2
    ELEMENT = 3
    FRAGMENT = 4
    XML_TEXT = 6


class Struct(NamedTuple):
    client: int
    clock: int
    length: int
    kind: Kind
    origin: Id | None
    """The item to the left when this one was written."""
    right: Id | None
    parent: str | Id | None
    """Root name or the type's id; None: the same as its neighbours'."""
    key: str | None
    """Only beside a parent, when this is an entry of a map or an attribute."""
    content: Value = None
    """STRING: the text. EMBED: the value. FORMAT: (name, value). TYPE: (TypeKind, element name).
    VALUES: a list."""


@dataclass(frozen=True, slots=True)
class Decoded:
    structs: list[list[Struct]]
    """One list per client, never empty, clocks without holes."""
    deletions: dict[int, list[tuple[int, int]]]
    """Client -> (first clock, clock after the last), rising and apart."""
    deletion_count: int


class TooMany(RefusedUpdate):
    """More structs or deletions than the caller wants to read at once (G12)."""


def decode_update(
    data: bytes, *, clients: int, structs: int, deletions: int, from_core: bool = False
) -> Decoded:
    """Raises RefusedUpdate when `data` is anything but one well-formed update within these bounds.

    `from_core`: written by the core itself. Where someone cut an emoji in half, the core keeps the whole of
    it in one item and writes the other with an empty string; that one is left out of what this returns."""
    try:
        groups, at = _read_structs(data, clients, structs, from_core)
        ranges, count, at = _read_deletions(data, at, deletions)
    except Malformed as malformed:
        raise RefusedUpdate(f"This update is malformed: {malformed}.", rule=malformed.rule) from None
    if at != len(data):
        raise RefusedUpdate("Something follows the end of this update.", rule="G2")
    return Decoded(groups, ranges, count)


def decode_delete_set(data: bytes) -> dict[int, list[tuple[int, int]]]:
    """One that the core wrote."""
    return _read_deletions(data, 0, MAX_CLOCK)[0]


def _read_structs(
    data: bytes, max_clients: int, max_structs: int, from_core: bool
) -> tuple[list[list[Struct]], int]:
    group_count, at = read_varuint(data, 0)
    if group_count > max_clients:
        raise RefusedUpdate("Too many clients write in one update.", rule="G13")
    groups: list[list[Struct]] = []
    seen: set[int] = set()
    left = max_structs
    for _ in range(group_count):
        count, at = read_varuint(data, at)
        client, at = read_varuint(data, at)
        clock, at = read_varuint(data, at)
        if not count or client in seen:
            raise RefusedUpdate("A client appears twice, or without anything.", rule="G5")
        seen.add(client)
        left -= count
        if left < 0:
            raise TooMany("There are too many structs in one update.", rule="G12")
        group: list[Struct] = []
        for _ in range(count):
            struct, at = _read_struct(data, at, client, clock)
            clock += struct.length
            if from_core and struct.content == "":
                continue
            if not struct.length or clock > MAX_CLOCK:
                raise RefusedUpdate("A length is 0, or a clock is too high.", rule="G6")
            group.append(struct)
        if group:
            groups.append(group)
    return groups, at


def _read_struct(data: bytes, at: int, client: int, clock: int) -> tuple[Struct, int]:
    if at >= len(data):
        raise Malformed("G2", "it ends before its last struct")
    info = data[at]
    at += 1
    if info == Kind.COLLECTED:
        length, at = read_varuint(data, at)
        return Struct(client, clock, length, Kind.COLLECTED, None, None, None, None), at
    kind = _KINDS.get(info & 0x1F)
    if kind is None:
        raise RefusedUpdate("This kind of content is not taken here.", rule="G7")
    origin: Id | None = None
    right: Id | None = None
    parent: str | Id | None = None
    key: str | None = None
    if info & 0x80:
        of, at = read_varuint(data, at)
        then, at = read_varuint(data, at)
        origin = (of, then)
    if info & 0x40:
        of, at = read_varuint(data, at)
        then, at = read_varuint(data, at)
        right = (of, then)
    if not info & 0xC0:
        parent, at = _read_parent(data, at)
        if info & 0x20:
            key, at = read_string(data, at)
    length, content, at = _read_content(data, at, kind)
    return Struct(client, clock, length, kind, origin, right, parent, key, content), at


def _read_parent(data: bytes, at: int) -> tuple[str | Id, int]:
    by_name, at = read_varuint(data, at)
    if by_name == 1:
        return read_string(data, at)
    if by_name:
        raise RefusedUpdate("A parent is neither a root nor an item.", rule="G9")
    client, at = read_varuint(data, at)
    clock, at = read_varuint(data, at)
    return (client, clock), at


def _read_content(data: bytes, at: int, kind: Kind) -> tuple[int, Value, int]:
    """Length, content, position."""
    value: Value
    match kind:
        case Kind.STRING:
            text, at = read_string(data, at)
            length = len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
            return length, text, at
        case Kind.FORMAT:
            name, at = read_string(data, at)
            value, at = read_json(data, at)
            return 1, (name, value), at
        case Kind.TYPE:
            reference, at = read_varuint(data, at)
            type_kind = _TYPE_KINDS.get(reference)
            if type_kind is None:
                raise RefusedUpdate("This type is not taken here.", rule="G7")
            name = ""
            if type_kind is TypeKind.ELEMENT:
                name, at = read_string(data, at)
            return 1, (type_kind, name), at
        case Kind.VALUES:
            count, at = read_varuint(data, at)
            values: list[Value] = []
            for _ in range(count):
                value, at = read_value(data, at)
                values.append(value)
            return count, values, at
        case Kind.EMBED:
            value, at = read_json(data, at)
            return 1, value, at
        case Kind.BINARY:
            content, at = read_bytes(data, at)
            return 1, content, at
        case _:
            length, at = read_varuint(data, at)
            return length, None, at


def _read_deletions(data: bytes, at: int, most: int) -> tuple[dict[int, list[tuple[int, int]]], int, int]:
    client_count, at = read_varuint(data, at)
    deletions: dict[int, list[tuple[int, int]]] = {}
    total = 0
    for _ in range(client_count):
        client, at = read_varuint(data, at)
        count, at = read_varuint(data, at)
        if not count or client in deletions:
            raise RefusedUpdate("A client's deletions appear twice, or are empty.", rule="G5")
        total += count
        if total > most:
            raise TooMany("There are too many deletions in one update.", rule="G12")
        ranges: list[tuple[int, int]] = []
        before = 0
        for _ in range(count):
            first, at = read_varuint(data, at)
            length, at = read_varuint(data, at)
            end = first + length
            if not length or end > MAX_CLOCK:
                raise RefusedUpdate("A deleted length is 0, or a clock is too high.", rule="G6")
            if first < before:
                raise RefusedUpdate("Deletions overlap or go backwards.", rule="G14")
            ranges.append((first, end))
            before = end
        deletions[client] = ranges
    return deletions, total, at


_KINDS: Final = {kind.value: kind for kind in Kind if kind is not Kind.COLLECTED}
_TYPE_KINDS: Final = {kind.value: kind for kind in TypeKind}
