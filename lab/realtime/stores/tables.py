"""The four tables of the engine, and the checksum that tells a damaged row from a whole one."""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import Any, ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from lab.realtime.errors import CloseCode, StorageDown


class DamagedRow(StorageDown):
    """A stored row is not what was written. The room stays shut until it is repaired from a backup: opening
    it without the row would show an older text, and saving that would make the loss final."""

    close = CloseCode.BROKEN_ROOM
    reason = "damaged"


class Document(SQLModel, table=True):
    """That a room exists, and how far its log has come. Whoever appends holds this row's lock."""

    __tablename__: ClassVar[Any] = "room_document"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    room: str = Field(primary_key=True)
    epoch: int = Field(sa_type=BigInteger)
    head: int = Field(sa_type=BigInteger)
    schema_version: int
    created_at: int = Field(sa_type=BigInteger, description="Unix milliseconds")


class Update(SQLModel, table=True):
    """The log. Rows are only ever added, and go when the room is erased."""

    __tablename__: ClassVar[Any] = "room_update"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    room: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    content: bytes
    principal: str = Field(description='Whose update; "" for a seed')
    at: int = Field(sa_type=BigInteger, description="Unix milliseconds")
    checksum: bytes


class Snapshot(SQLModel, table=True):
    """The newest verified fold of the log of the room's epoch."""

    __tablename__: ClassVar[Any] = "room_snapshot"

    room: str = Field(primary_key=True)
    epoch: int = Field(sa_type=BigInteger)
    seq: int = Field(sa_type=BigInteger)
    content: bytes
    at: int = Field(sa_type=BigInteger, description="Unix milliseconds")
    checksum: bytes


class ClientLease(SQLModel, table=True):
    """To whom a Yjs client id belongs, for as long as the room exists."""

    __tablename__: ClassVar[Any] = "room_lease"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    room: str = Field(primary_key=True)
    client: int = Field(primary_key=True, sa_type=BigInteger)
    principal: str
    epoch: int = Field(sa_type=BigInteger)


def checksum(room: str, epoch: int, seq: int, at: int, principal: str, content: bytes) -> bytes:
    """Covers where the row stands as well as what it holds: a good row in the wrong place is damage too."""
    head = f"{room}\0{principal}\0".encode() + struct.pack(">qqq", epoch, seq, at)
    return blake2b(head + content, digest_size=16).digest()
