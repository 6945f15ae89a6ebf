"""Members of a challenge: who they are, their roles, who comes and who goes."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import func as sql
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges import activity
from lab.challenges.access import Standing, standing
from lab.challenges.errors import CannotGrant, ChallengeNotFound, LastFacilitator, MemberNotFound
from lab.challenges.models import Challenge, Membership
from lab.challenges.paging import cursor_of, read_cursor
from lab.challenges.shapes import Member, MemberPerson, MemberRole
from lab.core import audit
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity, Role, outranks
from lab.people.models import Person
from lab.people.service import People
from lab.people.shapes import ChallengeBrief
from lab.realtime.ports import RoomName, Rooms


class Members:
    """Also the `Places` that invitations ask for (see lab/people/invitations.py)."""

    def __init__(self, database: Database, clock: Clock, rooms: Rooms, people: People) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms
        self._people = people

    async def of(
        self, challenge: str, by: Identity, cursor: str | None, limit: int
    ) -> tuple[list[Member], str | None]:
        """In the order in which they joined."""
        async with self._database.reading() as session:
            await standing(session, challenge, by.id)
            found = (
                select(Membership, Person)
                .join(Person, col(Person.id) == col(Membership.person_id))
                .where(Membership.challenge_id == challenge)
                .order_by(col(Membership.joined_at), col(Membership.person_id))
                .limit(limit + 1)
            )
            if cursor is not None:
                at, id = read_cursor(cursor)
                later = (col(Membership.joined_at) == at) & (col(Membership.person_id) > id)
                found = found.where(or_(col(Membership.joined_at) > at, later))
            rows = list(await session.exec(found))
        here = {principal for principal, _ in self._rooms.present(_room(challenge))}
        shown = [self._shown(membership, person, here) for membership, person in rows[:limit]]
        last = rows[limit - 1][0] if len(rows) > limit else None
        return shown, cursor_of(last.joined_at, last.person_id) if last else None

    async def put(self, challenge: str, person: str, role: MemberRole, by: Identity) -> Member:
        """Give a member another role, or make somebody of the lab a member."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            found = await self._managing(session, challenge, by)
            other = await session.get(Person, person)
            membership = await session.get(Membership, (challenge, person))
            if other is None or (membership is None and (other.guest or other.suspended)):
                raise MemberNotFound("There is no such person here. Send them an invitation.")
            before = membership.role if membership else None
            if not outranks(found.role, role) or not outranks(found.role, cast(Role | None, before)):
                raise CannotGrant("You can neither give nor take a role above your own.")
            if membership is None:
                membership = Membership(challenge_id=challenge, person_id=person, role=role, joined_at=now)
                await activity.note(session, now, challenge, person, "joined", "joined")
            membership.role = role
            session.add(membership)
            await session.flush()
            await self._looked_after(session, found, before)
            await self._changed(session, challenge, person, by.id, before, role)
        await self._told(challenge)
        here = {principal for principal, _ in self._rooms.present(_room(challenge))}
        return self._shown(membership, other, here)

    async def remove(self, challenge: str, person: str, by: Identity) -> None:
        """Anybody may leave; facilitators and staff may send away those whose role is not above theirs."""
        async with self._database.transaction() as session:
            found = await standing(session, challenge, by.id, lock=True)
            if person != by.id:
                found.must_manage()
            membership = await session.get(Membership, (challenge, person))
            if membership is None:
                raise MemberNotFound("This person is not a member of the challenge.")
            if not outranks(found.role, cast(Role, membership.role)):
                raise CannotGrant("You cannot take away a role above your own.")
            before = membership.role
            await session.delete(membership)
            await session.flush()
            await self._looked_after(session, found, before)
            await self._changed(session, challenge, person, by.id, before, None)
        await self._told(challenge)

    # What invitations need to know.

    async def role_in(self, challenge: str, by: Identity) -> Role:
        async with self._database.reading() as session:
            return (await standing(session, challenge, by.id)).role

    async def brief(self, challenge: str) -> ChallengeBrief | None:
        async with self._database.reading() as session:
            found = await session.get(Challenge, challenge)
        return ChallengeBrief(id=found.id, title=found.title, question=found.question) if found else None

    async def admit(self, session: AsyncSession, challenge: str, person: str, role: Role) -> bool:
        """In the caller's transaction: they are a member in this role, or keep the higher one they had."""
        if await session.get(Challenge, challenge, with_for_update=True) is None:
            raise ChallengeNotFound("The challenge of this invitation is no longer there.")
        membership = await session.get(Membership, (challenge, person))
        if membership is not None and outranks(cast(Role, membership.role), role):
            return False
        now = self._clock.now()
        if membership is None:
            session.add(Membership(challenge_id=challenge, person_id=person, role=role, joined_at=now))
            await activity.note(session, now, challenge, person, "joined", "joined")
        else:
            membership.role = role
            session.add(membership)
        await session.flush()
        return True

    async def admitted(self, challenge: str) -> None:
        await self._rooms.tell(_room(challenge), {"type": "changed", "what": "members"})

    # Inside.

    async def _managing(self, session: AsyncSession, challenge: str, by: Identity) -> Standing:
        found = await standing(session, challenge, by.id, lock=True)
        found.must_manage()
        return found

    async def _looked_after(self, session: AsyncSession, found: Standing, before: str | None) -> None:
        """Staff can always look after a challenge; without them it keeps a facilitator of its own."""
        if before != "facilitator" or found.role == "staff":
            return
        left = select(sql.count()).where(
            Membership.challenge_id == found.challenge.id, col(Membership.role).in_(("facilitator", "staff"))
        )
        if (await session.exec(left)).one() == 0:
            raise LastFacilitator("Make somebody else a facilitator first.")

    async def _changed(
        self,
        session: AsyncSession,
        challenge: str,
        person: str,
        by: str,
        before: str | None,
        after: str | None,
    ) -> None:
        await audit.record(
            session, self._clock.now(), by, "member_changed", person,
            challenge=challenge, before=before, after=after,
        )  # fmt: skip
        await self._people.access_changed(session, principal=person)

    async def _told(self, challenge: str) -> None:
        await self._people.announce()
        await self.admitted(challenge)

    def _shown(self, membership: Membership, person: Person, here: set[str]) -> Member:
        joined: datetime = membership.joined_at
        return Member(
            person=MemberPerson(id=person.id, name=person.name, colour=person.colour, guest=person.guest),
            role=cast(Role, membership.role),
            joined_at=joined,
            here=person.id in here,
        )


def _room(challenge: str) -> RoomName:
    return RoomName(f"statement/{challenge}")
