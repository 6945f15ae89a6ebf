"""Every scenario: what it is called, how often it is run, and on how many sets of machines at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults import copies, disks, kills, lines, partitions, readers, rolling, storms
from tests.faults.outcome import Outcome

Run = Callable[[Path, int, Random], Awaitable[Outcome]]
"""(an empty folder, how often, chance)"""


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    run: Run
    runs: int
    """How often; 0: only with FULL=1."""
    full: int
    """How often with FULL=1."""
    lanes: int = 1
    """Each lane has machines of its own, and does its share."""
    within: tuple[str, ...] = ()
    """What a lane's command is given to, to be run there."""


SCENARIOS = (
    Scenario("F0", "F0 lines held, swallowed, cut, refused, slow", lines.bad_lines, 10, 100, lanes=2),
    Scenario("F1-sqlite", "F1 server killed, SQLite", kills.sqlite_server_killed, 100, 500, lanes=2),
    Scenario("F1-postgres", "F1 server killed, PostgreSQL", kills.postgres_server_killed, 100, 500, lanes=2),
    Scenario("F3", "F3 PostgreSQL killed or restarted", kills.postgres_killed, 20, 100, lanes=2),
    Scenario("F4", "F4 Redis killed, or FLUSHALL", kills.redis_killed, 50, 200, lanes=2),
    Scenario("F5", "F5 30 s without Redis, 3 servers", partitions.parted, 20, 100, lanes=4),
    Scenario("F6", "F6 messages lost, doubled, late", partitions.misheard, 10, 40),
    Scenario("F7", "F7 disk full", disks.full, 20, 50, within=disks.NAMESPACE),
    Scenario("F8-locked", "F8 database locked for 30 s", disks.locked, 3, 10),
    Scenario("F8-slow", "F8 every flush takes 2 s", disks.slow, 2, 10),
    Scenario("F10", "F10 rolling restart, 3 servers, 1,000 people", rolling.rolled, 2, 5),
    Scenario("L5", "L5 20 of 220 read 1 kB/s", readers.slow_readers, 2, 5),
    Scenario("L6", "L6 200 sockets half open", readers.half_open, 2, 5),
    Scenario("L4", "L2, L4 2,000 idle, then all come back at once", storms.two_thousand, 1, 3),
    Scenario("L4-10000", "L2, L4 10,000 idle, then all come back at once", storms.ten_thousand, 0, 1),
    Scenario("G1", "G1 20,000 rooms opened and closed", storms.rooms_come_and_go, 1, 5),
    Scenario("R1", "R1 backup while people write, restored", copies.backed_up, 4, 20),
    Scenario("R2", "R2 one bit of a stored row flipped", copies.flipped, 1_000, 10_000, lanes=2),
)
