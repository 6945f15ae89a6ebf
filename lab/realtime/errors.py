"""Everything that can go wrong on the wire, each with the code the other end is told.

    RealtimeError
    ├── ProtocolError      4400  bytes that are not a frame, not an update, or not allowed in this room
    ├── NotSignedIn        4401  nobody known, or a sign-in that has ended
    ├── NotAllowed         4403  known, but not (or no longer) allowed here
    │   └── RefusedByRule        somebody may write here, but not this
    ├── RoomNotFound       4404  no such room
    ├── Outdated           4409  another epoch, or another schema version, than the room's
    ├── TooBig             1009  a frame over the size limit
    ├── Restarting         1012  the server is stopping; come back
    ├── SlowReader         1013  the other end does not read; come back and catch up
    ├── Full               1013  too many sockets here, or of this person
    └── StorageDown        1013  an edit could not be made durable; keep it and come back

    RefusedUpdate (ProtocolError)   the guard's answer, with the number of the rule that was broken
    ClockGap                        not an error of the sender: something earlier is missing here
    StaleEpoch                      raised by a store when a room has moved on to another epoch

A client stops on 44xx and says why; it retries on 1xxx.
"""

from __future__ import annotations

from enum import IntEnum
from functools import partial
from typing import Any


class CloseCode(IntEnum):
    """Why a socket was closed by the server. The browser's copy is generated from this."""

    TOO_BIG = 1009
    BROKEN_ROOM = 1011
    RESTARTING = 1012
    TRY_LATER = 1013
    PROTOCOL = 4400
    NOT_SIGNED_IN = 4401
    NOT_ALLOWED = 4403
    NO_SUCH_ROOM = 4404
    OUTDATED = 4409


class RealtimeError(Exception):
    """`reason` is a stable word for machines (at most 123 bytes reach the wire); `str()` is for people."""

    close = CloseCode.BROKEN_ROOM
    reason = "error"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        if reason is not None:
            self.reason = reason


class ProtocolError(RealtimeError):
    close = CloseCode.PROTOCOL
    reason = "protocol"


class RefusedUpdate(ProtocolError):
    """An update the guard will not let near a document. `rule` is its number in docs/protocol.md, e.g.
    "G7"."""

    reason = "update_refused"

    def __init__(self, message: str, *, rule: str) -> None:
        super().__init__(message, reason=f"update_refused:{rule}")
        self.rule = rule

    def __reduce__(self) -> tuple[Any, ...]:
        # Refusals come out of child processes; by default an exception forgets its keywords on the way.
        return partial(type(self), rule=self.rule), self.args


class NotSignedIn(RealtimeError):
    close = CloseCode.NOT_SIGNED_IN
    reason = "not_signed_in"


class NotAllowed(RealtimeError):
    close = CloseCode.NOT_ALLOWED
    reason = "not_allowed"


class RefusedByRule(NotAllowed):
    """An update that does something its author may not do in this room. The message says what and why."""

    reason = "update_refused:rule"


class RoomNotFound(RealtimeError):
    close = CloseCode.NO_SUCH_ROOM
    reason = "no_such_room"


class Outdated(RealtimeError):
    """`reason` is "epoch" or "schema"."""

    close = CloseCode.OUTDATED
    reason = "epoch"


class TooBig(RealtimeError):
    close = CloseCode.TOO_BIG
    reason = "too_big"


class Restarting(RealtimeError):
    close = CloseCode.RESTARTING
    reason = "restarting"


class SlowReader(RealtimeError):
    close = CloseCode.TRY_LATER
    reason = "slow_reader"


class Full(RealtimeError):
    close = CloseCode.TRY_LATER
    reason = "full"


class StorageDown(RealtimeError):
    close = CloseCode.TRY_LATER
    reason = "storage"


class ClockGap(Exception):
    """The update builds on something this replica has not seen. Ask for it; do not close."""


class StaleEpoch(Exception):
    """The room has another epoch by now: nothing of this append was stored."""
