"""The engine, for features that are made before it: it opens with the application, they are part of it."""

from __future__ import annotations

from typing import Any

from lab.core.errors import Unavailable
from lab.realtime.engine import Engine
from lab.realtime.ports import Broker, RoomName


class EngineRooms:
    """`Rooms` (see lab/realtime/ports.py), passed on to the engine while there is one."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self.broker: Broker | None = None

    @property
    def _open(self) -> Engine:
        if self.engine is None:
            raise Unavailable("The lab is starting or stopping. Try again in a moment.", code="not_running")
        return self.engine

    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None:
        await self._open.create(room, seed, schema=schema, within=within)

    async def read(self, room: RoomName) -> bytes:
        return await self._open.read(room)

    async def replace(
        self, room: RoomName, seed: bytes, *, schema: int | None = None, within: Any = None
    ) -> int:
        return await self._open.replace(room, seed, schema=schema, within=within)

    async def announce(self, room: RoomName) -> None:
        await self._open.announce(room)

    async def tell(self, room: RoomName, event: dict[str, Any]) -> None:
        await self._open.tell(room, event)

    async def recheck(self, principals: frozenset[str] | None = None) -> None:
        await self._open.recheck(principals)

    async def end_session(self, session: str) -> None:
        await self._open.end_session(session)

    def present(self, room: RoomName) -> list[tuple[str, str]]:
        return self.engine.present(room) if self.engine is not None else []
