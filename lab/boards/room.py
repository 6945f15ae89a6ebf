"""Board rooms: who may join them, and what follows from what was done there."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from pycrdt import Doc
from sqlmodel import col, select

from lab.boards.document import SCHEMA, read_state
from lab.boards.judge import BoardJudge
from lab.boards.keeping import Packed, keep_automatic
from lab.boards.models import Board
from lab.boards.ports import Challenges
from lab.boards.service import Seen
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.errors import NotFound
from lab.people.models import Person
from lab.realtime.errors import NotSignedIn, RoomNotFound
from lab.realtime.ports import Access, Judge, Schema, Visitor

MOST_ROLES = 100_000
"""Remembered: far more than there can be connections."""


class BoardRooms:
    """A `RoomKind`, and `Judged` (see lab/realtime/ports.py); its keys are board ids."""

    schema: Schema | None = SCHEMA

    def __init__(self, database: Database, clock: Clock, challenges: Challenges) -> None:
        self._database = database
        self._clock = clock
        self._challenges = challenges
        self._leads: OrderedDict[tuple[str, str], bool] = OrderedDict()
        """Board and person -> whether they lead there. Whoever is in a room has been asked about, and is
        again when their role changes."""

    async def access(self, key: str, visitor: Visitor | None) -> Access:
        if visitor is None:
            raise NotSignedIn("Sign in to open this board.")
        async with self._database.reading() as session:
            board = await session.get(Board, key)
            if board is None:
                raise RoomNotFound(_NOT_FOUND)
            try:
                found = await self._challenges.standing(session, board.challenge_id, visitor.principal)
            except NotFound as error:
                raise RoomNotFound(_NOT_FOUND) from error
        self._remember(key, visitor.principal, found.leads)
        return Access.WRITE if Seen(board, found).writes else Access.READ

    def _remember(self, key: str, person: str, leads: bool) -> None:
        self._leads[key, person] = leads
        self._leads.move_to_end((key, person))
        if len(self._leads) > MOST_ROLES:
            self._leads.popitem(last=False)

    def judge(self, key: str) -> Judge:
        return BoardJudge(
            key, self._database, self._clock, lambda person: self._leads.get((key, person), False)
        )

    async def create_on_join(self, key: str, visitor: Visitor) -> bool:
        return False

    async def saved(self, key: str, doc: Doc[Any], principals: frozenset[str]) -> None:
        # A full board takes a good part of a second to read: others are served meanwhile.
        packed = await asyncio.to_thread(_packed, doc.get_update())
        now = self._clock.now()
        async with self._database.transaction() as session:
            board = await session.get(Board, key)
            if board is None:
                return
            authors = await session.exec(select(Person.id).where(col(Person.id).in_(sorted(principals))))
            known = sorted(authors)
            told = f"changed the board “{board.title}”"
            for person in known:
                await self._challenges.note(session, now, board.challenge_id, person, "edited", told)
            # After the lines, which hold on to the challenge: others take hold in that order too.
            await session.refresh(board, with_for_update=True)
            board.notes = packed.notes
            if principals:
                board.updated_at = now
            session.add(board)
            by = known[0] if len(known) == 1 else None
            await keep_automatic(session, key, packed, at=now, by=by)


def _packed(state: bytes) -> Packed:
    return Packed(read_state(state))


_NOT_FOUND = "There is no such board, or it is not open to you."
