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
- G9  A parent is a type (or was one before it was deleted), an item's two neighbours are different and live
      in the same parent, and what a parent holds is something that its type can hold.
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
- G18 In a room with a schema nothing is inserted into, and no deletion ends within, a character of two UTF-16
      units (an emoji): the core loses count there. No editor of ours does it.

Something that is merely missing here (a clock gap, a deletion of unknown items) is no refusal: `ClockGap`.
A client id from an earlier epoch is `Outdated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .errors import Outdated, RefusedUpdate
from .places import Places
from .ports import EntryName, Lease, Schema, Touch
from .updates import MAX_CLOCK, Decoded, Kind, Struct, TooMany, decode_delete_set, decode_update
from .walk import Trust, Walk


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
    touched: dict[EntryName, Touch]
    """What it does to entries of root maps, in a room whose schema tells them apart."""


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
        nothing. `known` None: a row of the log, checked when it came, so no rule is asked again; it can still
        be a ClockGap, when a row before it is missing."""
        if known is None:
            return self._believe(update, Trust.LOG)
        decoded = self._decode(update, large)
        _check_chains(decoded, self.limits)
        new_clients = self._owned(decoded, known)
        walk = Walk(decoded, self._places, self.schema, self.limits.depth, Trust.NOBODY, known.principal)
        draft = walk.run()
        if not large and walk.most_at_one_spot > self.limits.spot:
            raise NeedsChild("Too much is inserted at one spot.", rule="G12")
        self._check_totals(draft, len(update))
        return Checked(
            update, new_clients, draft.items, decoded.deletion_count, draft.clocks, draft, walk.touched
        )

    def commit(self, checked: Checked, delete_sets: Iterable[bytes] = ()) -> None:
        """The core has applied it: remember what it added. `delete_sets`: what the core says it deleted,
        which is more than the update says where two people wrote one entry at the same moment."""
        self._places.absorb(checked.additions)
        if self.schema is not None and self.schema.check_entry is not None:
            for delete_set in delete_sets:
                for client, ranges in decode_delete_set(delete_set).items():
                    for first, end in ranges:
                        self._places.deleted.add(client, first, end)
        self._size += len(checked.update)

    def rebuild(self, state: bytes) -> None:
        """Forget everything and index `state`, the whole document as the core wrote it. It takes about a
        second per MB: for a large document do it in a child process and send the guard back."""
        self._places = Places()
        self._size = 0
        self.commit(self._believe(state, Trust.STATE))

    def _believe(self, update: bytes, trust: Trust) -> Checked:
        decoded = decode_update(
            update, clients=MAX_CLOCK, structs=MAX_CLOCK, deletions=MAX_CLOCK, from_core=True
        )
        draft = Walk(decoded, self._places, self.schema, self.limits.depth, trust).run()
        return Checked(update, (), draft.items, decoded.deletion_count, draft.clocks, draft, {})

    def _decode(self, update: bytes, large: bool) -> Decoded:
        limits = self.limits
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
                # Another node may have leased it since: the room reads log and leases, and asks again.
                raise RefusedUpdate(f"Client id {client} is not yours.", rule="G15")
            else:
                new.append(client)
        return tuple(new)

    def _check_totals(self, draft: Places, size: int) -> None:
        limits = self.limits
        new = sum(client not in self._places.clocks for client in draft.clocks)
        if new and len(self._places.clocks) + new > limits.room_clients:
            raise RoomFull("This document has been written by too many devices.", rule="G16")
        if self._places.items + draft.items > limits.room_items or self._size + size > limits.room_bytes:
            raise RoomFull("This document is full.", rule="G16")


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


_MERGEABLE: Final = (Kind.STRING, Kind.VALUES)
