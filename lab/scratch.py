"""Scratch rooms: no schema, made by the first who joins. For benches and conformance clients only."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc

from lab.core.db import Database
from lab.people import Person
from lab.realtime.errors import NotSignedIn
from lab.realtime.ports import Access, Schema, Visitor

LONGEST_KEY = 128


class ScratchRooms:
    """A `RoomKind`, registered only with LAB_SCRATCH=1."""

    schema: Schema | None = None

    def __init__(self, database: Database) -> None:
        self._database = database

    async def access(self, key: str, visitor: Visitor | None) -> Access:
        if visitor is None:
            raise NotSignedIn("Sign in first.")
        async with self._database.reading() as session:
            person = await session.get(Person, visitor.principal)
        if person is None or person.suspended or person.role is None:
            return Access.NONE
        return Access.READ if person.role == "observer" else Access.WRITE

    async def create_on_join(self, key: str, visitor: Visitor) -> bool:
        return len(key) <= LONGEST_KEY and await self.access(key, visitor) is Access.WRITE

    async def saved(self, key: str, doc: Doc[Any], principals: frozenset[str]) -> None:
        return None
