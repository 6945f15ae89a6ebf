"""The audit log: who did what to whom, in a chain in which no entry can be changed or taken out unnoticed.

Each entry's hash covers the entry and the hash before it. `verify` walks the chain. No texts, no secrets:
facts are ids, roles, numbers and short words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BigInteger, Integer, Text, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core.db import UtcDateTime

Fact = str | int | bool | None
START = "0" * 64
_LOCK = 0x1AB2  # any constant: one writer of the chain at a time on PostgreSQL


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    seq: int = Field(
        primary_key=True,
        sa_type=BigInteger().with_variant(Integer, "sqlite"),
        sa_column_kwargs={"autoincrement": False},
    )
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=64)
    """A person's id, or `system`, or `command line`."""
    action: str = Field(max_length=64)
    subject: str = Field(default="", max_length=128)
    facts: str = Field(default="{}", sa_type=Text)
    hash: str = Field(max_length=64)


class BrokenChain(Exception):
    """The audit log was altered: `seq` is the first entry that does not fit."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"The audit log does not fit together at entry {seq}: it was altered.")
        self.seq = seq


async def record(
    session: AsyncSession, at: datetime, actor: str, action: str, subject: str = "", /, **facts: Fact
) -> None:
    """Part of the caller's transaction: what did not happen is not recorded, and the reverse."""
    if session.get_bind().dialect.name == "postgresql":
        await (await session.connection()).execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK}
        )
    last = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1))).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, START)
    told = _canonical({name: _clean(value) for name, value in facts.items()})
    entry = AuditEntry(
        seq=seq, at=at, actor=actor, action=action, subject=_short(subject), facts=told, hash=""
    )
    entry.hash = _hash(previous, entry)
    session.add(entry)
    await session.flush()


async def verify(session: AsyncSession) -> int:
    """How many entries there are, all of them in place; raises BrokenChain."""
    previous, expected = START, 1
    entries = await session.stream_scalars(select(AuditEntry).order_by(col(AuditEntry.seq)))
    async for entry in entries:
        if entry.seq != expected or entry.hash != _hash(previous, entry):
            raise BrokenChain(expected)
        previous, expected = entry.hash, expected + 1
    return expected - 1


def _hash(previous: str, entry: AuditEntry) -> str:
    content = _canonical(
        {
            "previous": previous,
            "seq": entry.seq,
            "at": entry.at.isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "facts": entry.facts,
        }
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _canonical(value: Mapping[str, Fact]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _clean(value: Fact) -> Fact:
    return _short(value) if isinstance(value, str) else value


def _short(value: str) -> str:
    """One line, so that a log made from entries cannot be forged through a name."""
    return "".join(character if character.isprintable() else " " for character in value)[:128]
