"""What is stored about people. Of every secret only the hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer
from sqlmodel import Field, SQLModel

from lab.core.db import UtcDateTime
from lab.core.identity import Identity, Role, colour_of
from lab.core.ids import new_id

ROLE_CHECK = "role IN ('staff', 'facilitator', 'participant', 'observer')"


class Person(SQLModel, table=True):
    """An account, or a guest who gave only a name."""

    __table_args__ = (CheckConstraint(ROLE_CHECK, name="role_known"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    name: str = Field(max_length=80)
    email: str | None = Field(default=None, max_length=254, unique=True)
    """Lower case; None for guests."""
    role: str | None = Field(default=None, max_length=20)
    """In the lab at large; None for guests and for people of single challenges."""
    guest: bool = False
    suspended: bool = False
    password_hash: str | None = Field(default=None, max_length=255)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def colour(self) -> str:
        return colour_of(self.id)


class Login(SQLModel, table=True):
    """One sign-in of one browser."""

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", max_length=26, index=True)
    token_hash: str = Field(max_length=64, unique=True)
    device: str = Field(max_length=80)
    shared_device: bool = False
    invitation_id: str | None = Field(default=None, max_length=26, index=True)
    """The invitation that made this sign-in, so that withdrawing the one can end the other."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    rotate: bool = False
    """What the person may do has changed: the next page load gets a new token."""
    previous_hash: str | None = Field(default=None, max_length=64, index=True)
    """The token before the last rotation, good for the seconds in which requests were under way."""
    previous_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BearerToken(SQLModel, table=True):
    """What a program of a person's signs in with."""

    __tablename__ = "bearer_token"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", max_length=26, index=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInLink(SQLModel, table=True):
    """Signs one person in, once. Kinds: `mail`; `staff`, handed over by hand; `first`, printed."""

    __tablename__ = "sign_in_link"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", max_length=26, index=True)
    kind: str = Field(max_length=10)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInFailure(SQLModel, table=True):
    """One wrong password; `subject` is a keyed hash of account and network, so that no address is kept."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_subject_at", "subject", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    subject: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """A link by which people join a challenge in one role. What a challenge is, is not known here."""

    __table_args__ = (
        CheckConstraint(ROLE_CHECK, name="role_known"),
        CheckConstraint("uses <= max_uses", name="uses_bounded"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    challenge_id: str = Field(max_length=26, index=True)
    role: str = Field(max_length=20)
    label: str = Field(default="", max_length=80)
    secret_hash: str = Field(max_length=64, unique=True)
    created_by: str = Field(foreign_key="person.id", max_length=26, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    max_uses: int
    uses: int = 0
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AccessChange(SQLModel, table=True):
    """Somebody's access changed: every node looks here a few times a second and closes what must close.

    `principal` names whose roles to look at again; `login` a sign-in that ended. Rows are kept for an hour.
    """

    __tablename__ = "access_change"
    __table_args__ = {"sqlite_autoincrement": True}  # no id is ever used again

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite")
    )
    principal: str | None = Field(default=None, max_length=26)
    login: str | None = Field(default=None, max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)


# 192 random bits need no slow hash: nobody can try that many.


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def identity_of(
    person: Person, session: str, *, expires_at: datetime | None, csrf: str = "", bearer: bool = False
) -> Identity:
    """What requests and sockets get to know; `session` is the login or token this came by."""
    role: Role | None = person.role  # type: ignore[assignment]
    return Identity(
        person.id,
        person.name,
        person.email,
        role,
        person.guest,
        session,
        csrf,
        bearer,
        expires_at.timestamp() if expires_at else None,
    )
