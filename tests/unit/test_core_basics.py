"""Limits, settings, logging, the audit chain: the ground floor by itself."""

from __future__ import annotations

import itertools
import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import ValidationError
from starlette.requests import HTTPConnection

from lab.core import audit, limits
from lab.core import logging as lab_logging
from lab.core.audit import AuditEntry
from lab.core.clock import HandClock
from lab.core.db import Database
from lab.core.errors import TooMuch
from lab.core.identity import ROLES, colour_of, outranks, person, visitor
from lab.core.limits import Limit, address, network
from lab.core.settings import Settings

# Limits


def test_a_limit_counts_within_a_sliding_window() -> None:
    clock = HandClock()
    limit = Limit(2, 10, clock)
    limit.take("a")
    clock.advance(4)
    limit.take("a")
    limit.take("b")
    with pytest.raises(TooMuch) as refused:
        limit.take("a")
    assert refused.value.details["retry_after"] == 6
    clock.advance(6)
    limit.take("a")
    with pytest.raises(TooMuch):
        limit.take("a")


def test_a_limit_does_not_remember_endlessly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 3)
    limit = Limit(1, 10, HandClock())
    for key in "abcd":
        limit.take(key)
    limit.take("a")
    with pytest.raises(TooMuch):
        limit.take("d")


@pytest.mark.parametrize(
    ("host", "one", "wide"),
    [
        ("192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/56"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/56"),
        ("testclient", "testclient", "testclient"),
    ],
)
def test_whose_rate_it_is(host: str, one: str, wide: str) -> None:
    conn = HTTPConnection({"type": "http", "client": (host, 1)})
    assert (address(conn), network(conn)) == (one, wide)
    assert address(HTTPConnection({"type": "http", "client": None})) == "unknown"


# Identity


def test_roles_stand_in_an_order() -> None:
    for higher, lower in itertools.pairwise(ROLES):
        assert outranks(higher, lower)
        assert outranks(higher, higher)
        assert not outranks(lower, higher)
        assert outranks(None, None)
        assert not outranks(None, lower)


def test_colours_follow_the_rule_that_browsers_know() -> None:
    assert colour_of("é") == f"p{(0xC3 + 0xA9) % 6 + 1}"
    assert {colour_of(chr(97 + n)) for n in range(6)} == {"p1", "p2", "p3", "p4", "p5", "p6"}


def test_nobody_is_found_where_nobody_was_looked_for() -> None:
    from lab.core.errors import NotSignedIn

    conn = HTTPConnection({"type": "http"})
    assert visitor(conn) is None
    with pytest.raises(NotSignedIn):
        person(conn)


# Settings


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith("LAB_") or name == "PORT":
            monkeypatch.delenv(name)
    return monkeypatch


def test_the_defaults_work_on_a_laptop(bare: pytest.MonkeyPatch) -> None:
    settings = Settings()
    assert (settings.env, settings.host, settings.port) == ("local", "127.0.0.1", 8000)
    assert settings.database.startswith("sqlite")
    assert settings.database.endswith("/data/lab.db")
    assert not settings.https
    assert not settings.mails
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]


