"""The protocol: bytes of a socket message, to frames and back. Pure; docs/protocol.md is its description.

0 0  SyncStep1         what I have (a state vector)         both ways
0 1  SyncStep2         what you lack, and all deletions     both ways
0 2  Update            an edit                              both ways
1    AwarenessUpdate   who is here and where                both ways
3    QueryAwareness    tell me who is here                  from a client
100  Mark              tell me when all this is durable     from a client
101  Saved             it is, up to this mark               from the server
102  Event             something happened (JSON)            from the server
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, assert_never

from .errors import ProtocolError
from .lib0 import (
    Malformed,
    Value,
    parse_json,
    read_bytes,
    read_string,
    read_varuint,
    write_bytes,
    write_string,
    write_varuint,
)

MAX_CLOCK: Final = (1 << 31) - 1
MAX_VECTOR_CLIENTS: Final = 5_000
MAX_AWARENESS_STATES: Final = 1_000
AWARENESS_STATE_BYTES: Final = 2_048


@dataclass(frozen=True, slots=True)
class SyncStep1:
    clocks: dict[int, int]
    """Client id -> next clock its sender lacks."""

    @property
    def state_vector(self) -> bytes:
        """The same as bytes for the core: written anew, never the ones that came over the wire."""
        return encode_vector(self.clocks)


@dataclass(frozen=True, slots=True)
class SyncStep2:
    update: bytes


@dataclass(frozen=True, slots=True)
class Update:
    update: bytes


@dataclass(frozen=True, slots=True)
class AwarenessUpdate:
    states: tuple[tuple[int, int, str], ...]
    """(client id, clock, state as JSON text: an object, or null for one who left)."""


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    pass


@dataclass(frozen=True, slots=True)
class Mark:
    n: int
    """Rising within a connection, from 1."""


@dataclass(frozen=True, slots=True)
class Saved:
    n: int


@dataclass(frozen=True, slots=True)
class Event:
    content: dict[str, Value]
    """`content["type"]` is one of those listed in docs/protocol.md."""


Frame = SyncStep1 | SyncStep2 | Update | AwarenessUpdate | QueryAwareness | Mark | Saved | Event
ClientFrame = SyncStep1 | SyncStep2 | Update | AwarenessUpdate | QueryAwareness | Mark


def decode(data: bytes, *, awareness_bytes: int = AWARENESS_STATE_BYTES) -> ClientFrame:
    """What a client may send. Raises ProtocolError and nothing else, whatever the bytes."""
    frame = decode_any(data, awareness_bytes=awareness_bytes)
    if isinstance(frame, Saved | Event):
        raise ProtocolError("This kind of message is sent by the server only.")
    return frame


def decode_any(data: bytes, *, awareness_bytes: int = AWARENESS_STATE_BYTES) -> Frame:
    """Both directions, for whoever plays the client. As strict as `decode`."""
    try:
        kind, at = read_varuint(data, 0)
        frame, at = _read(kind, data, at, awareness_bytes)
    except Malformed as malformed:
        raise ProtocolError(f"This message is malformed: {malformed}.") from None
    if at != len(data):
        raise ProtocolError("Something follows the end of this message.")
    return frame


def encode(frame: Frame) -> bytes:
    match frame:
        case SyncStep1():
            return b"\x00\x00" + write_bytes(frame.state_vector)
        case SyncStep2(update):
            return b"\x00\x01" + write_bytes(update)
        case Update(update):
            return b"\x00\x02" + write_bytes(update)
        case AwarenessUpdate(states):
            return b"\x01" + write_bytes(_encode_states(states))
        case QueryAwareness():
            return b"\x03"
        case Mark(n):
            return b"\x64" + write_varuint(n)
        case Saved(n):
            return b"\x65" + write_varuint(n)
        case Event(content):
            return b"\x66" + write_string(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
        case _:
            assert_never(frame)


def decode_vector(data: bytes) -> dict[int, int]:
    """Raises Malformed. Ours, because four bytes can make the core's decoder allocate gigabytes."""
    count, at = read_varuint(data, 0)
    if count > MAX_VECTOR_CLIENTS:
        raise Malformed("G5", "a state vector names too many clients")
    clocks: dict[int, int] = {}
    for _ in range(count):
        client, at = read_varuint(data, at)
        clock, at = read_varuint(data, at)
        if client in clocks or clock > MAX_CLOCK:
            raise Malformed("G5", "a state vector names a client twice, or an impossible clock")
        clocks[client] = clock
    if at != len(data):
        raise Malformed("G2", "something follows the end of a state vector")
    return clocks


def encode_vector(clocks: dict[int, int]) -> bytes:
    parts = [write_varuint(len(clocks))]
    for client, clock in clocks.items():
        parts += (write_varuint(client), write_varuint(clock))
    return b"".join(parts)


def _read(kind: int, data: bytes, at: int, awareness_bytes: int) -> tuple[Frame, int]:
    match kind:
        case 0:
            step, at = read_varuint(data, at)
            content, at = read_bytes(data, at)
            return _sync(step, content), at
        case 1:
            content, at = read_bytes(data, at)
            return _decode_states(content, awareness_bytes), at
        case 3:
            return QueryAwareness(), at
        case 100 | 101:
            n, at = read_varuint(data, at)
            if n == 0:
                raise Malformed("G2", "marks begin at 1")
            return (Mark(n) if kind == 100 else Saved(n)), at
        case 102:
            text, at = read_string(data, at)
            event = parse_json(text)
            if not isinstance(event, dict):
                raise Malformed("G3", "an event is a JSON object")
            return Event(event), at
    raise ProtocolError(f"There is no message of kind {kind}.")


def _sync(step: int, content: bytes) -> SyncStep1 | SyncStep2 | Update:
    match step:
        case 0:
            return SyncStep1(decode_vector(content))
        case 1:
            return SyncStep2(content)
        case 2:
            return Update(content)
    raise ProtocolError(f"There is no sync message of kind {step}.")


def _decode_states(data: bytes, state_bytes: int) -> AwarenessUpdate:
    count, at = read_varuint(data, 0)
    if count > MAX_AWARENESS_STATES:
        raise Malformed("G5", "too many are said to be here")
    states: list[tuple[int, int, str]] = []
    seen: set[int] = set()
    for _ in range(count):
        client, at = read_varuint(data, at)
        clock, at = read_varuint(data, at)
        size, _ = read_varuint(data, at)
        if size > state_bytes:
            raise ProtocolError("This presence is too big.", reason="awareness_too_big")
        text, at = read_string(data, at)
        if client in seen or clock > MAX_CLOCK:
            raise Malformed("G5", "a client is named twice, or with an impossible clock")
        seen.add(client)
        state = parse_json(text)
        if state is not None and not isinstance(state, dict):
            raise Malformed("G3", "presence is a JSON object or null")
        states.append((client, clock, text))
    if at != len(data):
        raise Malformed("G2", "something follows the end of the presence list")
    return AwarenessUpdate(tuple(states))


def _encode_states(states: tuple[tuple[int, int, str], ...]) -> bytes:
    parts = [write_varuint(len(states))]
    for client, clock, text in states:
        parts += (write_varuint(client), write_varuint(clock), write_string(text))
    return b"".join(parts)
