"""What is stored about a board besides its document."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from lab.core.db import UtcDateTime
from lab.core.ids import new_id

Authors = Literal["shown", "hover", "hidden"]
Level = Literal["position", "content", "all"]
Holder = Literal["me", "facilitators"]
Allowed = Literal["everyone", "own", "facilitators"]
Kind = Literal["auto", "named", "restored"]


class Board(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint("authors IN ('shown', 'hover', 'hidden')", name="authors_known"),
        Index("ix_board_challenge_id_updated_at", "challenge_id", "updated_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    challenge_id: str = Field(foreign_key="challenge.id", max_length=26)
    title: str = Field(max_length=120)
    authors: str = Field(default="shown", max_length=10)
    template: str = Field(default="", max_length=40)
    """What it was started from."""
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    notes: int = 0
    rules: int = 0
    """Counts the changes of its locks and area rules, so that whoever keeps them in memory knows."""
    created_by: str = Field(foreign_key="person.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def room(self) -> str:
        return f"board/{self.id}"


class Lock(SQLModel, table=True):
    """One object that not everybody may move or change."""

    __tablename__ = "board_lock"
    __table_args__ = (
        CheckConstraint("level IN ('position', 'content', 'all')", name="level_known"),
        CheckConstraint("who IN ('me', 'facilitators')", name="who_known"),
    )

    board_id: str = Field(foreign_key="board.id", primary_key=True, max_length=26)
    object: str = Field(primary_key=True, max_length=32)
    level: str = Field(max_length=10)
    who: str = Field(max_length=12)
    """Who still may: whoever set it, or all facilitators."""
    by_id: str = Field(foreign_key="person.id", max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)


class Area(SQLModel, table=True):
    """What may be done in one area, where that is not everything by everyone."""

    __tablename__ = "board_area"
    __table_args__ = (
        CheckConstraint("adds IN ('everyone', 'facilitators')", name="adds_known"),
        *(
            CheckConstraint(f"{verb} IN ('everyone', 'own', 'facilitators')", name=f"{verb}_known")
            for verb in ("edits", "moves", "removes")
        ),
    )

    board_id: str = Field(foreign_key="board.id", primary_key=True, max_length=26)
    object: str = Field(primary_key=True, max_length=32)
    adds: str = Field(default="everyone", max_length=12)
    edits: str = Field(default="everyone", max_length=12)
    moves: str = Field(default="everyone", max_length=12)
    removes: str = Field(default="everyone", max_length=12)


class Version(SQLModel, table=True):
    """A whole board at one moment."""

    __tablename__ = "board_version"
    __table_args__ = (
        CheckConstraint("kind IN ('auto', 'named', 'restored')", name="kind_known"),
        Index("ix_board_version_board_id_id", "board_id", "id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    board_id: str = Field(foreign_key="board.id", max_length=26)
    kind: str = Field(max_length=10)
    name: str = Field(default="", max_length=80)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON of a `BoardContent`, deflated."""
    digest: str = Field(max_length=64)
    """Of the content, so that an unchanged board is not kept twice."""
    notes: int
    by_id: str | None = Field(default=None, foreign_key="person.id", max_length=26)
    """None: several people together."""
    began_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


class Template(SQLModel, table=True):
    """A layout that somebody saved; those that come with the lab are files."""

    __tablename__ = "board_template"
    __table_args__ = (Index("ix_board_template_challenge_id", "challenge_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    challenge_id: str = Field(foreign_key="challenge.id", max_length=26)
    """Where it was saved."""
    title: str = Field(max_length=120)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    areas: str = Field(default="[]", sa_type=Text)
    """Titles of its areas, in reading order: a JSON list."""
    created_by: str = Field(foreign_key="person.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Image(SQLModel, table=True):
    """An uploaded picture, as it was made anew from what was sent. It belongs to the challenge's quota."""

    __tablename__ = "board_image"
    __table_args__ = (
        Index("ix_board_image_challenge_id", "challenge_id"),
        Index("ix_board_image_board_id_digest", "board_id", "digest", unique=True),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    challenge_id: str = Field(foreign_key="challenge.id", max_length=26)
    board_id: str = Field(foreign_key="board.id", max_length=26)
    digest: str = Field(max_length=64)
    media: str = Field(max_length=40)
    width: int
    height: int
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    small: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """For lists and zoomed-out boards; the same media type."""
    size: int
    """Bytes of both."""
    by_id: str = Field(foreign_key="person.id", max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)
