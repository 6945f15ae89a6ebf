"""Changes of access, told to every node: a table that whoever changes a role or sign-in writes to, and a
watch that reads it a few times a second.

A socket was let in because of what was true when it opened. Without this, a suspended person would go on
reading until they closed the page. It needs no Redis, so that it holds on every kind of installation, and
the command line is heard as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core.clock import Clock
from lab.core.db import Database, DatabaseUnavailable
from lab.people.models import AccessChange

log = structlog.get_logger("lab.people")
LOOK_BACK = 1000
"""On PostgreSQL a lower id may be committed after a higher one: look that far behind the highest seen."""
KEPT = timedelta(hours=1)
PRUNE_EVERY = 600.0


async def access_changed(
    session: AsyncSession, at: datetime, *, principal: str | None = None, login: str | None = None
) -> None:
    """Part of the caller's transaction. `principal`: look at their roles again; `login`: it has ended;
    neither: look at everybody's roles again."""
    session.add(AccessChange(principal=principal, login=login, at=at))
    await session.flush()


class AccessWatch:
    """Reads what changed and passes it on, once each. `look` may be called at any time by anyone."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        recheck: Callable[[frozenset[str] | None], Awaitable[None]],
        end_session: Callable[[str], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._recheck = recheck
        self._end_session = end_session
        self._highest: int | None = None
        self._seen: set[int] = set()
        self._turn = asyncio.Lock()
        self._pruned = clock.monotonic()

    async def start(self) -> None:
        """From here on: sockets that were not open yet have nothing to hear of the past."""
        async with self._turn, self._database.reading() as session:
            self._highest = (await session.exec(select(sql.max(AccessChange.id)))).one() or 0
            recent = select(AccessChange.id).where(col(AccessChange.id) > self._highest - LOOK_BACK)
            self._seen = {found for found in await session.exec(recent) if found is not None}

    async def look(self) -> None:
        """Every change committed before this call has been acted on, on this node, when it returns."""
        if self._highest is None:
            return
        async with self._turn:
            async with self._database.reading() as session:
                since = select(AccessChange).where(col(AccessChange.id) > self._highest - LOOK_BACK)
                rows = [row for row in await session.exec(since) if row.id not in self._seen]
            for row in rows:
                if row.login is not None:
                    await self._end_session(row.login)
            principals = frozenset(row.principal for row in rows if row.principal is not None)
            if any(row.principal is None and row.login is None for row in rows):
                await self._recheck(None)
            elif principals:
                await self._recheck(principals)
            for row in rows:
                assert row.id is not None
                self._seen.add(row.id)
                self._highest = max(self._highest, row.id)
            if rows:
                self._seen = {one for one in self._seen if one > self._highest - LOOK_BACK}

    async def run(self, every: float) -> None:
        """Until cancelled. A database that does not answer for a while delays, and ends nothing."""
        failing = False
        while True:
            try:
                await self.look()
                if self._clock.monotonic() - self._pruned > PRUNE_EVERY:
                    self._pruned = self._clock.monotonic()
                    await self.prune()
                failing = False
            except DatabaseUnavailable as error:
                if not failing:
                    log.warning("access_changes_unread", detail=str(error))
                failing = True
            await asyncio.sleep(every)

    async def prune(self) -> None:
        async with self._database.transaction() as session:
            await session.exec(delete(AccessChange).where(col(AccessChange.at) < self._clock.now() - KEPT))
