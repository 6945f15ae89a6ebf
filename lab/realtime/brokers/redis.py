"""The broker of many processes: Redis pub/sub, with a channel per room.

Pub/sub forgets. This adapter's duty is to be quick while Redis is there, to cost nothing while it is
not, and never to let a subscriber believe it heard everything when it may not have.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisGone

from lab.realtime.brokers.mailbox import Mailbox
from lab.realtime.brokers.postbox import NODE_BYTES, PATIENCE, TROUBLE, Postbox, backoff, unwrap
from lab.realtime.ports import RoomName

log = structlog.get_logger(__name__)

SILENCE = 5.0
"""Seconds without a word from Redis before asking whether it is still there."""


class _Channel:
    def __init__(self) -> None:
        self.mailboxes: list[Mailbox] = []
        self.joining: set[Mailbox] = set()
        """Those still inside `subscribe`: nothing can be missed by somebody who has not begun to listen."""
        self.asked: PubSub | None = None
        self.asked_at = 0.0
        self.live = False
        self.answered = asyncio.Event()

    def ask(self, pubsub: PubSub) -> None:
        self.asked = pubsub
        self.answered.clear()
        self.asked_at = time.monotonic()

    def unanswered(self, since: float) -> bool:
        return not self.live and self.asked_at < since

    def confirmed(self) -> None:
        """Redis says: subscribed. For whoever listened already that is the end of a gap, also when the client
        reconnected without telling us."""
        for mailbox in self.mailboxes:
            if mailbox not in self.joining:
                mailbox.missed()
        self.live = True
        self.answered.set()

    def interrupted(self) -> None:
        self.asked = None
        self.live = False
        self.answered.set()


class RedisBroker:
    def __init__(
        self, url: str, prefix: str = "lab:", *, patience: float = PATIENCE, silence: float = SILENCE
    ) -> None:
        # No retries inside the client: it would wait where we want to go on without Redis.
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=patience,
            socket_timeout=patience,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
        )
        self._patience = patience
        self._silence = silence
        self._prefix = prefix
        self._node = secrets.token_bytes(NODE_BYTES)
        self._postbox = Postbox(self._redis, self._node)
        self._channels: dict[str, _Channel] = {}
        # A connection without any subscription cannot be listened to, so each node has a channel of its own.
        self._own = f"{prefix}node:{self._node.hex()}"
        self._pubsub: PubSub | None = None
        self._commands = asyncio.Lock()
        self._listening = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RedisBroker]:
        tasks = [
            asyncio.create_task(self._listen_for_ever(), name="redis-listen"),
            asyncio.create_task(self._postbox.empty_for_ever(), name="redis-post"),
        ]
        try:
            with suppress(TimeoutError):  # start without Redis rather than not at all
                async with asyncio.timeout(self._patience):
                    await self._listening.wait()
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._redis.aclose()

    async def publish(self, room: RoomName, message: bytes) -> None:
        self._postbox.put(self._prefix + room, message)

    async def healthy(self) -> bool:
        if not self._listening.is_set():
            return False
        try:
            async with asyncio.timeout(self._patience):
                await self._redis.ping()
        except TROUBLE:
            return False
        return True

    @asynccontextmanager
    async def subscribe(self, room: RoomName) -> AsyncIterator[AsyncIterator[bytes | None]]:
        """Live once entered. While Redis is away it is entered all the same, and a None comes afterwards."""
        name = self._prefix + room
        channel = self._channels.setdefault(name, _Channel())
        mailbox = Mailbox()
        channel.mailboxes.append(mailbox)
        channel.joining.add(mailbox)
        try:
            await self._ask(name, channel)
            if self._listening.is_set():
                # Not `wait_for`: answered and cancelled at the same moment, it would forget the latter, and
                # what has ended would be listened for as long as the process lives.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._patience):
                        await channel.answered.wait()
            channel.joining.discard(mailbox)
            yield mailbox
        finally:
            channel.joining.discard(mailbox)
            channel.mailboxes.remove(mailbox)
            if not channel.mailboxes and self._channels.get(name) is channel:
                del self._channels[name]
                await self._leave(name)

    async def _ask(self, name: str, channel: _Channel) -> None:
        async with self._commands:
            if self._pubsub is None or channel.asked is self._pubsub:
                return  # the listener asks for everyone when it connects
            channel.ask(self._pubsub)
            with suppress(*TROUBLE):  # the listener meets the same trouble, and begins again
                await self._pubsub.subscribe(name)

    async def _leave(self, name: str) -> None:
        async with self._commands:
            if self._pubsub is not None and name not in self._channels:
                with suppress(*TROUBLE):
                    await self._pubsub.unsubscribe(name)

    async def _listen_for_ever(self) -> None:
        pauses = backoff()
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await self._listen(pubsub)
            except TROUBLE as error:
                if self._listening.is_set():
                    log.warning("redis_away", direction="in", detail=repr(error), instead="reading the log")
                    pauses = backoff()
            except Exception:
                log.exception("redis_listening_failed")
            finally:
                self._pubsub = None
                self._listening.clear()
                for channel in self._channels.values():
                    channel.interrupted()
            await asyncio.sleep(next(pauses))

    async def _listen(self, pubsub: PubSub) -> None:
        async with self._commands:
            self._pubsub = pubsub  # from here on newcomers ask for themselves
            for channel in self._channels.values():
                channel.ask(pubsub)
            await pubsub.subscribe(self._own, *self._channels)
        heard = checked = time.monotonic()
        while True:
            message = await pubsub.get_message(timeout=self._silence)
            now = time.monotonic()
            if message is not None:
                heard = now
                self._receive(message)
            if now - checked < self._silence:
                continue
            # Both a connection that is half open and a subscription whose command was lost look like silence.
            lost = any(channel.unanswered(checked) for channel in self._channels.values())
            if lost or now - heard > 2 * self._silence:
                raise RedisGone("Redis does not answer")
            checked = now
            async with self._commands:
                await pubsub.ping()

    def _receive(self, message: dict[str, Any]) -> None:
        name = message["channel"].decode() if message["channel"] else ""
        channel = self._channels.get(name)
        if message["type"] == "subscribe":
            if name == self._own:
                self._listening.set()
            elif channel is not None:
                channel.confirmed()
        elif message["type"] == "message" and channel is not None:
            try:
                node, parcel = unwrap(message["data"])
            except ValueError:
                log.warning("redis_message_foreign", channel=name)
                return
            if node != self._node:
                for mailbox in channel.mailboxes:
                    for part in parcel:
                        mailbox.put(part)
