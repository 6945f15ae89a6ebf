"""The guard: decides, in pure Python, whether an update may come near a document.

The core (pycrdt) can be killed, poisoned or slowed by a few well-chosen bytes, and an error it reports does
not mean that nothing happened. So every update from outside is decoded here first, strictly and without
recursion, and refused with the number of the rule it breaks:

- G1  An update has at least 2 bytes and at most 1 MiB.
- G2  Every number is a varuint of at most 8 bytes and at most 2^53 - 1, also inside values; no length reaches
      beyond the end; nothing follows the end.
- G3  Strings are strict UTF-8; JSON is valid, finite and at most 32 deep.
- G4  Values have known tags and are at most 32 deep.
- G5  Each client appears at most once among the structs and once among the deletions, never empty.
- G6  Every length is at least 1 and no clock reaches 2^31.
- G7  Contents are collected and deleted runs, binary, strings, embeds, formats, values, and types (array,
      map, text, XML element, fragment and text); no legacy JSON, sub-documents, XML hooks, skips or moves.
- G8  A client refers to its own items only backwards, and no items wait for each other in a circle.
- G9  A parent is a type (or was one before it was deleted), an item's neighbours live in the same parent, and
      what a parent holds is something that its type can hold.
- G10 Types are nested at most 32 deep, counted over the whole document.
- G11 At most 1,000 items that the core would merge into one follow each other, and merging them copies at
      most 1,000,000 values and 32 MiB of text.
- G12 At most 5,000 structs and 5,000 deletions, at most 1,000 of them inserted at one spot (100,000 of each
      when checked in a child process).
- G13 At most 64 clients write in one update.
- G14 A client's deletions rise and do not overlap.
- G15 A client id belongs to the person who first used it in this room.
- G16 A room holds at most 5,000 client ids, 1,000,000 items and 32 MiB.
- G17 What is inserted fits the schema of the room, where it has one.

Something that is merely missing here (a clock gap, a deletion of unknown items) is no refusal: `ClockGap`.
A client id from an earlier epoch is `Outdated`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .errors import ClockGap, Outdated, RefusedUpdate
from .places import Place, Places
from .ports import Lease, Schema
from .schema import ROOT_KINDS, misfit
from .updates import MAX_CLOCK, Decoded, Id, Kind, Struct, TooMany, TypeKind, decode_update


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much. The defaults are the product's; docs/protocol.md quotes them."""

    update_bytes: int = 1 << 20
    in_process_bytes: int = 64 << 10
    """Larger updates are not checked on the event loop (`NeedsChild`) but with `large=True` in a child."""
    structs: int = 5_000
    deletions: int = 5_000
    large: int = 100_000
    """Bound of both in a child process."""
    spot: int = 1_000
    """Items inserted at one spot: integrating them takes the square of their number."""
    chain: int = 1_000
    copied_values: int = 1_000_000
    copied_text: int = 32 << 20
    clients: int = 64
    depth: int = 32
    room_clients: int = 5_000
    room_items: int = 1_000_000
    room_bytes: int = 32 << 20


class NeedsChild(RefusedUpdate):
    """Too large to be checked on the event loop: check (`large=True`) and try it in a child process."""


class LeaseUnknown(RefusedUpdate):
    """The room knows this client id but `Known.leases` does not. Another node may have leased it: read the
    leases from the store again and check once more; the second time it is a refusal (nobody may write with
    the ids of a seed)."""


class RoomFull(RefusedUpdate):
    """A total (G16) is reached. Its bytes add up updates: `rebuild` from a fresh state may make room."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who sends, and who owns which client id. `leases` must be complete for the room, all epochs."""

    principal: str
    epoch: int
    leases: Mapping[int, Lease]


@dataclass(frozen=True, slots=True)
class Checked:
    """An update that passed. Picklable: a child process can check and its parent commit."""

    update: bytes
    new_clients: tuple[int, ...]
    """Ids without a lease so far: they become the sender's with the append (`Entry.new_clients`)."""
    structs: int
    """Structs that are new to this replica; 0 for a pure deletion or a repetition."""
    deletions: int
    """Ranges in the delete set; they may be old news."""
    clocks: dict[int, int]
    """Next clock of every client that this update moves."""
    additions: Places


