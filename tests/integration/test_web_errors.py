"""Every failure of every route is a problem document with a stable code, and leaks nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.routing import Route
from structlog.testing import capture_logs

from lab.core import errors
from lab.core.db import DatabaseUnavailable
from lab.core.errors import LabError
from lab.core.identity import Who
from lab.core.web import ApiRoute, ApiSpec
from lab.main import create_app
from lab.realtime.errors import RoomNotFound, StorageDown
from tests.support.app import ORIGIN, Lab, settings_for


def every_route() -> list[ApiSpec]:
    app = create_app(settings_for("sqlite:///unused.db", Path("unused")))
    return [route.spec for route in app.routes if isinstance(route, ApiRoute)]


ROUTES = every_route()
NAMES = [f"{spec.method} {spec.path}" for spec in ROUTES]


def assert_problem(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    told = dict(answer.json())
    assert told["status"] == answer.status_code
    assert re.fullmatch(r"[a-z][a-z0-9_]*", told["code"])
    assert told["type"] == f"urn:lab:problem:{told['code']}"
    assert told["title"]
    assert told["detail"]
    return told


def path_of(spec: ApiSpec) -> str:
    return re.sub(r"{[^}]+}", "NOTHING", spec.path)


@pytest.mark.parametrize("spec", ROUTES, ids=NAMES)
async def test_nobody_gets_in_where_somebody_is_needed(lab: Lab, spec: ApiSpec) -> None:
    answer = await lab.browser().send(spec.method, path_of(spec), {})
    if spec.who is Who.ANYONE:
        assert answer.status_code < 500
    else:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="lab"'
    if answer.status_code >= 400:
        assert_problem(answer)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"\\ud800"', b'{"unknown": 1}', b"\xff\xfe", b'{"a": NaN}', b"[" * 5000],
    ids=["nothing", "cut", "list", "null", "surrogate", "unknown", "bytes", "nan", "deep"],
)
async def test_a_body_that_cannot_be_read_is_said_to_be_so(lab: Lab, content: bytes) -> None:
    staff = await lab.person("Sam", role="staff")
    headers = {"x-lab-csrf": staff.csrf, "content-type": "application/json", "origin": ORIGIN}
    for spec in ROUTES:
        if spec.path == "/api/sign-out":
            continue
        answer = await staff.http.request(spec.method, path_of(spec), content=content, headers=headers)
        if answer.status_code >= 400:
            assert answer.status_code < 500, (spec.path, assert_problem(answer))
        if spec.body is not None and content != b'{"unknown": 1}':
            assert answer.status_code in (400, 404, 422), spec.path


async def test_every_code_a_route_may_answer_with_is_distinct_and_in_its_description(lab: Lab) -> None:
    described = (await lab.browser().get("/api/openapi.json")).json()
    for spec in ROUTES:
        path = re.sub(r":\w+}", "}", spec.path)
        responses = described["paths"][path][spec.method.lower()]["responses"]
        for error in spec.problems:
            assert f"`{error.code}`" in responses[str(error.status)]["description"]


def every_error(kind: type[LabError] = LabError) -> list[type[LabError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in every_error(child))]


def test_one_code_means_one_thing() -> None:
    seen: dict[str, type[LabError]] = {}
    for error in every_error():
        assert 400 <= error.status < 600
        assert seen.setdefault(error.code, error) is error, f"{error} and {seen[error.code]} share a code"


def test_the_map_of_errors_is_complete() -> None:
    assert errors.__doc__ is not None
    own = {error.__name__ for error in every_error() if error.__module__ == "lab.core.errors"}
    missing = {name for name in own if name not in errors.__doc__}
    assert not missing


async def test_an_unexpected_exception_tells_a_number_and_nothing_else(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")

    async def broken(*_: object) -> None:
        raise RuntimeError("password=hunter2 at /secret/place")

    lab.people.find = broken  # type: ignore[method-assign, assignment]
    with capture_logs() as logs:
        answer = await staff.get("/api/people")
    told = assert_problem(answer)
    assert (answer.status_code, told["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.text
    assert "RuntimeError" not in answer.text
    assert [one["incident"] for one in logs] == [told["incident"]]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (DatabaseUnavailable("disk I/O error"), 503, "storage_unavailable"),
        (StorageDown("database or disk is full"), 503, "storage_unavailable"),
        (RoomNotFound("There is no room."), 404, "not_found"),
    ],
)
async def test_a_full_or_locked_disk_is_told_as_that(
    lab: Lab, trouble: Exception, status: int, code: str
) -> None:
    staff = await lab.person("Sam", role="staff")

    async def broken(*_: object) -> None:
        raise trouble

    lab.people.find = broken  # type: ignore[method-assign, assignment]
    answer = await staff.get("/api/people")
    assert (answer.status_code, assert_problem(answer)["code"]) == (status, code)
    assert "disk" not in answer.text


async def test_a_really_full_database_changes_nothing_and_recovers(lab: Lab) -> None:
    """SQLite itself says that no page can be added."""
    staff = await lab.person("Sam", role="staff")
    engine = lab.people.database.engine
    await engine.dispose()
    from sqlalchemy import event

    limit = {"pages": 1}

    @event.listens_for(engine.sync_engine, "connect")
    def full(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {limit['pages']}")
        cursor.close()

    body = {"email": "x@example.org", "name": "X" * 70, "role": "observer"}
    answers = []
    for number in range(200):
        body["email"] = f"{number}{'x' * 60}@example.org"
        answers.append(await staff.post("/api/people", body))
        if answers[-1].status_code != 201:
            break
    assert answers[-1].status_code == 503
    assert assert_problem(answers[-1])["code"] == "storage_unavailable"
    assert (await staff.get("/api/people")).status_code == 200, "reading goes on"
    limit["pages"] = 1_000_000
    await engine.dispose()
    assert (await staff.post("/api/people", body)).status_code == 201


async def test_unknown_addresses_and_methods(lab: Lab) -> None:
    browser = lab.browser()
    for path in ("/api", "/api/", "/api/nothing", "/api/me/nothing", "/api/me/", "/ws/x/y", "/API/me"):
        answer = await browser.get(path)
        if path not in ("/API/me",):
            assert answer.status_code == 404, path
            assert_problem(answer)
    answer = await browser.send("DELETE", "/api/me")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, PATCH"
    assert assert_problem(answer)["allowed"] == ["GET", "HEAD", "PATCH"]
    assert_problem(await browser.send("POST", "/challenges/1"))
    assert (await browser.send("POST", "/api/nothing")).status_code == 404


async def test_a_character_no_database_takes_is_refused(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    answer = await staff.post("/api/people", {"email": "x@example.org", "name": "a\x00b", "role": "observer"})
    assert (answer.status_code, answer.json()["name"]) == (201, "a b")
    answer = await staff.post("/api/sign-in/redeem", {"token": "a\x00b"})
    assert (answer.status_code, assert_problem(answer)["code"]) == (422, "invalid")
    answer = await staff.send("PATCH", "/api/people/a%00b", {})
    assert answer.status_code == 404


def test_every_route_is_declared_with_a_summary() -> None:
    for spec in ROUTES:
        assert spec.summary, f"{spec.method} {spec.path}"
        assert not spec.summary.endswith(".")


def test_everything_under_api_is_declared_and_so_described() -> None:
    app = create_app(settings_for("sqlite:///unused.db", Path("unused")))
    loose = [
        route.path
        for route in app.routes
        if isinstance(route, Route) and route.path.startswith("/api") and not isinstance(route, ApiRoute)
    ]
    assert loose == ["/api/openapi.json"]
