"""The lab itself: its name, its introduction, and its home as one person finds it."""

from __future__ import annotations

from sqlalchemy import func as sql
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges import activity
from lab.challenges.models import LabSettings, Visit
from lab.challenges.shapes import ChangeLab, LabHome, PeopleCount
from lab.core import audit
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.errors import NotAllowed
from lab.core.identity import Identity
from lab.people.models import Person


class Lab:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def name(self) -> str:
        async with self._database.reading() as session:
            return (await settings_of(session)).name

    async def home(self, by: Identity) -> LabHome:
        async with self._database.reading() as session:
            settings = await settings_of(session)
            visit = await session.get(Visit, by.id)
            # The people of the example have neither a role nor an address: nobody can sign in as one of them.
            real = or_(
                col(Person.role).is_not(None), col(Person.email).is_not(None), col(Person.guest).is_(True)
            )
            counts = await session.exec(
                select(Person.role, Person.guest, sql.count())
                .where(col(Person.suspended).is_(False), real)
                .group_by(col(Person.role), col(Person.guest))
            )
            by_role: dict[str, int] = {}
            for role, guest, count in counts:
                key = "guest" if guest else role or "participant"
                by_role[key] = by_role.get(key, 0) + count
            # People of single challenges learn nothing about the rest of the lab.
            inside = by.role is not None
            return LabHome(
                name=settings.name,
                intro=settings.intro,
                people=PeopleCount(total=sum(by_role.values()), by_role=by_role)
                if inside
                else PeopleCount(total=0, by_role={}),
                changes=await activity.latest(session, by.id, by.role),
                since=visit.since(self._clock.now()) if visit else None,
                example=settings.example,
            )

    async def change(self, form: ChangeLab, by: Identity) -> LabHome:
        if by.role != "staff":
            raise NotAllowed("Only staff of the lab can change its name and introduction.", code="staff_only")
        async with self._database.transaction() as session:
            settings = await settings_of(session)
            settings.name = form.name if form.name is not None else settings.name
            settings.intro = form.intro if form.intro is not None else settings.intro
            session.add(settings)
            await audit.record(session, self._clock.now(), by.id, "lab_changed", "lab")
        return await self.home(by)

    async def seen(self, by: Identity) -> None:
        """They are here, or leaving."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            visit = await session.get(Visit, by.id)
            if visit is None:
                visit = Visit(person_id=by.id, at=now)
            else:
                visit.before, visit.at = visit.since(now), now
            session.add(visit)


async def settings_of(session: AsyncSession) -> LabSettings:
    return await session.get(LabSettings, "lab") or LabSettings()
