"""What is stored about comments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from lab.core.db import UtcDateTime
from lab.core.ids import new_id


class Thread(SQLModel, table=True):
    """One conversation, fixed to something in a place or about the whole of it."""

    __tablename__ = "comment_thread"
    __table_args__ = (
        Index("ix_comment_thread_place_id", "place", "id"),
        Index("ix_comment_thread_challenge_id_id", "challenge_id", "id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    place: str = Field(max_length=60)
    """The name of the room where it is: `statement/<challenge id>`, `board/<board id>`."""
    challenge_id: str = Field(foreign_key="challenge.id", max_length=26)
    anchor: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    """What it is fixed to, in the words of the place. In a statement `start` and `end` are Yjs relative
    positions; `quote`, `prefix`, `suffix` find the passage again when those point into an older document. On
    a board `object` is an object's id."""
    created_by: str = Field(foreign_key="person.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_by: str | None = Field(default=None, foreign_key="person.id", max_length=26)


class Post(SQLModel, table=True):
    """The first is the comment, the others are replies. A deleted one stays as a gap that can be seen."""

    __tablename__ = "comment_post"
    __table_args__ = (Index("ix_comment_post_thread_id_id", "thread_id", "id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    thread_id: str = Field(foreign_key="comment_thread.id", max_length=26)
    author_id: str = Field(foreign_key="person.id", max_length=26)
    text: str = Field(max_length=4000)
    at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Mention(SQLModel, table=True):
    __tablename__ = "comment_mention"
    __table_args__ = (Index("ix_comment_mention_person_id_post_id", "person_id", "post_id"),)

    post_id: str = Field(foreign_key="comment_post.id", primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", primary_key=True, max_length=26)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
