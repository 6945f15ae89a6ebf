"""The walk: through an update's structs in the order the core can take them, to see what they would add.

Each struct finds its place before the next is looked at, because the next may stand beside it or inside it.
"""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from typing import Final

from .entries import Touched
from .errors import ClockGap, RefusedUpdate
from .places import Place, Places
from .ports import EntryName, Schema, Touch
from .schema import ROOT_KINDS, misfit, misfit_touch
from .updates import Decoded, Id, Kind, Struct, TypeKind


class Trust(IntEnum):
    NOBODY = 0
    """It comes from outside: every rule is asked."""
    LOG = 1
    """It was checked when it came. Something before it may be missing here."""
    STATE = 2
    """The core wrote all of a document: there is nothing to refuse, only to remember."""


class Walk:
    """One pass over one update; raises RefusedUpdate (G8, G9, G10, G17, G18) or ClockGap."""

    def __init__(
        self,
        decoded: Decoded,
        places: Places,
        schema: Schema | None,
        depth: int,
        trust: Trust,
        principal: str = "",
    ) -> None:
        self._decoded = decoded
        self._groups = {group[0].client: group for group in decoded.structs}
        self._reached = dict.fromkeys(self._groups, 0)
        self._draft = Places(places, with_halves=schema is not None)
        self._schema = schema
        self._depth = depth
        self._trust = trust
        self._principal = principal
        self._names_entries = schema is not None and schema.check_entry is not None
        self._spots: Counter[Place | Id] = Counter()
        self._known = places
        self._entries = Touched()
        self.touched: dict[EntryName, Touch] = {}
        """What it does to entries of root maps, where they are told apart. There after `run`."""

    @property
    def most_at_one_spot(self) -> int:
        return max(self._spots.values(), default=0)

    def run(self) -> Places:
        """What the update would add."""
        for client, group in self._groups.items():
            if group[0].clock > self._draft.next_clock(client) and self._trust < Trust.STATE:
                raise ClockGap(f"Something of client {client} is missing before this.")
        for client, group in self._groups.items():
            self._finish(client, _end(group))
        if self._trust < Trust.STATE:
            self._look_at_deletions()
        if self._names_entries:
            self._look_at_entries()
        # What it would add must not keep, nor carry into another process, everything that is there already.
        self._draft.below = None
        return self._draft

    def _finish(self, client: int, until: int) -> None:
        # A client whose next struct refers to another's waits on this stack until that one got there.
        stack = [(client, until)]
        while stack:
            needed = self._advance(*stack[-1], [waiting for waiting, _ in stack])
            if needed is None:
                stack.pop()
            else:
                stack.append((needed[0], needed[1] + 1))

    def _advance(self, client: int, until: int, waiting: list[int]) -> Id | None:
        """Add a client's structs to the draft up to a clock; or stop at what has to come before."""
        group = self._groups[client]
        position = self._reached[client]
        while position < len(group) and group[position].clock < until:
            struct = group[position]
            known = max(self._draft.next_clock(client), struct.clock)
            if struct.clock + struct.length > known:
                needed = self._needed(struct, waiting)
                if needed is not None:
                    self._reached[client] = position
                    return needed
                self._add(struct, known)
            position += 1
        self._reached[client] = position
        return None

    def _needed(self, struct: Struct, waiting: list[int]) -> Id | None:
        """Something this refers to that neither the room nor the draft has yet, but this update has."""
        for reference in (struct.origin, struct.right, struct.parent):
            if reference is None or isinstance(reference, str):
                continue
            client, clock = reference
            if client == struct.client:
                if clock >= struct.clock and self._trust < Trust.STATE:
                    raise RefusedUpdate("An item refers to what its author wrote later.", rule="G8")
            elif clock >= self._draft.next_clock(client):
                comes = client in self._groups and clock < _end(self._groups[client])
                if comes and client not in waiting:
                    return reference
                if self._trust < Trust.STATE:
                    if comes:
                        raise RefusedUpdate("Items wait for each other in a circle.", rule="G8")
                    raise ClockGap(f"It builds on something of client {client} that is not known here.")
        return None

    def _add(self, struct: Struct, known: int) -> None:
        place = None if struct.kind is Kind.COLLECTED else self._place(struct)
        if place is not None and self._trust is Trust.NOBODY:
            self._ask(struct, known, place)
            self._spots[struct.origin or place] += 1
            if self._names_entries:
                self._entries.add(struct, place)
        self._draft.add(struct, known, place)

    def _place(self, struct: Struct) -> Place | None:
        """Where it will live. None: in something that is deleted, so nowhere."""
        parent, key = struct.parent, struct.key
        if parent is None:
            return self._beside(struct)
        if isinstance(parent, str):
            declared = self._schema.roots.get(parent) if self._schema is not None else None
            kind = ROOT_KINDS.get(declared) if declared is not None else None
            inside = Place(parent, kind, parent, 0, None)
        else:
            found = self._draft.inside(parent)
            if found is None:
                if self._trust is Trust.NOBODY and not self._draft.is_gone(parent):
                    raise RefusedUpdate("A parent is not a type.", rule="G9")
                return None
            inside = found
        if key is None:
            return inside
        # Which key matters for attributes, and for root maps where their entries are told apart; elsewhere a
        # map's entries share one place, however many there are.
        of_root = self._names_entries and isinstance(inside.owner, str)
        named = self._schema is not None and (inside.kind is TypeKind.ELEMENT or of_root)
        return inside._replace(key=key if named else "")

    def _beside(self, struct: Struct) -> Place | None:
        if struct.origin == struct.right and self._trust is Trust.NOBODY:
            raise RefusedUpdate("An item's neighbours are one and the same.", rule="G9")
        neighbours = [self._draft.place(item) for item in (struct.origin, struct.right) if item is not None]
        if neighbours[0] != neighbours[-1] and self._trust is Trust.NOBODY:
            raise RefusedUpdate("An item's neighbours live in different parents.", rule="G9")
        return neighbours[0]

    def _ask(self, struct: Struct, known: int, place: Place) -> None:
        """Every rule about what may be where."""
        if struct.clock < known:
            # The core continues a half-known item after the half it has, wherever this one claims to be.
            before = self._draft.place((struct.client, known - 1))
            if before is not None and before != place:
                raise RefusedUpdate("An item continues in another parent.", rule="G9")
        if not _can_hold(place, struct):
            raise RefusedUpdate("The parent cannot hold this.", rule="G9")
        if struct.kind is Kind.TYPE and place.depth >= self._depth:
            raise RefusedUpdate(f"Types are nested more than {self._depth} deep.", rule="G10")
        if self._schema is not None:
            why = misfit(self._schema, place, struct, self._principal)
            if why is not None:
                raise RefusedUpdate(why, rule="G17")
            origin, right = struct.origin, struct.right
            if (origin is not None and self._draft.is_half((origin[0], origin[1] + 1))) or (
                right is not None and self._draft.is_half(right)
            ):
                raise RefusedUpdate("Something is inserted into the middle of a character.", rule="G18")

    def _look_at_deletions(self) -> None:
        for client, ranges in self._decoded.deletions.items():
            if ranges[-1][1] > self._draft.next_clock(client):
                raise ClockGap(f"It deletes items of client {client} that are not known here.")
            if self._schema is not None and self._trust is Trust.NOBODY:
                for first, end in ranges:
                    if self._draft.is_half((client, first)) or self._draft.is_half((client, end)):
                        raise RefusedUpdate("A deletion ends in the middle of a character.", rule="G18")

    def _look_at_entries(self) -> None:
        deletions = self._decoded.deletions
        if self._schema is not None and self._trust is Trust.NOBODY:
            self.touched = self._entries.result(deletions, self._draft, self._known.deleted)
            for name, touch in self.touched.items():
                why = misfit_touch(self._schema, name, touch, self._principal)
                if why is not None:
                    raise RefusedUpdate(why, rule="G17")
        for client, ranges in deletions.items():
            for first, end in ranges:
                self._draft.deleted.add(client, first, end)


def _end(group: list[Struct]) -> int:
    return group[-1].clock + group[-1].length


def _can_hold(place: Place, struct: Struct) -> bool:
    """What holds for every document, schema or not. The core finds such a mismatch only half-way through."""
    kind = struct.kind
    if kind is Kind.DELETED or place.kind is None:
        return True
    if place.key is not None:
        return kind is not Kind.FORMAT
    match place.kind:
        case TypeKind.MAP:
            return False
        case TypeKind.ELEMENT | TypeKind.FRAGMENT:
            return kind is Kind.TYPE and isinstance(struct.content, tuple) and struct.content[0] in _NODES
        case TypeKind.ARRAY:
            return kind in (Kind.VALUES, Kind.BINARY, Kind.TYPE)
    return kind is not Kind.VALUES and kind is not Kind.BINARY


_NODES: Final = (TypeKind.ELEMENT, TypeKind.XML_TEXT, TypeKind.FRAGMENT)
