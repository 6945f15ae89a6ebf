"""People: who there is, how they sign in, and what they may do in the lab at large."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from sqlalchemy import func as sql
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection

from lab.core import audit
from lab.core.clock import Clock, SystemClock
from lab.core.db import Database
from lab.core.identity import Identity, Role
from lab.core.settings import Settings
from lab.people.access import AccessWatch, access_changed
from lab.people.errors import (
    EmailTaken,
    GuestHasNoRole,
    LastStaff,
    PersonNotFound,
)
from lab.people.links import SignInLinks
from lab.people.logins import Logins
from lab.people.mail import Mail, SmtpMail
from lab.people.models import Person
from lab.people.passwords import Passwords
from lab.people.shapes import ChangePerson, PersonBrief
from lab.people.tokens import Tokens


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
        self.watch: AccessWatch | None = None

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
        recheck: Callable[[frozenset[str] | None], Awaitable[None]],
        end_session: Callable[[str], Awaitable[None]],
    ) -> AccessWatch:
        """Pass changes of access on to whoever holds sockets open on this node."""
        self.watch = AccessWatch(self.database, self.clock, recheck=recheck, end_session=end_session)
        return self.watch

    async def access_changed(
        self, session: AsyncSession, *, principal: str | None = None, login: str | None = None
    ) -> None:
        """Write down, in the caller's transaction, that access changed: of one principal, of one sign-in, or,
        with neither, of everybody. Then call `announce`."""
        await access_changed(session, self.clock.now(), principal=principal, login=login)

    async def announce(self) -> None:
        """After the commit: sockets on this node that must close have closed when this returns."""
        if self.watch is not None:
            await self.watch.look()

    # Others.

    async def get(self, person: str) -> Person:
        async with self.database.reading() as session:
            return await self.one(session, person)

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
        async with self.unique_email(), self.database.transaction() as session:
            if await self.by_email(session, email) is not None:
                raise EmailTaken(f"There is somebody with the address {email} already.")
            person = Person(name=name, email=email, role=role, created_at=self.clock.now())
            session.add(person)
            await session.flush()
            await audit.record(session, self.clock.now(), by, "person_created", person.id, role=role)
        return person

    async def change(self, person_id: str, change: ChangePerson, *, by: str) -> Person:
        async with self.database.transaction() as session:
            person = await self.one(session, person_id)
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

    # From the command line.

    async def token_for(self, email: str, name: str, role: Role | None, *, days: int) -> str:
        """A bearer token for whoever has this address; they are made if there is nobody."""
        by, now = "command line", self.clock.now()
        async with self.unique_email(), self.database.transaction() as session:
            person = await self.by_email(session, email)
            if person is None:
                person = Person(name=name, email=email, role=role or "participant", created_at=now)
                session.add(person)
                await session.flush()
                await audit.record(session, now, by, "person_created", person.id, role=person.role)
            elif role is not None and role != person.role:
                await self._change_role(session, person, role, by)
            token, secret = await self.tokens.make(
                session, person.id, "Made on the command line", now + timedelta(days=days)
            )
            await audit.record(session, now, by, "token_made", token.id)
        return secret

    # Within a transaction.

    async def one(self, session: AsyncSession, person: str) -> Person:
        found = await session.get(Person, person)
        if found is None:
            raise PersonNotFound("There is no such person.", person=person)
        return found

    async def by_email(self, session: AsyncSession, email: str) -> Person | None:
        return (await session.exec(select(Person).where(Person.email == email))).first()

    def unique_email(self) -> _UniqueEmail:
        return _UniqueEmail()


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
