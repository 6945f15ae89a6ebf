"""Fixtures that every kind of test may need: databases, and real servers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from lab.core.db import Database
from tests.support.services import (
    PostgresServer,
    RedisServer,
    postgres_server,
    redis_server,
    sqlite_copy,
    sqlite_template,
)

settings.register_profile("deep", deadline=None)
"""`pytest --hypothesis-profile deep`: as many examples as a night has room for, where a test knows more."""

UNMEASURED = re.compile(
    r"/tests/(architecture|faults|(unit|property)/.*(board|challenges|evidence|markdown))"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is asked of the engine and of people. To follow every line elsewhere only takes time."""
    for item in items:
        if UNMEASURED.search(str(item.path)):
            item.add_marker(pytest.mark.unmeasured)


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis: RedisServer) -> str:
    return redis.url


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
async def postgres_url(postgres: PostgresServer) -> str:
    """A new migrated database."""
    return await postgres.database()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A new migrated database."""
    return sqlite_copy(_sqlite_template, tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A new migrated database, once of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(database_url)
    yield made
    await made.dispose()
