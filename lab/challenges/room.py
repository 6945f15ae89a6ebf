"""Statement rooms: who may join them, and what follows from what was written there."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc
from sqlmodel import col, select

from lab.challenges import activity
from lab.challenges.access import standing
from lab.challenges.blocks import count_words, plain_text, summary
from lab.challenges.document import STATEMENT
from lab.challenges.errors import ChallengeNotFound
from lab.challenges.keeping import keep_automatic
from lab.challenges.models import Challenge
from lab.challenges.reading import read
from lab.core.clock import Clock
from lab.core.db import Database
from lab.people.models import Person
from lab.realtime.errors import NotSignedIn, RoomNotFound
from lab.realtime.ports import Access, Schema, Visitor
from lab.realtime.protocol import decode_vector


class StatementRooms:
    """A `RoomKind` (see lab/realtime/ports.py); its keys are challenge ids."""

    schema: Schema | None = STATEMENT

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def access(self, key: str, visitor: Visitor | None) -> Access:
        if visitor is None:
            raise NotSignedIn("Sign in to open this challenge.")
        async with self._database.reading() as session:
            try:
                found = await standing(session, key, visitor.principal)
            except ChallengeNotFound as error:
                raise RoomNotFound("There is no such challenge, or it is not open to you.") from error
        return Access.WRITE if found.writes else Access.READ

    async def create_on_join(self, key: str, visitor: Visitor) -> bool:
        return False

    async def saved(self, key: str, doc: Doc[Any], principals: frozenset[str]) -> None:
        blocks, clients = read(doc), decode_vector(doc.get_state())
        now = self._clock.now()
        async with self._database.transaction() as session:
            locked = select(Challenge).where(Challenge.id == key).with_for_update()
            challenge = (await session.exec(locked)).first()
            if challenge is None:
                return
            authors = await session.exec(select(Person.id).where(col(Person.id).in_(sorted(principals))))
            known = sorted(authors)
            for person in known:
                await activity.note(session, now, key, person, "edited", "edited the statement")
            if any(old in clients for old in challenge.seeds[:-1]):
                return  # it was replaced while we were on our way; what it held is kept as a version
            challenge.summary = summary(blocks)
            challenge.words = count_words(plain_text(blocks))
            if principals:
                challenge.updated_at = now
            session.add(challenge)
            by = known[0] if len(known) == 1 else None
            await keep_automatic(session, challenge, blocks, at=now, by=by)
