"""One subscriber's mailbox: bounded, and honest about what did not fit."""

from __future__ import annotations

import asyncio
from collections import deque

MESSAGES = 4096
BYTES = 8 * 1024 * 1024


class Mailbox:
    """An endless iterator of messages; None stands for "something was missed before this"."""

    def __init__(self, messages: int = MESSAGES, size: int = BYTES) -> None:
        self._waiting: deque[bytes | None] = deque()
        self._filled = asyncio.Event()
        self._messages = messages
        self._size = size
        self._held = 0

    def put(self, message: bytes) -> None:
        if len(self._waiting) >= self._messages or self._held + len(message) > self._size:
            # The reader catches up from the log in one go; that is cheaper than reading the backlog.
            self.missed()
            return
        self._waiting.append(message)
        self._held += len(message)
        self._filled.set()

    def missed(self) -> None:
        """All that waits is dropped: whoever reads the log after a None has it anyway."""
        self._waiting.clear()
        self._held = 0
        self._waiting.append(None)
        self._filled.set()

    def __aiter__(self) -> Mailbox:
        return self

    async def __anext__(self) -> bytes | None:
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        message = self._waiting.popleft()
        if message is not None:
            self._held -= len(message)
        return message
