"""Boards stand on challenges: what the one asks, answered by the other."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards.ports import Standing
from lab.challenges import activity
from lab.challenges.access import standing


class Grounds:
    """`Challenges` as boards need them (see lab/boards/ports.py)."""

    async def standing(
        self, session: AsyncSession, challenge: str, person: str, *, lock: bool = False
    ) -> Standing:
        found = await standing(session, challenge, person, lock=lock)
        archived = found.challenge.archived_at is not None
        return Standing(found.challenge.id, found.challenge.title, found.role, archived)

    async def note(
        self, session: AsyncSession, at: datetime, challenge: str, person: str, verb: str, text: str
    ) -> None:
        await activity.note(session, at, challenge, person, verb, text)
