"""What comments ask of boards: what is commented on there, and whether it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards.document import made_in
from lab.boards.models import Board
from lab.boards.service import Boards, room_of
from lab.comments.errors import BadAnchor
from lab.comments.ports import Setting
from lab.core.errors import LabError
from lab.realtime.ports import Rooms


class BoardPlace:
    """The `Place` "board" (see lab/comments/ports.py); its keys are board ids."""

    def __init__(self, boards: Boards, rooms: Rooms) -> None:
        self._boards = boards
        self._rooms = rooms

    async def setting(self, session: AsyncSession, key: str, person: str, *, lock: bool = False) -> Setting:
        seen = await self._boards.seen(session, key, person, lock=lock)
        refusal: LabError | None = None
        try:
            seen.must_write()
        except LabError as error:
            refusal = error
        return Setting(seen.standing.challenge, f"the board “{seen.board.title}”", refusal)

    async def check(self, key: str, anchor: dict[str, Any]) -> None:
        state = await self._rooms.read(room_of(key))
        if await asyncio.to_thread(made_in, state, anchor["object"]) is None:
            gone = "What this comment is about is not on the board. It may have been removed."
            raise BadAnchor(gone, errors=[{"field": "anchor.object", "message": gone}])

    async def titles(self, session: AsyncSession, keys: Sequence[str]) -> dict[str, str]:
        found = select(Board.id, Board.title).where(col(Board.id).in_(keys))
        return dict((await session.exec(found)).all())
