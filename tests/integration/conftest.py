"""A lab in this process, on SQLite, and what most tests of it begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.app import Lab, running_lab
from tests.support.cast import Cast, begun
from tests.support.sitting import Group, grouped
from tests.support.statement import Statement


@pytest.fixture
async def lab(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Lab]:
    async with running_lab(sqlite_url, tmp_path) as running:
        yield running


@pytest.fixture
async def group(lab: Lab) -> Group:
    return await grouped(lab)


@pytest.fixture
async def statement(lab: Lab) -> Statement:
    fay, pat = await lab.person("Fay", role="facilitator"), await lab.person("Pat")
    answer = await fay.post("/api/challenges", {"title": "Home, “well” & soon", "question": "Why?"})
    challenge = answer.json()["id"]
    await fay.put(f"/api/challenges/{challenge}/members/{pat.id}", {"role": "participant"})
    return Statement(lab, challenge, fay, pat)


@pytest.fixture
async def cast(lab: Lab) -> Cast:
    staff = await lab.person("Sam", role="staff")
    facilitator = await lab.person("Fay", role="facilitator")
    people = [await lab.person(name) for name in ("Pat", "Obi", "Sue")]
    made = Cast(lab, await begun(facilitator), staff, facilitator, *people)
    for who, role in ((made.participant, "participant"), (made.observer, "observer")):
        answer = await facilitator.put(f"{made.path}/members/{who.id}", {"role": role})
        assert answer.status_code == 200, answer.text
    return made
