"""Versions of a board: listed, named, shown. Bringing one back is an edit in the browser; it is told here."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from sqlalchemy import func as sql
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards.document import read_state
from lab.boards.errors import TooManyVersions, VersionNotFound
from lab.boards.keeping import Packed, keep, unpacked
from lab.boards.models import Version
from lab.boards.objects import BoardContent
from lab.boards.ports import Challenges
from lab.boards.service import Boards, room_of
from lab.boards.shapes import BoardVersionShown, BoardVersionWhole, Restored
from lab.core import audit
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity
from lab.people.models import Person
from lab.people.shapes import PersonName
from lab.realtime.ports import Rooms

MOST_NAMED = 500


class Versions:
    def __init__(
        self, database: Database, clock: Clock, rooms: Rooms, challenges: Challenges, boards: Boards
    ) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms
        self._challenges = challenges
        self._boards = boards

    async def of(
        self, board: str, by: Identity, cursor: str | None, limit: int
    ) -> tuple[list[BoardVersionShown], str | None]:
        """Newest first, and the cursor of the next page."""
        async with self._database.reading() as session:
            await self._boards.seen(session, board, by.id)
            found = (
                select(Version, Person)
                .outerjoin(Person, col(Person.id) == col(Version.by_id))
                .where(Version.board_id == board)
                .order_by(col(Version.id).desc())
                .limit(limit + 1)
                # A list of versions is not a list of boards.
                .options(defer(cast(Any, Version.content), raiseload=True))
            )
            if cursor is not None:
                found = found.where(col(Version.id) < cursor)
            rows = list(await session.exec(found))
        shown = [_shown(version, person) for version, person in rows[:limit]]
        return shown, shown[-1].id if len(rows) > limit else None

    async def name(self, board: str, name: str, by: Identity) -> BoardVersionShown:
        """Keep the board as it is now under this name."""
        now = self._clock.now()
        async with self._database.reading() as session:
            (await self._boards.seen(session, board, by.id)).must_write()
        packed = await self._packed(board)
        async with self._database.transaction() as session:
            seen = await self._boards.seen(session, board, by.id, lock=True)
            seen.must_write()
            await _room_for(session, board)
            version = await keep(session, board, packed, "named", at=now, by=by.id, name=name)
            told = f"kept the version “{name}” of the board “{seen.board.title}”"
            await self._challenges.note(session, now, seen.standing.challenge, by.id, "named", told)
            shown = _shown(version, await session.get(Person, by.id))
        await self._boards.tell(board, "versions")
        return shown

    async def rename(self, board: str, version: str, name: str, by: Identity) -> BoardVersionShown:
        """An automatic version that gets a name is kept for good."""
        async with self._database.transaction() as session:
            (await self._boards.seen(session, board, by.id, lock=True)).must_write()
            found = await _get(session, board, version)
            if found.kind == "auto":
                await _room_for(session, board)
                found.kind = "named"
            found.name = name
            session.add(found)
            person = await session.get(Person, found.by_id) if found.by_id else None
            shown = _shown(found, person)
        await self._boards.tell(board, "versions")
        return shown

    async def whole(self, board: str, version: str, by: Identity) -> BoardVersionWhole:
        async with self._database.reading() as session:
            await self._boards.seen(session, board, by.id)
            found = await _get(session, board, version)
            person = await session.get(Person, found.by_id) if found.by_id else None
        content = await asyncio.to_thread(unpacked, found.content)
        return BoardVersionWhole(**dict(_shown(found, person)), board=content)

    async def restored(self, board: str, form: Restored, by: Identity) -> BoardVersionShown:
        """This person has brought a version back, or one area of it: what is there now is kept, and told."""
        now = self._clock.now()
        async with self._database.reading() as session:
            (await self._boards.seen(session, board, by.id)).must_write()
        packed = await self._packed(board)
        async with self._database.transaction() as session:
            seen = await self._boards.seen(session, board, by.id, lock=True)
            seen.must_write()
            found = await _get(session, board, form.version)
            await _room_for(session, board)
            moment = found.name or found.at.strftime("%-d %B %Y, %H:%M UTC")
            name = f"Restored{' an area' if form.area else ''}: {moment}"[:80]
            version = await keep(session, board, packed, "restored", at=now, by=by.id, name=name)
            what = "an area of the board" if form.area else "the board"
            told = f"brought back {what} “{seen.board.title}” as it was before"
            await self._challenges.note(session, now, seen.standing.challenge, by.id, "restored", told)
            await audit.record(
                session, now, by.id, "board_restored", board, version=form.version, area=form.area or ""
            )
            shown = _shown(version, await session.get(Person, by.id))
        await self._boards.tell(board, "versions")
        return shown

    async def current(self, board: str, title: str = "") -> BoardContent:
        state = await self._rooms.read(room_of(board))
        return await asyncio.to_thread(read_state, state, title)

    async def _packed(self, board: str) -> Packed:
        return await asyncio.to_thread(Packed, await self.current(board))


async def _room_for(session: AsyncSession, board: str) -> None:
    named = select(sql.count()).where(Version.board_id == board, Version.kind != "auto")
    if (await session.exec(named)).one() >= MOST_NAMED:
        raise TooManyVersions(f"A board keeps at most {MOST_NAMED} named versions.")


async def _get(session: AsyncSession, board: str, version: str) -> Version:
    found = await session.get(Version, version)
    if found is None or found.board_id != board:
        raise VersionNotFound("There is no such version of this board.")
    return found


def _shown(version: Version, by: Person | None) -> BoardVersionShown:
    return BoardVersionShown.model_validate(
        {
            "id": version.id,
            "name": version.name or None,
            "kind": version.kind,
            "at": version.at,
            "by": PersonName(id=by.id, name=by.name) if by else None,
            "notes": version.notes,
        }
    )
