"""Rules of a room's own: asked before an update is applied, looked up when they may have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from pycrdt import Doc, Map

from lab.realtime.ports import EntryName, Schema, Touch
from tests.support.house import House, a_house, types
from tests.support.nodes import ROOM
from tests.support.peer import Peer, mark, step2, update_frame

SCHEMA = Schema(
    version=1,
    roots={"ledger": "array", "scribble": "text", "tries": "array", "notes": "map"},
    elements=frozenset(),
    attributes={},
    marks=frozenset(),
    check_entry=lambda root, key, value, principal: None,
)


class Rulebook:
    """A `Judge` over a set of locked keys that stands in for the database."""

    def __init__(self) -> None:
        self.written: set[str] = set()
        """What the database says."""
        self.known: set[str] = set()
        self.looked = 0
        self.gate: asyncio.Event | None = None
        self.trouble: BaseException | None = None
        """Of looking them up."""
        self.fault: BaseException | None = None
        """Of judging."""

    async def refresh(self) -> None:
        self.looked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        self.known = set(self.written)

    def refuses(self, principal: str, touched: Mapping[EntryName, Touch], doc: Doc[Any]) -> str | None:
        if self.fault is not None:
            raise self.fault
        locked = {key for _, key in touched} & self.known
        return f"{min(locked)} is locked." if locked and principal != "person-lead" else None


def judged(house: House) -> Rulebook:
    book = Rulebook()
    house.kind.schema = SCHEMA
    house.kind.judge = lambda key: book  # type: ignore[attr-defined]
    return book


def note(peer: Peer, key: str, value: str) -> bytes:
    before = peer.doc.get_state()
    peer._quiet = True
    peer.doc.get("notes", type=Map)[key] = value
    peer._quiet = False
    return update_frame(peer.doc.get_update(before))


def notes(peer: Peer) -> dict[str, Any]:
    return dict(peer.doc.get("notes", type=Map).to_py() or {})


def test_what_a_rule_forbids_is_refused_with_its_reason_and_nothing_of_it_is_applied() -> None:
    with a_house() as house:
        book = judged(house)
        book.written = {"a"}
        peer, other = house.peer("p"), house.peer("o")
        house.send(peer, note(peer, "b", "mine"), mark(peer.marked + 1))
        house.flow()
        assert notes(other) == {"b": "mine"}
        saved, logged = peer.saved, len(house.disk.log())
        before = peer.doc.get_state()
        peer._quiet = True
        with peer.doc.transaction():
            both = peer.doc.get("notes", type=Map)
            both["a"] = both["c"] = "forbidden"
        peer._quiet = False
        house.send(peer, update_frame(peer.doc.get_update(before)), mark(peer.marked + 2))
        house.flow()
        assert peer.events[-1] == {
            "type": "refused",
            "reason": "update_refused:rule",
            "message": "a is locked.",
        }
        assert (peer.saved, len(house.disk.log())) == (saved, logged)
        assert notes(other) == {"b": "mine"}
        assert peer.wire is not None
        assert peer.wire.closed is None
        # Whole, it is refused as well.
        house.send(peer, step2(peer.doc.get_update()))
        house.flow()
        assert types(peer).count("refused") == 2
        # Afresh, it goes on.
        house.leave(peer)
        peer.fresh()
        house.join(peer)
        house.peers.append(peer)
        house.flow()
        house.send(peer, note(peer, "c", "allowed"))
        house.flow()
        assert notes(other) == notes(peer) == {"b": "mine", "c": "allowed"}


def test_whoever_the_rule_spares_may() -> None:
    with a_house() as house:
        judged(house).written = {"a"}
        lead, other = house.peer("lead"), house.peer("o")
        house.send(lead, note(lead, "a", "moved"))
        house.flow()
        assert notes(other) == {"a": "moved"}


def test_a_stock_client_that_breaks_a_rule_is_closed() -> None:
    with a_house() as house:
        judged(house).written = {"a"}
        peer = house.peer("p", lab=False)
        house.send(peer, note(peer, "a", "forbidden"))
        assert peer.wire is not None
        assert peer.wire.closed == (4403, "update_refused:rule")


def test_rules_that_change_hold_on_every_node_at_once_and_without_being_told_within_seconds() -> None:
    with a_house(servers=2) as house:
        book = judged(house)
        near, far = house.peer("n"), house.peer("f", on=1)
        house.send(far, note(far, "a", "before"))
        house.flow()
        book.written = {"a"}
        house.loop.run(house.nodes[0].engine.tell(ROOM, {"type": "changed", "what": "board"}))
        house.flow()
        for peer in (near, far):
            house.send(peer, note(peer, "a", "after"))
            house.flow()
            assert types(peer)[-1] == "refused"
        book.written = set()
        house.loop.advance(6)
        third = house.peer("t")
        house.send(third, note(third, "a", "later"))
        house.flow()
        assert "refused" not in types(third)


def test_looks_at_the_rules_that_are_asked_for_together_are_two() -> None:
    with a_house() as house:
        book = judged(house)
        house.peer("p")
        engine = house.nodes[0].engine
        looked, book.gate = book.looked, asyncio.Event()
        for _ in range(5):
            house.loop.run(engine.tell(ROOM, {"type": "changed", "what": "board"}))
            house.loop.settle()
        assert book.looked == looked + 1
        book.gate.set()
        house.loop.settle()
        # One more, because the first may have looked before the last change.
        assert book.looked == looked + 2
        house.loop.run(engine.tell(ROOM, {"type": "restarting"}))
        house.loop.settle()
        assert book.looked == looked + 2


def test_rules_that_cannot_be_looked_up_hold_on_as_they_were() -> None:
    with a_house() as house:
        book = judged(house)
        book.written = {"a"}
        peer = house.peer("p")
        book.written, book.trouble = set(), OSError("the database is away")
        house.loop.run(house.nodes[0].engine.tell(ROOM, {"type": "changed", "what": "board"}))
        house.loop.settle()
        book.trouble = None
        house.send(peer, note(peer, "a", "forbidden"))
        assert book.known == {"a"}
        house.flow()
        assert types(peer)[-1] == "refused"
        house.loop.advance(6)
        assert book.known == set()


def test_a_room_whose_rules_are_unknown_does_not_open() -> None:
    with a_house() as house:
        judged(house).trouble = OSError("the database is away")
        peer = house.peer("p")
        assert peer.wire is not None
        assert peer.wire.closed == (1013, "storage")


class Panic(BaseException):
    """What the core throws: no Exception."""


@pytest.mark.parametrize("fault", [Panic("unreachable"), ValueError("a fault of ours")])
def test_a_judge_that_fails_lets_nothing_pass(fault: BaseException) -> None:
    with a_house() as house:
        book = judged(house)
        peer, other = house.peer("p"), house.peer("o")
        book.fault = fault
        house.send(peer, note(peer, "a", "anything"))
        book.fault = None
        house.flow()
        assert peer.wire is not None
        assert peer.wire.closed == (4400, "update_refused:G0")
        house.peers.remove(peer)
        house.send(other, note(other, "b", "and on"))
        house.flow()
        assert notes(house.peer("x")) == {"b": "and on"}
