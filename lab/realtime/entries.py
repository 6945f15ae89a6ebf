"""Entries: what one update does to the entries of a document's root maps.

An update names the key of an entry only when it is the first there; whoever overwrites or deletes names an
older item instead. And whoever comes back sends every deletion they know of, old ones too. So the guard
remembers both: where items live (`places.py`) and what is deleted (`spans.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from .lib0 import Value
from .places import Place, Places
from .ports import EntryName, Special, Touch
from .spans import Spans
from .updates import Id, Kind, Struct, TypeKind

Deletions = Mapping[int, list[tuple[int, int]]]


@dataclass(slots=True)
class _Entry:
    written: list[Struct] = field(default_factory=list)
    deleted: bool = False
    inside: bool = False
    typed: int = 0


class Touched:
    """Collects, struct by struct."""

    def __init__(self) -> None:
        self._entries: dict[EntryName, _Entry] = {}

    def add(self, struct: Struct, place: Place) -> None:
        """Something new that lives in `place`."""
        name = place.entry_name
        if name is None:
            return
        entry = self._entries.setdefault(name, _Entry())
        if place.within is None:
            entry.written.append(struct)
            return
        entry.inside = True
        if struct.kind is Kind.STRING:
            entry.typed += struct.length

    def result(self, deletions: Deletions, places: Places, before: Spans) -> dict[EntryName, Touch]:
        """`before`: what was deleted before this update."""
        for client, ranges in deletions.items():
            for range_first, range_end in ranges:
                for first, end in before.beyond(client, range_first, range_end):
                    for place in places.between(client, first, end):
                        self._delete(place)
        return {name: _touch(entry, deletions) for name, entry in self._entries.items()}

    def _delete(self, place: Place | None) -> None:
        name = place.entry_name if place is not None else None
        if place is None or name is None:
            return
        entry = self._entries.setdefault(name, _Entry())
        if place.within is None:
            entry.deleted = True
        else:
            entry.inside = True


def held(struct: Struct) -> Special | Value:
    """What an entry that this struct was let into holds."""
    content = struct.content
    if isinstance(content, tuple):
        return _SHARED[content[0]]
    assert isinstance(content, list), "a value or a shared type, as G17 has made sure"
    last: Value = content[-1]
    return last


def _touch(entry: _Entry, deletions: Deletions) -> Touch:
    live = [
        struct
        for struct in entry.written
        if struct.kind is not Kind.DELETED and not _within((struct.client, struct.clock), deletions)
    ]
    return Touch(
        values=tuple(map(held, live)),
        removed=not live and (entry.deleted or bool(entry.written)),
        over=any(struct.origin is not None for struct in live),
        inside=entry.inside,
        typed=entry.typed,
    )


def _within(item: Id, deletions: Deletions) -> bool:
    ranges = deletions.get(item[0])
    if not ranges:
        return False
    at = bisect_right(ranges, item[1], key=lambda span: span[0]) - 1
    return at >= 0 and item[1] < ranges[at][1]


_SHARED = {TypeKind.TEXT: Special.TEXT, TypeKind.MAP: Special.MAP, TypeKind.ARRAY: Special.ARRAY}
