"""Locks and area rules: set and lifted here, kept by the judge of the room (`judge.py`)."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards import rules
from lab.boards.document import Made, made_in
from lab.boards.errors import CannotLock, ObjectNotFound, TooManyLocks
from lab.boards.models import Area, Lock
from lab.boards.service import Boards, Seen, brief, room_of
from lab.boards.shapes import AreaShown, LockShown, PutArea, PutLock
from lab.core import audit
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity
from lab.people.models import Person
from lab.realtime.ports import Rooms

MOST_LOCKS = 20_000


class Locks:
    def __init__(self, database: Database, clock: Clock, rooms: Rooms, boards: Boards) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms
        self._boards = boards

    async def lock(self, board: str, object_id: str, form: PutLock, by: Identity) -> LockShown:
        """Those who lead may lock anything; the others what they made, for everybody but themselves."""
        made = await self._made(board, object_id, by)
        now = self._clock.now()
        async with self._database.transaction() as session:
            seen = await self._boards.seen(session, board, by.id, lock=True)
            seen.must_write()
            if not seen.standing.leads and (form.who != "me" or made.by != by.id):
                raise CannotLock("You can lock what you made yourself; facilitators can lock everything.")
            found = await self._mine(session, seen, object_id, by)
            if found is None:
                locks = select(sql.count()).where(Lock.board_id == board)
                if (await session.exec(locks)).one() >= MOST_LOCKS:
                    raise TooManyLocks(f"A board has at most {MOST_LOCKS:,} locks. Lock its areas instead.")
                found = Lock(board_id=board, object=object_id, level="all", who="me", by_id=by.id, at=now)
            found.level, found.who, found.by_id, found.at = form.level, form.who, by.id, now
            session.add(found)
            await self._changed(session, seen)
            await audit.record(
                session, now, by.id, "board_locked", board, object=object_id, level=form.level, who=form.who
            )
            person = await session.get(Person, by.id)
            assert person is not None, "the foreign key says so"
            shown = LockShown(object=object_id, level=form.level, who=form.who, by=brief(person))
        await self._boards.tell(board)
        return shown

    async def unlock(self, board: str, object_id: str, by: Identity) -> None:
        """Whether or not there was a lock."""
        async with self._database.transaction() as session:
            seen = await self._boards.seen(session, board, by.id, lock=True)
            seen.must_write()
            found = await self._mine(session, seen, object_id, by)
            if found is None:
                return
            await session.delete(found)
            await self._changed(session, seen)
            await audit.record(session, self._clock.now(), by.id, "board_unlocked", board, object=object_id)
        await self._boards.tell(board)

    async def rule(self, board: str, object_id: str, form: PutArea, by: Identity) -> AreaShown:
        """What may be done in an area, and by whom."""
        made = await self._made(board, object_id, by)
        if made.kind != "area":
            raise ObjectNotFound("There is no such area on this board.")
        async with self._database.transaction() as session:
            seen = await self._boards.seen(session, board, by.id, lock=True)
            seen.must_write()
            seen.must_lead()
            found = await session.get(Area, (board, object_id)) or Area(board_id=board, object=object_id)
            found.adds, found.edits, found.moves, found.removes = form.add, form.edit, form.move, form.remove
            session.add(found)
            await self._changed(session, seen)
            told: dict[str, Any] = form.model_dump()
            await audit.record(
                session, self._clock.now(), by.id, "board_area_ruled", board, object=object_id, **told
            )
        await self._boards.tell(board)
        return AreaShown(object=object_id, **told)

    async def _made(self, board: str, object_id: str, by: Identity) -> Made:
        async with self._database.reading() as session:
            (await self._boards.seen(session, board, by.id)).must_write()
        state = await self._rooms.read(room_of(board))
        found = await asyncio.to_thread(made_in, state, object_id)
        if found is None:
            raise ObjectNotFound("There is no such object on this board. It may have been removed.")
        return found

    async def _mine(self, session: AsyncSession, seen: Seen, object_id: str, by: Identity) -> Lock | None:
        """The lock there is, if it does not hold for this person."""
        row = await session.exec(
            select(Lock, Person)
            .join(Person, col(Person.id) == col(Lock.by_id))
            .where(Lock.board_id == seen.board.id, Lock.object == object_id)
        )
        found = row.first()
        if found is None:
            return None
        kept, person = found
        level: Any = kept.level
        who: Any = kept.who
        if not rules.spares(
            rules.Lock(level, who, kept.by_id, person.name), by.id, leads=seen.standing.leads
        ):
            raise CannotLock(f"This was locked by {person.name}, who can unlock it, as facilitators can.")
        return kept

    async def _changed(self, session: AsyncSession, seen: Seen) -> None:
        seen.board.rules += 1
        session.add(seen.board)
        await session.flush()
