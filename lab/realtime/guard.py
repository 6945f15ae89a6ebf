"""The guard: decides, in pure Python, whether an update may come near a document.

The core (pycrdt) can be killed, poisoned or slowed by a few well-chosen bytes, and an error it reports does not
mean that nothing happened. So every update from outside is decoded here first, strictly and without recursion,
and refused with the number of the rule it breaks:

- G1  An update has at least 2 bytes and at most 1 MiB.
- G2  Every number is a varuint of at most 8 bytes and at most 2^53 - 1, also inside values; no length reaches
      beyond the end; nothing follows the end.
- G3  Strings are strict UTF-8; JSON is valid, finite and at most 32 deep.
- G4  Values have known tags and are at most 32 deep.
- G5  Each client appears at most once among the structs and at most once among the deletions, never empty.
- G6  Every length is at least 1 and no clock reaches 2^31.
- G7  Contents are deleted runs, binary, strings, embeds, formats, types (array, map, text, XML element,
      fragment, text) and values, or collected runs; no legacy JSON, sub-documents, skips or moves.
- G8  A client refers to its own items only backwards, and no items wait for each other in a circle.
- G9  A parent is a type (or was one before it was deleted), and an item's neighbours live in the same parent.
- G10 Types are nested at most 32 deep, counted over the whole document.
- G11 At most 1,000 items that the core would merge into one follow each other.
- G12 At most 5,000 structs and 5,000 deletions (100,000 of each when checked in a child process).
- G13 At most 64 clients write in one update.
- G14 A client's deletions rise and do not overlap.
- G15 A client id belongs to the person who first used it in this room.
- G16 A room holds at most 5,000 client ids, 1,000,000 items and 32 MiB.
- G17 What is inserted fits the schema of the room, where it has one.

Something that is merely missing here (a clock gap, a deletion of unknown items) is no refusal: `ClockGap`.
A client id from an earlier epoch is `Outdated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import RefusedUpdate
from .ports import Lease, Schema


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much. The defaults are the product's; docs/protocol.md quotes them."""

    update_bytes: int = 1 << 20
    in_process_bytes: int = 64 << 10
    """Larger updates are not checked here (`NeedsChild`) but with `large=True` in a child process."""
    structs: int = 5_000
    deletions: int = 5_000
    large: int = 100_000
    """Bound of both in a child process."""
    chain: int = 1_000
    clients: int = 64
    depth: int = 32
    room_clients: int = 5_000
    room_items: int = 1_000_000
    room_bytes: int = 32 << 20


class NeedsChild(RefusedUpdate):
    """Too large to be checked on the event loop: check (`large=True`) and try it in a child process."""


class LeaseUnknown(RefusedUpdate):
    """The room knows this client id but `Known.leases` does not. Another node may have leased it: read the
    leases from the store again and check once more; the second time it is a refusal."""


class RoomFull(RefusedUpdate):
    """A total (G16) is reached. The byte total counts updates, so `rebuild` from a fresh state may free room."""


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
    """Next clock of every client this update moves."""


class Guard:
    """The rules, and what they need to remember of one room: next clocks, where items live, totals.

    Order of use, one update at a time: `check`, apply to the core, and only after that succeeded `commit`.
    When applying failed, throw the guard away with the replica and `rebuild` both from the durable state.
    The guard never asks the core anything.
    """

    def __init__(self, schema: Schema | None, limits: Limits | None = None) -> None: ...

    @property
    def clocks(self) -> Mapping[int, int]:
        """Next clock per client: the state vector, without asking the core."""
        raise NotImplementedError

    def check(self, update: bytes, known: Known | None, *, large: bool = False) -> Checked:
        """Raises RefusedUpdate (or one of its kinds above), ClockGap or Outdated, and nothing else; changes
        nothing. `known` None: from the log or from ourselves, so ownership (G15), totals (G16) and schema (G17)
        are not asked again."""
        raise NotImplementedError

    def commit(self, checked: Checked) -> None:
        """The core has applied it: remember what it added."""
        raise NotImplementedError

    def rebuild(self, state: bytes) -> None:
        """Forget everything and index `state`, a trusted v1 update holding the whole document. About 2 s per
        MB: for large documents run it in a child process and send the guard back (it is picklable)."""
        raise NotImplementedError
