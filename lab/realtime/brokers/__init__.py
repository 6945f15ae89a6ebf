"""How nodes tell each other that something happened. `open_broker` picks by the URL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lab.realtime.brokers.memory import MemoryBroker
from lab.realtime.ports import Broker


@asynccontextmanager
async def open_broker(url: str) -> AsyncIterator[Broker]:
    """`redis://…`, or "" for a single process. A Redis that is away is no reason not to start."""
    if not url:
        yield MemoryBroker()
        return
    from lab.realtime.brokers.redis import RedisBroker  # a single process need not load the client

    async with RedisBroker(url).running() as broker:
        yield broker
