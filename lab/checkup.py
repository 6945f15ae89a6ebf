"""The checkup: is everything that is stored as it was written?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlmodel import col, select

from lab.core import audit
from lab.core.db import Database
from lab.realtime.ports import Logged, RoomName
from lab.realtime.replica import folded
from lab.realtime.stores import open_store
from lab.realtime.stores.sql import SqlStore
from lab.realtime.stores.tables import DamagedRow, Document, Snapshot
from lab.realtime.workers import digest


async def checkup(database: Database) -> AsyncIterator[str]:
    """One sentence for each thing that is wrong; none: all is well. Changes nothing."""
    async with open_store(database) as store:
        async for damage in store.damage():
            yield damage
        async with database.reading() as session:
            rooms = (await session.exec(select(Document).order_by(col(Document.room)))).all()
        for document in rooms:
            wrong = await _snapshot(database, store, document)
            if wrong is not None:
                yield wrong
    async with database.reading() as session:
        try:
            await audit.verify(session)
        except audit.BrokenChain as error:
            yield str(error)


async def _snapshot(database: Database, store: SqlStore, document: Document) -> str | None:
    """The log, replayed from its beginning, makes the same document as the snapshot that stands for it."""
    room, epoch = RoomName(document.room), document.epoch
    log: list[Logged] = []
    try:
        while page := await store.since(room, epoch, len(log)):
            log += page
    except DamagedRow:
        # It has been named. Spoilt bytes are not for the core, which they could kill.
        return None
    async with database.reading() as session:
        snapshot = (
            await session.exec(
                select(Snapshot).where(
                    col(Snapshot.room) == document.room, col(Snapshot.epoch) == document.epoch
                )
            )
        ).first()
    try:
        whole = folded(None, [row.update for row in log])
        if snapshot is None:
            return None
        kept = folded(snapshot.content, [row.update for row in log if row.seq > snapshot.seq])
        if digest(whole) == digest(kept):
            return None
    except Exception as error:
        return f"The log of {document.room} cannot be replayed: {error}"
    return (
        f"The snapshot of {document.room} does not hold what its log says. Delete it; it will be made again."
    )


async def documents(database: Database) -> int:
    async with database.reading() as session:
        return len((await session.exec(select(Document.room))).all())
