"""Every number of the engine. The defaults are the product's; docs/operations.md lists what may be set."""

from __future__ import annotations

from dataclasses import dataclass, field

from .guard import Limits


@dataclass(frozen=True, slots=True)
class Options:
    limits: Limits = field(default_factory=Limits)

    # One connection
    frames_per_second: float = 60
    frames_burst: float = 200
    bytes_per_second: float = 256 << 10
    bytes_burst: float = 4 << 20
    limit_factor: float = 1
    """Multiplies the four rates above."""
    slice_seconds: float = 0.0005
    """How long a connection's messages are worked on before the others have a turn."""
    message_bytes: int = (1 << 20) + 16
    """An update of the greatest size, and the few bytes around it."""
    awareness_bytes: int = 2 << 10
    outbox_messages: int = 256
    outbox_bytes: int = 1 << 20
    write_timeout: float = 10
    keepalive: float = 10
    awareness_ttl: float = 30

    # How many
    sockets_per_room: int = 1_000
    sockets_per_principal: int = 20

    # Rooms
    room_idle_seconds: float = 60
    saved_seconds: float = 2
    """How long the `saved` hook waits for more edits."""
    head_seconds: float = 5
    """How often the log is asked whether another node went on."""
    subscribe_seconds: float = 2
    """How long opening a room waits for the broker."""
    patience: float = 5
    """How long a frame waits for a room that is being loaded again."""
    compact_updates: int = 500
    compact_bytes: int = 64 << 10
    load_in_process: int = 64 << 10
    """Stored bytes beyond which a room is loaded by a child process."""

    # The journal
    journal_entries: int = 20_000
    journal_bytes: int = 64 << 20
    """Beyond either, connections are not read until the store has caught up."""
    batch_entries: int = 2_000
    batch_bytes: int = 8 << 20
    journal_retries: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4, 0.8, 1.4)
    reload_retries: tuple[float, ...] = (0.2, 0.5, 1, 2, 5)
    """Waits between attempts to read a room again; the last one repeats."""
    flush_seconds: float = 10
    """How long a stopping server waits for the store."""

    # Child processes
    children: int = 2
    child_memory: int = 3 << 30
    child_cpu_seconds: int = 5
    """For an update that is tried out."""
    child_load_cpu_seconds: int = 120
    """For loading or compacting a room."""


@dataclass(slots=True)
class Stats:
    """What happened so far. Plain counters; /metrics reads them."""

    connections_opened: int = 0
    frames_in: int = 0
    bytes_in: int = 0
    frames_out: int = 0
    bytes_out: int = 0
    updates_accepted: int = 0
    updates_refused: int = 0
    updates_poisoned: int = 0
    clock_gaps: int = 0
    appends: int = 0
    entries_appended: int = 0
    append_failures: int = 0
    append_seconds: float = 0.0
    entries_lost: int = 0
    """Given up because the store was away; their authors still hold them."""
    slow_readers: int = 0
    rooms_opened: int = 0
    rooms_closed: int = 0
    rooms_rebuilt: int = 0
    compactions: int = 0
    compaction_failures: int = 0
    pulls: int = 0
    rows_pulled: int = 0
    published: int = 0
    publish_failures: int = 0
    closed: dict[int, int] = field(default_factory=dict)
    """Close code -> how often we closed with it."""
