"""Invitations: links by which people join a challenge in a fixed role, guests by name only.

What a challenge is, who may invite to it and what joining it means are the business of another feature, which
hands over a `Places`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection

from lab.core import audit
from lab.core.errors import NotAllowed
from lab.core.identity import Identity, Role, outranks
from lab.core.limits import Limit, address
from lab.people.errors import (
    InvitationExpired,
    InvitationRevoked,
    InvitationUnknown,
    InvitationUsedUp,
    NameNeeded,
    RoleTooHigh,
)
from lab.people.logins import SKEW
from lab.people.models import Invitation, Person, hashed, new_secret
from lab.people.service import People
from lab.people.shapes import (
    AcceptInvitation,
    ChallengeBrief,
    InvitationOffer,
    InvitationShown,
    NewInvitation,
    PersonBrief,
)

JOINS_PER_MINUTE = 240
"""Per address: a workshop sits behind one. The secret cannot be guessed; this only bounds the work."""


class Places(Protocol):
    """What invitations need to know about challenges."""

    async def role_in(self, challenge: str, by: Identity) -> Role:
        """What this person may do there. Raises NotFound when they may not know of it."""

    async def brief(self, challenge: str) -> ChallengeBrief | None: ...

    async def admit(self, session: AsyncSession, challenge: str, person: str, role: Role) -> bool:
        """In the caller's transaction: they are a member in this role, or keep the higher one they had.
        Whether that changed anything."""

    async def admitted(self, challenge: str) -> None:
        """After the commit: whoever has the challenge open hears that its members changed."""


class Invitations:
    def __init__(self, people: People, places: Places) -> None:
        self.people = people
        self._places = places
        self._database = people.database
        self._clock = people.clock
        self._joins = Limit(
            JOINS_PER_MINUTE * people.settings.limit_factor, 60, people.clock, what="people joining at once"
        )

    async def make(self, challenge: str, form: NewInvitation, by: Identity) -> tuple[InvitationShown, str]:
        """The invitation, and its secret for this one time."""
        await self._may_invite(challenge, by, form.role)
        now, secret = self._clock.now(), new_secret()
        invitation = Invitation(
            challenge_id=challenge,
            role=form.role,
            label=form.label,
            secret_hash=hashed(secret),
            created_by=by.id,
            created_at=now,
            expires_at=now + timedelta(hours=form.expires_in_hours),
            max_uses=form.max_uses,
        )
        async with self._database.transaction() as session:
            session.add(invitation)
            await session.flush()
            await audit.record(
                session, now, by.id, "invitation_made", invitation.id, challenge=challenge, role=form.role
            )
        return _shown(invitation, PersonBrief(id=by.id, name=by.name, colour=by.colour)), secret

    async def of(self, challenge: str, by: Identity) -> list[InvitationShown]:
        await self._may_invite(challenge, by, None)
        async with self._database.reading() as session:
            found = await session.exec(
                select(Invitation, Person)
                .join(Person, col(Person.id) == col(Invitation.created_by))
                .where(Invitation.challenge_id == challenge)
                .order_by(col(Invitation.id).desc())
                .limit(500)
            )
            return [
                _shown(one, PersonBrief(id=maker.id, name=maker.name, colour=maker.colour))
                for one, maker in found
            ]

    async def revoke(self, challenge: str, invitation: str, *, end_sessions: bool, by: Identity) -> None:
        await self._may_invite(challenge, by, None)
        async with self._database.transaction() as session:
            found = await session.get(Invitation, invitation)
            # Both ids are looked at: an invitation of another challenge is not this person's to withdraw.
            if found is None or found.challenge_id != challenge:
                raise InvitationUnknown("There is no such invitation to this challenge.")
            if not outranks(await self._places.role_in(challenge, by), _role(found)):
                raise RoleTooHigh("This invitation gives more than you have.")
            found.revoked_at = found.revoked_at or self._clock.now()
            session.add(found)
            ended = await self.people.logins.end_of_invitation(session, found.id) if end_sessions else 0
            await audit.record(
                session, self._clock.now(), by.id, "invitation_revoked", found.id, sessions_ended=ended
            )
        await self.people.announce()

    async def look(self, conn: HTTPConnection, secret: str) -> InvitationOffer:
        """What it offers, before anybody says yes."""
        self._joins.take(address(conn))
        async with self._database.reading() as session:
            invitation = await self._usable(session, secret)
        challenge = await self._places.brief(invitation.challenge_id)
        if challenge is None:
            raise InvitationUnknown("The challenge of this invitation is no longer there.")
        return InvitationOffer(
            challenge=challenge,
            role=_role(invitation),
            lab=await self.people.lab_name(),
            expires_at=invitation.expires_at,
        )

    async def accept(
        self, conn: HTTPConnection, form: AcceptInvitation, identity: Identity | None
    ) -> tuple[Identity, str | None, str]:
        """Who they are now, their new cookie, and the challenge. All of it happens, or none."""
        self._joins.take(address(conn))
        now = self._clock.now()
        token: str | None
        async with self._database.transaction() as session:
            invitation = await self._usable(session, form.secret)
            challenge, role = invitation.challenge_id, _role(invitation)
            if identity is None:
                if form.name is None:
                    raise NameNeeded("Tell the others what to call you.", errors=[{"field": "name"}])
                person = Person(name=form.name, guest=True, created_at=now)
                session.add(person)
                await session.flush()
                identity, token = await self.people.logins.begin(
                    session, conn, person, shared_device=form.shared_device, invitation=invitation.id
                )
            else:
                rotated = (
                    None if identity.bearer else await self.people.logins.rotate(session, identity.session)
                )
                token = rotated[0] if rotated else None
            admitted = await self._places.admit(session, challenge, identity.id, role)
            if admitted:
                await self._use_once(session, invitation)
                await self.people.access_changed(session, principal=identity.id)
                await audit.record(
                    session, now, identity.id, "invitation_accepted", invitation.id,
                    challenge=challenge, role=role, guest=identity.guest,
                )  # fmt: skip
        await self.people.announce()
        if admitted:
            await self._places.admitted(challenge)
        return identity, token, challenge

    async def _usable(self, session: AsyncSession, secret: str) -> Invitation:
        found = (
            await session.exec(select(Invitation).where(Invitation.secret_hash == hashed(secret)))
        ).first()
        now = self._clock.now()
        if found is None:
            raise InvitationUnknown("This invitation is not known here. Was all of the link copied?")
        if found.revoked_at is not None:
            raise InvitationRevoked("This invitation was withdrawn. Ask whoever sent it.")
        if found.expires_at <= now or found.created_at - now > SKEW:
            raise InvitationExpired("This invitation has expired. Ask whoever sent it for a new one.")
        if found.uses >= found.max_uses:
            raise InvitationUsedUp(
                "As many people have used this invitation as it was made for. Ask whoever sent it."
            )
        return found

    async def _use_once(self, session: AsyncSession, invitation: Invitation) -> None:
        # Counted by the database: of two people taking the last place, one changes no row.
        used = await session.exec(
            update(Invitation)
            .where(
                col(Invitation.id) == invitation.id,
                col(Invitation.uses) < col(Invitation.max_uses),
                col(Invitation.revoked_at).is_(None),
            )
            .values(uses=col(Invitation.uses) + 1)
            .execution_options(synchronize_session=False)
        )
        if used.rowcount != 1:
            raise InvitationUsedUp(
                "Somebody else took the last place of this invitation. Ask whoever sent it."
            )

    async def _may_invite(self, challenge: str, by: Identity, role: Role | None) -> None:
        own = await self._places.role_in(challenge, by)
        if own not in ("staff", "facilitator"):
            raise NotAllowed("Only staff and facilitators of this challenge can invite people.")
        if not outranks(own, role):
            raise RoleTooHigh("You cannot give a role above your own.")


def _role(invitation: Invitation) -> Role:
    role: Role = invitation.role  # type: ignore[assignment]
    return role


def _shown(invitation: Invitation, maker: PersonBrief) -> InvitationShown:
    return InvitationShown(
        id=invitation.id,
        label=invitation.label,
        role=_role(invitation),
        created_by=maker,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        uses=invitation.uses,
        max_uses=invitation.max_uses,
        revoked_at=invitation.revoked_at,
    )
