"""The shapes in which people, sign-ins and invitations cross HTTP."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from lab.core.identity import Role
from lab.core.web import Form, PageQuery

_INVISIBLE = re.compile(r"[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

_ADDRESS = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


def _a_name(value: str) -> str:
    """One line that shows as what it is: composed, single spaces, nothing invisible or direction-turning."""
    clean = " ".join(_INVISIBLE.sub(" ", unicodedata.normalize("NFC", value)).split())
    if not clean:
        raise ValueError("Give a name that can be seen.")
    if len(clean) > 80:
        raise ValueError("A name may have at most 80 characters.")
    return clean


def _an_address(value: str) -> str:
    lowered = value.strip().lower()
    if len(lowered) > 254 or not lowered.isprintable() or not _ADDRESS.fullmatch(lowered):
        raise ValueError("This is not an e-mail address.")
    return lowered


Name = Annotated[str, StringConstraints(max_length=400), AfterValidator(_a_name)]
Email = Annotated[str, StringConstraints(max_length=400), AfterValidator(_an_address)]
Password = Annotated[str, StringConstraints(max_length=1024, strip_whitespace=False)]
Secret = Annotated[str, StringConstraints(max_length=200)]
Label = Annotated[str, StringConstraints(max_length=80)]


class PersonBrief(BaseModel):
    id: str
    name: str
    colour: str


class PersonName(BaseModel):
    id: str
    name: str


class PersonShown(BaseModel):
    id: str
    name: str
    email: str | None
    role: Role | None
    guest: bool
    colour: str


class LabShown(BaseModel):
    name: str


class Me(BaseModel):
    """Who the page is open for. `csrf` goes back in `X-Lab-CSRF` with every change."""

    person: PersonShown | None
    csrf: str
    lab: LabShown
    password_set: bool
    mail: bool
    """Whether this lab can send mail; otherwise staff hand out links."""
    pending_mentions: int
    challenge: str | None = None
    """After accepting an invitation: where to go."""


class SignIn(Form):
    email: Email
    password: Password
    shared_device: bool = False


class AskLink(Form):
    email: Email


class Redeem(Form):
    token: Secret
    shared_device: bool = False


class ChangeMe(Form):
    name: Name | None = None
    email: Email | None = None


class ChangePassword(Form):
    new: Password
    current: Password | None = None


class LoginShown(BaseModel):
    id: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class NewToken(Form):
    name: Label
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = 90


class TokenShown(BaseModel):
    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokenMade(TokenShown):
    token: str
    """Shown this once."""


class PeopleQuery(PageQuery):
    q: Annotated[str, StringConstraints(max_length=100)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class PersonListed(BaseModel):
    id: str
    name: str
    email: str | None
    role: Role | None
    guest: bool
    suspended: bool
    last_seen_at: datetime | None


class NewPerson(Form):
    email: Email
    name: Name
    role: Role


class ChangePerson(Form):
    role: Role | None = None
    suspended: bool | None = None
    name: Name | None = None


class LinkMade(BaseModel):
    url: str
    expires_at: datetime
    mailed: bool


class NewInvitation(Form):
    role: Literal["facilitator", "participant", "observer"]
    label: Label = ""
    expires_in_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 168
    max_uses: Annotated[int, Field(ge=1, le=10_000)] = 50


class InvitationShown(BaseModel):
    id: str
    label: str
    role: Role
    created_by: PersonBrief
    created_at: datetime
    expires_at: datetime
    uses: int
    max_uses: int
    revoked_at: datetime | None


class InvitationMade(InvitationShown):
    url: str
    """Shown this once: the secret in it is stored as a hash."""


class RevokeInvitation(Form):
    end_sessions: bool = False


class LookAtInvitation(Form):
    secret: Secret


class ChallengeBrief(BaseModel):
    id: str
    title: str
    question: str


class InvitationOffer(BaseModel):
    challenge: ChallengeBrief
    role: Role
    lab: str
    expires_at: datetime


class AcceptInvitation(Form):
    secret: Secret
    name: Name | None = None
    shared_device: bool = False
