"""A lab in this process, on SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.app import Lab, running_lab
from tests.support.sitting import Group, grouped


@pytest.fixture
async def lab(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Lab]:
    async with running_lab(sqlite_url, tmp_path) as running:
        yield running


@pytest.fixture
async def group(lab: Lab) -> Group:
    return await grouped(lab)
