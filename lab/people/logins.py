"""Logins: one per signed-in browser. The only place that reads or writes the cookie.

The cookie holds a random reference and nothing else; the table holds its hash. A login ends when it is not
used for 12 hours, after 7 days in any case, when it is ended from here or another device, and when its
person is suspended.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import delete
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection
from starlette.responses import Response

from lab.core.clock import Clock
from lab.core.db import Database, DatabaseUnavailable
from lab.core.identity import Identity
from lab.core.settings import Settings
from lab.people.access import access_changed
from lab.people.devices import device_of
from lab.people.errors import SessionNotFound
from lab.people.models import Login, Person, hashed, identity_of, new_secret

log = structlog.get_logger("lab.people")
SKEW = timedelta(minutes=5)
"""A login made further in the future than this was made by a clock that has been put right since."""
TOUCH_EVERY = timedelta(minutes=1)
ROTATION_GRACE = timedelta(seconds=30)


class Logins:
    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._secret = settings.secret_bytes()
        # The prefix makes browsers refuse the cookie from anywhere but this host, over https, for all paths.
        self.cookie = "__Host-lab" if settings.https else "lab"

    async def identify(self, conn: HTTPConnection) -> Identity | None:
        """Never raises for a bad cookie: nobody is known."""
        token = conn.cookies.get(self.cookie, "")
        if not token:
            return None
        now, key = self._clock.now(), hashed(token)
        async with self._database.reading() as session:
            found = (
                await session.exec(
                    select(Login, Person)
                    .join(Person, col(Person.id) == col(Login.person_id))
                    .where(or_(col(Login.token_hash) == key, col(Login.previous_hash) == key))
                )
            ).first()
        if found is None:
            return None
        login, person = found
        if not self.holds(login, now) or person.suspended:
            return None
        if login.token_hash != key and (login.previous_until is None or login.previous_until <= now):
            return None
        if now - login.last_used_at >= TOUCH_EVERY:
            await self._touch(login.id, person.id, now)
        return identity_of(person, login.id, expires_at=login.ends_at, csrf=self._csrf(login.id))

    def holds(self, login: Login, now: datetime) -> bool:
        """Whether this login is still good: by idle time, by age, by a clock that may have been stepped."""
        idle = (
            timedelta(minutes=self._settings.shared_device_minutes)
            if login.shared_device
            else timedelta(hours=self._settings.session_idle_hours)
        )
        return login.created_at - now <= SKEW and now < login.ends_at and now - login.last_used_at < idle

    def _csrf(self, login: str) -> str:
        return hmac.new(self._secret, b"csrf " + login.encode(), sha256).hexdigest()

    async def _touch(self, login: str, person: str, now: datetime) -> None:
        try:
            async with self._database.transaction() as session:
                kept = await session.get(Login, login)
                if kept is not None and kept.last_used_at < now:
                    kept.last_used_at = now
                    owner = await session.get_one(Person, person)
                    owner.last_seen_at = now
        except DatabaseUnavailable as error:
            # Being noted as here is not worth refusing the request for.
            log.warning("login_not_touched", detail=str(error))

    # Begin and end.

    async def begin(
        self,
        session: AsyncSession,
        conn: HTTPConnection,
        person: Person,
        *,
        shared_device: bool = False,
        invitation: str | None = None,
    ) -> tuple[Identity, str]:
        """A new login, with a token nobody has seen before, in place of whatever this browser held."""
        now = self._clock.now()
        await self.end_presented(session, conn)
        await self._sweep(session, person.id, now)
        token = new_secret()
        login = Login(
            person_id=person.id,
            token_hash=hashed(token),
            device=device_of(conn.headers.get("user-agent", "")),
            shared_device=shared_device,
            invitation_id=invitation,
            created_at=now,
            last_used_at=now,
            ends_at=now + timedelta(days=self._settings.session_max_days),
        )
        session.add(login)
        person.last_seen_at = now
        session.add(person)
        await session.flush()
        return identity_of(person, login.id, expires_at=login.ends_at, csrf=self._csrf(login.id)), token

    async def end_presented(self, session: AsyncSession, conn: HTTPConnection) -> str | None:
        """The login this browser came with is over, whoever's it was. Returns whose."""
        token = conn.cookies.get(self.cookie, "")
        if not token:
            return None
        key = hashed(token)
        held = (
            await session.exec(
                select(Login).where(or_(col(Login.token_hash) == key, col(Login.previous_hash) == key))
            )
        ).first()
        if held is None:
            return None
        await self._end(session, held)
        return held.person_id

    async def end(self, session: AsyncSession, person: str, login: str) -> None:
        """One of this person's own; raises SessionNotFound for anybody else's."""
        held = await session.get(Login, login)
        if held is None or held.person_id != person:
            raise SessionNotFound("There is no such sign-in of yours.")
        await self._end(session, held)

    async def end_all(self, session: AsyncSession, person: str, *, but: str | None = None) -> int:
        """Every login of a person, except perhaps the one they are using; how many ended."""
        held = (await session.exec(select(Login).where(Login.person_id == person))).all()
        ending = [login for login in held if login.id != but]
        for login in ending:
            await self._end(session, login)
        return len(ending)

    async def end_of_invitation(self, session: AsyncSession, invitation: str) -> int:
        held = (await session.exec(select(Login).where(Login.invitation_id == invitation))).all()
        for login in held:
            await self._end(session, login)
        return len(held)

    async def _end(self, session: AsyncSession, login: Login) -> None:
        await session.delete(login)
        await access_changed(session, self._clock.now(), login=login.id)

    async def _sweep(self, session: AsyncSession, person: str, now: datetime) -> None:
        """Rows of this person that can never be used again."""
        await session.exec(
            delete(Login).where(
                col(Login.person_id) == person,
                or_(
                    col(Login.ends_at) <= now,
                    col(Login.last_used_at) <= now - timedelta(hours=self._settings.session_idle_hours),
                ),
            )
        )

    # A new token when what a person may do has changed.

    async def rotate_later(self, session: AsyncSession, person: str) -> None:
        """Every browser of this person gets a new token at its next page load."""
        for login in (await session.exec(select(Login).where(Login.person_id == person))).all():
            login.rotate = True
            session.add(login)

    async def rotate(self, session: AsyncSession, login: str) -> tuple[str, bool] | None:
        """A new token now, and whether the device is shared. The old one is good for requests under way."""
        held = await session.get(Login, login)
        if held is None:
            return None
        token = new_secret()
        held.previous_hash, held.previous_until = held.token_hash, self._clock.now() + ROTATION_GRACE
        held.token_hash, held.rotate = hashed(token), False
        session.add(held)
        await session.flush()
        return token, held.shared_device

    async def rotate_if_due(self, login: str) -> tuple[str, bool] | None:
        async with self._database.reading() as session:
            held = await session.get(Login, login)
        if held is None or not held.rotate:
            return None
        async with self._database.transaction() as session:
            held = await session.get(Login, login, with_for_update=True)
            return await self.rotate(session, login) if held is not None and held.rotate else None

    async def on_shared_device(self, login: str) -> bool:
        async with self._database.reading() as session:
            held = await session.get(Login, login)
        return held is not None and held.shared_device

    def set_cookie(self, response: Response, token: str, *, shared_device: bool) -> None:
        """On a shared device the browser forgets it when it is closed."""
        response.set_cookie(
            self.cookie,
            token,
            max_age=None if shared_device else int(self._settings.session_max_days * 86_400),
            path="/",
            secure=self._settings.https,
            httponly=True,
            samesite="lax",
        )

    def clear_cookie(self, response: Response) -> None:
        response.delete_cookie(
            self.cookie, path="/", secure=self._settings.https, httponly=True, samesite="lax"
        )

    async def of(self, person: str) -> list[Login]:
        now = self._clock.now()
        async with self._database.reading() as session:
            held = await session.exec(
                select(Login).where(Login.person_id == person).order_by(col(Login.last_used_at).desc())
            )
            return [login for login in held if self.holds(login, now)]
