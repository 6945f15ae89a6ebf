"""Places: inside which type, and how deep, every item of a document lives.

An update does not say this for most of its items ("where my neighbour is"), so whoever wants to bound nesting
or check a schema has to remember it. Neighbours mostly share a place, so what is kept per client is runs:
typing a page is one run. Types keep one entry each, text and values none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from .ports import EntryName
from .spans import Spans
from .updates import Id, Kind, Struct, TypeKind


class Place(NamedTuple):
    """The inside of a root or type; with a key, one of its entries or attributes."""

    owner: str | Id
    kind: TypeKind | None
    """None: a root, of a type that no schema tells us."""
    name: str
    """Of the element, or of the root."""
    depth: int
    key: str | None
    within: EntryName | None = None
    """The entry of a root map that holds this type, at whatever depth; where entries are told apart."""

    @property
    def entry_name(self) -> EntryName | None:
        """The entry of a root map that this is, or is inside of."""
        if self.within is None and self.key is not None and isinstance(self.owner, str):
            return self.owner, self.key
        return self.within


class Places:
    """Everything known about one document; or, with `below`, what one update is about to add to it."""

    def __init__(self, below: Places | None = None, *, with_halves: bool = False) -> None:
        """`with_halves`: remember where the second UTF-16 units of characters are."""
        self.below = below
        self._with_halves = with_halves
        self._halves: dict[int, set[int]] = {}
        self.deleted = Spans()
        """Kept only where entries are told apart."""
        self.clocks: dict[int, int] = {}
        self.items = 0
        self._runs: dict[int, tuple[list[int], list[Place | None]]] = {}
        self._types: dict[int, dict[int, Place]] = {}
        self._gone: dict[int, tuple[list[int], list[int]]] = {}

    def next_clock(self, client: int) -> int:
        clock = self.clocks.get(client)
        if clock is not None:
            return clock
        return self.below.next_clock(client) if self.below is not None else 0

    def place(self, item: Id) -> Place | None:
        """Where it lives; None when it was collected or lived in something that was. It must be known."""
        client, clock = item
        runs = self._runs.get(client)
        if runs is not None and runs[0][0] <= clock:
            return runs[1][bisect_right(runs[0], clock) - 1]
        return self.below.place(item) if self.below is not None else None

    def between(self, client: int, first: int, end: int) -> Iterator[Place | None]:
        """Where the items of these clocks live, each run of neighbours once."""
        starts, places = self._runs.get(client, _NO_RUNS)
        own = starts[0] if starts else end
        if self.below is not None and first < own:
            yield from self.below.between(client, first, min(end, own))
        at = max(0, bisect_right(starts, first) - 1)
        while at < len(starts) and starts[at] < end:
            yield places[at]
            at += 1

    def inside(self, item: Id) -> Place | None:
        """The inside of the type that this item is; None when it is not a type (any more)."""
        inside = self._types.get(item[0], _NO_TYPES).get(item[1])
        if inside is None and self.below is not None:
            return self.below.inside(item)
        return inside

    def is_gone(self, item: Id) -> bool:
        """It came to us deleted, collected, or inside something that was: it may have been a type once."""
        gone = self._gone.get(item[0])
        if gone is not None:
            run = bisect_right(gone[0], item[1]) - 1
            if run >= 0 and item[1] < gone[1][run]:
                return True
        return self.below is not None and self.below.is_gone(item)

    def is_half(self, item: Id) -> bool:
        """It is the second unit of a character that has two."""
        if item[1] in self._halves.get(item[0], ()):
            return True
        return self.below is not None and self.below.is_half(item)

    def add(self, struct: Struct, first: int, place: Place | None) -> None:
        """Clocks from `first` to the struct's end live in `place`. Clients' clocks come without holes."""
        client = struct.client
        end = struct.clock + struct.length
        runs = self._runs.get(client)
        if runs is None:
            self._runs[client] = ([first], [place])
        elif runs[1][-1] != place:
            runs[0].append(first)
            runs[1].append(place)
        if struct.kind is Kind.STRING:
            if self._with_halves:
                self._add_halves(struct)
        elif struct.kind is Kind.TYPE and place is not None:
            self._types.setdefault(client, {})[struct.clock] = _inside(struct, place)
        elif struct.kind in _GONE:
            self._add_gone(client, first, end)
        self.clocks[client] = end
        self.items += 1

    def absorb(self, above: Places) -> None:
        """What `above` was about to add has happened."""
        for client, (starts, places) in above._runs.items():
            runs = self._runs.setdefault(client, ([], []))
            skip = 1 if runs[1] and runs[1][-1] == places[0] else 0
            runs[0].extend(starts[skip:])
            runs[1].extend(places[skip:])
        for client, types in above._types.items():
            self._types.setdefault(client, {}).update(types)
        for client, (starts, ends) in above._gone.items():
            for first, end in zip(starts, ends, strict=True):
                self._add_gone(client, first, end)
        for client, halves in above._halves.items():
            self._halves.setdefault(client, set()).update(halves)
        for client, first, end in above.deleted:
            self.deleted.add(client, first, end)
        self.clocks.update(above.clocks)
        self.items += above.items

    def _add_halves(self, struct: Struct) -> None:
        text = struct.content
        if not isinstance(text, str) or text.isascii():
            return
        clock = struct.clock
        for character in text:
            if character > "\uffff":
                self._halves.setdefault(struct.client, set()).add(clock + 1)
                clock += 1
            clock += 1

    def _add_gone(self, client: int, first: int, end: int) -> None:
        starts, ends = self._gone.setdefault(client, ([], []))
        if ends and ends[-1] == first:
            ends[-1] = end
        else:
            starts.append(first)
            ends.append(end)


def _inside(struct: Struct, place: Place) -> Place:
    match struct.content:
        case (TypeKind() as kind, str(name)):
            return Place((struct.client, struct.clock), kind, name, place.depth + 1, None, place.entry_name)
    raise AssertionError("a TYPE holds its kind and name")


_GONE = (Kind.DELETED, Kind.COLLECTED, Kind.TYPE)
_NO_TYPES: dict[int, Place] = {}
_NO_RUNS: tuple[list[int], list[Place | None]] = ([], [])