def test_the_port_of_the_platform_is_respected(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("PORT", "5000")
    assert Settings().port == 5000
    bare.setenv("LAB_PORT", "5001")
    assert Settings().port == 5001
    assert Settings(port=5002).port == 5002
    bare.setenv("LAB_PORT", "")
    assert Settings().port == 5000


def test_hosts_come_from_the_address_and_the_list(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("LAB_BASE_URL", "https://Lab.Example.org/")
    bare.setenv("LAB_ALLOWED_HOSTS", " other.example.org, ,THIRD.example.org ")
    bare.setenv("LAB_ENV", "production")
    bare.setenv("LAB_SECRET", "0123456789abcdef0123456789abcdef")
    settings = Settings()
    assert settings.base_url == "https://lab.example.org"
    assert settings.hosts == {"lab.example.org", "other.example.org", "third.example.org"}
    assert "0123456789abcdef" not in repr(settings)
    assert settings.secret_bytes() == b"0123456789abcdef0123456789abcdef"


def test_the_secret_of_a_laptop_is_made_once_and_is_its_owners(tmp_path: Path, bare: Any) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    made = settings.secret_bytes()
    assert len(made) >= 32
    assert settings.secret_bytes() == made
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    (tmp_path / "new" / "secret").write_text("short")
    with pytest.raises(ValueError, match="does not hold a secret"):
        settings.secret_bytes()


def test_every_setting_has_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
        assert not field.is_required(), name


# Logging


@pytest.fixture
def quiet() -> Iterator[None]:
    """What `configure` changes is put back."""
    root = logging.getLogger()
    before, level, configured = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = before
    root.setLevel(level)
    structlog.configure(**configured)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_production_logs_json_without_secrets_and_one_line_an_event(
    quiet: None, capsys: pytest.CaptureFixture[str], bare: Any
) -> None:
    lab_logging.configure(Settings(log_format="json"))
    token = "lab_" + "a" * 32
    structlog.get_logger("lab.test").warning(
        "something",
        person="Ana\nforged line",
        password="hunter2",
        csrf_token="x",
        url=f"http://x/join#{'b' * 32}",
    )
    logging.getLogger("uvicorn.error").warning("GET with %s and Bearer %s", token, "c" * 30)
    first, second = (json.loads(line) for line in lines(capsys))
    assert first["person"] == "Ana forged line"
    assert (first["password"], first["csrf_token"]) == ("…", "…")
    assert first["url"] == "http://x/join#…"
    assert (first["event"], first["level"], first["logger"]) == ("something", "warning", "lab.test")
    assert first["timestamp"].endswith("Z")
    assert second["event"] == "GET with lab_… and Bearer …"


def test_a_laptop_logs_text_and_exceptions_with_their_lines(
    quiet: None, capsys: pytest.CaptureFixture[str], bare: Any
) -> None:
    lab_logging.configure(Settings())
    try:
        raise RuntimeError("lab_" + "d" * 32)
    except RuntimeError:
        structlog.get_logger("lab.test").exception("went_wrong")
    told = capsys.readouterr().err
    assert "went_wrong" in told
    assert "Traceback" in told
    assert "d" * 32 not in told


def test_levels_and_requests(quiet: None, capsys: pytest.CaptureFixture[str], bare: Any) -> None:
    lab_logging.configure(Settings(log_level="warning"))
    structlog.get_logger("lab.test").info("not shown")
    assert lines(capsys) == []
    lab_logging.configure(Settings())
    logging.getLogger("uvicorn.access").info("who looked at what")
    logging.getLogger("uvicorn.error").info("WebSocket accepted from somebody")
    assert lines(capsys) == []


# The audit chain


async def test_entries_form_a_chain_on_every_database(database: Database) -> None:
    clock = HandClock()
    async with database.transaction() as session:
        await audit.record(session, clock.now(), "ana", "signed_in", "ana", by="password")
        await audit.record(
            session, clock.now(), "ana", "odd", "x" * 500, text="line\nbreak", none=None, yes=True
        )
    async with database.transaction() as session:
        await audit.record(session, clock.now(), "system", "third")
    async with database.reading() as session:
        assert await audit.verify(session) == 3
        second = await session.get_one(AuditEntry, 2)
    assert len(second.subject) == 128
    assert json.loads(second.facts) == {"text": "line break", "none": None, "yes": True}


async def test_what_was_rolled_back_is_not_recorded(database: Database) -> None:
    async with database.transaction() as session:
        await audit.record(session, HandClock().now(), "ana", "never")
        await session.rollback()
    async with database.reading() as session:
        assert await audit.verify(session) == 0


async def test_a_changed_entry_is_found(database: Database) -> None:
    async with database.transaction() as session:
        for number in range(3):
            await audit.record(session, HandClock().now(), "ana", f"action{number}")
    async with database.transaction() as session:
        entry = await session.get_one(AuditEntry, 2)
        entry.facts = '{"role":"staff"}'
    async with database.reading() as session:
        with pytest.raises(audit.BrokenChain) as broken:
            await audit.verify(session)
    assert broken.value.seq == 2
