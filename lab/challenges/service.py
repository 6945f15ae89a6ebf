"""Challenges: made, found, changed, archived; and the workspace that puts this feature's nouns together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func as sql
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges import activity
from lab.challenges.access import Standing, effective_role, standing, visible_to
from lab.challenges.blocks import Paragraph
from lab.challenges.building import build
from lab.challenges.document import SCHEMA_VERSION
from lab.challenges.errors import BadStages, StageNotFound
from lab.challenges.lab import Lab
from lab.challenges.members import Members
from lab.challenges.models import DEFAULT_STAGES, Challenge, Membership
from lab.challenges.paging import cursor_of, read_cursor
from lab.challenges.shapes import (
    ChallengeShown,
    ChangeChallenge,
    Counts,
    NewChallenge,
    Stage,
    StageForm,
    StageNow,
)
from lab.challenges.versions import Versions
from lab.comments.models import Thread
from lab.core import audit
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.errors import NotAllowed
from lab.core.identity import Identity
from lab.core.ids import new_id
from lab.people.models import Person
from lab.people.service import People
from lab.people.shapes import PersonBrief
from lab.realtime.ports import RoomName, Rooms


class Challenges:
    def __init__(self, database: Database, clock: Clock, rooms: Rooms, people: People) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms
        self._people = people

    async def create(self, form: NewChallenge, by: Identity) -> ChallengeShown:
        """The challenge, its document and its first member: all of them, or none."""
        if by.role not in ("staff", "facilitator"):
            raise NotAllowed(
                "Only staff and facilitators of the lab can begin a challenge.", code="cannot_create"
            )
        now = self._clock.now()
        built = build((Paragraph(),))
        challenge = Challenge(
            title=form.title,
            question=form.question,
            stage=DEFAULT_STAGES[0]["key"],
            stages=[dict(stage) for stage in DEFAULT_STAGES],
            open_to_lab=form.open_to_lab,
            seeds=[built.client],
            created_by=by.id,
            created_at=now,
            updated_at=now,
        )
        async with self._database.transaction() as session:
            session.add(challenge)
            await session.flush()
            session.add(
                Membership(challenge_id=challenge.id, person_id=by.id, role="facilitator", joined_at=now)
            )
            await activity.note(session, now, challenge.id, by.id, "created", "began the challenge")
            await audit.record(session, now, by.id, "challenge_created", challenge.id)
            await self._rooms.create(
                RoomName(challenge.room), built.update, schema=SCHEMA_VERSION, within=session
            )
            found = await standing(session, challenge.id, by.id)
            (shown,) = await _shown(session, [found])
        return shown

    async def of(
        self, by: Identity, *, archived: bool, cursor: str | None, limit: int
    ) -> tuple[list[ChallengeShown], str | None]:
        """Those last worked on first."""
        at = col(Challenge.archived_at)
        found = (
            select(Challenge)
            .where(visible_to(by.id, by.role), at.is_not(None) if archived else at.is_(None))
            .order_by(col(Challenge.updated_at).desc(), col(Challenge.id).desc())
            .limit(limit + 1)
        )
        if cursor is not None:
            moment, id = read_cursor(cursor)
            earlier = (col(Challenge.updated_at) == moment) & (col(Challenge.id) < id)
            found = found.where(or_(col(Challenge.updated_at) < moment, earlier))
        async with self._database.reading() as session:
            rows = list(await session.exec(found))
            roles = await _roles(session, [row.id for row in rows], by)
            standings = [
                Standing(row, role, by.id)
                for row in rows[:limit]
                if (role := effective_role(roles.get(row.id), by.role, open_to_lab=row.open_to_lab))
            ]
            shown = await _shown(session, standings)
        last = rows[limit - 1] if len(rows) > limit else None
        return shown, cursor_of(last.updated_at, last.id) if last else None

    async def get(self, challenge: str, by: Identity) -> ChallengeShown:
        async with self._database.reading() as session:
            (shown,) = await _shown(session, [await standing(session, challenge, by.id)])
        return shown

    async def change(self, challenge: str, form: ChangeChallenge, by: Identity) -> ChallengeShown:
        async with self._database.transaction() as session:
            found = await standing(session, challenge, by.id, lock=True)
            found.must_manage()
            if form.archived is not False:
                found.must_be_current()
            access = await self._apply(session, found, form, by)
            session.add(found.challenge)
            await session.flush()
            if access:
                # One line instead of hundreds: of everybody, only those with an open page are asked about.
                await self._people.access_changed(session)
            (shown,) = await _shown(session, [await standing(session, challenge, by.id)])
        if access:
            await self._people.announce()
        await self._rooms.tell(RoomName(f"statement/{challenge}"), {"type": "changed", "what": "challenge"})
        return shown

    async def _apply(
        self, session: AsyncSession, found: Standing, form: ChangeChallenge, by: Identity
    ) -> bool:
        """Whether anybody's access changed with it."""
        now, challenge, access = self._clock.now(), found.challenge, False

        async def told(verb: str, text: str) -> None:
            await activity.note(session, now, challenge.id, by.id, verb, text)

        if form.archived is not None and form.archived != (challenge.archived_at is not None):
            challenge.archived_at = now if form.archived else None
            verb = "archived" if form.archived else "unarchived"
            await told(
                verb, "put the challenge into the archive" if form.archived else "reopened the challenge"
            )
            await audit.record(session, now, by.id, f"challenge_{verb}", challenge.id)
            access = True
        if form.open_to_lab is not None and form.open_to_lab != challenge.open_to_lab:
            challenge.open_to_lab = form.open_to_lab
            await audit.record(
                session,
                now,
                by.id,
                "challenge_opened" if form.open_to_lab else "challenge_closed",
                challenge.id,
            )
            access = True
        if form.title is not None and form.title != challenge.title:
            challenge.title = form.title
            await told("renamed", "changed the title")
        if form.question is not None and form.question != challenge.question:
            challenge.question = form.question
            await told("asked", "changed the question")
        if form.stages is not None:
            challenge.stages = _stages(challenge, form.stages)
        if form.stage is not None and form.stage != challenge.stage:
            challenge.stage = form.stage
            label = next((stage["label"] for stage in challenge.stages if stage["key"] == form.stage), None)
            if label is None:
                raise StageNotFound("This challenge has no such stage.", stage=form.stage)
            await told("moved", f"moved to {label}")
        if all(stage["key"] != challenge.stage for stage in challenge.stages):
            raise BadStages(
                "The challenge is in a stage you took out. Move it to another stage first.", errors=[]
            )
        return access


