"""A room: one shared document, the connections on it, and what each of them may be told by now.

What arrives is applied at once and shown to nobody. It goes to the journal, and everything that must not be
said before it is durable waits in the backlog, in the order in which it came up: relays, answers to joiners,
Saved.

    receive → check, apply → submit → (journal) → settled → relay, answer, Saved, publish

A frame is worked on without an `await` between the check of an update and its submission, so frames of
different connections cannot come between the two.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from pycrdt import Doc

from . import bulletin
from .backlog import Answer, Backlog, Promise, Relay
from .children import ChildDied
from .connection import Connection
from .errors import (
    ClockGap,
    Full,
    NotAllowed,
    NotSignedIn,
    Outdated,
    ProtocolError,
    RealtimeError,
    RefusedByRule,
    RefusedUpdate,
    RoomNotFound,
    StaleEpoch,
    StorageDown,
)
from .following import Following
from .guard import Checked, Known, NeedsChild, RoomFull
from .journal import Result
from .judging import Judging
from .ports import Access, Entry, Lease, RoomKind, RoomName
from .presence import Presence, State, colour, signed
from .protocol import (
    AwarenessUpdate,
    ClientFrame,
    Mark,
    QueryAwareness,
    Saved,
    SyncStep1,
    SyncStep2,
    Update,
    decode,
    encode,
)
from .replica import EMPTY, Poisoned, Replica, folded
from .surroundings import Surroundings
from .upkeep import Upkeep

log = structlog.get_logger(__name__)

NOBODY = ""
"""Owns the client ids of seeds."""


class Room:
    def __init__(
        self, name: RoomName, kind: RoomKind, around: Surroundings, *, ended: Callable[[Room], None]
    ) -> None:
        self.name = name
        self.key = name.partition("/")[2]
        self.kind = kind
        self.epoch = 0
        self.schema = 0
        self.connections: dict[Connection, None] = {}
        """In the order in which they came: a set's would be another in every run."""
        self.expected = 0
        """Connections on their way in."""
        self.retired = False
        self.idle_since = asyncio.get_running_loop().time()
        self._around = around
        self._options = around.options
        self._stats = around.stats
        self._ended = ended
        self._replica: Replica | None = None
        self._ready = asyncio.Event()
        self._presence = Presence(around.options.awareness_ttl)
        self._leases: dict[int, Lease] = {}
        self._backlog = Backlog()
        self._following = Following(self, around)
        self._upkeep = Upkeep(self, around)
        self._judging = Judging(name, self.key, kind, around)

    # -- opening and closing

    async def open(self) -> None:
        """Raises RoomNotFound, or StorageDown when it cannot be told."""
        await self._following.start()
        await self.load()

    async def load(self) -> None:
        try:
            await self._load(first=True)
        except RealtimeError:
            raise
        except Exception as error:
            log.exception("load_failed", room=self.name)
            raise StorageDown("This document cannot be opened at the moment.") from error
        self._stats.rooms_opened += 1
        self._around.publish(self.name, bulletin.write(bulletin.WhoIsThere()))

    async def _load(self, *, first: bool) -> None:
        await self._judging.start()
        stored = await self._around.store.open(self.name)
        if stored is None:
            raise RoomNotFound("There is no such document.")
        if first:
            self.epoch, self.schema = stored.epoch, stored.schema
            self._following.opened(stored.head)
        elif stored.epoch != self.epoch:
            raise StaleEpoch(self.name)
        updates = [row.update for row in stored.tail]
        size = len(stored.snapshot or b"") + sum(map(len, updates))
        limits, schema = self._options.limits, self.kind.schema
        if size > self._options.load_in_process:
            state, guard = await self._around.work.load(stored.snapshot, updates, schema, limits)
            self._replica = Replica(state, guard=guard)
        else:
            self._replica = Replica(folded(stored.snapshot, updates), schema=schema, limits=limits)
        self._following.reloaded(stored.head)
        self._leases = dict(stored.leases)
        await self._own_seed()
        self._upkeep.loaded(len(updates), sum(map(len, updates)))
        self._ready.set()

    async def _own_seed(self) -> None:
        """Client ids of a seed belong to nobody. That is written down before anyone gets to see them, so that
        a copy of it is known for old when there is another epoch, and cannot be merged again."""
        assert self._replica is not None
        unowned = tuple(client for client in self._replica.guard.clocks if client not in self._leases)
        if unowned:
            entry = Entry(self.name, self.epoch, EMPTY, NOBODY, unowned)
            [seq] = await self._around.store.append([entry])
            if isinstance(seq, StaleEpoch):
                raise seq
            self._leases.update((client, Lease(NOBODY, self.epoch)) for client in unowned)

    def give_up(self) -> None:
        """It could not be opened."""
        self.retired = True
        self._upkeep.hurry()
        self._following.stop()

    @property
    def quiet(self) -> bool:
        """Nobody is here and everything is durable."""
        return not self.connections and not self.expected and not len(self._backlog) and self._ready.is_set()

    async def close(self) -> None:
        """The last thing; the engine has already forgotten this room."""
        self.retired = True
        await self._upkeep.close()
        self._following.stop()
        self._stats.rooms_closed += 1

    def retire(self, error: RealtimeError) -> None:
        """This room has ended as it was known: another epoch, or deleted. What is not durable stays with its
        authors; they keep it as a recovery copy."""
        if self.retired:
            return
        self.retired = True
        self._backlog.clear()
        # Whoever waits for this room is to hear that it has ended.
        self._ready.set()
        self._upkeep.hurry()
        self._following.stop()
        self._ended(self)
        self._around.spawn(self._farewell(error), f"farewell {self.name}")

    async def _farewell(self, error: RealtimeError) -> None:
        epoch = None
        try:
            head = await self._around.store.head([self.name])
            if self.name in head:
                epoch = head[self.name][0]
            else:
                error = RoomNotFound("This document was deleted.")
        except Exception:
            log.warning("head_unknown", room=self.name, exc_info=True)
        for connection in list(self.connections):
            if epoch is not None and isinstance(error, Outdated):
                connection.tell({"type": "epoch", "epoch": epoch})
            connection.close(error)

    async def usable(self) -> Replica:
        """The replica; waits a little for one that is being loaded again."""
        if not self._ready.is_set():
            try:
                async with asyncio.timeout(self._options.patience):
                    await self._ready.wait()
            except TimeoutError:
                raise StorageDown("This document cannot be reached at the moment.") from None
        if self.retired:
            raise Outdated("The content of this document was replaced.")
        assert self._replica is not None
        return self._replica

    # -- coming and going

    def admit(self, connection: Connection, epoch: int | None, schema: int | None) -> None:
        """Right after `usable`, without an await in between."""
        if epoch is not None and epoch != self.epoch:
            connection.tell({"type": "epoch", "epoch": self.epoch})
            raise Outdated("The content of this document was replaced.", reason="epoch")
        current = self.kind.schema.version if self.kind.schema is not None else None
        if current is not None and (self.schema not in (0, current) or schema not in (None, current)):
            raise Outdated(
                "Reload the page: this document needs another version of the editor.", reason="schema"
            )
        if len(self.connections) >= self._options.sockets_per_room:
            raise Full("Too many people are in this document at the moment.")
        self.connections[connection] = None
        visitor = connection.visitor
        you = {"id": visitor.principal, "name": visitor.name, "colour": colour(visitor.principal)}
        connection.tell(
            {
                "type": "joined",
                "epoch": self.epoch,
                "schema": self.schema or current or 0,
                "access": connection.access.name.lower(),
                "you": you,
            }
        )
        if connection.access is Access.WRITE:
            self._ask(connection)

    def leave(self, connection: Connection) -> None:
        if connection not in self.connections:
            return
        del self.connections[connection]
        self._spread(self._presence.leave(connection))
        if not self.connections:
            self.idle_since = asyncio.get_running_loop().time()

    def changed(self, connection: Connection, access: Access) -> None:
        """What this connection may do is different from now on."""
        if access is connection.access:
            return
        promoted = access is Access.WRITE
        connection.access = access
        if access is Access.NONE:
            connection.close(NotAllowed("You may no longer open this document."))
            return
        connection.tell({"type": "access", "access": access.name.lower()})
        if promoted and connection in self.connections and self._replica is not None:
            self._ask(connection)

    # -- frames

    async def receive(self, connection: Connection, message: bytes) -> None:
        """One message of a connection, which is closed if it may not be. Never raises for a bad message."""
        await connection.pace(len(message))
        if connection.closed:
            return
        try:
            self._still_known(connection)
            await self._take(connection, decode(message, awareness_bytes=self._options.awareness_bytes))
        except RealtimeError as error:
            if isinstance(error, StorageDown):
                connection.tell({"type": "storage", "ok": False, "message": str(error)})
            connection.close(error)
        except Exception:
            log.exception("frame_failed", room=self.name, principal=connection.visitor.principal)
            connection.close(RealtimeError("Something went wrong here. Come back."))

    def _still_known(self, connection: Connection) -> None:
        expires = connection.visitor.expires_at
        if expires is not None and self._around.clock() >= expires:
            raise NotSignedIn("Your sign-in has ended.")
        if connection.access is Access.NONE:
            raise NotAllowed("You may not open this document.")

    async def _take(self, connection: Connection, frame: ClientFrame) -> None:
        match frame:
            case SyncStep1(clocks):
                await self._answer(connection, clocks, frame.state_vector)
            case SyncStep2(update) | Update(update):
                await self._edit(connection, update, whole=isinstance(frame, SyncStep2))
            case AwarenessUpdate(states):
                self._hear(connection, states)
            case QueryAwareness():
                connection.offer_presence(self._presence.states())
            case Mark(n):
                self._mark(connection, n)

    async def _answer(self, connection: Connection, clocks: dict[int, int], state_vector: bytes) -> None:
        for client in clocks:
            lease = self._leases.get(client)
            if lease is not None and lease.epoch < self.epoch:
                connection.tell({"type": "epoch", "epoch": self.epoch})
                raise Outdated("Your copy is of earlier content.")
        replica = await self.usable()
        if connection.answering:
            # The answer under way covers it: what came since is relayed.
            return
        connection.answering = True
        try:
            missing = replica.diff(state_vector)
        except Poisoned as error:
            self._poisoned(error)
            raise StorageDown("This document is being loaded again.") from error
        connection.answer_holds = self._backlog.submitted
        self._backlog.add(Answer(connection, state_vector, missing))
        self._release()

    def _ask(self, connection: Connection) -> None:
        """Ask what a connection has that we lack. Our vector names what is not durable yet, so what it does
        not send again because of that is lost with us."""
        replica = self._replica
        if replica is None:
            return
        connection.depends = self._backlog.submitted
        connection.offer(encode(SyncStep1(dict(replica.guard.clocks))))

    def _mark(self, connection: Connection, n: int) -> None:
        if n <= connection.mark:
            raise ProtocolError("Marks rise.")
        connection.mark = n
        if self.retired:
            # What it was sent before this mark may be lost with the room; it is about to be told.
            return
        if connection.lacking:
            connection.held_mark = n
        else:
            self._backlog.add(Promise(connection, n))
            self._release()

    # -- edits

    async def _edit(self, connection: Connection, update: bytes, *, whole: bool) -> None:
        """`whole`: a sync step 2, which makes good whatever was not taken before."""
        if connection.access is not Access.WRITE:
            if not (whole and update == EMPTY):
                self._refuse(connection, NotAllowed("You may read here, not write.", reason="read_only"))
            return
        await self._around.journal.admit()
        if update != EMPTY:
            try:
                news, new_clients = await self._apply(connection, update)
            except ClockGap as gap:
                self._gapped(connection, gap, whole=whole)
                return
            except NotAllowed as demoted:
                self._refuse(connection, demoted)
                return
            except RoomFull as full:
                self._stats.updates_refused += 1
                self._refuse(connection, full, reason="too_big")
                return
            except RefusedByRule as refused:
                self._stats.updates_refused += 1
                self._refuse(connection, refused)
                return
            except RefusedUpdate as refused:
                self._stats.updates_refused += 1
                connection.tell({"type": "refused", "reason": refused.reason, "message": str(refused)})
                raise
            if news is not None:
                self._submit(connection, news, new_clients)
        connection.depends = self._backlog.submitted
        if whole and connection.lacking:
            connection.lacking = connection.gap = False
            if connection.held_mark:
                self._backlog.add(Promise(connection, connection.held_mark))
                connection.held_mark = 0
                self._release()

    def _refuse(self, connection: Connection, error: RealtimeError, *, reason: str | None = None) -> None:
        if not connection.lab:
            raise error
        connection.lacking = True
        connection.tell({"type": "refused", "reason": reason or error.reason, "message": str(error)})

    def _gapped(self, connection: Connection, gap: ClockGap, *, whole: bool) -> None:
        self._stats.clock_gaps += 1
        connection.lacking = True
        if whole and connection.gap:
            raise ProtocolError(f"Something is still missing: {gap}")
        if not connection.gap:
            connection.gap = True
            self._ask(connection)

    async def _apply(self, connection: Connection, update: bytes) -> tuple[bytes | None, tuple[int, ...]]:
        """What was news. When this returns there was no await since the update was applied."""
        pulled = False
        while True:
            replica = await self.usable()
            known = Known(connection.visitor.principal, self.epoch, self._leases)
            try:
                checked = replica.check(update, known)
            except NeedsChild:
                if pulled:
                    before = dict(replica.guard.clocks)
                    checked = await self._attempt(connection, replica, update, known)
                    if self._replica is not replica or any(
                        replica.guard.clocks.get(client, 0) != before.get(client, 0)
                        for client in checked.clocks
                    ):
                        # What it was checked against has moved on.
                        continue
                    return self._absorb(connection, replica, checked)
                await self._patience(connection)
            except ClockGap:
                if pulled:
                    raise
            except RefusedUpdate as refused:
                # What another node has taken may be all that makes this look like somebody else's.
                if pulled or refused.rule != "G15":
                    raise
            except Outdated:
                connection.tell({"type": "epoch", "epoch": self.epoch})
                raise
            except Poisoned as error:
                raise self._quarantined(connection, update, error) from error
            else:
                if pulled or not checked.new_clients:
                    return self._absorb(connection, replica, checked)
            await self._following.pull(leases=True)
            pulled = True

    def _absorb(
        self, connection: Connection, replica: Replica, checked: Checked
    ) -> tuple[bytes | None, tuple[int, ...]]:
        try:
            self._judging.check(connection.visitor.principal, checked.touched, replica.doc)
            return replica.apply(checked), checked.new_clients
        except Poisoned as error:
            raise self._quarantined(connection, checked.update, error) from error

    async def _patience(self, connection: Connection) -> None:
        """Large updates cost a child's time: whose were refused waits before the next is tried."""
        wait = self._around.large.wait(connection.visitor.principal.encode(), _now())
        if wait:
            await asyncio.sleep(wait)
            self._still_writing(connection)

    async def _attempt(
        self, connection: Connection, replica: Replica, update: bytes, known: Known
    ) -> Checked:
        try:
            checked = await self._around.work.attempt(replica.state(), replica.guard, update, known)
        except RefusedUpdate:
            self._around.large.note(connection.visitor.principal.encode(), _now())
            raise
        except (ChildDied, Poisoned) as error:
            self._around.large.note(connection.visitor.principal.encode(), _now())
            self._stats.updates_poisoned += 1
            raise RefusedUpdate("This update cannot be applied.", rule="G12") from error
        self._still_writing(connection)
        return checked

    def _still_writing(self, connection: Connection) -> None:
        """After a wait of seconds, in which what somebody may do can have changed."""
        if connection.error is not None:
            raise connection.error
        self._still_known(connection)
        if connection.access is not Access.WRITE:
            raise NotAllowed("You may read here, not write.", reason="read_only")

    def _submit(self, connection: Connection, update: bytes, new_clients: tuple[int, ...]) -> None:
        principal = connection.visitor.principal
        entry = Entry(self.name, self.epoch, update, principal, new_clients)
        for client in new_clients:
            self._leases[client] = Lease(principal, self.epoch)
        self._backlog.add(Relay(connection, entry))
        self._around.journal.submit(self, entry)
        self._stats.updates_accepted += 1

    # -- durability

    def settled(self, results: Sequence[Result]) -> None:
        if self.retired:
            return
        rows: list[bulletin.Row] = []
        first_lost = 0
        for result in results:
            if not first_lost:
                self._release()
            relay = self._backlog.settle()
            if isinstance(result, StaleEpoch):
                self.outdated()
                return
            if isinstance(result, StorageDown):
                first_lost = first_lost or self._backlog.settled
                continue
            entry = relay.entry
            self._pass_on(entry.update, except_for=relay.author, number=self._backlog.settled)
            self._following.logged(result)
            self._upkeep.logged(len(entry.update))
            rows.append(bulletin.Row(result, entry.update, entry.principal, entry.new_clients))
        if rows:
            self._around.publish(self.name, bulletin.write(bulletin.Rows(self.epoch, tuple(rows))))
            self._upkeep.saved({row.principal for row in rows})
            self._following.mind_the_gap()
        if first_lost:
            self._lost(first_lost)
        else:
            self._release()

    def _release(self) -> None:
        """Say what waited for nothing but what is durable by now."""
        for item in self._backlog.sayable():
            if isinstance(item, Promise):
                item.connection.offer(encode(Saved(item.n)))
            else:
                assert item.update is not None
                item.connection.answering = False
                item.connection.offer_whole(encode(SyncStep2(item.update)))
                behind, item.connection.behind = item.connection.behind, []
                for message in behind:
                    item.connection.offer(message)
                self._greet(item.connection)

    def _greet(self, connection: Connection) -> None:
        """Who else is here: once, after the document."""
        if not connection.greeted:
            connection.greeted = True
            connection.offer_presence(self._presence.states(except_for=connection.client))

    def _pass_on(
        self, update: bytes, *, except_for: Connection | None = None, number: int | None = None
    ) -> None:
        """`number`: which of our submissions this is; None: another node's."""
        message = encode(Update(update))
        for connection in list(self.connections):
            if connection is except_for:
                continue
            if not connection.answering:
                connection.offer(message)
            elif number is None or number > connection.answer_holds:
                self._follow(connection, message)

    def _follow(self, connection: Connection, message: bytes) -> None:
        if len(connection.behind) >= self._options.outbox_messages:
            connection.close(StorageDown("This document cannot be reached at the moment."))
        else:
            connection.behind.append(message)

    def _lost(self, first: int) -> None:
        """The store has not taken everything. What we hold is more than what is durable, so it goes."""
        down = StorageDown("Your last edits could not be stored. They are kept on your device.")
        for connection in list(self.connections):
            if connection.depends >= first:
                connection.tell({"type": "storage", "ok": False, "message": str(down)})
                connection.close(down)
        self._backlog.lose()
        self._rebuild()

    # -- the replica's death and return

    def _quarantined(self, connection: Connection, update: bytes, error: Poisoned) -> RefusedUpdate:
        self._stats.updates_poisoned += 1
        log.error(
            "update_quarantined",
            room=self.name,
            principal=connection.visitor.principal,
            sha256=hashlib.sha256(update).hexdigest(),
            size=len(update),
            error=str(error),
        )
        self._poisoned(error)
        return RefusedUpdate("This update cannot be applied.", rule="G0")

    def _poisoned(self, error: Poisoned) -> None:
        log.error("replica_poisoned", room=self.name, error=str(error))
        self._rebuild()

    def _rebuild(self) -> None:
        if not self._ready.is_set() or self.retired:
            return
        self._ready.clear()
        self._replica = None
        self._around.spawn(self._reload(), f"reload {self.name}")

    async def _reload(self) -> None:
        waits = list(self._options.reload_retries)
        failed = False
        while not self.retired:
            await self._backlog.drained.wait()
            try:
                await self._load(first=False)
                break
            except StaleEpoch:
                self.outdated()
                return
            except RoomNotFound as gone:
                self.retire(gone)
                return
            except Exception:
                log.warning("reload_failed", room=self.name, exc_info=True)
                failed = True
                await asyncio.sleep(waits.pop(0) if len(waits) > 1 else waits[0])
        else:
            return
        self._stats.rooms_rebuilt += 1
        self._answer_again()
        if failed:
            for connection in self.connections:
                connection.tell({"type": "storage", "ok": True, "message": "Edits are being stored again."})
        await self._following.catch_up()

    def _answer_again(self) -> None:
        """Answers that were waiting may hold what was lost."""
        assert self._replica is not None
        for answer in self._backlog.unanswered():
            answer.update = self._replica.diff(answer.state_vector)
            answer.connection.answer_holds = self._backlog.submitted
        self._release()

    # -- the log, and other nodes

    @property
    def loaded(self) -> bool:
        return self._ready.is_set()

    @property
    def document(self) -> Doc[Any] | None:
        return self._replica.doc if self._replica is not None else None

    def learn(self, update: bytes, *, apply: bool) -> bool:
        if self._replica is None:
            return False
        if update == EMPTY:
            return True
        if apply:
            try:
                self._replica.absorb(update)
            except (Poisoned, RealtimeError, ClockGap) as error:
                # It is in the log, so it holds: loading the log as a whole gets past it.
                self._poisoned(Poisoned(str(error)))
                return False
        self._pass_on(update)
        self._upkeep.logged(len(update))
        return True

    def learn_leases(self, leases: Mapping[int, Lease]) -> None:
        """The store's word, or another node's, where it is older than ours."""
        self._leases.update(leases)

    def outdated(self) -> None:
        self.retire(Outdated("The content of this document was replaced."))

    def head_is(self, epoch: int, seq: int) -> None:
        """What the store says, asked every few seconds."""
        if epoch != self.epoch:
            self.outdated()
        else:
            self._following.head_is(seq)
            self._judging.look_again()

    def told(self, message: bulletin.Here | bulletin.WhoIsThere | bulletin.Told) -> None:
        match message:
            case bulletin.Here(states):
                self._show(self._presence.told(states, asyncio.get_running_loop().time()))
            case bulletin.WhoIsThere():
                if own := self._presence.own():
                    self._around.publish(self.name, bulletin.write(bulletin.Here(own)))
            case bulletin.Told(event):
                self.tell(event)

    def tell(self, event: dict[str, Any]) -> None:
        if event.get("type") == "changed":
            self._judging.look_again()
        for connection in list(self.connections):
            connection.tell(event)

    # -- presence

    def _hear(self, connection: Connection, states: tuple[State, ...]) -> None:
        now = asyncio.get_running_loop().time()
        visitor = connection.visitor
        for client, clock, text in states:
            if connection.client is None and text != "null":
                holder = self._presence.holder(client)
                same = isinstance(holder, Connection) and holder.visitor.principal == visitor.principal
                if not self._presence.may_speak(connection, client, same_person=same):
                    continue
                if isinstance(holder, Connection) and holder is not connection:
                    holder.client = None
                connection.client = client
            if client != connection.client:
                continue
            text = signed(text, visitor.principal, visitor.name)
            state = self._presence.heard(connection, client, clock, text, now)
            if state is None:
                continue
            self._spread((state,), echo=connection)
            # Its own clock comes back to it: a higher one would overwrite what it has typed since.
            connection.offer_presence(((client, clock, text),))

    def _spread(self, states: tuple[State, ...], *, echo: Connection | None = None) -> None:
        """To everybody here, and to the other nodes."""
        if states:
            self._show(states, except_for=echo)
            self._around.publish(self.name, bulletin.write(bulletin.Here(states)))

    def _show(self, states: tuple[State, ...], *, except_for: Connection | None = None) -> None:
        if states:
            for connection in self.connections:
                if connection is not except_for:
                    connection.offer_presence(states)

    def tick(self, now: float) -> None:
        self._spread(self._presence.expire(now))


def _now() -> float:
    return asyncio.get_running_loop().time()
