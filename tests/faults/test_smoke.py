"""A little of each kind of trouble, so that the rig works when it is needed. How often it is really done,
and what came out: `make faults`, docs/benchmarks.md. No time is judged here: the machine may be busy."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.faults import kills, lines
from tests.faults.outcome import Outcome

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("faults")]


def nothing_is_lost(outcome: Outcome, runs: int) -> None:
    assert outcome.runs == runs
    assert outcome.acknowledged > 0
    assert (outcome.lost, outcome.doubled, outcome.disorder) == (0, 0, 0)
    late = ("equal only after", "closed only after", "still shown after")
    assert not [wrong for wrong in outcome.wrong if not wrong.startswith(late)]


async def test_F1_a_killed_server_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    nothing_is_lost(await kills.sqlite_server_killed(tmp_path, 2, Random(1)), 2)


async def test_F4_a_killed_and_a_forgetful_redis_lose_nothing(tmp_path: Path) -> None:
    nothing_is_lost(await kills.redis_killed(tmp_path, 2, Random(1)), 2)


async def test_bad_lines_lose_nothing(tmp_path: Path) -> None:
    nothing_is_lost(await lines.bad_lines(tmp_path, 1, Random(1), seconds=5), 1)
