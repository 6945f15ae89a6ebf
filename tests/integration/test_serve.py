"""`lab serve` as a process: it greets, serves, stops, and says what is in its way."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bench.server import Server, reserve_port
from lab.main import create_app
from lab.server import Server as LabServer
from lab.server import server_config
from tests.support.app import settings_for

ROOT = Path(__file__).resolve().parents[2]


def test_serve_greets_serves_and_stops(tmp_path: Path) -> None:
    server = Server(tmp_path, settings={"LAB_DEMO": "1", "LAB_SCRATCH": "0"})
    server.start()
    try:
        secret = re.findall(rf"{server.url}/sign-in#(\S+)", server.log.read_text())[0]
        with httpx2.Client(base_url=server.url, headers={"origin": server.url}) as browser:
            assert (
                browser.post("/api/sign-in/redeem", json={"token": secret}).json()["person"]["role"]
                == "staff"
            )
            assert len(browser.get("/api/challenges").json()["items"]) == 3
        server.stop()
        assert secret not in server.log.read_text().split("sign-in#")[0]
        server.start()
        assert server.log.read_text().count("/sign-in#") == 1, "somebody has signed in"
    finally:
        server.stop()
    assert "Traceback" not in server.log.read_text()


def test_serve_says_when_its_port_is_taken(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        second = subprocess.run(
            [sys.executable, "-m", "lab", "serve", "--port", str(server.port)],
            cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    finally:
        server.stop()
    assert second.returncode != 0
    assert "address already in use" in second.stderr
    assert "Traceback" not in second.stderr


async def test_a_database_that_goes_away_during_the_greeting_does_not_end_the_server(tmp_path: Path) -> None:
    chosen = settings_for(f"postgresql://127.0.0.1:{reserve_port()}/nobody", tmp_path)
    app = create_app(chosen)
    told = await LabServer(server_config(app, chosen), app, chosen).first_steps("http://127.0.0.1")
    assert "No link for the first member of staff could be made" in "".join(told)


@pytest.mark.parametrize(
    ("trusted", "peer", "believed"),
    [("", "10.0.0.9", False), ("10.0.0.9", "10.0.0.9", True), ("10.0.0.0/8", "10.1.2.3", True),
     ("10.0.0.9", "10.0.0.8", False)],
)  # fmt: skip
async def test_only_named_proxies_say_who_asks(
    tmp_path: Path, trusted: str, peer: str, believed: bool
) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    chosen = settings_for("sqlite:///unused.db", tmp_path, trusted_proxies=trusted)
    config = server_config(app, chosen)  # type: ignore[arg-type]
    config.load()
    headers = [(b"x-forwarded-for", b"203.0.113.7")]
    await config.loaded_app({"type": "http", "client": (peer, 1), "headers": headers}, None, None)  # type: ignore[arg-type]
    assert seen == ["203.0.113.7" if believed else peer]
