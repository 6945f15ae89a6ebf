"""The shapes in which comments cross HTTP, whatever they are fixed to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from lab.core.web import Form, PageQuery
from lab.core.words import some_text
from lab.people.shapes import PersonBrief, PersonName

CommentText = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(some_text)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=26)]
Mentions = Annotated[list[Id], Field(max_length=20)]


class PostShown(BaseModel):
    id: str
    author: PersonBrief
    text: str
    mentions: list[PersonName]
    at: datetime
    edited_at: datetime | None
    deleted: bool
    yours: bool


class Resolved(BaseModel):
    at: datetime
    by: PersonName | None


class Conversation(BaseModel):
    """A thread. Each feature says in a class of its own what an anchor is there."""

    id: str
    anchor: Any
    resolved: Resolved | None
    created_at: datetime
    posts: list[PostShown]


class CommentsQuery(PageQuery):
    resolved: bool | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200


class NewConversation(Form):
    """What begins one. Each feature says in a class of its own what an anchor is there."""

    anchor: Any = None
    text: CommentText
    mentions: Mentions = Field(default_factory=list)


class NewPost(Form):
    text: CommentText
    mentions: Mentions = Field(default_factory=list)


class ChallengeTitle(BaseModel):
    id: str
    title: str


class MentionPlace(BaseModel):
    """Where a comment stands."""

    kind: str
    """`statement` or `board`."""
    id: str
    """Of the challenge whose statement it is, or of the board."""
    title: str


class MentionShown(BaseModel):
    id: str
    at: datetime
    person: PersonBrief
    challenge: ChallengeTitle
    place: MentionPlace
    thread: str
    text: str
    seen: bool


class MentionsQuery(PageQuery):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
