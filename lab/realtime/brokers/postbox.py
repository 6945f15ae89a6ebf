"""What a node has to say to the others: bounded, bundled per room, and dropped while Redis is away."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from collections.abc import Iterator
from random import SystemRandom

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

MESSAGES = 10_000
BYTES = 16 * 1024 * 1024
PATIENCE = 2.0
"""Seconds to wait for Redis before doing without it."""
NODE_BYTES = 8
TROUBLE = (RedisError, OSError, TimeoutError)


class Postbox:
    def __init__(self, redis: Redis, node: bytes, messages: int = MESSAGES, size: int = BYTES) -> None:
        self._redis = redis
        self._node = node
        self._messages = messages
        self._size = size
        self._held = 0
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._posted = asyncio.Event()

    def put(self, channel: str, message: bytes) -> None:
        self._waiting.append((channel, message))
        self._held += len(message)
        while len(self._waiting) > self._messages or self._held > self._size:
            # The oldest goes: what follows carries a later sequence, so that readers notice the gap.
            _, dropped = self._waiting.popleft()
            self._held -= len(dropped)
        self._posted.set()

    async def empty_for_ever(self) -> None:
        pauses = backoff()
        away = False
        while True:
            await self._posted.wait()
            self._posted.clear()
            try:
                await self._send()
            except TROUBLE as error:
                if not away:
                    log.warning(
                        "redis_away", direction="out", detail=repr(error), instead="others read the log"
                    )
                away = True
                await asyncio.sleep(next(pauses))
            else:
                if away:
                    log.info("redis_back", direction="out")
                    pauses, away = backoff(), False

    async def _send(self) -> None:
        """All that waits, in one round trip. Whether it works or not, it is not sent again."""
        parcels: dict[str, list[bytes]] = {}
        while self._waiting:
            channel, message = self._waiting.popleft()
            parcels.setdefault(channel, []).append(message)
        self._held = 0
        async with asyncio.timeout(2 * PATIENCE), self._redis.pipeline(transaction=False) as pipeline:
            for channel, messages in parcels.items():
                pipeline.publish(channel, wrap(self._node, messages))
            await pipeline.execute()


def wrap(node: bytes, messages: list[bytes]) -> bytes:
    """The sender, then each message after its length in four bytes."""
    return node + b"".join(struct.pack(">I", len(message)) + message for message in messages)


def unwrap(parcel: bytes) -> tuple[bytes, list[bytes]]:
    """Raises ValueError for what is not ours."""
    messages: list[bytes] = []
    position = NODE_BYTES
    while position < len(parcel):
        start = position + 4
        if start > len(parcel):
            raise ValueError("a parcel ends within a length")
        position = start + int.from_bytes(parcel[position:start], "big")
        messages.append(parcel[start:position])
    if position != len(parcel):
        raise ValueError("a parcel ends within a message")
    return parcel[:NODE_BYTES], messages


def backoff() -> Iterator[float]:
    """Seconds, growing and jittered, so that nodes do not come back in step."""
    limit = 0.1
    while True:
        yield SystemRandom().uniform(limit / 4, limit)
        limit = min(2.0, limit * 2)
