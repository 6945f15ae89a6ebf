"""The shapes in which challenges, versions, comments and the lab cross HTTP."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from lab.challenges.models import Kind
from lab.comments.shapes import ChallengeTitle, Conversation, NewConversation
from lab.core.identity import Role
from lab.core.web import Form, PageQuery
from lab.core.words import clean, one_line
from lab.people.shapes import PersonBrief, PersonName

MemberRole = Literal["facilitator", "participant", "observer"]


def _position(value: str) -> str:
    try:
        if not base64.b64decode(value, validate=True):
            raise ValueError("empty")
    except (binascii.Error, ValueError) as error:
        raise ValueError("This is not base64 of a position.") from error
    return value


Title = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(one_line)]
Question = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(one_line)]
StageLabel = Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(one_line)]
VersionName = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(one_line)]
Position = Annotated[str, StringConstraints(max_length=200), AfterValidator(_position)]
Passage = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=False), AfterValidator(clean)]


# The lab


class Changed(BaseModel):
    """One line of "what changed"."""

    id: str
    at: datetime
    person: PersonBrief
    verb: str
    challenge: ChallengeTitle
    text: str


class PeopleCount(BaseModel):
    total: int
    by_role: dict[str, int]


class LabHome(BaseModel):
    """`since`: when you were last here; null the first time."""

    name: str
    intro: str
    people: PeopleCount
    changes: list[Changed]
    since: datetime | None
    example: bool


class ChangeLab(Form):
    name: Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(one_line)] | None = (
        None
    )
    intro: Annotated[str, StringConstraints(max_length=2000), AfterValidator(clean)] | None = None


# Challenges


class Stage(BaseModel):
    key: str
    label: str


class StageNow(Stage):
    index: int


class Counts(BaseModel):
    people: int
    comments: int
    """Conversations that are not resolved."""
    words: int


class ChallengeShown(BaseModel):
    id: str
    title: str
    question: str
    summary: str
    stage: StageNow
    stages: list[Stage]
    counts: Counts
    archived: bool
    open_to_lab: bool
    example: bool
    your_role: Role
    updated_at: datetime
    people: list[PersonBrief]
    """The first five members."""


class ChallengesQuery(PageQuery):
    archived: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class NewChallenge(Form):
    title: Title
    question: Question
    open_to_lab: bool = False


class StageForm(Form):
    """Without a key: a new stage."""

    key: Annotated[str, StringConstraints(max_length=26)] | None = None
    label: StageLabel


class ChangeChallenge(Form):
    title: Title | None = None
    question: Question | None = None
    stage: Annotated[str, StringConstraints(max_length=26)] | None = None
    stages: Annotated[list[StageForm], Field(min_length=1, max_length=8)] | None = None
    open_to_lab: bool | None = None
    archived: bool | None = None


# Members


class MemberPerson(PersonBrief):
    guest: bool


class Member(BaseModel):
    person: MemberPerson
    role: Role
    joined_at: datetime
    here: bool


class MembersQuery(PageQuery):
    limit: Annotated[int, Field(ge=1, le=500)] = 200


class PutMember(Form):
    role: MemberRole


# Versions


class VersionShown(BaseModel):
    id: str
    name: str | None
    kind: Kind
    at: datetime
    by: PersonName | None
    words: int


class VersionWhole(VersionShown):
    markdown: str
    html: str


class VersionsQuery(PageQuery):
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NameVersion(Form):
    name: VersionName


class CompareQuery(Form):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)

    from_: Annotated[str, StringConstraints(min_length=1, max_length=26)] = Field(alias="from")
    to: Annotated[str, StringConstraints(min_length=1, max_length=26)] = "now"


class ComparisonPart(BaseModel):
    op: Literal["same", "added", "removed"]
    text: str


class ComparisonBlock(BaseModel):
    kind: Literal["same", "added", "removed", "changed"]
    type: str
    level: int | None
    """Of a heading, or how deep a point stands."""
    marker: str | None
    """Of a point: a bullet, or its number."""
    parts: list[ComparisonPart]
    cells: list[list[ComparisonPart]]
    """Of a row: the same parts, cell by cell."""


class ComparisonShown(BaseModel):
    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    from_: str = Field(alias="from")
    to: str
    blocks: list[ComparisonBlock]
    words_added: int
    words_removed: int


class ImportMarkdown(Form):
    markdown: Annotated[str, StringConstraints(strip_whitespace=False)]


class Epoch(BaseModel):
    epoch: int
    """The document's new epoch: copies of an older one are never merged into it."""


# Comments


class Anchor(Form):
    """`start` and `end`: base64 of Yjs relative positions. The words are for finding the passage again."""

    start: Position
    end: Position
    quote: Passage
    prefix: Annotated[Passage, StringConstraints(max_length=200)] = ""
    suffix: Annotated[Passage, StringConstraints(max_length=200)] = ""


class ThreadShown(Conversation):
    anchor: Anchor | None


class NewThread(NewConversation):
    anchor: Anchor | None = None
