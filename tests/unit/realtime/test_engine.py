"""The engine: who gets in, who is asked about again, how it stops, and what features may ask of it."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array

from lab.realtime.errors import NotSignedIn, RoomNotFound
from lab.realtime.options import Options
from lab.realtime.ports import Access, RoomExists, RoomName, Schema, Visitor
from tests.support.house import a_house, seed, types
from tests.support.nodes import ROOM
from tests.support.peer import Peer, replayed, update_frame

OTHER = RoomName("scratch/other")


def closed(peer: Peer) -> tuple[int, str] | None:
    assert peer.wire is not None
    return peer.wire.closed


# -- getting in


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"epoch": 1}, None),
        ({"epoch": 2}, (4409, "epoch")),
        ({"schema": 3}, None),
        ({"schema": 2}, (4409, "schema")),
        ({"room": OTHER}, (4404, "no_such_room")),
        ({"room": RoomName("nothing/one")}, (4404, "no_such_room")),
    ],
)
def test_W4_the_handshake(how: dict[str, Any], expected: tuple[int, str] | None) -> None:
    with a_house() as house:
        house.kind.schema = Schema(3, {"ledger": "array"}, frozenset(), {}, frozenset())  # type: ignore[assignment]
        peer = house.peer("a", **how)
        assert closed(peer) == expected
        if expected == (4409, "epoch"):
            assert peer.events == [{"type": "epoch", "epoch": 1}]
        if expected is None:
            assert peer.events[0]["schema"] == 3


def test_a_room_made_for_another_schema_is_not_opened_by_this_editor() -> None:
    with a_house() as house:
        house.kind.schema = Schema(3, {"ledger": "array"}, frozenset(), {}, frozenset())  # type: ignore[assignment]
        house.loop.run(house.nodes[0].engine.create(OTHER, seed("x"), schema=2))
        assert closed(house.peer("a", room=OTHER)) == (4409, "schema")


def test_a_person_and_a_room_have_only_so_many_sockets() -> None:
    with a_house(options=Options(sockets_per_principal=2, sockets_per_room=3)) as house:
        for name in "ab":
            assert closed(house.peer(name, person="ana")) is None
        assert closed(house.peer("c", person="ana")) == (1013, "full")
        assert closed(house.peer("d")) is None
        assert closed(house.peer("e")) == (1013, "full")
        house.leave(house.peers[0])
        assert closed(house.peer("f")) is None
        assert house.nodes[0].engine.connections_open == 3


def test_scratch_rooms_are_created_by_the_first_who_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house(servers=2) as house:

        async def yes(key: str, visitor: Visitor) -> bool:
            return True

        monkeypatch.setattr(house.kind, "create_on_join", yes)
        real = house.disk.create

        async def late(*arguments: Any, **more: Any) -> None:
            # Somebody else was faster.
            await real(*arguments, **more)
            raise RoomExists(OTHER)

        monkeypatch.setattr(house.disk, "create", late)
        assert closed(house.peer("a", room=OTHER)) is None
        assert closed(house.peer("b", room=OTHER, on=1)) is None


@pytest.mark.parametrize("error", [NotSignedIn("no"), RoomNotFound("no"), RuntimeError("broken")])
def test_whatever_the_kind_of_room_says_closes(error: Exception) -> None:
    with a_house() as house:
        house.kind.roles["person-a"] = error
        expected = (error.close, error.reason) if isinstance(error, NotSignedIn | RoomNotFound) else None
        assert closed(house.peer("a")) == (expected or (1013, "storage"))
        house.kind.roles.clear()
        peer = house.peer("b")
        house.kind.roles["person-b"] = error
        house.loop.run(house.nodes[0].engine.recheck())
        house.loop.settle()
        assert closed(peer) == (expected or (1013, "storage"))


def test_who_hangs_up_while_the_room_opens_leaves_nothing_behind() -> None:
    with a_house() as house:
        house.disk.moving.clear()
        peer = Peer("a")
        wire = house.join(peer)
        house.nodes[0].hang_up(wire)
        house.loop.settle()
        engine = house.nodes[0].engine
        assert engine.connections_open == 0
        house.disk.moving.set()
        house.loop.settle()
        assert closed(house.peer("b")) is None


def test_a_revocation_while_the_room_opens_is_not_missed() -> None:
    with a_house() as house:
        house.disk.moving.clear()
        demoted, ended, barred = Peer("a"), Peer("b"), Peer("c")
        for peer in (demoted, ended, barred):
            house.join(peer)
            house.peers.append(peer)
        house.kind.roles.update({"person-a": Access.READ, "person-c": Access.NONE})
        engine = house.nodes[0].engine
        house.loop.run(engine.end_session("session-b"))
        house.loop.run(engine.recheck())
        house.disk.moving.set()
        house.loop.settle()
        house.flow()
        assert demoted.events[0]["access"] == "read"
        assert closed(ended) == (4401, "not_signed_in")
        assert closed(barred) == (4403, "not_allowed")
        assert engine.present(ROOM) == [("person-a", "A")]


def test_a_room_that_is_replaced_while_one_enters_is_entered_anew() -> None:
    with a_house() as house:
        house.peer("a")
        room = house.nodes[0].room
        room._ready.clear()
        late = house.peer("b", flow=False)
        house.loop.run(house.disk.new_epoch(ROOM, seed("new")))
        house.loop.run(house.nodes[0].engine.announce(ROOM))
        house.flow()
        assert closed(late) is None
        assert late.epoch == 2
        assert late.content()["ledger"] == ["new"]


# -- what features may ask


def test_rooms_are_created_read_and_replaced() -> None:
    with a_house(servers=2) as house:
        engine = house.nodes[0].engine
        house.loop.run(engine.create(OTHER, None))
        assert house.loop.run(engine.read(OTHER)) == b"\0\0"
        with pytest.raises(RoomExists):
            house.loop.run(engine.create(OTHER, None))
        with pytest.raises(RoomNotFound):
            house.loop.run(engine.read(RoomName("scratch/never")))
        ana, ben = house.peer("a"), house.peer("b", on=1)
        # Within somebody's transaction nothing is said before it is announced.
        assert house.loop.run(engine.replace(ROOM, seed("new"), within=object())) == 2
        house.loop.settle()
        assert closed(ana) is None
        house.loop.run(engine.announce(ROOM))
        house.flow()
        assert closed(ana) == closed(ben) == (4409, "epoch")
        assert ben.events[-1] == {"type": "epoch", "epoch": 2}
        state = house.loop.run(engine.read(ROOM))
        assert replayed([state]).get("ledger", type=Array).to_py() == ["new"]


# -- stopping


def test_a_stopping_server_makes_everything_durable_and_lets_nobody_in() -> None:
    with a_house() as house:
        ana = house.peer("a")
        house.disk.moving.clear()
        ana.write(0)
        house.send(ana)
        engine = house.nodes[0].engine
        drained = house.loop.create_task(engine.drain())
        house.loop.settle()
        assert not drained.done()
        assert closed(house.peer("b")) == (1012, "restarting")
        house.disk.moving.set()
        house.flow()
        assert drained.done()
        assert len(house.ledger()) == 2
        assert closed(ana) == (1012, "restarting")
        assert types(ana)[-1] == "restarting"


def test_a_stopping_server_does_not_wait_for_ever() -> None:
    with a_house(options=Options(flush_seconds=3)) as house:
        ana = house.peer("a")
        house.disk.moving.clear()
        ana.write(0)
        house.send(ana)
        engine = house.nodes[0].engine
        assert engine.journal_depth <= 1
        before = house.loop.time()
        house.loop.run(engine.drain())
        assert house.loop.time() - before == pytest.approx(3)


# -- in the background


def test_nothing_that_fails_in_the_background_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        engine = house.nodes[0].engine

        async def broken(*_: Any) -> None:
            raise OSError("broken")

        with monkeypatch.context() as patch:
            patch.setattr(engine._broker, "publish", broken)
            patch.setattr(house.disk, "head", broken)
            patch.setattr(engine, "_tick", broken)

            async def spawn() -> None:
                engine._spawn(broken(), "nothing")

            house.loop.run(spawn())
            ana.write(0)
            house.send(ana)
            house.loop.advance(7)
        assert engine.stats.publish_failures == 1
        house.loop.advance(7)
        house.flow()
        assert ben.content() == ana.content()


def test_a_connection_that_is_gone_is_not_asked_about() -> None:
    with a_house() as house:
        ana = house.peer("a")
        engine = house.nodes[0].engine
        [connection] = engine._connections
        house.leave(ana)
        house.loop.run(engine._recheck(connection))
        assert engine.connections_open == 0


def test_a_frame_after_the_end_is_not_read() -> None:
    with a_house() as house:
        ana = house.peer("a")
        assert ana.wire is not None
        room = house.nodes[0].room
        [connection] = room.connections
        house.loop.run(house.nodes[0].engine.end_session(ana.visitor.session))

        async def late() -> None:
            await room.receive(connection, update_frame(b"\0\0"))
            room.leave(connection)
            room.leave(connection)

        house.loop.run(late())
        assert closed(ana) == (4401, "not_signed_in")


def test_work_that_is_cancelled_before_it_began_leaves_no_complaint() -> None:
    with a_house() as house:
        engine = house.nodes[0].engine

        async def nothing() -> None:
            raise AssertionError("it never began")

        async def spawn() -> None:
            engine._spawn(nothing(), "nothing").cancel()

        house.loop.run(spawn())
        house.loop.settle()
