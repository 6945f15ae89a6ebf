"""Bearer tokens: what a person's programs sign in with."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core.clock import Clock
from lab.core.db import Database, DatabaseUnavailable
from lab.core.identity import Identity
from lab.people.access import access_changed
from lab.people.errors import TokenNotFound, TooManyTokens
from lab.people.models import BearerToken, Person, hashed, identity_of, new_secret

log = structlog.get_logger("lab.people")
PREFIX = "lab_"
"""So that a token left in a file or a chat can be recognised by people and scanners."""
MOST_TOKENS = 50
TOUCH_EVERY = timedelta(minutes=1)


class Tokens:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def identify(self, secret: str) -> Identity | None:
        now = self._clock.now()
        async with self._database.reading() as session:
            found = (
                await session.exec(
                    select(BearerToken, Person)
                    .join(Person, col(Person.id) == col(BearerToken.person_id))
                    .where(BearerToken.token_hash == hashed(secret))
                )
            ).first()
        if found is None:
            return None
        token, person = found
        if person.suspended or (token.expires_at is not None and token.expires_at <= now):
            return None
        if token.last_used_at is None or now - token.last_used_at >= TOUCH_EVERY:
            await self._touch(token.id, now)
        return identity_of(person, token.id, expires_at=token.expires_at, bearer=True)

    async def _touch(self, token: str, now: datetime) -> None:
        try:
            async with self._database.transaction() as session:
                kept = await session.get(BearerToken, token)
                if kept is not None:
                    kept.last_used_at = now
        except DatabaseUnavailable as error:
            # Being noted as used is not worth refusing the request for.
            log.warning("token_not_touched", detail=str(error))

    async def of(self, person: str) -> list[BearerToken]:
        async with self._database.reading() as session:
            held = await session.exec(
                select(BearerToken).where(BearerToken.person_id == person).order_by(col(BearerToken.id))
            )
            return list(held)

    async def make(
        self, session: AsyncSession, person: str, name: str, expires_at: datetime | None
    ) -> tuple[BearerToken, str]:
        """The token, and its secret for this one time."""
        held = (await session.exec(select(BearerToken.id).where(BearerToken.person_id == person))).all()
        if len(held) >= MOST_TOKENS:
            raise TooManyTokens(f"You have {MOST_TOKENS} tokens. Remove one that is no longer used.")
        secret = PREFIX + new_secret()
        token = BearerToken(
            person_id=person,
            name=name,
            token_hash=hashed(secret),
            created_at=self._clock.now(),
            expires_at=expires_at,
        )
        session.add(token)
        await session.flush()
        return token, secret

    async def end(self, session: AsyncSession, person: str, token: str) -> None:
        """One of this person's own; raises TokenNotFound for anybody else's."""
        held = await session.get(BearerToken, token)
        if held is None or held.person_id != person:
            raise TokenNotFound("There is no such token of yours.")
        await session.delete(held)
        await access_changed(session, self._clock.now(), login=held.id)

    async def cut(self, session: AsyncSession, person: str) -> None:
        """Close what was opened with them. They stay, and are refused while the person is suspended."""
        for token in (await session.exec(select(BearerToken).where(BearerToken.person_id == person))).all():
            await access_changed(session, self._clock.now(), login=token.id)
