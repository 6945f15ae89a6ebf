"""Oneself: one's own name, address and password, sign-ins and tokens."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core import audit
from lab.core.identity import Identity
from lab.people.errors import GuestHasNoRole, WrongPassword
from lab.people.failures import Failures
from lab.people.models import BearerToken
from lab.people.passwords import check_strength
from lab.people.service import People
from lab.people.shapes import ChangeMe


class Oneself:
    def __init__(self, people: People) -> None:
        self.people = people
        self._database = people.database
        self._clock = people.clock
        self._failures = Failures(people.clock, people.settings.secret_bytes())

    async def change_me(self, by: Identity, change: ChangeMe) -> str | None:
        """A new cookie when the address changed: whoever knows the old one shall not follow."""
        async with self.people.unique_email(), self._database.transaction() as session:
            person = await self.people.one(session, by.id)
            if change.name is not None:
                person.name = change.name
            if change.email is None or change.email == person.email:
                return None
            if person.guest:
                raise GuestHasNoRole("Guests take part by name only; ask staff for an account.")
            person.email = change.email
            await self.people.links.void(session, person.id)
            await audit.record(session, self._clock.now(), by.id, "email_changed", by.id)
            return await self._rotated(session, by)

    async def change_password(self, by: Identity, current: str | None, new: str) -> str | None:
        """Ends every other sign-in of this person; a new cookie for this one."""
        async with self._database.reading() as session:
            person = await self.people.one(session, by.id)
        if person.guest:
            raise GuestHasNoRole("Guests take part by name only; ask staff for an account.")
        stored = person.password_hash
        if stored is not None:
            subject = self._failures.subject(f"change {by.id}", "")
            async with self._database.transaction() as session:
                await self._failures.count_one(session, subject)
            if not await self.people.passwords.matches(current or "", stored):
                raise WrongPassword("The current password is not right.", errors=[])
            async with self._database.transaction() as session:
                await self._failures.forget(session, subject)
        local_part, _, domain = (person.email or "").partition("@")
        check_strength(
            new, [*person.name.split(), local_part, domain.partition(".")[0], await self.people.lab_name()]
        )
        fresh = await self.people.passwords.hash(new)
        async with self._database.transaction() as session:
            person = await self.people.one(session, by.id)
            if person.password_hash != stored:
                raise WrongPassword("The password was changed elsewhere meanwhile.", errors=[])
            person.password_hash = fresh
            await self.people.links.void(session, person.id)
            await self.people.logins.end_all(session, person.id, but=by.session)
            await audit.record(session, self._clock.now(), by.id, "password_changed", by.id)
            token = await self._rotated(session, by)
        await self.people.announce()
        return token

    async def _rotated(self, session: AsyncSession, by: Identity) -> str | None:
        rotated = None if by.bearer else await self.people.logins.rotate(session, by.session)
        return rotated[0] if rotated else None

    async def make_token(self, by: Identity, name: str, days: int | None) -> tuple[BearerToken, str]:
        expires_at = self._clock.now() + timedelta(days=days) if days else None
        async with self._database.transaction() as session:
            token, secret = await self.people.tokens.make(session, by.id, name, expires_at)
            await audit.record(session, self._clock.now(), by.id, "token_made", token.id)
        return token, secret

    async def end_token(self, by: Identity, token: str) -> None:
        async with self._database.transaction() as session:
            await self.people.tokens.end(session, by.id, token)
            await audit.record(session, self._clock.now(), by.id, "token_ended", token)
        await self.people.announce()

    async def end_login(self, by: Identity, login: str) -> None:
        async with self._database.transaction() as session:
            await self.people.logins.end(session, by.id, login)
            await audit.record(session, self._clock.now(), by.id, "session_ended", login)
        await self.people.announce()
