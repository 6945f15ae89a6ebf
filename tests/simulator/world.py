"""The world of one seed: people, servers, a disk, messages; what goes wrong; what must then be true."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import structlog
from pycrdt import Array, Doc

from lab.realtime.options import Options
from lab.realtime.ports import Broker
from tests.simulator.disk import ChanceDisk
from tests.simulator.person import Person
from tests.simulator.radio import Air, Radio
from tests.support.nodes import ROOM, Node, Post
from tests.support.peer import content, replayed
from tests.support.virtual import VirtualLoop

OPTIONS = Options(
    compact_updates=7,
    room_idle_seconds=3,
    frames_per_second=1e6,
    frames_burst=1e6,
    outbox_messages=64,
    load_in_process=1 << 30,
)
TROUBLE = 15.0
"""Virtual seconds in which things go wrong."""
HEALED = 60.0
"""Virtual seconds after which everybody must be equal again, at the latest."""


@dataclass(frozen=True, slots=True)
class Ended:
    seed: int
    wrong: list[str]
    trace: str
    """Digest of everything that happened, and when: the same seed gives the same."""
    acknowledged: int
    equal_after: float
    """Virtual seconds."""
    messages: int


class Machine(Node):
    """A server of the simulation."""

    def __init__(self, world: World) -> None:
        super().__init__(world.disk, Post(), OPTIONS)  # type: ignore[arg-type]
        self._air = world.air
        self.up = False

    def broker(self) -> Broker:
        return Radio(self._air)

    async def start(self) -> None:
        await super().start()
        self.up = True

    async def kill(self) -> None:
        self.up = False
        lines = list(self.lines)
        await super().kill()
        for line in lines:
            line.dead = True  # type: ignore[attr-defined]
            line.ended.set()  # type: ignore[attr-defined]

    async def stop(self) -> None:
        self.up = False
        await super().stop()
        await self.kill()


class World:
    def __init__(self, seed: int, *, tell: Callable[[str], None] | None = None) -> None:
        """`tell`: called with everything that happens, for whoever looks into one seed."""
        self.seed, self._tell = seed, tell
        self.loop = VirtualLoop()
        chance = Random(seed)

        def share() -> Random:
            # Of its own for each part, so that what one of them draws does not move the others'.
            return Random(chance.getrandbits(64))

        self.chance = share()
        self.disk = ChanceDisk(share())
        self.air = Air(share())
        self.nodes = [Machine(self) for _ in range(self.chance.randint(1, 3))]
        slow = self.chance.choice([0.05, 0.5, 12.0])
        self.people = [
            Person(name, self, share(), slow=slow) for name in "abcde"[: self.chance.randint(2, 5)]
        ]
        self.acknowledged: dict[int, set[str]] = {}
        self.wrong: list[str] = []
        self._trace = hashlib.sha256()
        self._messages = 0

    def saw(self, what: str) -> None:
        self._messages += 1
        line = f"{self.loop.time():.9f} {what}"
        self._trace.update(line.encode() + b"\n")
        if self._tell is not None:
            self._tell(line)

    def run(self) -> Ended:
        try:
            after = self.loop.run(self._live())
            self.wrong += [str(failure) for failure in self.loop.failures]
        finally:
            self.loop.close()
        count = sum(map(len, self.acknowledged.values()))
        return Ended(self.seed, self.wrong, self._trace.hexdigest(), count, after, self._messages)

    async def _live(self) -> float:
        await self.disk.create(ROOM, seed_of(1))
        for node in self.nodes:
            await node.start()
        editing = [asyncio.ensure_future(person.keep_editing()) for person in self.people]
        staying = [asyncio.ensure_future(person.stay_connected(self.nodes)) for person in self.people]
        await self._trouble()
        for task in editing:
            task.cancel()
        self.disk.mend()
        self.air.mend()
        after = await self._until_equal()
        await self._check()
        for task in staying:
            task.cancel()
        await asyncio.gather(*editing, *staying, return_exceptions=True)
        for node in self.nodes:
            await node.kill()
        return after

    # -- what goes wrong

    async def _trouble(self) -> None:
        loop, chance = self.loop, self.chance
        verbs: list[Callable[[], Awaitable[None]]] = [
            self._kill, self._kill, self._restart, self._disk_away, self._disk_stands_still, self._bad_disk,
            self._silence, self._bad_air, self._replace, self._mend,
        ]  # fmt: skip
        while loop.time() < TROUBLE:
            await asyncio.sleep(chance.expovariate(1.0))
            verb = chance.choice(verbs)
            self.saw(verb.__name__)
            await verb()

    async def _kill(self) -> None:
        node = self.chance.choice(self.nodes)
        await node.kill()
        await asyncio.sleep(self.chance.uniform(0.0, 1.5))
        await node.start()

    async def _restart(self) -> None:
        node = self.chance.choice(self.nodes)
        await node.stop()
        await node.start()

    async def _disk_away(self) -> None:
        self.disk.away = True
        await asyncio.sleep(self.chance.uniform(0.05, 5.0))
        self.disk.away = False

    async def _disk_stands_still(self) -> None:
        self.disk.moving.clear()
        await asyncio.sleep(self.chance.uniform(0.05, 5.0))
        self.disk.moving.set()

    async def _bad_disk(self) -> None:
        self.disk.latency = self.chance.choice([0.001, 0.05, 0.5])
        self.disk.refuses, self.disk.forgets, self.disk.breaks = (
            self.chance.choice([0.0, 0.1, 0.6]) for _ in range(3)
        )

    async def _silence(self) -> None:
        self.air.dead = True
        await asyncio.sleep(self.chance.uniform(0.1, 7.0))
        self.air.mend()

    async def _bad_air(self) -> None:
        self.air.lost, self.air.doubled, self.air.late = (
            self.chance.choice([0.0, 0.1, 0.5]) for _ in range(3)
        )
        self.air.slow_to_subscribe = self.chance.choice([0.0, 0.5, 4.0])

    async def _replace(self) -> None:
        """By somebody in another process, or through one of the servers."""
        content = seed_of(self.disk.epoch() + 1)
        away, self.disk.away = self.disk.away, False
        if self.chance.random() < 0.5:
            await self.disk.new_epoch(ROOM, content)
        else:
            await self.disk.new_epoch(ROOM, content)
            await self.chance.choice(self.nodes).engine.announce(ROOM)
        self.disk.away = away

    async def _mend(self) -> None:
        self.disk.mend()
        self.air.mend()

    # -- what must then be true

    async def _until_equal(self) -> float:
        began = self.loop.time()
        while self.loop.time() < began + HEALED:
            await asyncio.sleep(0.25)
            for person in self.people:
                if person.peer.synced and person.peer.unmarked:
                    person.peer.save()
                    if person.line is not None:
                        person.line.flush()
            truth = content(replayed(self.disk.log()))
            if all(
                person.peer.synced and not person.peer.marks and person.peer.content() == truth
                for person in self.people
            ):
                break
        return self.loop.time() - began

    async def _check(self) -> None:
        truth = content(replayed(self.disk.log()))
        epoch = self.disk.epoch()
        for person in self.people:
            peer = person.peer
            if peer.wire is None or peer.epoch != epoch:
                self.wrong.append(f"{peer.name} is not connected, or at epoch {peer.epoch} of {epoch}")
            elif peer.content() != truth:
                self.wrong.append(f"{peer.name} differs from the log")
            elif peer.marks:
                self.wrong.append(f"{peer.name} still waits for {peer.marks}")
        for node in self.nodes:
            if content(replayed([await node.engine.read(ROOM)])) != truth:
                self.wrong.append("a server reads something else than the log")
        ledger: list[str] = truth["ledger"] or []
        for token in sorted(self.acknowledged.get(epoch, ())):
            if ledger.count(token) != 1:
                self.wrong.append(f"{token} was acknowledged and is there {ledger.count(token)} times")
        if len(ledger) != len(set(ledger)):
            self.wrong.append("something is there twice")
        seeds = [text for text in ledger if text.startswith("seed")]
        if seeds != [f"seed of {epoch}"]:
            self.wrong.append(f"an old copy was merged: {seeds}")


def hushed() -> None:
    """The engine reports each trouble, and here is nothing else."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        cache_logger_on_first_use=False,
    )


def seed_of(epoch: int) -> bytes:
    doc: Doc[Any] = Doc(client_id=1_000_000 + epoch)
    doc.get("ledger", type=Array).append(f"seed of {epoch}")
    return doc.get_update()
