"""The shapes in which boards, their rules, versions and templates cross HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from lab.boards.models import Allowed, Authors, Holder, Kind, Level
from lab.boards.objects import BoardContent
from lab.comments.shapes import Conversation, NewConversation
from lab.core.identity import Role
from lab.core.web import Form, PageQuery
from lab.core.words import one_line
from lab.people.shapes import PersonBrief, PersonName

Title = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(one_line)]
VersionName = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(one_line)]
TemplateId = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class BoardChallenge(BaseModel):
    id: str
    title: str


class BoardShown(BaseModel):
    id: str
    challenge: BoardChallenge
    title: str
    notes: int
    authors: Authors
    """Whether notes say who wrote them."""
    archived: bool
    your_role: Role
    created_by: PersonBrief | None
    created_at: datetime
    updated_at: datetime
    here: list[PersonBrief]


class LockShown(BaseModel):
    object: str
    level: Level
    """Its place only, what it says only, or both."""
    who: Holder
    """Who may nevertheless: whoever set the lock (`by`), or every facilitator."""
    by: PersonBrief


class AreaShown(BaseModel):
    object: str
    add: Literal["everyone", "facilitators"]
    edit: Allowed
    move: Allowed
    remove: Allowed


class BoardRules(BaseModel):
    locks: list[LockShown]
    areas: list[AreaShown]


class BoardWhole(BoardShown):
    rules: BoardRules


class BoardsQuery(Form):
    archived: bool = False


class NewBoard(Form):
    title: Title
    template: TemplateId | None = None
    authors: Authors = "shown"


class ChangeBoard(Form):
    title: Title | None = None
    authors: Authors | None = None
    archived: bool | None = None


class PutLock(Form):
    level: Level
    who: Holder


class PutArea(Form):
    add: Literal["everyone", "facilitators"] = "everyone"
    edit: Allowed = "everyone"
    move: Allowed = "everyone"
    remove: Allowed = "everyone"


class BoardVersionShown(BaseModel):
    id: str
    name: str | None
    kind: Kind
    at: datetime
    by: PersonName | None
    notes: int


class BoardVersionWhole(BoardVersionShown):
    board: BoardContent


class BoardVersionsQuery(PageQuery):
    limit: Annotated[int, Field(ge=1, le=400)] = 100


class NameBoardVersion(Form):
    name: VersionName


class Restored(Form):
    """What the browser has brought back, told for the log."""

    version: Annotated[str, StringConstraints(min_length=1, max_length=26)]
    area: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")] | None = None


class ObjectAnchor(Form):
    """What a comment on a board is fixed to."""

    object: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")]


class BoardThreadShown(Conversation):
    anchor: ObjectAnchor | None


class NewBoardThread(NewConversation):
    anchor: ObjectAnchor | None = None


class TemplatesQuery(Form):
    challenge: Annotated[str, StringConstraints(min_length=1, max_length=26)] | None = None


class TemplateShown(BaseModel):
    id: str
    title: str
    about: str
    family: str
    built_in: bool
    areas: list[str]
    yours: bool = False
    """You saved it, so you may take it away."""


class NewTemplate(Form):
    title: Title
