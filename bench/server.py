"""A lab of its own for a bench: fresh data folder, free port, started and killed by process id."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import IO

from lab.core.db import Database
from lab.core.identity import Role
from lab.core.settings import Settings
from lab.people import People

ROOT = Path(__file__).resolve().parents[1]
LAB = ROOT / ".venv" / "bin" / "lab"

PORTS = range(20_000, 30_000)
"""Below Linux's (32768 on) and the other systems' (49152 on) ranges for outgoing connections."""
_held: dict[int, IO[bytes]] = {}


class Server:
    """`lab serve` in a child process. Everything it prints goes to `log`."""

    def __init__(self, data: Path, *, settings: dict[str, str] | None = None) -> None:
        self.data = data
        self.port = reserve_port()
        self.log = data / "server.log"
        self.environment = {
            **os.environ,
            "LAB_DATA_DIR": str(data),
            "LAB_DEMO": "0",
            "LAB_SCRATCH": "1",
            "LAB_LIMIT_FACTOR": "1000",
            **(settings or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    def start(self, *, within: float = 120) -> float:
        """Seconds from start to answering `/readyz`. When it returns, the server has greeted as well."""
        began = time.monotonic()
        told = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(LAB), "serve", "--host", "127.0.0.1", "--port", str(self.port)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        self._until(self._is_ready, began + within)
        took = time.monotonic() - began
        # What is printed last of all. Until then it may still stop, over what it has to look up to say so.
        self._until(lambda: b"The lab is open on" in self.log.read_bytes()[told:], began + within)
        return took

    def _until(self, true: Callable[[], bool], deadline: float) -> None:
        assert self.process is not None
        while not true():
            if self.process.poll() is not None:
                raise RuntimeError(f"the server stopped while starting; {self._last_words()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server is not ready in time; {self._last_words()}")
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                return True
        except (OSError, HTTPException):
            return False

    def _last_words(self) -> str:
        return f"{self.log} ends:\n" + self.log.read_bytes()[-2000:].decode(errors="replace")

    def token(self, email: str, role: str = "staff") -> str:
        printed = subprocess.run(
            [str(LAB), "token", email, "--role", role],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return printed.stdout.strip()

    async def tokens(self, emails: list[str], role: Role = "participant") -> list[str]:
        """Many at once, without a process for each."""
        settings = Settings(data_dir=self.data, database_url=self.environment.get("LAB_DATABASE_URL", ""))
        database = Database(settings.database)
        try:
            people = People(database, settings)
            return [await people.token_for(email, email, role, days=1) for email in emails]
        finally:
            await database.dispose()

    def counters(self) -> dict[str, float]:
        """What `/metrics` says of the engine."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=5) as page:
            lines = [line.rpartition(" ") for line in page.read().decode().splitlines()]
        return {name: float(value) for name, _, value in lines if name.startswith("lab_")}

    def cpu(self) -> float:
        """Seconds of processor time, without its children's."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """The end without a goodbye: SIGKILL."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()

    def memory(self) -> int:
        """Resident bytes of the server process."""
        assert self.process is not None
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0


def reserve_port() -> int:
    """A free port of this machine, for this process as long as it lives.

    "Bind to 0, look, and close" is not enough: the system gives the same number away again, to another
    server or as the near end of somebody's outgoing connection, and a server that is down for a moment then
    finds its place taken, or its readiness answered by a stranger. So these ports lie below the range that
    the system gives away, and a lock keeps each for one process until that ends.
    """
    folder = Path(tempfile.gettempdir()) / f"lab-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if port not in _held and (lock := _lock(folder / str(port))) is not None:
            if _is_free(port):
                _held[port] = lock
                return port
            lock.close()
    raise RuntimeError(f"no port from {PORTS.start} to {PORTS.stop - 1} is free")


def _lock(path: Path) -> IO[bytes] | None:
    file = path.open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
