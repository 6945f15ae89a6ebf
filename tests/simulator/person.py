"""A person: edits all the time, is cut off, comes back elsewhere, and remembers what was said to be safe."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from tests.simulator.line import Line
from tests.support.nodes import Node, tokens
from tests.support.peer import Peer, awareness, take

if TYPE_CHECKING:
    from tests.simulator.world import Machine, World

COMES_BACK = frozenset({1006, 1011, 1012, 1013, 4409})


class Person:
    def __init__(self, name: str, world: World, chance: Random, *, slow: float) -> None:
        self.world, self.chance, self._slow = world, chance, slow
        self.peer = Peer(name, ids=lambda: chance.getrandbits(31) + 1)
        self.line: Line | None = None
        self.claims = chance.random() < 0.8
        """Whether it says which epoch its copy is of; one that does not must be found out all the same."""
        self.clock = 0

    async def stay_connected(self, nodes: Sequence[Machine]) -> None:
        while True:
            await self._visit(self.chance.choice([node for node in nodes if node.up] or [None]))
            await asyncio.sleep(self.chance.uniform(0.1, 2.0))

    async def _visit(self, node: Node | None) -> None:
        if node is None:
            return
        line = Line(
            node=node,
            chance=Random(self.chance.random()),
            heard=self._heard,
            slow=self.chance.choice([0, 0, 0, self._slow]),
        )
        line.watch = lambda message: self._nothing_early(line, message)
        self.line = line
        node.connect(self.peer, line, epoch=self.peer.epoch if self.claims else None)
        self.peer.connected(line)
        line.flush()
        await line.ended.wait()
        self.world.saw(f"{self.peer.name} ends {line.code}")
        line.lose(0)
        self.peer.cut()
        if line.code not in COMES_BACK:
            self.world.wrong.append(f"{self.peer.name} was closed {line.closed}")
        if line.code == 4409:
            self.peer.fresh()

    async def keep_editing(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(3.0))
            self.edit()
            if self.line is not None and self.line is self.peer.wire:
                self.line.flush()

    def edit(self) -> None:
        peer, chance = self.peer, self.chance
        match chance.choices(
            ["write", "scrawl", "erase", "attempt", "undo", "redo", "show", "reload", "cut", "dead"],
            [40, 12, 10, 10, 6, 3, 6, 0.5, 1, 0.5],
        )[0]:
            case "write":
                peer.write(chance.random())
                peer.save()
            case "scrawl":
                peer.scrawl(chance.random(), "".join(chance.choices("abc \n", k=chance.randint(1, 5))))
            case "erase":
                peer.erase(chance.random(), chance.randint(1, 6))
            case "attempt":
                peer.attempt(chance.random())
            case "undo":
                peer.undo.undo()
            case "redo":
                peer.undo.redo()
            case "show":
                self.clock += 1
                if peer.wire is not None:
                    peer.wire.up.append(awareness(peer.doc.client_id, self.clock, {"at": self.clock}))
            case "reload" if not peer.marks and not peer.unmarked:
                # Nothing of it is unsaved, so a closed tab costs nothing.
                if self.line is not None:
                    self.line.cut()
                peer.cut()
                peer.fresh()
            case "cut" if self.line is not None:
                self.line.cut()
            case "dead" if self.line is not None:
                self.line.go_dead()
            case _:
                pass

    def _heard(self, line: Line, message: bytes) -> None:
        peer = self.peer
        if peer.wire is not line:
            return
        expected = dict(peer.marks)
        line.down.append(message)
        peer.receive()
        self.world.saw(f"{peer.name} hears {message[0]} {message[1]} {len(message)}")
        if message[0] == 101:
            done = {token for number, some in expected.items() if number <= peer.saved for token in some}
            assert peer.epoch is not None
            self.world.acknowledged.setdefault(peer.epoch, set()).update(done)
        line.flush()

    def _nothing_early(self, line: Line, message: bytes) -> None:
        """Seen at the moment of sending: no word and no promise before it is on disk."""
        known = self.world.disk.known
        if message[0] == 0 and message[1] in (1, 2):
            if early := tokens(message) - known:
                self.world.wrong.append(f"{early} sent to {self.peer.name} before durable")
        elif message[0] == 101 and self.peer.wire is line:
            number, _ = take(message, 1)
            promised = {t for mark, some in self.peer.marks.items() if mark <= number for t in some}
            if early := promised - known:
                self.world.wrong.append(f"Saved({number}) to {self.peer.name} before {early} was durable")
