"""The store in a database: everything but the hot append, which each database does in its own way."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import structlog
from sqlalchemy import URL, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.realtime.errors import RoomNotFound, StaleEpoch, StorageDown
from lab.realtime.ports import Entry, Lease, Logged, RoomExists, RoomName, StoredRoom
from lab.realtime.stores.tables import ClientLease, DamagedRow, Document, Snapshot, Update, checksum

log = structlog.get_logger(__name__)

PAGE = 1000
"""Rows read and verified at a time, so that a long log does not hold up the event loop."""


class Sessions(Protocol):
    """What the store needs of a database (`lab.core.db.Database` is one)."""

    @property
    def url(self) -> URL: ...
    @property
    def is_sqlite(self) -> bool: ...
    @property
    def failure(self) -> type[Exception]:
        """What both raise when the database cannot be used."""

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]: ...
    def reading(self) -> AbstractAsyncContextManager[AsyncSession]: ...


class Appender(Protocol):
    """The hot path: raw drivers, because a session's overhead is several times the commit itself."""

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]: ...


class SqlStore:
    def __init__(self, database: Sessions, appender: Appender) -> None:
        self._database = database
        self._appender = appender
        self._insert = sqlite.insert if database.is_sqlite else postgresql.insert

    async def append(self, entries: Sequence[Entry]) -> list[int | StaleEpoch]:
        return await self._appender.append(entries) if entries else []

    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None:
        async with self._writing(within) as session:
            # Of two who create at once, the second waits here for the first and then finds the room there.
            made = await session.exec(
                self._insert(Document)
                .values(
                    room=room,
                    epoch=1,
                    head=0 if seed is None else 1,
                    schema_version=schema,
                    created_at=milliseconds(),
                )
                .on_conflict_do_nothing()
            )
            if not made.rowcount:
                raise RoomExists(room)
            if seed is not None:
                await self._plant(session, room, 1, seed)

    async def new_epoch(
        self, room: RoomName, seed: bytes, *, schema: int | None = None, within: Any = None
    ) -> int:
        async with self._writing(within) as session:
            changes: dict[str, Any] = {"epoch": Document.epoch + 1, "head": 1}
            if schema is not None:
                changes["schema_version"] = schema
            moved = await session.exec(
                update(Document)
                .where(col(Document.room) == room)
                .values(changes)
                .returning(col(Document.epoch))
                .execution_options(synchronize_session=False)
            )
            epoch = moved.scalar_one_or_none()
            if epoch is None:
                raise RoomNotFound(f"There is no room {room}.")
            await session.exec(delete(Snapshot).where(col(Snapshot.room) == room))
            await self._plant(session, room, epoch, seed)
            return int(epoch)

    async def delete(self, room: RoomName, *, within: Any = None) -> None:
        async with self._writing(within) as session:
            # The document first: its lock keeps appends and snapshots out until the rest is gone as well.
            for table, column in _BY_ROOM:
                await session.exec(
                    delete(table).where(column == room).execution_options(synchronize_session=False)
                )

    async def open(self, room: RoomName) -> StoredRoom | None:
        async with self._reading() as session:
            document = (await session.exec(select(Document).where(col(Document.room) == room))).first()
            if document is None:
                return None
            snapshot = await self._snapshot(session, document)
            start = snapshot.seq if snapshot else 0
            tail: list[Logged] = []
            while page := await self._page(session, document, start + len(tail)):
                tail += page
            if start + len(tail) != document.head:
                raise DamagedRow(
                    f"The log of {room}, epoch {document.epoch}, ends at {start + len(tail)}, "
                    f"but its document says {document.head}."
                )
            return StoredRoom(
                room,
                document.epoch,
                document.schema_version,
                document.head,
                snapshot.content if snapshot else None,
                start,
                tuple(tail),
                await self._leases(session, room),
            )

    async def since(self, room: RoomName, epoch: int, seq: int, limit: int = 1000) -> list[Logged]:
        async with self._reading() as session:
            document = (await session.exec(select(Document).where(col(Document.room) == room))).first()
            if document is None or document.epoch != epoch:
                raise StaleEpoch(f"{room} is not at epoch {epoch}")
            return await self._page(session, document, seq, limit)

    async def head(self, rooms: Sequence[RoomName]) -> dict[RoomName, tuple[int, int]]:
        found: dict[RoomName, tuple[int, int]] = {}
        async with self._reading() as session:
            for first in range(0, len(rooms), PAGE):
                rows = await session.exec(
                    select(Document.room, Document.epoch, Document.head).where(
                        col(Document.room).in_(rooms[first : first + PAGE])
                    )
                )
                found |= {RoomName(room): (epoch, head) for room, epoch, head in rows}
        return found

    async def leases(self, room: RoomName) -> dict[int, Lease]:
        async with self._reading() as session:
            return await self._leases(session, room)

    async def write_snapshot(self, room: RoomName, epoch: int, seq: int, state: bytes) -> None:
        async with self._writing(None) as session:
            # KEY SHARE: appends go on beside it, but the room cannot be erased under our hands.
            document = (
                await session.exec(
                    select(Document)
                    .where(col(Document.room) == room)
                    .with_for_update(read=True, key_share=True)
                )
            ).first()
            if document is None or document.epoch != epoch:
                return
            if seq > document.head:
                raise ValueError(f"a snapshot of {room} up to {seq}, but its log ends at {document.head}")
            at = milliseconds()
            put = self._insert(Snapshot).values(
                room=room,
                epoch=epoch,
                seq=seq,
                content=state,
                at=at,
                checksum=checksum(room, epoch, seq, at, "", state),
            )
            new = put.excluded
            await session.exec(
                put.on_conflict_do_update(
                    index_elements=["room"],
                    set_={name: new[name] for name in ("epoch", "seq", "content", "at", "checksum")},
                    where=or_(
                        col(Snapshot.epoch) < new.epoch,
                        and_(col(Snapshot.epoch) == new.epoch, col(Snapshot.seq) <= new.seq),
                    ),
                )
            )

    async def damage(self) -> AsyncIterator[str]:
        """Reads every row of every room and names what is not as it was written."""
        async with self._reading() as session:
            rooms = (await session.exec(select(Document.room).order_by(Document.room))).all()
        for room in rooms:
            try:
                await self.open(RoomName(room))
                async with self._reading() as session:
                    kept = await session.exec(select(Snapshot).where(col(Snapshot.room) == room))
                    for snapshot in kept:
                        _verify_snapshot(snapshot)
                    await self._verify_log(session, room)
            except DamagedRow as error:
                yield str(error)

    async def _plant(self, session: AsyncSession, room: RoomName, epoch: int, seed: bytes) -> None:
        at = milliseconds()
        await session.exec(
            insert(Update).values(
                room=room,
                epoch=epoch,
                seq=1,
                content=seed,
                principal="",
                at=at,
                checksum=checksum(room, epoch, 1, at, "", seed),
            )
        )

    async def _snapshot(self, session: AsyncSession, document: Document) -> Snapshot | None:
        found = (
            await session.exec(
                select(Snapshot).where(
                    col(Snapshot.room) == document.room, col(Snapshot.epoch) == document.epoch
                )
            )
        ).first()
        if found is None:
            return None
        try:
            _verify_snapshot(found)
        except DamagedRow as error:
            # Only a cache is lost: the log holds everything the snapshot did.
            log.error("snapshot_damaged", room=document.room, detail=str(error), instead="reading the log")
            return None
        return found

    async def _page(
        self, session: AsyncSession, document: Document, seq: int, limit: int = PAGE
    ) -> list[Logged]:
        """The next rows, each verified, without a hole."""
        rows = await session.exec(
            select(Update.seq, Update.content, Update.principal, Update.at, Update.checksum)  # type: ignore[call-overload]
            .where(
                col(Update.room) == document.room,
                col(Update.epoch) == document.epoch,
                col(Update.seq) > seq,
            )
            .order_by(col(Update.seq))
            .limit(limit)
        )
        page: list[Logged] = []
        for number, content, principal, at, seal in rows:
            expected = seq + len(page) + 1
            if number != expected:
                raise DamagedRow(
                    f"Row {expected} of the log of {document.room}, epoch {document.epoch}, is missing."
                )
            _verify(document.room, document.epoch, number, at, principal, content, seal)
            page.append(Logged(number, content))
        return page

    async def _verify_log(self, session: AsyncSession, room: str) -> None:
        rows = await session.stream(
            select(Update).where(col(Update.room) == room).order_by(col(Update.epoch), col(Update.seq)),
            execution_options={"yield_per": PAGE},
        )
        async for row in rows.scalars():
            _verify(row.room, row.epoch, row.seq, row.at, row.principal, row.content, row.checksum)

    async def _leases(self, session: AsyncSession, room: RoomName) -> dict[int, Lease]:
        rows = await session.exec(
            select(ClientLease.client, ClientLease.principal, ClientLease.epoch).where(
                col(ClientLease.room) == room
            )
        )
        return {client: Lease(principal, epoch) for client, principal, epoch in rows}

    @asynccontextmanager
    async def _writing(self, within: AsyncSession | None) -> AsyncIterator[AsyncSession]:
        if within is not None:
            yield within  # the caller's transaction, the caller's errors
            return
        try:
            async with self._database.transaction() as session:
                yield session
        except self._database.failure as error:
            raise StorageDown(str(error)) from error

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._database.reading() as session:
                yield session
        except self._database.failure as error:
            raise StorageDown(str(error)) from error


_BY_ROOM: tuple[tuple[type[SQLModel], Any], ...] = (
    (Document, col(Document.room)),
    (Update, col(Update.room)),
    (Snapshot, col(Snapshot.room)),
    (ClientLease, col(ClientLease.room)),
)


def milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _verify(room: str, epoch: int, seq: int, at: int, principal: str, content: bytes, seal: bytes) -> None:
    if checksum(room, epoch, seq, at, principal, content) != seal:
        raise DamagedRow(f"Row {seq} of the log of {room}, epoch {epoch}, is damaged.")


def _verify_snapshot(found: Snapshot) -> None:
    if checksum(found.room, found.epoch, found.seq, found.at, "", found.content) != found.checksum:
        raise DamagedRow(f"The snapshot of {found.room}, epoch {found.epoch}, is damaged.")
