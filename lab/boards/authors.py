"""Authors: who has signed what lies on a board, by name, also when they have left the challenge since."""

from __future__ import annotations

import asyncio

from sqlmodel import col, select

from lab.boards.document import signed_by
from lab.boards.service import Boards, brief, room_of
from lab.core.db import Database
from lab.core.identity import Identity
from lab.people.models import Person
from lab.people.shapes import PersonBrief
from lab.realtime.ports import Rooms

AT_ONCE = 500


class Authors:
    def __init__(self, database: Database, rooms: Rooms, boards: Boards) -> None:
        self._database = database
        self._rooms = rooms
        self._boards = boards

    async def of(self, board: str, by: Identity) -> list[PersonBrief]:
        """By name. Where authors are hidden there are none, whoever asks."""
        async with self._database.reading() as session:
            seen = await self._boards.seen(session, board, by.id)
            if seen.board.authors == "hidden":
                return []
        state = await self._rooms.read(room_of(board))
        signed = sorted(await asyncio.to_thread(signed_by, state))
        found: list[PersonBrief] = []
        async with self._database.reading() as session:
            for at in range(0, len(signed), AT_ONCE):
                some = select(Person).where(col(Person.id).in_(signed[at : at + AT_ONCE]))
                found += map(brief, await session.exec(some))
        return sorted(found, key=lambda person: (person.name.casefold(), person.id))
