"""The description of the API is sound; requests made up from it find no 5xx and no answer it omits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlmodel import select

from lab.boards.demo import id_of
from lab.boards.models import Board
from lab.boards.models import Version as BoardVersion
from lab.challenges.models import Challenge, Version
from lab.comments.models import Post, Thread
from lab.core.settings import Settings
from lab.main import create_app, describe
from tests.support.app import cheap_passwords, settings_for

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12


@dataclass
class Running:
    url: str
    token: str
    known: dict[str, list[str]]
    """Ids that exist, by the name of the path parameter: made-up ones would never get past the door."""


def serving(settings: Settings, found: dict[str, Any], stop: threading.Event, up: threading.Event) -> None:
    async def run() -> None:
        app = create_app(settings, passwords=cheap_passwords())
        config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="on", log_config=None)
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        people = app.state.people
        token = await people.token_for("sam@example.org", "Sam", "staff", days=1)
        other = await people.create("other@example.org", "Other", "participant", by="test")
        async with people.database.reading() as session:
            known = {
                "id": list(await session.exec(select(Challenge.id))),
                "board": list(await session.exec(select(Board.id))),
                "object": [id_of("way"), id_of("counter")],
                "version": [
                    *await session.exec(select(Version.id)),
                    *await session.exec(select(BoardVersion.id)),
                ],
                "thread": list(await session.exec(select(Thread.id))),
                "post": list(await session.exec(select(Post.id))),
                "person": [other.id],
            }
        found["running"] = Running(
            f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", token, known
        )
        up.set()
        await asyncio.to_thread(stop.wait)
        await server.shutdown()

    asyncio.run(run())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Any) -> Iterator[Running]:
    """A whole lab with the example in it, on a port of its own."""
    from tests.support.services import sqlite_copy

    folder = tmp_path_factory.mktemp("openapi")
    chosen = settings_for(sqlite_copy(_sqlite_template, folder), folder, demo=True, limit_factor=1000)
    found: dict[str, Any] = {}
    stop, up = threading.Event(), threading.Event()
    thread = threading.Thread(target=serving, args=(chosen, found, stop, up))
    thread.start()
    assert up.wait(30)
    yield found["running"]
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


def described() -> dict[str, Any]:
    return describe(create_app(settings_for("sqlite:///unused.db", Path("unused"))))


schema = schemathesis.openapi.from_dict(described())


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_requests_made_from_the_description_are_answered_as_it_says(
    case: schemathesis.Case, running: Running
) -> None:
    for name in case.path_parameters or {}:
        known = running.known.get(name)
        if known and case.path_parameters[name]:
            case.path_parameters[name] = known[len(str(case.path_parameters[name])) % len(known)]
    headers = {"authorization": f"Bearer {running.token}"}
    response = case.call(base_url=running.url, headers=headers, timeout=120)
    case.validate_response(response, checks=CHECKS)


def test_the_description_is_openapi_3_1_and_names_every_operation_once() -> None:
    told = described()
    assert told["openapi"] == "3.1.0"
    names = [operation["operationId"] for path in told["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    assert {"bearer", "cookie"} == set(told["components"]["securitySchemes"])
    for path, operations in told["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["tags"], path
            used = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert {part[1:-1] for part in path.split("/") if part.startswith("{")} <= used | {
                "challenge}.md"
            }
