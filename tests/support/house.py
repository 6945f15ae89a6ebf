"""A house of servers and people for unit tests: everything happens when the test says so, in virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pycrdt import Array, Doc

from lab.realtime.options import Options
from lab.realtime.ports import Access, RoomName, Visitor
from lab.realtime.workers import Work
from tests.support.nodes import ROOM, Disk, Node, OpenRooms, Post
from tests.support.peer import Peer, Wire
from tests.support.virtual import VirtualLoop


class Roles(OpenRooms):
    """Rooms in which some may less, and which remember what they were told."""

    def __init__(self) -> None:
        self.roles: dict[str, Access | Exception] = {}
        self.derived: list[frozenset[str]] = []
        self.broken = False

    async def access(self, key: str, visitor: Visitor | None) -> Access:
        assert visitor is not None
        role = self.roles.get(visitor.principal, Access.WRITE)
        if isinstance(role, Exception):
            raise role
        return role

    async def saved(self, key: str, doc: Doc[Any], principals: frozenset[str]) -> None:
        self.derived.append(principals)
        if self.broken:
            raise RuntimeError("the hook is broken")


class House:
    def __init__(self, servers: int, options: Options, work: Work | None) -> None:
        self.loop = VirtualLoop()
        self.disk, self.post, self.kind = Disk(), Post(), Roles()
        self.loop.run(self.disk.create(ROOM, seed("seed")))
        self.nodes = [Node(self.disk, self.post, options, self.kind, work) for _ in range(servers)]
        for node in self.nodes:
            self.loop.run(node.start())
        self.peers: list[Peer] = []

    def peer(
        self, name: str, *, on: int = 0, person: str | None = None, flow: bool = True, **how: Any
    ) -> Peer:
        """Somebody who has joined, and has what there is."""
        peer = Peer(name, person)
        self.join(peer, on=on, **how)
        self.peers.append(peer)
        if flow:
            self.flow()
        return peer

    def join(self, peer: Peer, *, on: int = 0, room: RoomName = ROOM, **how: Any) -> Wire:
        wire = Wire()
        self.nodes[on].connect(peer, wire, room=room, **how)
        peer.node = self.nodes[on]  # type: ignore[attr-defined]
        peer.connected(wire)
        self.loop.settle()
        return wire

    def leave(self, peer: Peer) -> None:
        assert peer.wire is not None
        peer.node.hang_up(peer.wire)  # type: ignore[attr-defined]
        peer.cut()
        self.peers.remove(peer)
        self.loop.settle()

    def send(self, peer: Peer, *messages: bytes) -> None:
        """Everything the peer has to say, and these after it, arrive at the server."""
        assert peer.wire is not None
        peer.wire.up.extend(messages)
        peer.node.carry(peer.wire)  # type: ignore[attr-defined]
        self.loop.settle()

    def flow(self) -> None:
        """Until nobody has anything to say."""
        for _ in range(50):
            self.post.deliver()
            self.loop.settle()
            busy = False
            for peer in self.peers:
                if peer.wire is None:
                    continue
                busy = busy or bool(peer.wire.up)
                if peer.wire in peer.node.lines:  # type: ignore[attr-defined]
                    self.send(peer)
                else:
                    peer.wire.up.clear()
                while peer.receive() is not None:
                    busy = True
            if not busy and not self.post.lying:
                return
        raise AssertionError("they never stop talking")

    def ledger(self) -> list[str]:
        """What is durable."""
        from tests.support.peer import replayed

        return replayed(self.disk.log()).get("ledger", type=Array).to_py() or []


@contextmanager
def a_house(*, servers: int = 1, options: Options | None = None, work: Work | None = None) -> Iterator[House]:
    house = House(servers, options or Options(), work)
    try:
        yield house
        assert not house.loop.failures, house.loop.failures
    finally:
        for node in house.nodes:
            house.loop.run(node.kill())
        house.loop.close()


def seed(text: str) -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("ledger", type=Array).append(text)
    return doc.get_update()


def types(peer: Peer) -> list[str]:
    return [event["type"] for event in peer.events]
