"""Two servers of one lab behind a front door, with PostgreSQL and Redis: `make cluster`.

    .venv/bin/python -m scripts.cluster [--port 8000] [--servers 2]

Uses LAB_DATABASE_URL and LAB_REDIS_URL if they are set; else it starts a PostgreSQL and a Redis of its own,
which forget everything at the end. A second door, one port further, prefers the other server: two people who
come through different doors are on different servers. Stop one of them (the process ids are printed) and
look. Ctrl-C ends it all.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.server import Server
from scripts.balancer import Balancer
from tests.support.services import postgres_server, redis_server


@dataclass
class Cluster:
    servers: list[Server]
    doors: list[Balancer]

    @property
    def sign_in_links(self) -> list[str]:
        """Good through any door. There is none once somebody has signed in."""
        printed = "".join(server.log.read_text() for server in self.servers)
        return [f"{self.doors[0].url}/sign-in#{secret}" for secret in re.findall(r"/sign-in#(\S+)", printed)]


@contextmanager
def cluster(folder: Path, *, servers: int = 2, port: int = 0) -> Iterator[Cluster]:
    """`port`: of the first door, the others follow; 0: any."""
    with ExitStack() as stack:
        database, redis = os.environ.get("LAB_DATABASE_URL", ""), os.environ.get("LAB_REDIS_URL", "")
        if not database:
            postgres = stack.enter_context(postgres_server())
            # In a thread: whoever drives a browser has an event loop running in this one.
            with ThreadPoolExecutor(1) as thread:
                database = thread.submit(lambda: asyncio.run(postgres.database(empty=True))).result()
        if not redis:
            redis = stack.enter_context(redis_server()).url
        settings = {
            "LAB_DATABASE_URL": database, "LAB_REDIS_URL": redis, "LAB_DEMO": "1", "LAB_SCRATCH": "0",
            "LAB_LIMIT_FACTOR": "1",
            "LAB_SECRET": os.environ.get("LAB_SECRET", "the servers of one lab share it"),
        }  # fmt: skip
        running: list[Server] = []
        for number in range(servers):
            data = folder / f"server-{number + 1}"
            data.mkdir()
            server = Server(data, settings=settings)
            stack.callback(server.stop)
            # One after the other: the first makes the tables and the example.
            server.start()
            running.append(server)
        doors = [
            Balancer(
                [("127.0.0.1", server.port) for server in running],
                port=port + turned if port else 0,
                turned=turned,
            )
            for turned in range(servers)
        ]
        stack.enter_context(_open(doors))
        yield Cluster(running, doors)


@contextmanager
def _open(doors: list[Balancer]) -> Iterator[None]:
    """In a thread with a loop of its own."""
    opened, failure = threading.Event(), []
    closing: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def stay_open() -> None:
        try:
            async with AsyncExitStack() as stack:
                for door in doors:
                    await stack.enter_async_context(door)
                end = asyncio.Event()
                closing.append((asyncio.get_running_loop(), end))
                opened.set()
                await end.wait()
        except OSError as error:
            failure.append(error)
            opened.set()

    thread = threading.Thread(target=lambda: asyncio.run(stay_open()), name="doors")
    thread.start()
    opened.wait()
    if failure:
        raise failure[0]
    try:
        yield
    finally:
        loop, end = closing[0]
        loop.call_soon_threadsafe(end.set)
        thread.join()


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--servers", type=int, default=2)
    chosen = options.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with tempfile.TemporaryDirectory(prefix="lab-cluster-") as folder:
        print("Starting; this takes a few seconds for each server.", flush=True)
        with cluster(Path(folder), servers=chosen.servers, port=chosen.port) as running:
            print(f"\n  The lab is open on {' and '.join(door.url for door in running.doors)}\n")
            for server in running.servers:
                assert server.process is not None
                print(f"  server on port {server.port}, process {server.process.pid}, log {server.log}")
            if running.sign_in_links:
                print(f"\n  Sign in as the first member of staff, once:\n  {running.sign_in_links[-1]}\n")
            print("  Ctrl-C ends it all.", flush=True)
            ended.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