class Guard:
    """The rules, and what they need to remember of one room: next clocks, where items live, totals.

    Order of use, one update at a time: `check`, apply to the core, and only after that succeeded `commit`.
    When applying failed, throw the guard away with the replica and `rebuild` both from the durable state.
    The guard never asks the core anything. It is picklable if its schema is.
    """

    def __init__(self, schema: Schema | None, limits: Limits | None = None) -> None:
        self.schema = schema
        self.limits = limits or Limits()
        self._places = Places()
        self._size = 0

    @property
    def clocks(self) -> Mapping[int, int]:
        """Next clock per client: the state vector, without asking the core."""
        return self._places.clocks

    @property
    def items(self) -> int:
        return self._places.items

    @property
    def size(self) -> int:
        """Bytes of the state last rebuilt from, and of every update since."""
        return self._size

    def check(self, update: bytes, known: Known | None, *, large: bool = False) -> Checked:
        """Raises RefusedUpdate (or one of its kinds above), ClockGap or Outdated, and nothing else; changes
        nothing. `known` None: from the log or from ourselves, so it was checked before: no sizes, ownership,
        totals or schema, only what the bookkeeping needs."""
        decoded = self._decode(update, large, trusted=known is None)
        new_clients: tuple[int, ...] = ()
        if known is not None:
            _check_chains(decoded, self.limits)
            new_clients = self._owned(decoded, known)
        draft = Places(self._places)
        spots = None if large or known is None else Counter[Place | Id]()
        self._integrate(decoded, draft, spots, trusted=known is None)
        for client, ranges in decoded.deletions.items():
            if ranges[-1][1] > draft.next_clock(client):
                raise ClockGap(f"It deletes items of client {client} that are not known here.")
        if known is not None:
            self._check_totals(draft, len(update))
        return Checked(update, new_clients, draft.items, decoded.deletion_count, draft.clocks, draft)

    def commit(self, checked: Checked) -> None:
        """The core has applied it: remember what it added."""
        self._places.absorb(checked.additions)
        self._size += len(checked.update)

    def rebuild(self, state: bytes) -> None:
        """Forget everything and index `state`, a trusted v1 update holding the whole document. It takes about
        a second per MB: for a large document do it in a child process and send the guard back."""
        self._places = Places()
        self._size = 0
        self.commit(self.check(state, None))

    def _decode(self, update: bytes, large: bool, *, trusted: bool) -> Decoded:
        limits = self.limits
        if trusted:
            return decode_update(
                update, clients=MAX_CLOCK, structs=MAX_CLOCK, deletions=MAX_CLOCK, from_core=True
            )
        if not 2 <= len(update) <= limits.update_bytes:
            raise RefusedUpdate("This update is empty or too big.", rule="G1")
        if large:
            return decode_update(update, clients=limits.clients, structs=limits.large, deletions=limits.large)
        if len(update) > limits.in_process_bytes:
            raise NeedsChild("This update is large.", rule="G1")
        try:
            return decode_update(
                update, clients=limits.clients, structs=limits.structs, deletions=limits.deletions
            )
        except TooMany as many:
            raise NeedsChild(str(many), rule=many.rule) from None

    def _owned(self, decoded: Decoded, known: Known) -> tuple[int, ...]:
        """The client ids to lease. Repeating what others wrote is fine; adding to it is not."""
        writing = [
            group[0].client
            for group in decoded.structs
            if group[-1].clock + group[-1].length > self._places.next_clock(group[0].client)
        ]
        for client in (*writing, *decoded.deletions):
            lease = known.leases.get(client)
            if lease is not None and lease.epoch < known.epoch:
                raise Outdated("This was written in an earlier edition of the document.")
        new: list[int] = []
        for client in writing:
            lease = known.leases.get(client)
            if lease is not None:
                if lease.principal != known.principal:
                    raise RefusedUpdate(f"Client id {client} is somebody else's.", rule="G15")
            elif client in self._places.clocks:
                raise LeaseUnknown(f"Client id {client} is not yours.", rule="G15")
            else:
                new.append(client)
        return tuple(new)

    def _integrate(
        self, decoded: Decoded, draft: Places, spots: Counter[Place | Id] | None, *, trusted: bool
    ) -> None:
        """Walk the structs in an order in which everything they refer to comes before them."""
        groups = {group[0].client: group for group in decoded.structs}
        for client, group in groups.items():
            if group[0].clock > draft.next_clock(client):
                raise ClockGap(f"Something of client {client} is missing before this.")
        reached = dict.fromkeys(groups, 0)
        for client, group in groups.items():
            # A client whose next struct refers to another's waits on this stack until that one got there.
            stack = [(client, group[-1].clock + group[-1].length)]
            while stack:
                walking, until = stack[-1]
                needed = self._walk(groups[walking], reached, until, draft, spots, trusted=trusted)
                if needed is None:
                    stack.pop()
                    continue
                if needed[0] not in groups or not _ends_after(groups[needed[0]], needed[1]):
                    raise ClockGap(f"It builds on something of client {needed[0]} that is not known here.")
                if any(waiting == needed[0] for waiting, _ in stack):
                    raise RefusedUpdate("Items wait for each other in a circle.", rule="G8")
                stack.append((needed[0], needed[1] + 1))

    def _walk(
        self,
        group: list[Struct],
        reached: dict[int, int],
        until: int,
        draft: Places,
        spots: Counter[Place | Id] | None,
        *,
        trusted: bool,
    ) -> Id | None:
        """Add a client's structs to the draft up to a clock; or stop at what has to come before."""
        client = group[0].client
        position = reached[client]
        while position < len(group) and group[position].clock < until:
            struct = group[position]
            known = draft.next_clock(client)
            if struct.clock + struct.length > known:
                needed = _needed(struct, draft)
                if needed is not None:
                    reached[client] = position
                    return needed
                place = self._placed(struct, known, draft, trusted=trusted)
                if spots is not None and place is not None:
                    spot = struct.origin or place
                    spots[spot] += 1
                    if spots[spot] > self.limits.spot:
                        raise NeedsChild("Too much is inserted at one spot.", rule="G12")
                draft.add(struct, known, place)
            position += 1
        reached[client] = position
        return None

    def _placed(self, struct: Struct, known: int, draft: Places, *, trusted: bool) -> Place | None:
        """Where this struct will live, if it may. None: in something that is deleted, so nowhere."""
        if struct.kind is Kind.COLLECTED:
            return None
        place = self._place(struct, draft)
        if place is None or trusted:
            return place
        if struct.clock < known:
            # The core continues a half-known item after the half it has, wherever this one claims to be.
            before = draft.place((struct.client, known - 1))
            if before is not None and before != place:
                raise RefusedUpdate("An item continues in another parent.", rule="G9")
        if not _can_hold(place, struct):
            raise RefusedUpdate("The parent cannot hold this.", rule="G9")
        if struct.kind is Kind.TYPE and place.depth >= self.limits.depth:
            raise RefusedUpdate(f"Types are nested more than {self.limits.depth} deep.", rule="G10")
        if self.schema is not None:
            why = misfit(self.schema, place, struct)
            if why is not None:
                raise RefusedUpdate(why, rule="G17")
        return place

    def _place(self, struct: Struct, draft: Places) -> Place | None:
        parent, key = struct.parent, struct.key
        if parent is None:
            neighbours = [draft.place(item) for item in (struct.origin, struct.right) if item is not None]
            if None in neighbours:
                return None
            if len(neighbours) == 2 and neighbours[0] != neighbours[1]:
                raise RefusedUpdate("An item's neighbours live in different parents.", rule="G9")
            return neighbours[0]
        if isinstance(parent, str):
            kind = None
            if self.schema is not None:
                declared = self.schema.roots.get(parent)
                kind = ROOT_KINDS.get(declared) if declared is not None else None
            inside = Place(parent, kind, parent, 0, None)
        else:
            found = draft.inside(parent)
            if found is None:
                if draft.is_gone(parent):
                    return None
                raise RefusedUpdate("A parent is not a type.", rule="G9")
            inside = found
        if key is None:
            return inside
        # Which key matters for attributes only; a map's entries share one place, however many there are.
        named = self.schema is not None and inside.kind is TypeKind.ELEMENT
        return Place(inside.owner, inside.kind, inside.name, inside.depth, key if named else "")

    def _check_totals(self, draft: Places, size: int) -> None:
        limits = self.limits
        new = sum(client not in self._places.clocks for client in draft.clocks)
        if new and len(self._places.clocks) + new > limits.room_clients:
            raise RoomFull("This document has been written by too many devices.", rule="G16")
        if self._places.items + draft.items > limits.room_items or self._size + size > limits.room_bytes:
            raise RoomFull("This document is full.", rule="G16")


