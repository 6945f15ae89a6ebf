"""The engine: rooms by name. Opens each once, closes it when idle, and knows every connection of this node.

async with Engine(store, broker, kinds, options) as engine:
    seat = await engine.join(name, visitor, socket, lab=True)
    while ...: await seat.receive(message)
    seat.leave()
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from types import TracebackType
from typing import Any, Self

import structlog

from . import bulletin
from .connection import Connection, Socket
from .errors import (
    CloseCode,
    Full,
    NotAllowed,
    NotSignedIn,
    Outdated,
    RealtimeError,
    Restarting,
    RoomNotFound,
    StorageDown,
)
from .faults import LARGE, Faults
from .journal import Journal
from .options import Options, Stats
from .ports import Access, Broker, RoomExists, RoomKind, RoomName, Store, Visitor
from .presence import KEEPALIVE
from .protocol import encode
from .replica import folded
from .room import Room
from .surroundings import Surroundings
from .workers import Work, Workers

log = structlog.get_logger(__name__)

POST = 10_000
"""Bulletins waiting for a slow broker. More are dropped: they are hints."""


class Seat:
    """A connection in its room, as the endpoint sees it."""

    def __init__(self, engine: Engine, room: Room, connection: Connection) -> None:
        self._engine, self._room, self._connection = engine, room, connection

    @property
    def closed(self) -> bool:
        return self._connection.closed

    @property
    def closed_with(self) -> CloseCode | None:
        """The code we closed it with; None when it is open, or the other end left."""
        error = self._connection.error
        return None if error is None else error.close

    async def receive(self, message: bytes) -> None:
        await self._room.receive(self._connection, message)

    def refuse(self, error: RealtimeError) -> None:
        self._connection.close(error)

    async def closing(self) -> None:
        """Returns when the other end has been told."""
        await self._connection.done.wait()

    def leave(self) -> None:
        """The other end is gone."""
        self._room.leave(self._connection)
        self._engine.forget(self._connection)


class Engine:
    def __init__(
        self,
        store: Store,
        broker: Broker,
        kinds: Mapping[str, RoomKind],
        options: Options | None = None,
        *,
        clock: Callable[[], float] = time.time,
        work: Work | None = None,
    ) -> None:
        self.options = options or Options()
        self.stats = Stats()
        self._store = store
        self._broker = broker
        self._kinds = dict(kinds)
        self._clock = clock
        self._work = work or Workers(self.options)
        self._rooms: dict[RoomName, Room] = {}
        self._opening: dict[Room, asyncio.Task[None]] = {}
        self._connections: dict[Connection, RoomName] = {}
        self._senders: dict[Connection, asyncio.Task[None]] = {}
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._post: deque[tuple[RoomName, bytes]] = deque(maxlen=POST)
        self._posted = asyncio.Event()
        self._stopping = False

    # -- starting and stopping

    async def __aenter__(self) -> Self:
        self._journal = Journal(self._store, self.options, self.stats)
        self._around = Surroundings(
            self._store,
            self._broker,
            self._journal,
            self._work,
            self.options,
            self.stats,
            self._clock,
            self._spawn,
            self._publish,
            Faults(LARGE, self.options.limit_factor),
        )
        self._spawn(self._journal.run(), "journal")
        self._spawn(self._deliver_post(), "post")
        self._spawn(self._every_second(), "tick")
        self._spawn(self._watch_heads(), "heads")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self.drain()
        for room in list(self._rooms.values()):
            await room.close()
        await self.abandon()

    async def drain(self) -> None:
        """Nobody new; everybody is told and closed; what was accepted is made durable."""
        self._stopping = True
        senders = list(self._senders.values())
        for connection in list(self._connections):
            connection.tell({"type": "restarting"})
            connection.close(Restarting("The server restarts. Come back in a moment."))
        try:
            async with asyncio.timeout(self.options.flush_seconds):
                await self._journal.flushed()
                await asyncio.gather(*senders, return_exceptions=True)
        except TimeoutError:
            log.error("not_flushed", waiting=self._journal.depth)

    async def abandon(self) -> None:
        """Stop at once. What is not durable is with its authors only."""
        self._stopping = True
        tasks = [*self._tasks, *self._opening.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._rooms.clear()
        self._work.close()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._logged(work, name), name=name)
        self._tasks[task] = None
        task.add_done_callback(self._tasks.pop)
        # One that is cancelled before its first step has never looked at its work.
        task.add_done_callback(lambda _: work.close())
        return task

    async def _logged(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Whatever fails here fails alone."""
        try:
            await work
        except Exception:
            log.exception("task_failed", task=name)

    # -- joining

    async def join(
        self,
        name: RoomName,
        visitor: Visitor,
        socket: Socket,
        *,
        lab: bool,
        epoch: int | None = None,
        schema: int | None = None,
    ) -> Seat | None:
        """None: the connection was refused and has been closed."""
        # Registered before anything is looked up, so that no revocation falls between.
        connection = Connection(socket, visitor, self.options, self.stats, lab=lab)
        self._connections[connection] = name
        self._senders[connection] = self._spawn(connection.run(), f"send {name}")
        self.stats.connections_opened += 1
        try:
            seat = await self._seat(name, connection, epoch, schema)
            if not connection.closed:
                return seat
            seat.leave()
        except RealtimeError as error:
            connection.close(error)
        except Exception:
            log.exception("join_failed", room=name)
            connection.close(StorageDown("This document cannot be opened at the moment."))
        except BaseException:
            self.forget(connection)
            raise
        await connection.done.wait()
        self.forget(connection)
        return None

    async def _seat(
        self, name: RoomName, connection: Connection, epoch: int | None, schema: int | None
    ) -> Seat:
        if self._stopping:
            raise Restarting("The server restarts. Come back in a moment.")
        principal = connection.visitor.principal
        if sum(other.visitor.principal == principal for other in self._connections) > (
            self.options.sockets_per_principal
        ):
            raise Full("You have too many connections open.")
        kind = self._kind(name)
        await self._look_up(connection)
        if connection.access is Access.NONE:
            raise NotAllowed("You may not open this document.")
        while True:
            room = await self._open(name, kind, connection.visitor)
            room.expected += 1
            try:
                await room.usable()
            except Outdated:
                if self._rooms.get(name) is room:
                    raise
                continue
            finally:
                room.expected -= 1
            if self._stopping:
                raise Restarting("The server restarts. Come back in a moment.")
            if not connection.closed:
                room.admit(connection, epoch, schema)
            return Seat(self, room, connection)

    def _kind(self, name: RoomName) -> RoomKind:
        kind = self._kinds.get(name.partition("/")[0])
        if kind is None:
            raise RoomNotFound("There is no such kind of document.")
        return kind

    async def _open(self, name: RoomName, kind: RoomKind, visitor: Visitor) -> Room:
        """The room, opened once however many ask at the same time."""
        room = self._rooms.get(name)
        if room is None:
            room = self._rooms[name] = Room(name, kind, self._around, ended=self._room_ended)
            opening = asyncio.get_running_loop().create_task(self._first(room, kind, visitor))
            # Whoever asked for it may have gone meanwhile: then nobody is left to hear why it failed.
            opening.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._opening[room] = opening
        under_way = self._opening.get(room)
        if under_way is not None:
            room.expected += 1
            try:
                # One impatient visitor must not take the room away from the others.
                await asyncio.shield(under_way)
            finally:
                room.expected -= 1
        return room

    async def _first(self, room: Room, kind: RoomKind, visitor: Visitor) -> None:
        try:
            try:
                await room.open()
            except RoomNotFound:
                if not await kind.create_on_join(room.key, visitor):
                    raise
                try:
                    await self._store.create(room.name, None)
                except RoomExists:
                    pass
                await room.load()
        except BaseException:
            if self._rooms.get(room.name) is room:
                del self._rooms[room.name]
            room.give_up()
            raise
        finally:
            del self._opening[room]

    def forget(self, connection: Connection) -> None:
        self._connections.pop(connection, None)
        sender = self._senders.pop(connection, None)
        if sender is not None and not connection.closed:
            sender.cancel()

    def _room_ended(self, room: Room) -> None:
        if self._rooms.get(room.name) is room:
            del self._rooms[room.name]

    # -- who may

    async def _look_up(self, connection: Connection) -> None:
        """Ask again what a connection may do. One question at a time, so that the newest answer stands."""
        name = self._connections[connection]
        async with connection.asked:
            access = await self._kind(name).access(name.partition("/")[2], connection.visitor)
            room = self._rooms.get(name)
            if room is not None and connection in room.connections:
                room.changed(connection, access)
            else:
                connection.access = access

    async def recheck(self, principals: frozenset[str] | None = None) -> None:
        concerned = [
            connection
            for connection in self._connections
            if principals is None or connection.visitor.principal in principals
        ]
        await asyncio.gather(*(self._recheck(connection) for connection in concerned))

    async def _recheck(self, connection: Connection) -> None:
        try:
            if connection in self._connections:
                await self._look_up(connection)
        except RealtimeError as error:
            connection.close(error)
        except Exception:
            # Who cannot be asked about does not stay in on an old answer.
            log.exception("recheck_failed", principal=connection.visitor.principal)
            connection.close(StorageDown("Your access cannot be checked at the moment."))

    async def end_session(self, session: str) -> None:
        for connection in list(self._connections):
            if connection.visitor.session == session:
                connection.close(NotSignedIn("Your sign-in has ended."))

    def present(self, room: RoomName) -> list[tuple[str, str]]:
        open_room = self._rooms.get(room)
        if open_room is None:
            return []
        return list(dict.fromkeys((one.visitor.principal, one.visitor.name) for one in open_room.connections))

    @property
    def rooms_open(self) -> int:
        return len(self._rooms)

    @property
    def connections_open(self) -> int:
        return len(self._connections)

    @property
    def journal_depth(self) -> int:
        return self._journal.depth

    # -- what features ask

    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None:
        await self._store.create(room, seed, schema=schema, within=within)

    async def read(self, room: RoomName) -> bytes:
        stored = await self._store.open(room)
        if stored is None:
            raise RoomNotFound("There is no such document.")
        updates = [row.update for row in stored.tail]
        if len(stored.snapshot or b"") + sum(map(len, updates)) > self.options.load_in_process:
            return await self._work.fold(stored.snapshot, updates)
        return folded(stored.snapshot, updates)

    async def replace(
        self, room: RoomName, seed: bytes, *, schema: int | None = None, within: Any = None
    ) -> int:
        epoch = await self._store.new_epoch(room, seed, schema=schema, within=within)
        if within is None:
            await self.announce(room)
        return epoch

    async def announce(self, room: RoomName) -> None:
        self._publish(room, bulletin.write(bulletin.LookAgain()))
        await self._compare([room])

    async def tell(self, room: RoomName, event: dict[str, Any]) -> None:
        open_room = self._rooms.get(room)
        if open_room is not None:
            open_room.tell(event)
        self._publish(room, bulletin.write(bulletin.Told(event)))

    # -- in the background

    def _publish(self, room: RoomName, message: bytes) -> None:
        self._post.append((room, message))
        self._posted.set()

    async def _deliver_post(self) -> None:
        while True:
            await self._posted.wait()
            while self._post:
                room, message = self._post.popleft()
                try:
                    await self._broker.publish(room, message)
                    self.stats.published += 1
                except Exception:
                    self.stats.publish_failures += 1
                    log.warning("publish_failed", room=room, exc_info=True)
            self._posted.clear()

    async def _every_second(self) -> None:
        while True:
            await asyncio.sleep(1)
            try:
                await self._tick()
            except Exception:
                log.exception("tick_failed")

    async def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        nothing = encode(KEEPALIVE)
        clock = self._clock()
        for connection in list(self._connections):
            expires = connection.visitor.expires_at
            if expires is not None and clock >= expires:
                connection.close(NotSignedIn("Your sign-in has ended."))
            elif now - connection.sent_at >= self.options.keepalive - 1:
                connection.sent_at = now
                connection.offer(nothing)
        for room in list(self._rooms.values()):
            room.tick(now)
            if room.quiet and now - room.idle_since >= self.options.room_idle_seconds:
                del self._rooms[room.name]
                self._spawn(room.close(), f"close {room.name}")

    async def _watch_heads(self) -> None:
        while True:
            await asyncio.sleep(self.options.head_seconds)
            try:
                await self._compare(list(self._rooms))
            except Exception:
                log.warning("heads_unknown", exc_info=True)

    async def _compare(self, names: list[RoomName]) -> None:
        """Has the log gone on without us?"""
        if not names:
            return
        heads = await self._store.head(names)
        for name in names:
            room = self._rooms.get(name)
            if room is None or room in self._opening:
                continue
            if name in heads:
                room.head_is(*heads[name])
            else:
                room.retire(RoomNotFound("This document was deleted."))
