"""A lab of its own for a bench: fresh data folder, free port, started and killed by process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAB = ROOT / ".venv" / "bin" / "lab"


class Server:
    """`lab serve` in a child process. Everything it prints goes to `log`."""

    def __init__(self, data: Path, *, settings: dict[str, str] | None = None) -> None:
        self.data = data
        self.port = _free_port()
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

    def start(self, *, within: float = 30) -> float:
        """Seconds from start to answering `/readyz`."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(LAB), "serve", "--host", "127.0.0.1", "--port", str(self.port)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        while time.monotonic() - began < within:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server stopped while starting; see {self.log}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=1):
                    return time.monotonic() - began
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"the server did not answer within {within} s; see {self.log}")

    def token(self, email: str, role: str = "staff") -> str:
        printed = subprocess.run(
            [str(LAB), "token", email, "--role", role],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return printed.stdout.strip()

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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
