"""Alive, ready, and what is only helpful."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from lab.core import health
from lab.core.db import DatabaseUnavailable
from tests.support.app import Lab, running_lab


async def test_alive_and_ready(lab: Lab) -> None:
    browser = lab.browser()
    assert (await browser.get("/healthz")).json() == {"status": "ok"}
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "database": "ok"})


async def test_without_the_database_it_is_alive_and_not_ready(lab: Lab) -> None:
    async def away() -> None:
        raise DatabaseUnavailable("It is away.")

    lab.people.database.ping = away  # type: ignore[method-assign]
    answer = await lab.browser().get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unavailable")
    assert (await lab.browser().get("/healthz")).status_code == 200


async def test_a_database_that_does_not_answer_is_not_waited_for(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "PATIENCE", 0.01)
    lab.people.database.ping = hangs  # type: ignore[method-assign]
    assert (await lab.browser().get("/readyz")).status_code == 503


async def test_a_lab_that_is_starting_or_stopping_is_not_ready(lab: Lab) -> None:
    rooms = lab.app.state.rooms
    engine, rooms.engine = rooms.engine, None
    assert (await lab.browser().get("/readyz")).status_code == 503
    assert "lab_rooms_open" not in (await lab.browser().get("/metrics")).text
    staff = await lab.person("Sam", role="staff")
    answer = await staff.post("/api/challenges", {"title": "A", "question": "B?"})
    assert (answer.status_code, answer.json()["code"]) == (503, "not_running")
    assert (await staff.get("/api/challenges")).status_code == 200
    rooms.engine = engine


async def test_without_redis_it_is_ready_and_says_so(sqlite_url: str, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{closed.getsockname()[1]}"
        async with running_lab(sqlite_url, tmp_path, redis_url=url) as lab:
            answer = await lab.browser().get("/readyz")
    assert (answer.status_code, answer.json()["redis"]) == (200, "unavailable")


@pytest.mark.services
async def test_with_redis(sqlite_url: str, tmp_path: Path, redis_url: str) -> None:
    async with running_lab(sqlite_url, tmp_path, redis_url=redis_url) as lab:
        answer = await lab.browser().get("/readyz")
    assert answer.json() == {"status": "ready", "database": "ok", "redis": "ok"}
