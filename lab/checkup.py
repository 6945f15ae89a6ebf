"""The checkup: is everything that is stored as it was written?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlmodel import col, select

from lab.core import audit
from lab.core.db import Database
from lab.realtime.replica import folded
from lab.realtime.stores import open_store
from lab.realtime.stores.tables import Document, Snapshot, Update
from lab.realtime.workers import digest


async def checkup(database: Database) -> AsyncIterator[str]:
    """One sentence for each thing that is wrong; none: all is well. Changes nothing."""
    async with open_store(database) as store:
        async for damage in store.damage():
            yield damage
    async with database.reading() as session:
        rooms = (await session.exec(select(Document).order_by(col(Document.room)))).all()
    for document in rooms:
        wrong = await _snapshot(database, document)
        if wrong is not None:
            yield wrong
    async with database.reading() as session:
        try:
            await audit.verify(session)
        except audit.BrokenChain as error:
            yield str(error)


async def _snapshot(database: Database, document: Document) -> str | None:
    """The log, replayed from its beginning, makes the same document as the snapshot that stands for it."""
    async with database.reading() as session:
        snapshot = (
            await session.exec(
                select(Snapshot).where(
                    col(Snapshot.room) == document.room, col(Snapshot.epoch) == document.epoch
                )
            )
        ).first()
        rows = await session.exec(
            select(Update.content, Update.seq)
            .where(col(Update.room) == document.room, col(Update.epoch) == document.epoch)
            .order_by(col(Update.seq))
        )
        log = rows.all()
    try:
        whole = folded(None, [content for content, _ in log])
        if snapshot is None:
            return None
        kept = folded(snapshot.content, [content for content, seq in log if seq > snapshot.seq])
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
