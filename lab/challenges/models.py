"""What is stored about a challenge besides its document."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from lab.core.db import UtcDateTime
from lab.core.ids import new_id

ROLE_CHECK = "role IN ('staff', 'facilitator', 'participant', 'observer')"
ONE_VISIT = timedelta(minutes=30)
Kind = Literal["auto", "named", "restored", "imported"]

DEFAULT_STAGES = (
    {"key": "understand", "label": "Understand"},
    {"key": "develop", "label": "Develop and test"},
    {"key": "share", "label": "Share"},
)


class LabSettings(SQLModel, table=True):
    """The lab itself; one row, made by the first migration."""

    __tablename__ = "lab_settings"

    id: str = Field(default="lab", primary_key=True, max_length=8)
    name: str = Field(default="Our lab", max_length=80)
    intro: str = Field(default="", max_length=2000)
    example: bool = False
    """Filled with the example, so that screens say so."""


class Challenge(SQLModel, table=True):
    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    title: str = Field(max_length=120)
    question: str = Field(max_length=500)
    stage: str = Field(max_length=26)
    """Key of one of `stages`."""
    stages: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    """In order: `{"key", "label"}`; keys stay when labels change."""
    open_to_lab: bool = False
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    example: bool = False
    summary: str = Field(default="", max_length=300)
    words: int = 0
    epoch: int = 1
    """Of the statement's document; each restore and import begins the next."""
    seeds: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Client ids that the documents of the last epochs began with, the present one's last. A document that
    holds an earlier one has been replaced."""
    created_by: str = Field(foreign_key="person.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)

    @property
    def room(self) -> str:
        return f"statement/{self.id}"


class Membership(SQLModel, table=True):
    __tablename__ = "challenge_member"
    __table_args__ = (
        CheckConstraint(ROLE_CHECK, name="role_known"),
        Index("ix_challenge_member_person_id", "person_id"),
    )

    challenge_id: str = Field(foreign_key="challenge.id", primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", primary_key=True, max_length=26)
    role: str = Field(max_length=20)
    joined_at: datetime = Field(sa_type=UtcDateTime)


class Version(SQLModel, table=True):
    """The whole statement at one moment, as an update that an empty document can take in."""

    __tablename__ = "statement_version"
    __table_args__ = (
        CheckConstraint("kind IN ('auto', 'named', 'restored', 'imported')", name="kind_known"),
        Index("ix_statement_version_challenge_id_id", "challenge_id", "id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    challenge_id: str = Field(foreign_key="challenge.id", max_length=26)
    kind: str = Field(max_length=10)
    name: str = Field(default="", max_length=80)
    state: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    digest: str = Field(max_length=64)
    """Of the content, so that an unchanged statement is not kept twice."""
    words: int
    epoch: int
    """Of the document when this was kept."""
    by_id: str | None = Field(default=None, foreign_key="person.id", max_length=26)
    """None: several people together."""
    began_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


class Activity(SQLModel, table=True):
    """One line of "what changed"; edits of one person within half an hour are one line."""

    __table_args__ = (
        Index("ix_activity_at", "at"),
        Index("ix_activity_challenge_id_at", "challenge_id", "at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    challenge_id: str = Field(foreign_key="challenge.id", max_length=26)
    person_id: str = Field(foreign_key="person.id", max_length=26)
    verb: str = Field(max_length=20)
    text: str = Field(default="", max_length=200)
    began_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


class Visit(SQLModel, table=True):
    """When somebody was last here, and when the visit before ended."""

    __tablename__ = "lab_visit"

    person_id: str = Field(foreign_key="person.id", primary_key=True, max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)
    before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None: they had never been here before."""

    def since(self, now: datetime) -> datetime | None:
        """The end of the last visit. Whoever returns within half an hour, or loads a page again, is still on
        the same one."""
        return self.at if now - self.at > ONE_VISIT else self.before