def _needed(struct: Struct, draft: Places) -> Id | None:
    """Something this refers to that neither the room nor the draft has yet."""
    for reference in (struct.origin, struct.right, struct.parent):
        if reference is None or isinstance(reference, str):
            continue
        client, clock = reference
        if client == struct.client:
            if clock >= struct.clock:
                raise RefusedUpdate("An item refers to what its author wrote later.", rule="G8")
        elif clock >= draft.next_clock(client):
            return reference
    return None


def _ends_after(group: list[Struct], clock: int) -> bool:
    return clock < group[-1].clock + group[-1].length


def _check_chains(decoded: Decoded, limits: Limits) -> None:
    """The core merges a chain from its end, copying all that is behind a link: the nth item n - 1 times."""
    values = text = 0
    for group in decoded.structs:
        links = 0
        before: Struct | None = None
        for struct in group:
            if before is not None and _merges(before, struct):
                links += 1
                if links >= limits.chain:
                    raise RefusedUpdate("Too many items follow each other that should be one.", rule="G11")
                match struct.content:
                    case str(characters):
                        text += links * len(characters) * (1 if characters.isascii() else 4)
                    case list(items):
                        values += links * len(items)
            else:
                links = 0
            before = struct
    if values > limits.copied_values or text > limits.copied_text:
        raise RefusedUpdate("Long items follow each other that should be one.", rule="G11")


def _merges(before: Struct, struct: Struct) -> bool:
    return (
        struct.kind is before.kind
        and struct.kind in _MERGEABLE
        and struct.origin == (struct.client, struct.clock - 1)
        and struct.right == before.right
    )


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
            return kind is not Kind.FORMAT
    return kind is not Kind.VALUES and kind is not Kind.BINARY


_MERGEABLE: Final = (Kind.STRING, Kind.VALUES)
_NODES: Final = (TypeKind.ELEMENT, TypeKind.XML_TEXT, TypeKind.FRAGMENT)