def _stages(challenge: Challenge, forms: Sequence[StageForm]) -> list[dict[str, Any]]:
    """Keys stay what they are; a stage without one is new."""
    known = {stage["key"] for stage in challenge.stages}
    stages = [{"key": form.key or new_id(), "label": form.label} for form in forms]
    keys = [stage["key"] for stage in stages]
    if len(set(keys)) != len(keys) or any(form.key and form.key not in known for form in forms):
        raise BadStages("A stage is named twice, or is not one of this challenge.", errors=[])
    if len({stage["label"].casefold() for stage in stages}) != len(stages):
        raise BadStages("Two stages have the same name.", errors=[])
    return stages


async def _roles(session: AsyncSession, challenges: Sequence[str], by: Identity) -> dict[str, str]:
    rows = await session.exec(
        select(Membership.challenge_id, Membership.role).where(
            Membership.person_id == by.id, col(Membership.challenge_id).in_(challenges)
        )
    )
    return dict(rows.all())


async def _shown(session: AsyncSession, standings: Sequence[Standing]) -> list[ChallengeShown]:
    ids = [found.challenge.id for found in standings]
    counted = await session.exec(
        select(Membership.challenge_id, sql.count())
        .where(col(Membership.challenge_id).in_(ids))
        .group_by(col(Membership.challenge_id))
    )
    people = dict(counted.all())
    counted = await session.exec(
        select(Thread.place, sql.count())
        .where(
            col(Thread.place).in_([found.challenge.room for found in standings]),
            col(Thread.resolved_at).is_(None),
        )
        .group_by(col(Thread.place))
    )
    comments = dict(counted.all())
    first = await _first_members(session, ids)
    shown = []
    for found in standings:
        challenge = found.challenge
        keys = [stage["key"] for stage in challenge.stages]
        index = keys.index(challenge.stage)
        shown.append(
            ChallengeShown(
                id=challenge.id,
                title=challenge.title,
                question=challenge.question,
                summary=challenge.summary,
                stage=StageNow(index=index, **challenge.stages[index]),
                stages=[Stage(**stage) for stage in challenge.stages],
                counts=Counts(
                    people=people.get(challenge.id, 0),
                    comments=comments.get(challenge.room, 0),
                    words=challenge.words,
                ),
                archived=challenge.archived_at is not None,
                open_to_lab=challenge.open_to_lab,
                example=challenge.example,
                your_role=found.role,
                updated_at=challenge.updated_at,
                people=first[challenge.id],
            )
        )
    return shown


async def _first_members(session: AsyncSession, challenges: Sequence[str]) -> dict[str, list[PersonBrief]]:
    turn = sql.row_number().over(
        partition_by=col(Membership.challenge_id),
        order_by=(col(Membership.joined_at), col(Membership.person_id)),
    )
    ranked = (
        select(Membership.challenge_id, Membership.person_id, turn.label("turn"))
        .where(col(Membership.challenge_id).in_(challenges))
        .subquery()
    )
    rows = await session.exec(
        select(ranked.c.challenge_id, Person)
        .join(Person, col(Person.id) == ranked.c.person_id)
        .where(ranked.c.turn <= 5)
        .order_by(ranked.c.challenge_id, ranked.c.turn)
    )
    first: dict[str, list[PersonBrief]] = defaultdict(list)
    for challenge, person in rows:
        first[challenge].append(PersonBrief(id=person.id, name=person.name, colour=person.colour))
    return first


@dataclass(frozen=True, slots=True)
class Workspace:
    """Every noun of this feature, built once and handed to the routes."""

    lab: Lab
    challenges: Challenges
    members: Members
    versions: Versions

    @classmethod
    def over(cls, database: Database, clock: Clock, rooms: Rooms, people: People) -> Workspace:
        return cls(
            Lab(database, clock),
            Challenges(database, clock, rooms, people),
            Members(database, clock, rooms, people),
            Versions(database, clock, rooms),
        )
