"""Who may do what in a challenge, asked of the database each time: roles change while people write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges.errors import CannotEdit, CannotManage, ChallengeArchived, ChallengeNotFound
from lab.challenges.models import Challenge, Membership
from lab.core.identity import Role
from lab.people.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in one challenge they may know of."""

    challenge: Challenge
    role: Role
    person: str

    @property
    def writes(self) -> bool:
        return self.role != "observer" and self.challenge.archived_at is None

    @property
    def manages(self) -> bool:
        return self.role in ("staff", "facilitator")

    def must_write(self) -> None:
        if self.role == "observer":
            raise CannotEdit(
                "Observers read along. Ask a facilitator of this challenge if you want to write."
            )
        self.must_be_current()

    def must_manage(self) -> None:
        if not self.manages:
            raise CannotManage("Only staff and facilitators of this challenge can change this.")

    def must_be_current(self) -> None:
        if self.challenge.archived_at is not None:
            raise ChallengeArchived("This challenge is in the archive. A facilitator can take it out again.")


def effective_role(member: str | None, lab: str | None, *, open_to_lab: bool) -> Role | None:
    """Staff are staff everywhere; else what the challenge says; else, where it is open, what the lab says."""
    if lab == "staff":
        return "staff"
    if member is not None:
        return cast(Role, member)
    return cast(Role, lab) if open_to_lab and lab is not None else None


async def standing(session: AsyncSession, challenge: str, person: str, *, lock: bool = False) -> Standing:
    """Raises ChallengeNotFound also where there is one that this person may not know of. `lock`: others who
    ask with it wait until this transaction ends."""
    question = (
        select(Challenge, Membership.role, Person.role)
        .select_from(Challenge)
        .join(Person, col(Person.id) == person)
        .outerjoin(
            Membership,
            and_(col(Membership.challenge_id) == col(Challenge.id), col(Membership.person_id) == person),
        )
        .where(Challenge.id == challenge, col(Person.suspended).is_(False))
    )
    if lock:
        question = question.with_for_update(of=cast(Any, Challenge))
    row = (await session.exec(question)).first()
    if row is not None:
        found, member, lab = row
        role = effective_role(member, lab, open_to_lab=found.open_to_lab)
        if role is not None:
            return Standing(found, role, person)
    raise ChallengeNotFound("There is no such challenge, or it is not open to you.")


def visible_to(person: str, lab: str | None) -> ColumnElement[bool]:
    """The challenges this person may know of, as a condition on `Challenge`."""
    if lab == "staff":
        return col(Challenge.id).is_not(None)
    mine = col(Challenge.id).in_(select(Membership.challenge_id).where(Membership.person_id == person))
    return or_(mine, col(Challenge.open_to_lab).is_(True)) if lab is not None else mine
