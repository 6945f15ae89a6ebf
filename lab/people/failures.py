"""Wrong passwords are counted: five per account and network in fifteen minutes, with growing pauses between.

Counted in the database, so that restarting, or asking another node, gives no further guesses.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core.clock import Clock
from lab.core.errors import TooMuch
from lab.people.models import SignInFailure

WINDOW = timedelta(minutes=15)
PAUSES = (0.0, 0.0, 2.0, 5.0, 15.0)
"""Seconds to wait before another try, by failures so far. Beyond the last: until one is older than WINDOW."""


class Failures:
    def __init__(self, clock: Clock, secret: bytes) -> None:
        self._clock = clock
        self._secret = secret

    def subject(self, email: str, network: str) -> str:
        # Keyed: from the table alone nobody can tell who tried to sign in from where.
        return hmac.new(self._secret, f"failure {email} {network}".encode(), sha256).hexdigest()

    async def count_one(self, session: AsyncSession, subject: str) -> None:
        """Before the password is looked at: a hundred guesses at once are counted too. Raises TooMuch."""
        now = self._clock.now()
        if session.get_bind().dialect.name == "postgresql":
            await (await session.connection()).execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:subject))"), {"subject": subject}
            )
        await session.exec(delete(SignInFailure).where(col(SignInFailure.at) <= now - WINDOW))
        recent = (
            await session.exec(
                select(SignInFailure.at)
                .where(SignInFailure.subject == subject)
                .order_by(col(SignInFailure.at))
            )
        ).all()
        if len(recent) >= len(PAUSES):
            wait = (recent[-len(PAUSES)] + WINDOW - now).total_seconds()
        elif recent:
            wait = (recent[-1] - now).total_seconds() + PAUSES[len(recent)]
        else:
            wait = 0.0
        if wait > 0:
            raise TooMuch(
                "That was wrong several times. Wait a little, or ask for a sign-in link.", retry_after=wait
            )
        session.add(SignInFailure(subject=subject, at=now))
        await session.flush()

    async def forget(self, session: AsyncSession, subject: str) -> None:
        """The right password was given."""
        await session.exec(delete(SignInFailure).where(col(SignInFailure.subject) == subject))
