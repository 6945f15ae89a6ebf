"""Who is asking: what a request or socket is allowed to know about the person behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from starlette.requests import HTTPConnection

from lab.core.errors import NotSignedIn

Role = Literal["staff", "facilitator", "participant", "observer"]
ROLES: tuple[Role, ...] = ("staff", "facilitator", "participant", "observer")
"""From the most that may be done to the least."""


def outranks(role: Role | None, other: Role | None) -> bool:
    """Whether `role` may do at least what `other` may. None may do nothing in the lab at large."""
    if other is None:
        return True
    return role is not None and ROLES.index(role) <= ROLES.index(other)


@dataclass(frozen=True, slots=True)
class Identity:
    id: str
    name: str
    email: str | None
    role: Role | None
    """In the lab at large; None for guests and for people who only belong to some challenges."""
    guest: bool
    session: str
    """The sign-in or the bearer token this came by; ending it ends this identity."""
    csrf: str
    """What a page must send back in X-Lab-CSRF; empty for bearer tokens, which no page can send unasked."""
    bearer: bool = False
    expires_at: float | None = field(default=None, compare=False)
    """Unix seconds after which the sign-in no longer holds, however busy."""

    @property
    def colour(self) -> str:
        return colour_of(self.id)


class Who(StrEnum):
    """Who may call a route at all; finer rules live in the services."""

    ANYONE = "anyone"
    PERSON = "person"
    ACCOUNT = "account"
    STAFF = "staff"


Identify = Callable[[HTTPConnection], Awaitable[Identity | None]]


def colour_of(principal: str) -> str:
    """The same colour for the same person on every screen: p1 to p6."""
    return f"p{sum(principal.encode()) % 6 + 1}"


def person(conn: HTTPConnection) -> Identity:
    """The signed-in person behind this request, as the route found them."""
    found = visitor(conn)
    if found is None:
        raise NotSignedIn("Sign in to do this.")
    return found


def visitor(conn: HTTPConnection) -> Identity | None:
    """The same, or None for somebody who is not signed in."""
    found = conn.scope.get("lab.identity")
    return found if isinstance(found, Identity) else None
