"""What changed: one line per person, challenge and thing done; edits within half an hour are one line."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges.access import visible_to
from lab.challenges.models import Activity, Challenge
from lab.challenges.shapes import Changed
from lab.comments.shapes import ChallengeTitle
from lab.people.models import Person
from lab.people.shapes import PersonBrief

TOGETHER = timedelta(minutes=30)
KEPT = 500
"""Lines kept per challenge; the oldest go."""


async def note(
    session: AsyncSession, at: datetime, challenge: str, person: str, verb: str, text: str
) -> None:
    """Part of the caller's transaction. The same verb again within half an hour moves the line up instead."""
    recent = select(Activity).where(
        Activity.challenge_id == challenge,
        Activity.person_id == person,
        Activity.verb == verb,
        Activity.text == text[:200],
        col(Activity.began_at) > at - TOGETHER,
    )
    same = (await session.exec(recent.order_by(col(Activity.at).desc()).limit(1))).first()
    if same is not None:
        same.at = max(same.at, at)
        session.add(same)
        return
    session.add(
        Activity(challenge_id=challenge, person_id=person, verb=verb, text=text[:200], began_at=at, at=at)
    )
    await session.flush()
    oldest = select(Activity.at).where(Activity.challenge_id == challenge)
    beyond = (await session.exec(oldest.order_by(col(Activity.at).desc()).offset(KEPT).limit(1))).first()
    if beyond is not None:
        await session.exec(
            delete(Activity).where(col(Activity.challenge_id) == challenge, col(Activity.at) <= beyond)
        )


async def latest(session: AsyncSession, person: str, lab: str | None, limit: int = 30) -> list[Changed]:
    """The newest lines of the challenges this person may know of, their own left out."""
    found = await session.exec(
        select(Activity, Challenge, Person)
        .join(Challenge, col(Challenge.id) == col(Activity.challenge_id))
        .join(Person, col(Person.id) == col(Activity.person_id))
        .where(visible_to(person, lab), Activity.person_id != person)
        .order_by(col(Activity.at).desc(), col(Activity.id).desc())
        .limit(limit)
    )
    return [
        Changed(
            id=line.id,
            at=line.at,
            person=PersonBrief(id=who.id, name=who.name, colour=who.colour),
            verb=line.verb,
            challenge=ChallengeTitle(id=challenge.id, title=challenge.title),
            text=line.text,
        )
        for line, challenge, who in found
    ]
