"""Signing in and out: by password, by link, for the first time; and links that staff hand over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection

from lab.core import audit
from lab.core.db import DatabaseUnavailable
from lab.core.identity import Identity
from lab.core.limits import Limit, address, network
from lab.people.errors import PersonSuspended, SignInFailed
from lab.people.failures import Failures
from lab.people.links import MAIL_MINUTES
from lab.people.mail import Mail, sign_in_mail
from lab.people.models import Person
from lab.people.service import People

log = structlog.get_logger("lab.people")
FIRST = "0" * 26
"""The member of staff every lab begins with: a fixed id, so that two nodes starting at once make one."""
WRONG = "The address and the password do not go together here."


class SignIns:
    def __init__(self, people: People) -> None:
        self.people = people
        self._database = people.database
        self._clock = people.clock
        self._logins = people.logins
        self._failures = Failures(people.clock, people.settings.secret_bytes())
        self._attempts = Limit(20 * people.settings.limit_factor, 60, people.clock, what="sign-ins")
        self._under_way: set[asyncio.Task[None]] = set()

    async def sign_in(
        self, conn: HTTPConnection, email: str, password: str, *, shared_device: bool = False
    ) -> tuple[Identity, str]:
        """The new identity and its cookie. The answer and the work are the same whatever was wrong."""
        self._attempts.take(address(conn))
        subject = self._failures.subject(email, network(conn))
        async with self._database.transaction() as session:
            await self._failures.count_one(session, subject)
            person = await self.people.by_email(session, email)
        stored = person.password_hash if person else None
        matched = await self.people.passwords.matches(password, stored)
        if not matched or person is None or stored is None or person.suspended:
            log.info("sign_in_failed", subject=subject[:16])
            raise SignInFailed(WRONG)
        fresh = await self.people.passwords.hash(password) if self.people.passwords.outdated(stored) else None
        async with self._database.transaction() as session:
            # The hashing took a while: look again at what may have changed meanwhile.
            person = await session.get(Person, person.id)
            if person is None or person.suspended or person.password_hash != stored:
                raise SignInFailed(WRONG)
            if fresh is not None:
                person.password_hash = fresh
            await self._failures.forget(session, subject)
            identity, token = await self._logins.begin(session, conn, person, shared_device=shared_device)
            await audit.record(session, self._clock.now(), person.id, "signed_in", person.id, by="password")
        await self.people.announce()
        return identity, token

    async def ask_link(self, conn: HTTPConnection, email: str, origin: str) -> None:
        """Everything that depends on whether the address is known happens after the answer."""
        self._attempts.take(address(conn))
        if self.people.mail is not None:
            self._later(self._mail_link(self.people.mail, email, origin))

    async def _mail_link(self, mail: Mail, email: str, origin: str) -> None:
        try:
            await self._make_and_mail(mail, email, origin)
        except DatabaseUnavailable as error:
            log.error("link_not_made", detail=str(error))

    async def _make_and_mail(self, mail: Mail, email: str, origin: str) -> None:
        async with self._database.transaction() as session:
            person = await self.people.by_email(session, email)
            if person is None or person.suspended or not await self.people.links.may_mail(session, person.id):
                return
            secret, _ = await self.people.links.make(session, person.id, "mail")
        subject, text = sign_in_mail(
            await self.people.lab_name(), person.name, f"{origin}/sign-in#{secret}", MAIL_MINUTES
        )
        await mail.send(email, subject, text)

    async def redeem(
        self, conn: HTTPConnection, secret: str, *, shared_device: bool = False
    ) -> tuple[Identity, str]:
        self._attempts.take(address(conn))
        async with self._database.transaction() as session:
            person, kind = await self.people.links.redeem(session, secret)
            identity, token = await self._logins.begin(session, conn, person, shared_device=shared_device)
            await audit.record(
                session, self._clock.now(), person.id, "signed_in", person.id, by=f"link:{kind}"
            )
        await self.people.announce()
        return identity, token

    async def sign_out(self, conn: HTTPConnection) -> None:
        async with self._database.transaction() as session:
            person = await self._logins.end_presented(session, conn)
            if person is not None:
                await audit.record(session, self._clock.now(), person, "signed_out", person)
        await self.people.announce()

    async def hand_link(self, person_id: str, origin: str, *, by: Identity) -> tuple[str, datetime, bool]:
        """A link for staff to hand over, mailed as well where that is possible: url, expiry, mailed."""
        async with self._database.transaction() as session:
            person = await self.people.one(session, person_id)
            if person.suspended:
                raise PersonSuspended(f"{person.name} is suspended. Readmit them first.")
            secret, expires_at = await self.people.links.make(session, person.id, "staff")
            await audit.record(session, self._clock.now(), by.id, "link_made", person.id)
        url = f"{origin}/sign-in#{secret}"
        mailed = False
        if self.people.mail is not None and person.email is not None:
            hours = round((expires_at - self._clock.now()).total_seconds() / 3600)
            subject, text = sign_in_mail(await self.people.lab_name(), person.name, url, hours * 60)
            mailed = await self.people.mail.send(person.email, subject, text)
        return url, expires_at, mailed

    async def first_link(self, origin: str) -> str | None:
        """A link for the first member of staff, anew at each start, until one has signed in."""
        async with self._database.transaction() as session:
            known = (await session.exec(select(Person).where(Person.role == "staff"))).all()
            if any(person.last_seen_at is not None for person in known):
                return None
            if await self._make_first(session):
                await audit.record(
                    session, self._clock.now(), "system", "person_created", FIRST, role="staff"
                )
            secret, _ = await self.people.links.make(session, FIRST, "first")
        return f"{origin}/sign-in#{secret}"

    async def _make_first(self, session: AsyncSession) -> bool:
        """Whether it was made now. Of two nodes that start at once, the second waits for the first here."""
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        made = await session.exec(
            insert(Person)
            .values(
                id=FIRST, name="Lab staff", role="staff", guest=False, suspended=False,
                created_at=self._clock.now(),
            )
            .on_conflict_do_nothing()
        )  # fmt: skip
        return bool(made.rowcount)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Mail that was promised has been sent, or has failed."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
