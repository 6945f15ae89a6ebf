"""Sign-in links: each signs one person in, once.

The secret stands in the fragment, which no server log, proxy or referrer sees. A button press spends it, so
that a mail scanner that merely opens the page does not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core.clock import Clock
from lab.people.errors import LinkExpired, LinkUnknown, LinkUsed
from lab.people.logins import SKEW
from lab.people.models import Person, SignInLink, hashed, new_secret

MAIL_MINUTES = 10
GOOD_FOR = {
    "mail": timedelta(minutes=MAIL_MINUTES),
    "staff": timedelta(hours=24),
    "first": timedelta(hours=24),
}
MOST_MAILS = 3
"""To one address in ten minutes: nobody's mailbox is filled from here."""


class SignInLinks:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def make(self, session: AsyncSession, person: str, kind: str) -> tuple[str, datetime]:
        """Its secret and when it expires. Printed and handed-over links replace their predecessors."""
        now = self._clock.now()
        if kind != "mail":
            await session.exec(
                delete(SignInLink).where(
                    col(SignInLink.person_id) == person,
                    col(SignInLink.kind) == kind,
                    col(SignInLink.used_at).is_(None),
                )
            )
        secret = new_secret()
        expires_at = now + GOOD_FOR[kind]
        session.add(
            SignInLink(
                person_id=person, kind=kind, token_hash=hashed(secret), created_at=now, expires_at=expires_at
            )
        )
        await session.flush()
        return secret, expires_at

    async def may_mail(self, session: AsyncSession, person: str) -> bool:
        since = self._clock.now() - GOOD_FOR["mail"]
        sent = await session.exec(
            select(sql.count())
            .select_from(SignInLink)
            .where(
                SignInLink.person_id == person, SignInLink.kind == "mail", col(SignInLink.created_at) > since
            )
        )
        return sent.one() < MOST_MAILS

    async def redeem(self, session: AsyncSession, secret: str) -> tuple[Person, str]:
        """Whom it signs in, and which kind it was. It is spent when the transaction is committed."""
        now = self._clock.now()
        link = (await session.exec(select(SignInLink).where(SignInLink.token_hash == hashed(secret)))).first()
        if link is None:
            raise LinkUnknown("This link is not known here. Was all of it copied?")
        if link.used_at is not None:
            raise LinkUsed("This link was used already. Ask for a new one.")
        if link.expires_at <= now or link.created_at - now > SKEW:
            raise LinkExpired("This link has expired. Ask for a new one.")
        # Two presses at once: one of them changes the row, the other finds it changed.
        spent = await session.exec(
            update(SignInLink)
            .where(col(SignInLink.id) == link.id, col(SignInLink.used_at).is_(None))
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        if spent.rowcount != 1:
            raise LinkUsed("This link was used already. Ask for a new one.")
        person = await session.get_one(Person, link.person_id)
        if person.suspended:
            raise LinkUnknown("This link is not known here. Was all of it copied?")
        return person, link.kind

    async def void(self, session: AsyncSession, person: str) -> None:
        """No link made so far signs this person in any more."""
        await session.exec(
            delete(SignInLink).where(col(SignInLink.person_id) == person, col(SignInLink.used_at).is_(None))
        )
