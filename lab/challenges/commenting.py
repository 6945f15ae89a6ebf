"""What comments ask of challenges: who belongs to one, and what is commented on in a statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from lab.challenges import activity
from lab.challenges.access import effective_role, standing, visible_to
from lab.challenges.models import Challenge, Membership
from lab.comments.errors import BadAnchor
from lab.comments.ports import Setting
from lab.core.errors import LabError
from lab.core.identity import Role
from lab.people.models import Person


class CommentedChallenges:
    """`Challenges` (see lab/comments/ports.py)."""

    async def insiders(self, session: AsyncSession, challenge: str, persons: Sequence[str]) -> set[str]:
        found = await session.get(Challenge, challenge)
        if found is None or not persons:
            return set()
        rows = await session.exec(
            select(Person.id, Person.role, Membership.role)
            .outerjoin(
                Membership,
                and_(col(Membership.person_id) == col(Person.id), col(Membership.challenge_id) == challenge),
            )
            .where(col(Person.id).in_(persons), col(Person.suspended).is_(False))
        )
        return {
            person
            for person, lab, member in rows
            if effective_role(member, lab, open_to_lab=found.open_to_lab) is not None
        }

    def open_to(self, person: str, role: Role | None) -> SelectOfScalar[str]:
        return select(Challenge.id).where(visible_to(person, role))

    async def titles(self, session: AsyncSession, challenges: Sequence[str]) -> dict[str, str]:
        found = select(Challenge.id, Challenge.title).where(col(Challenge.id).in_(challenges))
        return dict((await session.exec(found)).all())

    async def note(
        self, session: AsyncSession, at: datetime, challenge: str, person: str, verb: str, text: str
    ) -> None:
        await activity.note(session, at, challenge, person, verb, text)


class StatementPlace(CommentedChallenges):
    """The `Place` "statement"; its keys are challenge ids."""

    async def setting(self, session: AsyncSession, key: str, person: str, *, lock: bool = False) -> Setting:
        found = await standing(session, key, person, lock=lock)
        refusal: LabError | None = None
        try:
            found.must_write()
        except LabError as error:
            refusal = error
        return Setting(key, "the statement", refusal)

    async def check(self, key: str, anchor: dict[str, Any]) -> None:
        if not anchor["quote"].strip():
            nothing = "Select the words this comment is about."
            raise BadAnchor(nothing, errors=[{"field": "anchor.quote", "message": nothing}])
