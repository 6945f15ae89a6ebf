"""What the engine needs from outside, and what a feature may ask of the engine.

Adapters live in `stores/` and `brokers/`; kinds of room live in the features; `main.py` puts them together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, NewType, Protocol, runtime_checkable

from pycrdt import Doc

from .errors import StaleEpoch

RoomName = NewType("RoomName", str)
"""`kind/key`, for example `statement/01J9…`."""


class Access(IntEnum):
    NONE = 0
    READ = 1
    WRITE = 2


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever opens a connection, as the people feature knows them. `principal` owns client ids; it is
    the person's id, so that two devices of one person are one principal."""

    principal: str
    name: str
    session: str
    """Which sign-in this is, so that ending one closes its sockets."""
    expires_at: float | None = None
    """Unix seconds by the server's clock; None: no end of its own (a bearer token without expiry)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted update on its way into the log."""

    room: RoomName
    epoch: int
    update: bytes
    principal: str
    new_clients: tuple[int, ...] = ()
    """Yjs client ids this update uses for the first time in the room: they become the principal's."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One row of the log. `seq` counts 1, 2, 3 … within one room and epoch, in commit order, without
    holes."""

    seq: int
    update: bytes


@dataclass(frozen=True, slots=True)
class Lease:
    principal: str
    epoch: int
    """The epoch in which the client id was first used; it may not be used in a later one."""


@dataclass(frozen=True, slots=True)
class StoredRoom:
    """All that is durable of a room: a verified snapshot (may be empty) and the log after it."""

    room: RoomName
    epoch: int
    schema: int
    head: int
    """Sequence of the last logged update of this epoch; 0 when there is none."""
    snapshot: bytes | None
    snapshot_seq: int
    tail: tuple[Logged, ...]
    leases: dict[int, Lease] = field(default_factory=dict)


class Store(Protocol):
    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None:
        """The room exists, at epoch 1, holding exactly `seed` (a v1 update) as its log entry 1.

        `within`: the caller's own transaction (an SQLAlchemy AsyncSession on the same database), so that a
        feature's row and its document appear together or not at all. Creating a room twice raises
        `RoomExists`.
        """

    async def open(self, room: RoomName) -> StoredRoom | None:
        """None only if the room was never created or was deleted. Any failure raises: an unreadable room is
        never mistaken for an empty one."""

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        """Durable when it returns, all rooms in one transaction; per entry its seq, or StaleEpoch (that entry
        alone was left out). A client id already leased to another principal raises nothing here: the first
        lease stands (rooms check before they append). Raises `StorageDown` when nothing was stored."""

    async def since(self, room: RoomName, epoch: int, seq: int, limit: int = 1000) -> list[Logged]:
        """Rows with a sequence greater than `seq`, in order. Raises StaleEpoch if the room's epoch is
        another."""

    async def head(self, rooms: Sequence[RoomName]) -> dict[RoomName, tuple[int, int]]:
        """(epoch, head seq) of each room that exists: the cheap question behind the 5 s tick."""

    async def leases(self, room: RoomName) -> dict[int, Lease]:
        """Every client id ever used in the room."""

    async def write_snapshot(self, room: RoomName, epoch: int, seq: int, state: bytes) -> None:
        """Keep a verified fold of everything up to `seq`. An older snapshot than the stored one is
        ignored."""

    async def new_epoch(
        self, room: RoomName, seed: bytes, *, schema: int | None = None, within: Any = None
    ) -> int:
        """The room's content is now exactly `seed`, under the next epoch (returned). The old log stays, under
        its epoch, until the room is erased."""

    async def delete(self, room: RoomName, *, within: Any = None) -> None:
        """Nothing of the room is left, in any epoch."""


class RoomExists(Exception):
    """A room is created once."""


