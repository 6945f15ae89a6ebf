"""What the broker over Redis does about half-open connections, strangers, and a Redis that is not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from lab.realtime.brokers import open_broker
from lab.realtime.brokers.memory import MemoryBroker
from lab.realtime.brokers.postbox import Postbox
from lab.realtime.brokers.redis import RedisBroker
from lab.realtime.ports import RoomName
from tests.support.services import RedisServer

ROOM = RoomName("scratch/one")

pytestmark = pytest.mark.services


class Cable:
    """Between a node and Redis. While it is dead bytes vanish and nobody is told; what is plugged in when it
    has been mended works, what was plugged in before stays dead."""

    def __init__(self, url: str) -> None:
        self._target = int(url.split(":")[2].split("/")[0])
        self._is_dead = False
        self._dead: set[asyncio.StreamWriter] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None] | None] = set()
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Cable]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        try:
            yield self
        finally:
            server.close()
            for writer in self._writers:
                writer.close()
            await asyncio.gather(*filter(None, self._pumps))

    def die(self) -> None:
        self._is_dead = True

    def mend(self) -> None:
        self._dead |= self._writers
        self._is_dead = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._pumps.add(asyncio.current_task())
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                if not self._is_dead and sink not in self._dead:
                    sink.write(data)
        sink.close()


async def next_of(messages: AsyncIterator[bytes | None]) -> bytes | None:
    async with asyncio.timeout(60):
        return await anext(messages)


async def test_a_connection_that_died_in_silence_is_noticed_and_replaced(redis_url: str) -> None:
    async with (
        Cable(redis_url).running() as cable,
        RedisBroker(cable.url, patience=1, silence=0.1).running() as node,
        RedisBroker(redis_url).running() as other,
        node.subscribe(ROOM) as messages,
    ):
        assert await node.healthy()
        cable.die()
        await other.publish(ROOM, b"never arrives")
        assert not await node.healthy()
        cable.mend()
        assert await next_of(messages) is None
        await other.publish(ROOM, b"arrives")
        while (message := await next_of(messages)) != b"arrives":
            assert message is None
        assert await node.healthy()


async def test_a_quiet_redis_is_not_taken_for_a_dead_one(redis_url: str) -> None:
    async with (
        RedisBroker(redis_url, silence=0.02).running() as node,
        RedisBroker(redis_url).running() as other,
        node.subscribe(ROOM) as messages,
    ):
        with pytest.raises(TimeoutError):  # many times the silence, and no alarm
            await asyncio.wait_for(anext(messages), 0.3)
        await other.publish(ROOM, b"still here")
        assert await next_of(messages) == b"still here"


async def test_connections_that_redis_ends_are_replaced(redis_url: str) -> None:
    client = Redis.from_url(redis_url)
    async with (
        RedisBroker(redis_url).running() as node,
        RedisBroker(redis_url).running() as other,
        node.subscribe(ROOM) as messages,
    ):
        await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        assert await next_of(messages) is None
        await client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        # The first attempt may meet the connection that was ended; a later one does not.
        while (message := await said(other, messages)) is None:
            pass
        assert message == b"again"
    await client.aclose()


async def said(other: RedisBroker, messages: AsyncIterator[bytes | None]) -> bytes | None:
    await other.publish(ROOM, b"again")
    try:
        return await asyncio.wait_for(anext(messages), 0.5)
    except TimeoutError:
        return None


async def test_what_strangers_write_on_a_channel_is_left_alone(redis_url: str) -> None:
    client = Redis.from_url(redis_url)
    async with (
        RedisBroker(redis_url).running() as node,
        RedisBroker(redis_url).running() as other,
        node.subscribe(ROOM) as messages,
    ):
        with capture_logs() as told:
            await client.publish(f"lab:{ROOM}", b"hello?")
            await other.publish(ROOM, b"ours")
            assert await next_of(messages) == b"ours"
        assert [line["event"] for line in told] == ["redis_message_foreign"]
    await client.aclose()


async def test_a_node_starts_without_redis_and_finds_it_later() -> None:
    server = RedisServer()
    async with RedisBroker(server.url, patience=0.5).running() as node:
        assert not await node.healthy()
        async with node.subscribe(ROOM) as messages:
            await node.publish(ROOM, b"to nobody")
            await asyncio.to_thread(server.start)
            try:
                assert await next_of(messages) is None
                assert await node.healthy()
            finally:
                server.stop()


async def test_a_postbox_that_is_full_lets_the_oldest_go(redis_url: str) -> None:
    client = Redis.from_url(redis_url)
    async with RedisBroker(redis_url).running() as node, node.subscribe(ROOM) as messages:
        for limits in ({"messages": 2}, {"size": 10}):
            postbox = Postbox(client, b"somebody", **limits)
            for message in (b"first", b"second", b"third"):
                postbox.put(f"lab:{ROOM}", message)
            sending = asyncio.create_task(postbox.empty_for_ever())
            kept = [b"second", b"third"] if "messages" in limits else [b"third"]
            assert [await next_of(messages) for _ in kept] == kept
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    await client.aclose()


@pytest.mark.parametrize(("url", "is_kind"), [("", MemoryBroker), ("redis", RedisBroker)])
async def test_the_url_picks_the_broker(url: str, is_kind: Callable[..., object], redis_url: str) -> None:
    async with open_broker(redis_url if url else "") as broker:
        assert isinstance(broker, is_kind)  # type: ignore[arg-type]
        assert await broker.healthy()


async def test_who_stops_listening_just_as_redis_answers_is_let_go() -> None:
    broker = RedisBroker("redis://127.0.0.1:1/0")
    broker._listening.set()

    async def listen() -> None:
        async with broker.subscribe(ROOM):
            await asyncio.Event().wait()

    listening = asyncio.create_task(listen())
    for _ in range(5):
        await asyncio.sleep(0)
    [channel] = broker._channels.values()
    channel.answered.set()
    listening.cancel()
    done, _ = await asyncio.wait([listening], timeout=10)
    assert done
    assert listening.cancelled()
    assert not broker._channels
    await broker._redis.aclose()
