"""People: who there is, how they sign in, and what they may do in the lab at large."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func as sql
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection

from lab.core import audit
from lab.core.clock import Clock, SystemClock
from lab.core.db import Database
from lab.core.identity import Identity, Role
from lab.core.limits import Limit, address, network
from lab.core.settings import Settings
from lab.people.access import AccessWatch, access_changed
from lab.people.errors import (
    EmailTaken,
    GuestHasNoRole,
    LastStaff,
    PersonNotFound,
    SignInFailed,
    WrongPassword,
)
from lab.people.failures import Failures
from lab.people.links import MAIL_MINUTES, SignInLinks
from lab.people.logins import Logins
from lab.people.mail import Mail, SmtpMail, sign_in_mail
from lab.people.models import Person
from lab.people.passwords import Passwords, check_strength
from lab.people.shapes import ChangeMe, ChangePerson, PersonBrief
from lab.people.tokens import Tokens

FIRST = "0" * 26
"""The member of staff every lab begins with: a fixed id, so that two nodes starting at once make one."""


class People:
    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        clock: Clock | None = None,
        mail: Mail | None = None,
        passwords: Passwords | None = None,
        lab_name: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock or SystemClock()
        self.mail = mail or (SmtpMail(settings) if settings.mails else None)
        self.passwords = passwords or Passwords()
        self.lab_name = lab_name or _a_lab
        self.logins = Logins(database, settings, self.clock)
        self.tokens = Tokens(database, self.clock)
        self.links = SignInLinks(self.clock)
        self.failures = Failures(self.clock, settings.secret_bytes())
        self.attempts = Limit(20 * settings.limit_factor, 60, self.clock, what="sign-ins")
        self.watch: AccessWatch | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    # Who is asking.

    async def identify(self, conn: HTTPConnection) -> Identity | None:
        """By the Authorization header if there is one, else by the cookie. A bad one means: nobody."""
        authorization = conn.headers.get("authorization")
        if authorization is None:
            return await self.logins.identify(conn)
        scheme, _, secret = authorization.partition(" ")
        return await self.tokens.identify(secret.strip()) if scheme.lower() == "bearer" else None

    def watch_access(
        self,
        recheck: Callable[[frozenset[str]], Awaitable[None]],
        end_session: Callable[[str], Awaitable[None]],
    ) -> AccessWatch:
        """Pass changes of access on to whoever holds sockets open on this node."""
        self.watch = AccessWatch(self.database, self.clock, recheck=recheck, end_session=end_session)
        return self.watch

    async def access_changed(
        self, session: AsyncSession, *, principal: str | None = None, login: str | None = None
    ) -> None:
        """Write down, in the caller's transaction, that somebody's access changed. Then call `announce`."""
        await access_changed(session, self.clock.now(), principal=principal, login=login)

    async def announce(self) -> None:
        """After the commit: sockets on this node that must close have closed when this returns."""
        if self.watch is not None:
            await self.watch.look()

    # Signing in and out.

    async def sign_in(
        self, conn: HTTPConnection, email: str, password: str, *, shared_device: bool = False
    ) -> tuple[Identity, str]:
        """The new identity and its cookie. The answer and the work are the same whatever was wrong."""
        self.attempts.take(address(conn))
        subject = self.failures.subject(email, network(conn))
        async with self.database.transaction() as session:
            await self.failures.count_one(session, subject)
            person = await self._by_email(session, email)
        stored = person.password_hash if person else None
        matched = await self.passwords.matches(password, stored)
        if not matched or person is None or stored is None or person.suspended:
            raise SignInFailed("The address and the password do not go together here.")
        fresh = await self.passwords.hash(password) if self.passwords.outdated(stored) else None
        async with self.database.transaction() as session:
            # The hashing took a while: look again at what may have changed meanwhile.
            person = await session.get(Person, person.id)
            if person is None or person.suspended or person.password_hash != stored:
                raise SignInFailed("The address and the password do not go together here.")
            if fresh is not None:
                person.password_hash = fresh
            await self.failures.forget(session, subject)
            identity, token = await self.logins.begin(session, conn, person, shared_device=shared_device)
            await audit.record(session, self.clock.now(), person.id, "signed_in", person.id, by="password")
        await self.announce()
        return identity, token

    async def ask_link(self, conn: HTTPConnection, email: str, origin: str) -> None:
        """Everything that depends on whether the address is known happens after the answer."""
        self.attempts.take(address(conn))
        if self.mail is not None:
            self._later(self._mail_link(self.mail, email, origin))

    async def _mail_link(self, mail: Mail, email: str, origin: str) -> None:
        async with self.database.transaction() as session:
            person = await self._by_email(session, email)
            if person is None or person.suspended or not await self.links.may_mail(session, person.id):
                return
            secret, _ = await self.links.make(session, person.id, "mail")
        subject, text = sign_in_mail(
            await self.lab_name(), person.name, f"{origin}/sign-in#{secret}", MAIL_MINUTES
        )
        await mail.send(email, subject, text)

    async def redeem(
        self, conn: HTTPConnection, secret: str, *, shared_device: bool = False
    ) -> tuple[Identity, str]:
        self.attempts.take(address(conn))
        async with self.database.transaction() as session:
            person, kind = await self.links.redeem(session, secret)
            identity, token = await self.logins.begin(session, conn, person, shared_device=shared_device)
            await audit.record(
                session, self.clock.now(), person.id, "signed_in", person.id, by=f"link:{kind}"
            )
        await self.announce()
        return identity, token

    async def sign_out(self, conn: HTTPConnection) -> None:
        async with self.database.transaction() as session:
            person = await self.logins.end_presented(session, conn)
            if person is not None:
                await audit.record(session, self.clock.now(), person, "signed_out", person)
        await self.announce()

    async def end_login(self, by: Identity, login: str) -> None:
        async with self.database.transaction() as session:
            await self.logins.end(session, by.id, login)
            await audit.record(session, self.clock.now(), by.id, "session_ended", login)
        await self.announce()

    # Oneself.

    async def change_me(self, by: Identity, change: ChangeMe) -> str | None:
        """A new cookie when the address changed: whoever knows the old one shall not follow."""
        async with self._unique_email(), self.database.transaction() as session:
            person = await self._person(session, by.id)
            if change.name is not None:
                person.name = change.name
            if change.email is None or change.email == person.email:
                return None
            if person.guest:
                raise GuestHasNoRole("Guests take part by name only; ask staff for an account.")
            person.email = change.email
            await self.links.void(session, person.id)
            await audit.record(session, self.clock.now(), by.id, "email_changed", by.id)
            return await self._rotated(session, by)

    async def change_password(self, by: Identity, current: str | None, new: str) -> str | None:
        """Ends every other sign-in of this person; a new cookie for this one."""
        async with self.database.reading() as session:
            person = await self._person(session, by.id)
        if person.guest:
            raise GuestHasNoRole("Guests take part by name only; ask staff for an account.")
        stored = person.password_hash
        if stored is not None:
            subject = self.failures.subject(f"change {by.id}", "")
            async with self.database.transaction() as session:
                await self.failures.count_one(session, subject)
            if not await self.passwords.matches(current or "", stored):
                raise WrongPassword("The current password is not right.", errors=[])
            async with self.database.transaction() as session:
                await self.failures.forget(session, subject)
        local_part, _, domain = (person.email or "").partition("@")
        check_strength(
            new, [*person.name.split(), local_part, domain.partition(".")[0], await self.lab_name()]
        )
        fresh = await self.passwords.hash(new)
        async with self.database.transaction() as session:
            person = await self._person(session, by.id)
            if person.password_hash != stored:
                raise WrongPassword("The password was changed elsewhere meanwhile.", errors=[])
            person.password_hash = fresh
            await self.links.void(session, person.id)
            await self.logins.end_all(session, person.id, but=by.session)
            await audit.record(session, self.clock.now(), by.id, "password_changed", by.id)
            token = await self._rotated(session, by)
        await self.announce()
        return token

    async def _rotated(self, session: AsyncSession, by: Identity) -> str | None:
        rotated = None if by.bearer else await self.logins.rotate(session, by.session)
        return rotated[0] if rotated else None

    async def make_token(self, by: Identity, name: str, days: int | None) -> tuple[Any, str]:
        expires_at = self.clock.now() + timedelta(days=days) if days else None
        async with self.database.transaction() as session:
            token, secret = await self.tokens.make(session, by.id, name, expires_at)
            await audit.record(session, self.clock.now(), by.id, "token_made", token.id)
        return token, secret

    async def end_token(self, by: Identity, token: str) -> None:
        async with self.database.transaction() as session:
            await self.tokens.end(session, by.id, token)
            await audit.record(session, self.clock.now(), by.id, "token_ended", token)
        await self.announce()

    # Others.

    async def get(self, person: str) -> Person:
        async with self.database.reading() as session:
            return await self._person(session, person)

    async def briefs(self, persons: Iterable[str]) -> dict[str, PersonBrief]:
        """Name and colour of each that exists."""
        async with self.database.reading() as session:
            found = await session.exec(select(Person).where(col(Person.id).in_(set(persons))))
            return {one.id: PersonBrief(id=one.id, name=one.name, colour=one.colour) for one in found}

    async def find(self, q: str, cursor: str | None, limit: int) -> tuple[list[Person], str | None]:
        """By name or address, newest last; and where the next page begins."""
        wanted = select(Person).order_by(col(Person.id)).limit(limit + 1)
        if q:
            like = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").lower() + "%"
            wanted = wanted.where(
                or_(
                    sql.lower(col(Person.name)).like(like, escape="\\"),
                    col(Person.email).like(like, escape="\\"),
                )
            )
        if cursor:
            wanted = wanted.where(col(Person.id) > cursor)
        async with self.database.reading() as session:
            found = list(await session.exec(wanted))
        return found[:limit], found[limit - 1].id if len(found) > limit else None

    async def create(self, email: str, name: str, role: Role, *, by: str) -> Person:
        """An account; `by` is a person's id, or `command line`."""
        async with self._unique_email(), self.database.transaction() as session:
            if await self._by_email(session, email) is not None:
                raise EmailTaken(f"There is somebody with the address {email} already.")
            person = Person(name=name, email=email, role=role, created_at=self.clock.now())
            session.add(person)
            await session.flush()
            await audit.record(session, self.clock.now(), by, "person_created", person.id, role=role)
        return person

    async def change(self, person_id: str, change: ChangePerson, *, by: str) -> Person:
        async with self.database.transaction() as session:
            person = await self._person(session, person_id)
            if change.name is not None:
                person.name = change.name
            if change.role is not None and change.role != person.role:
                await self._change_role(session, person, change.role, by)
            if change.suspended is not None and change.suspended != person.suspended:
                await self._suspend(session, person, change.suspended, by)
            await session.flush()
            if await self._active_staff(session) == 0:
                raise LastStaff("This is the only member of staff. Make somebody else staff first.")
        await self.announce()
        return person

    async def _change_role(self, session: AsyncSession, person: Person, role: Role, by: str) -> None:
        if person.guest:
            raise GuestHasNoRole(f"{person.name} is a guest. Guests belong to single challenges.")
        await audit.record(
            session, self.clock.now(), by, "role_changed", person.id, before=person.role, after=role
        )
        person.role = role
        await self.logins.rotate_later(session, person.id)
        await self.access_changed(session, principal=person.id)

    async def _suspend(self, session: AsyncSession, person: Person, suspended: bool, by: str) -> None:
        person.suspended = suspended
        await audit.record(
            session, self.clock.now(), by, "suspended" if suspended else "readmitted", person.id
        )
        if suspended:
            await self.logins.end_all(session, person.id)
            await self.tokens.cut(session, person.id)
            await self.links.void(session, person.id)
        await self.access_changed(session, principal=person.id)

    async def _active_staff(self, session: AsyncSession) -> int:
        count = select(sql.count()).select_from(Person)
        staff = await session.exec(count.where(Person.role == "staff", col(Person.suspended).is_(False)))
        return staff.one()

    async def hand_link(self, person_id: str, origin: str, *, by: Identity) -> tuple[str, datetime, bool]:
        """A link for staff to hand over, mailed as well where that is possible: url, expiry, mailed."""
        async with self.database.transaction() as session:
            person = await self._person(session, person_id)
            secret, expires_at = await self.links.make(session, person.id, "staff")
            await audit.record(session, self.clock.now(), by.id, "link_made", person.id)
        url = f"{origin}/sign-in#{secret}"
        mailed = False
        if self.mail is not None and person.email is not None:
            hours = round((expires_at - self.clock.now()).total_seconds() / 3600)
            subject, text = sign_in_mail(await self.lab_name(), person.name, url, hours * 60)
            mailed = await self.mail.send(person.email, subject, text)
        return url, expires_at, mailed

    # The first start.

    async def first_link(self, origin: str) -> str | None:
        """A link for the first member of staff, anew at each start, until one has signed in."""
        async with self.database.transaction() as session:
            known = (await session.exec(select(Person).where(Person.role == "staff"))).all()
            if any(person.last_seen_at is not None for person in known):
                return None
            first = await session.get(Person, FIRST)
            if first is None:
                first = Person(id=FIRST, name="Lab staff", role="staff", created_at=self.clock.now())
                session.add(first)
                await session.flush()
                await audit.record(session, self.clock.now(), "system", "person_created", FIRST, role="staff")
            secret, _ = await self.links.make(session, FIRST, "first")
        return f"{origin}/sign-in#{secret}"

    # Small things.

    async def _person(self, session: AsyncSession, person: str) -> Person:
        found = await session.get(Person, person)
        if found is None:
            raise PersonNotFound("There is no such person.", person=person)
        return found

    async def _by_email(self, session: AsyncSession, email: str) -> Person | None:
        return (await session.exec(select(Person).where(Person.email == email))).first()

    def _unique_email(self) -> _UniqueEmail:
        return _UniqueEmail()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Mail that was promised has been sent, or has failed."""
        await asyncio.gather(*self._under_way, return_exceptions=True)


class _UniqueEmail:
    """Two people taking one address at once: the database lets one through."""

    async def __aenter__(self) -> None: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if isinstance(error, IntegrityError):
            raise EmailTaken("Somebody else here has this address.") from error


async def _a_lab() -> str:
    return "the lab"