class Broker(Protocol):
    """Messages between processes: at most once, unordered at worst. A hint, never the truth."""

    async def publish(self, room: RoomName, message: bytes) -> None:
        """Never raises for a lost connection; what is lost is caught up from the log."""

    def subscribe(self, room: RoomName) -> AbstractAsyncContextManager[AsyncIterator[bytes | None]]:
        """Others' messages on this room, never our own. None means: the subscription was interrupted and
        something may have been missed, so read the log."""

    async def healthy(self) -> bool:
        """Can messages flow at this moment?"""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a kind of room may hold. Checked by the guard on every update, before it is applied."""

    version: int
    roots: dict[str, str]
    """Root name -> "text" | "map" | "array" | "xml"."""
    elements: frozenset[str]
    """Names XML elements may have."""
    attributes: dict[str, frozenset[str]]
    """Element name -> attribute names it may carry ("*" for every element)."""
    marks: frozenset[str]
    """Formatting keys, before any `--hash` suffix."""
    check_value: Callable[[str, str, Any], str | None] | None = None
    """(element or mark name, attribute, value) -> why it is refused, or None. For example a link's href."""
    check_entry: Callable[[str, str, Any, str], str | None] | None = None
    """(root map, key, what it comes to hold, principal) -> why it is refused, or None. What it comes to hold
    is one plain value or one of `Special`. With it every entry of a root map is told apart from the others,
    and `Checked.touched` says what an update does to each."""
    most_typed: int | None = None
    """UTF-16 units that one update may insert inside one such entry."""


EntryName = tuple[str, str]
"""Root map and key."""


class Special(Enum):
    """What an entry comes to hold when that is not a plain value."""

    NOTHING = "nothing"
    """It is removed."""
    TEXT = "text"
    MAP = "map"
    ARRAY = "array"


@dataclass(frozen=True, slots=True)
class Touch:
    """What one update does to one entry of a root map. What loses against an edit made at the same moment is
    counted as if it had won."""

    values: tuple[Any, ...]
    """Plain values or `Special`s that are written there: more than one when several people, or one person
    several times, wrote it."""
    removed: bool
    """It is deleted and nothing takes its place."""
    over: bool
    """Something is written over what its author knew to be there."""
    inside: bool
    """Something within the shared type that it holds is inserted, or deleted on its own."""
    typed: int
    """UTF-16 units inserted within it."""


class RoomKind(Protocol):
    """One per kind, written by the feature that owns the rooms."""

    schema: Schema | None
    """None: any root types and no schema handshake (scratch rooms)."""

    async def access(self, key: str, visitor: Visitor | None) -> Access:
        """What this visitor may do in this room right now. Raises RoomNotFound, NotSignedIn."""

    async def create_on_join(self, key: str, visitor: Visitor) -> bool:
        """Whether joining a room that was never created creates it (scratch rooms only)."""

    async def saved(self, key: str, doc: Doc[Any], principals: frozenset[str]) -> None:
        """Called, at most every few seconds and once more when the room closes, after updates of these
        principals became durable: derive rows (search, counts, activity, automatic versions) here."""


class Judge(Protocol):
    """The rules of one room about who may do what to which entry. In memory: it is asked on every update."""

    async def refresh(self) -> None:
        """Look the rules up. Called when the room opens, on every `changed` event and every few seconds."""

    def refuses(self, principal: str, touched: Mapping[EntryName, Touch], doc: Doc[Any]) -> str | None:
        """Why this may not be done, in words for whoever tried, or None. `doc` is as it was before; it must
        not be written to. Nothing of an update that is refused is applied."""


@runtime_checkable
class Judged(Protocol):
    """A `RoomKind` whose rooms have rules of their own."""

    def judge(self, key: str) -> Judge: ...


class Rooms(Protocol):
    """What features may ask of the engine."""

    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None: ...

    async def read(self, room: RoomName) -> bytes:
        """The durable state as one v1 update. Raises RoomNotFound."""

    async def replace(
        self, room: RoomName, seed: bytes, *, schema: int | None = None, within: Any = None
    ) -> int:
        """Start a new epoch with `seed` as the whole content; connected clients are told and closed (4409)
        only after the caller's transaction `within` has been committed and `announce` was called; without
        `within` both happen here. Returns the epoch."""

    async def announce(self, room: RoomName) -> None:
        """Let every node notice a new epoch or a deletion made within a caller's transaction."""

    async def tell(self, room: RoomName, event: dict[str, Any]) -> None:
        """Send a 102 event to everyone in the room who asked for events, on every node. `event["type"]` is
        one of those listed in docs/protocol.md."""

    async def recheck(self, principals: frozenset[str] | None = None) -> None:
        """Roles or sign-ins changed for these principals (None: anybody): ask `RoomKind.access` again for
        their open connections on this node and close, demote or promote them at once."""

    async def end_session(self, session: str) -> None:
        """Close every socket of one sign-in on this node (4401)."""

    def present(self, room: RoomName) -> list[tuple[str, str]]:
        """(principal, name) of those connected on this node."""
