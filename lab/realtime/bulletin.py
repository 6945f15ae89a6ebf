"""Bulletins: what one node tells the others about a room, as bytes for the broker.

They are hints. Whoever receives one that cannot be read, or that does not follow on what it knows, reads
the log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .errors import ProtocolError
from .lib0 import Malformed, read_bytes, read_string, read_varuint, write_bytes, write_string, write_varuint
from .protocol import AwarenessUpdate, decode_any, encode


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log, and whose the client ids are that it uses first."""

    seq: int
    update: bytes
    principal: str
    new_clients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    epoch: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Here:
    states: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class WhoIsThere:
    """A node has opened the room: tell it who is with you."""


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The room has another epoch, or is gone."""


@dataclass(frozen=True, slots=True)
class Told:
    event: dict[str, Any]


Bulletin = Rows | Here | WhoIsThere | LookAgain | Told


def write(bulletin: Bulletin) -> bytes:
    match bulletin:
        case Rows(epoch, rows):
            parts = [b"\x00", write_varuint(epoch), write_varuint(len(rows))]
            for row in rows:
                parts += (write_varuint(row.seq), write_bytes(row.update), write_string(row.principal))
                parts += (write_varuint(len(row.new_clients)), *map(write_varuint, row.new_clients))
            return b"".join(parts)
        case Here(states):
            return b"\x01" + encode(AwarenessUpdate(states))
        case WhoIsThere():
            return b"\x02"
        case LookAgain():
            return b"\x03"
        case Told(event):
            return b"\x04" + json.dumps(event).encode()


def read(message: bytes) -> Bulletin | None:
    """None: not one of ours, or damaged."""
    try:
        match message[:1]:
            case b"\x00":
                return _read_rows(message)
            case b"\x01":
                frame = decode_any(message[1:], awareness_bytes=1 << 14)
                return Here(frame.states) if isinstance(frame, AwarenessUpdate) else None
            case b"\x02":
                return WhoIsThere()
            case b"\x03":
                return LookAgain()
            case b"\x04":
                event = json.loads(message[1:])
                return Told(event) if isinstance(event, dict) else None
    except (Malformed, ProtocolError, ValueError):
        pass
    return None


def _read_rows(message: bytes) -> Rows:
    epoch, at = read_varuint(message, 1)
    count, at = read_varuint(message, at)
    rows: list[Row] = []
    for _ in range(count):
        seq, at = read_varuint(message, at)
        update, at = read_bytes(message, at)
        principal, at = read_string(message, at)
        some, at = read_varuint(message, at)
        clients: list[int] = []
        for _ in range(some):
            client, at = read_varuint(message, at)
            clients.append(client)
        rows.append(Row(seq, update, principal, tuple(clients)))
    return Rows(epoch, tuple(rows))
