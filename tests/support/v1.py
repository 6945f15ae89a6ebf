"""Yjs v1 updates written by hand, so that a test can say anything, also what no client would say."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence

from lab.realtime.lib0 import write_bytes, write_string, write_varuint

Id = tuple[int, int]
Where = str | Id
NULL = b"\x7e"


def update(*groups: bytes, deletions: Mapping[int, Sequence[Id]] | None = None) -> bytes:
    """`deletions`: client -> (first clock, length)."""
    deletions = deletions or {}
    parts = [write_varuint(len(groups)), *groups, write_varuint(len(deletions))]
    for client, ranges in deletions.items():
        parts += [write_varuint(client), write_varuint(len(ranges))]
        parts += [write_varuint(first) + write_varuint(length) for first, length in ranges]
    return b"".join(parts)


def group(client: int, clock: int, *structs: bytes) -> bytes:
    return write_varuint(len(structs)) + write_varuint(client) + write_varuint(clock) + b"".join(structs)


def one(client: int, clock: int, *structs: bytes) -> bytes:
    return update(group(client, clock, *structs))


def item(
    kind: int,
    content: bytes,
    *,
    parent: Where | None = None,
    key: str | None = None,
    origin: Id | None = None,
    right: Id | None = None,
) -> bytes:
    info = kind | (0x80 if origin else 0) | (0x40 if right else 0) | (0x20 if key is not None else 0)
    parts = [bytes((info,))]
    parts += [write_varuint(client) + write_varuint(clock) for client, clock in filter(None, (origin, right))]
    if isinstance(parent, str):
        parts.append(b"\x01" + write_string(parent))
    elif parent is not None:
        parts.append(b"\x00" + write_varuint(parent[0]) + write_varuint(parent[1]))
    if key is not None and not (origin or right):
        parts.append(write_string(key))
    return b"".join((*parts, content))


def gc(length: int) -> bytes:
    return b"\x00" + write_varuint(length)


def deleted(length: int) -> tuple[int, bytes]:
    return 1, write_varuint(length)


def binary(content: bytes) -> tuple[int, bytes]:
    return 3, write_bytes(content)


def text(characters: str) -> tuple[int, bytes]:
    return 4, write_string(characters)


def embed(value: object) -> tuple[int, bytes]:
    return 5, write_string(json.dumps(value))


def mark(name: str, value: object) -> tuple[int, bytes]:
    return 6, write_string(name) + write_string(json.dumps(value))


def a_type(reference: int, name: str | None = None) -> tuple[int, bytes]:
    return 7, write_varuint(reference) + (write_string(name) if name is not None else b"")


def values(*encoded: bytes) -> tuple[int, bytes]:
    return 8, write_varuint(len(encoded)) + b"".join(encoded)


def word(characters: str) -> bytes:
    """A string as a value."""
    return b"\x77" + write_string(characters)


def number(value: float) -> bytes:
    return b"\x7b" + struct.pack(">d", value)


ARRAY, MAP, TEXT, FRAGMENT, HOOK, XML_TEXT = (a_type(reference) for reference in (0, 1, 2, 4, 5, 6))


def element(name: str) -> tuple[int, bytes]:
    return a_type(3, name)
