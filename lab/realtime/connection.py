"""A connection: one socket of one visitor, with a bounded outbox and one task that empties it.

Whatever the room has to say is offered and never waited for. Who does not read is let go: it comes back and
catches up.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Protocol

import structlog

from .errors import RealtimeError, SlowReader
from .options import Options, Stats
from .ports import Access, Visitor
from .protocol import AwarenessUpdate, Event, encode

log = structlog.get_logger(__name__)


class Socket(Protocol):
    async def send(self, message: bytes) -> None:
        """Returns when there is room for more; raises anything when the other end is gone."""

    async def close(self, code: int, reason: str) -> None: ...


class Bucket:
    """Tokens that come back with time. `take` says how long to wait for what was taken beyond them."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, now

    def take(self, amount: float, now: float) -> float:
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - amount
        self._at = now
        return max(0.0, -self._left / self._rate)


class Connection:
    def __init__(
        self, socket: Socket, visitor: Visitor, options: Options, stats: Stats, *, lab: bool
    ) -> None:
        now = asyncio.get_running_loop().time()
        self.visitor = visitor
        self.lab = lab
        """It asked for marks and events."""
        self.access = Access.NONE
        self.asked = asyncio.Lock()
        """Held while its access is being looked up."""
        self.lacking = False
        """An update of its was not taken: what it holds is not what we hold, until a sync step 2 was
        taken."""
        self.gap = False
        """We have asked for what was missing and wait for the sync step 2."""
        self.mark = 0
        self.held_mark = 0
        self.depends = 0
        """How many of the room's submissions it relies on: if one of them is lost it has to come back."""
        self.answering = False
        """It has asked what it lacks, and the answer waits to be sayable."""
        self.answer_holds = 0
        """How many of the room's submissions are in that answer."""
        self.behind: list[bytes] = []
        """What is to follow that answer: a client that gets the middle before the beginning has to keep it
        apart, and not every implementation of the core finds it again."""
        self.greeted = False
        """It has been told who else is here."""
        self.client: int | None = None
        """The awareness client id it speaks for."""
        self.error: RealtimeError | None = None
        """Why it is being closed by us."""
        self.sent_at = now
        self.done = asyncio.Event()
        """Nothing more will be sent, and the other end has been told why."""
        self._over = False
        self._socket = socket
        self._options = options
        self._stats = stats
        self._frames = Bucket(
            options.frames_per_second * options.limit_factor, options.frames_burst * options.limit_factor, now
        )
        self._bytes = Bucket(
            options.bytes_per_second * options.limit_factor, options.bytes_burst * options.limit_factor, now
        )
        self._outbox: deque[tuple[bytes, int]] = deque()
        """Messages, and how much of the bound each takes."""
        self._presence: dict[int, tuple[int, str]] = {}
        self._held = 0
        self._wake = asyncio.Event()
        self._sending: asyncio.Timeout | None = None

    @property
    def closed(self) -> bool:
        return self.error is not None or self._over

    async def pace(self, size: int) -> None:
        """Reading more slowly is what holds a flood back: nothing of an honest burst is lost by it."""
        now = asyncio.get_running_loop().time()
        self._stats.frames_in += 1
        self._stats.bytes_in += size
        wait = max(self._frames.take(1, now), self._bytes.take(size, now))
        if wait:
            await asyncio.sleep(wait)

    def offer(self, message: bytes) -> None:
        if self.closed:
            return
        if len(self._outbox) >= self._options.outbox_messages or (
            self._held and self._held + len(message) > self._options.outbox_bytes
        ):
            self._stats.slow_readers += 1
            self.close(SlowReader("You were sent more than you read."))
            return
        self._held += len(message)
        self._outbox.append((message, len(message)))
        self._wake.set()

    def offer_whole(self, message: bytes) -> None:
        """A document as a whole may be larger than any outbox. At most one such answer waits at a time."""
        if not self.closed:
            self._outbox.append((message, 0))
            self._wake.set()

    def offer_presence(self, states: tuple[tuple[int, int, str], ...]) -> None:
        """Only the newest state of each client is worth sending."""
        if not self.closed:
            for client, clock, text in states:
                self._presence[client] = (clock, text)
            self._wake.set()

    def tell(self, event: dict[str, Any]) -> None:
        if self.lab:
            self.offer(encode(Event(event)))

    def close(self, error: RealtimeError) -> None:
        """What was offered is still sent first, except to one who does not read."""
        if self.closed:
            return
        self.error = error
        self._stats.closed[error.close] = self._stats.closed.get(error.close, 0) + 1
        if isinstance(error, SlowReader):
            self._drop()
            if self._sending is not None:
                self._sending.reschedule(asyncio.get_running_loop().time())
        self._wake.set()

    def _drop(self) -> None:
        self._outbox.clear()
        self._presence.clear()
        self._held = 0

    async def run(self) -> None:
        """Sends until closed, from either end."""
        try:
            while self.error is None or self._outbox:
                await self._empty()
                if self.error is None:
                    self._wake.clear()
                    if not self._outbox and not self._presence:
                        await self._wake.wait()
        except TimeoutError:
            self._sending = None
            if self.error is None:
                self._stats.slow_readers += 1
                self.close(SlowReader("You do not read what you are sent."))
        except Exception:
            # The other end is gone; whoever reads from it finds out by itself.
            log.debug("send_failed", exc_info=True)
        finally:
            self._drop()
            self._over = True
            try:
                await self._hang_up()
            finally:
                self.done.set()

    async def _empty(self) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._options.write_timeout) as self._sending:
            while self._outbox or self._presence:
                message = self._next()
                await self._socket.send(message)
                self.sent_at = loop.time()
                self._stats.frames_out += 1
                self._stats.bytes_out += len(message)
                if not self._sending.expired():
                    self._sending.reschedule(self.sent_at + self._options.write_timeout)
        self._sending = None

    def _next(self) -> bytes:
        if self._outbox:
            message, size = self._outbox.popleft()
            self._held -= size
            return message
        states = tuple((client, clock, text) for client, (clock, text) in self._presence.items())
        self._presence.clear()
        return encode(AwarenessUpdate(states))

    async def _hang_up(self) -> None:
        if self.error is None:
            return
        try:
            async with asyncio.timeout(self._options.write_timeout):
                await self._socket.close(self.error.close, self.error.reason)
        except Exception:
            log.debug("close_failed", exc_info=True)
