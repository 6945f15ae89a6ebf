"""Arrangement: who lies in whom, what is tied to what, and in which order a board is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lab.boards.objects import BoardContent, BoardObject

Box = tuple[float, float, float, float]
"""x, y, w, h."""

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Arrangement:
    """Of one board. A parent or an end that is not there, or may not be one, counts as none: whatever a file
    says, nothing is ever inside itself."""

    def __init__(self, content: BoardContent) -> None:
        self.content = content
        self.objects = {one.id: one for one in content.objects}
        self.areas = in_reading_order([one for one in content.objects if one.kind == "area"])
        self._members: dict[str | None, list[BoardObject]] = {}
        self._wires: dict[str, list[BoardObject]] = {}
        for one in content.objects:
            if one.kind == "connector":
                for end in {self.at(one, "start"), self.at(one, "end")} - {None}:
                    self._wires.setdefault(str(end), []).append(one)
            else:
                self._members.setdefault(self.parent(one), []).append(one)
        self._sorted: set[str | None] = set()

    def parent(self, one: BoardObject) -> str | None:
        above = self.objects.get(one.parent) if one.parent else None
        if above is None or one.kind == "area":
            return None
        allowed = above.kind == "area" or (above.kind == "cluster" and one.kind != "cluster")
        return above.id if allowed else None

    def area(self, one: BoardObject) -> str | None:
        """The area it lies in, also through a cluster; of an area, itself."""
        if one.kind == "area":
            return one.id
        parent = self.parent(one)
        return self.area(self.objects[parent]) if parent else None

    def at(self, wire: BoardObject, which: str) -> str | None:
        """The object that end of a connector is fixed to."""
        end = wire.start if which == "start" else wire.end
        known = end is not None and end.object in self.objects and end.object != wire.id
        return end.object if end is not None and known else None

    def members(self, parent: str | None) -> Sequence[BoardObject]:
        """Of an area or cluster, or what belongs to none, in reading order; connectors left out."""
        found = self._members.setdefault(parent, [])
        if parent not in self._sorted:
            found[:] = in_reading_order(found, self.box)
            self._sorted.add(parent)
        return found

    def wires(self, id: str) -> Sequence[BoardObject]:
        """Connectors fixed to this object."""
        return self._wires.get(id, ())

    def notes(self, id: str) -> int:
        """How many notes lie in an area or cluster, an area's clusters included."""
        inside = self._members.get(id, ())
        return sum(self.notes(one.id) if one.kind == "cluster" else one.kind == "note" for one in inside)

    def box(self, one: BoardObject) -> Box:
        """As kept; of a cluster, the box round its members."""
        if one.kind == "cluster" and self._members.get(one.id):
            return around(map(self.box, self._members[one.id]))
        return one.x, one.y, one.w, one.h

    def whole(self) -> list[BoardObject]:
        """Everything but connectors, as it is read: area by area, clusters within, rows within those."""
        found: list[BoardObject] = []
        for one in self.members(None):
            found += self._with_inside(one)
        return found

    def _with_inside(self, one: BoardObject) -> list[BoardObject]:
        inside = self.members(one.id) if one.kind in ("area", "cluster") else ()
        return [one, *(below for member in inside for below in self._with_inside(member))]


def in_reading_order(
    objects: Iterable[BoardObject], box: Callable[[BoardObject], Box] | None = None
) -> list[BoardObject]:
    """Row by row from the top, each row from the left. What overlaps the first of a row by half of its own
    height or more is in that row: the browser's `model/reading.ts` has the same rule."""
    placed = [(box(one) if box else (one.x, one.y, one.w, one.h), one) for one in objects]
    rows: list[tuple[float, float, list[tuple[Box, BoardObject]]]] = []
    for at, one in sorted(placed, key=lambda each: (each[0][1], each[0][0])):
        top, bottom = at[1], at[1] + at[3]
        if rows:
            first, last, row = rows[-1]
            if min(last, bottom) - max(first, top) >= min(at[3], last - first) / 2:
                row.append((at, one))
                continue
        rows.append((top, bottom, [(at, one)]))
    return [one for _, _, row in rows for _, one in sorted(row, key=lambda each: (each[0][0], each[0][1]))]


def around(boxes: Iterable[Box]) -> Box:
    """The box round all of them; without any, an empty one."""
    known = list(boxes)
    if not known:
        return 0, 0, 0, 0
    left, top = min(box[0] for box in known), min(box[1] for box in known)
    right, bottom = max(box[0] + box[2] for box in known), max(box[1] + box[3] for box in known)
    return left, top, right - left, bottom - top


def layers(count: int) -> list[str]:
    """So many keys for `z`, in rising order, as short as they can be, with room between them."""
    width = 1
    while 62**width < (count + 1) * 4:
        width += 1
    return [_key(62**width * (at + 1) // (count + 1), width) for at in range(count)]


def _key(value: int, width: int) -> str:
    key = ""
    for _ in range(width):
        value, digit = divmod(value, 62)
        key = _DIGITS[digit] + key
    return key.rstrip("0")
