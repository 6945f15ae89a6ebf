"""The example, put together: challenges with their people and statements, and a board on one of them."""

from __future__ import annotations

from lab.boards.demo import add_board
from lab.challenges import demo as challenges
from lab.core.clock import Clock
from lab.core.db import Database


async def load_demo(
    database: Database, documents: challenges.Documents, clock: Clock, *, beside: bool = False
) -> bool:
    """Whether it was loaded now: all of it, or none. Only into a lab without challenges, or, with `beside`,
    into any that does not have it yet."""
    return await challenges.load_demo(
        database, documents, clock, beside=beside, also={"peer-support.md": (add_board,)}
    )
