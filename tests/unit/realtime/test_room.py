"""A room, driven through its engine: who may say what, when it is said, what happens when things break."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pycrdt import Array, Doc

from lab.realtime.children import ChildDied
from lab.realtime.errors import RefusedUpdate, StorageDown
from lab.realtime.faults import LARGE
from lab.realtime.guard import Limits
from lab.realtime.options import Options
from lab.realtime.ports import Access, Entry, RoomName, StoredRoom
from lab.realtime.replica import Replica
from lab.realtime.stores.memory import MemoryStore
from lab.realtime.workers import InProcess
from tests.support.house import House, a_house, seed, types
from tests.support.nodes import ROOM
from tests.support.peer import Peer, awareness, mark, step1, step2, update_frame, varuint

FAST = Options(journal_retries=(0.1, 0.2))


class Panic(BaseException):
    """What the core throws: no Exception."""


# -- who may say what (A1, S4)

FRAMES = {
    "step1": lambda peer: step1(b"\0"),
    "step2": lambda peer: step2(edit(peer)),
    "update": lambda peer: update_frame(edit(peer)),
    "awareness": lambda peer: awareness(peer.doc.client_id, 9, {}),
    "query": lambda peer: b"\3",
    "mark": lambda peer: mark(99),
}
MOMENTS = ("since it came", "just changed", "changed in between")
EXPECTED = {
    ("step1", Access.READ): None,
    ("step2", Access.READ): "refused",
    ("update", Access.READ): "refused",
    ("awareness", Access.READ): None,
    ("query", Access.READ): None,
    ("mark", Access.READ): None,
}


def edit(peer: Peer) -> bytes:
    before = peer.doc.get_state()
    peer._quiet = True
    peer.write(0)
    peer._quiet = False
    return peer.doc.get_update(before)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("access", list(Access))
@pytest.mark.parametrize("frame", list(FRAMES))
def test_every_frame_is_judged_by_what_its_sender_may_at_that_moment(
    frame: str, access: Access, moment: str
) -> None:
    with a_house() as house:
        watcher = house.peer("w")
        if moment == "since it came":
            house.kind.roles["person-a"] = access
        peer = house.peer("a")
        if moment != "since it came":
            house.kind.roles["person-a"] = access
            if moment == "changed in between":
                # The other way round first: the newest answer counts.
                house.kind.roles["person-a"] = Access(2 - access)
                house.loop.run(house.nodes[0].engine.recheck(frozenset({"person-a"})))
                house.kind.roles["person-a"] = access
            house.loop.run(house.nodes[0].engine.recheck(None))
        house.flow()
        peer.events.clear()
        assert peer.wire is not None
        if peer.wire.closed is None:
            house.send(peer, FRAMES[frame](peer))
        house.flow()
        if access is Access.NONE or (moment == "changed in between" and access is Access.WRITE):
            # Who was shut out in between is out.
            assert peer.wire.closed == (4403, "not_allowed")
            return
        assert peer.wire.closed is None
        written = [text for text in watcher.content()["ledger"] if text != "seed"]
        assert len(written) == (access is Access.WRITE and frame in ("step2", "update"))
        assert ("refused" in types(peer)) == (
            access is Access.READ and EXPECTED[frame, Access.READ] == "refused"
        )


def test_a_stock_reader_who_writes_is_closed() -> None:
    with a_house() as house:
        house.kind.roles["person-a"] = Access.READ
        peer = house.peer("a", lab=False)
        house.send(peer, step2(b"\0\0"))
        assert peer.wire is not None
        assert peer.wire.closed is None
        house.send(peer, update_frame(edit(peer)))
        assert peer.wire.closed == (4403, "read_only")


def test_a_sign_in_that_ends_by_itself_closes_at_once_and_without_a_frame() -> None:
    with a_house() as house:
        first, second = Peer("a"), Peer("b")
        for peer in (first, second):
            object.__setattr__(peer.visitor, "expires_at", 5.5)
            house.join(peer)
            house.peers.append(peer)
        house.flow()
        house.loop.advance(5.6 - house.loop.time())
        house.send(first, b"\3")
        assert first.wire is not None
        assert first.wire.closed == (4401, "not_signed_in")
        house.loop.advance(1)
        assert second.wire is not None
        assert second.wire.closed == (4401, "not_signed_in")


def test_W18_no_mark_is_answered_after_a_refusal_until_a_sync_step_2_was_taken() -> None:
    with a_house() as house:
        house.kind.roles["person-a"] = Access.READ
        peer = house.peer("a")
        house.send(peer, update_frame(edit(peer)), mark(1), mark(2))
        house.flow()
        assert peer.saved == 0
        peer.marked = 2
        house.kind.roles["person-a"] = Access.WRITE
        house.loop.run(house.nodes[0].engine.recheck())
        house.flow()
        assert types(peer) == ["joined", "refused", "access"]
        assert len(house.ledger()) == 2
        assert peer.saved >= 2


@pytest.mark.parametrize("marks", [(1, 1), (2, 1)])
def test_marks_rise(marks: tuple[int, int]) -> None:
    with a_house() as house:
        house.kind.roles["person-a"] = Access.READ
        peer = house.peer("a")
        house.send(peer, *map(mark, marks))
        assert peer.wire is not None
        assert peer.wire.closed == (4400, "protocol")


# -- gaps (B8, W11)


def gapped(house: House) -> tuple[Peer, bytes]:
    peer = house.peer("a")
    edit(peer)
    return peer, edit(peer)


def test_W11_a_gap_is_asked_about_and_marks_wait_for_the_answer() -> None:
    with a_house() as house:
        peer, late = gapped(house)
        saved = peer.saved
        house.send(peer, update_frame(late), mark(50))
        house.send(peer, update_frame(edit(peer)))
        assert peer.saved == saved
        assert peer.wire is not None
        assert [message[:2] for message in peer.wire.down] == [b"\0\0"], "asked once"
        peer.marked = 50
        house.flow()
        assert len(house.ledger()) == 4
        assert peer.saved >= 50
        assert peer.wire.closed is None


def test_W11_twice_in_a_row_closes() -> None:
    with a_house() as house:
        peer, late = gapped(house)
        house.send(peer, update_frame(late), step2(late))
        assert peer.wire is not None
        assert peer.wire.closed == (4400, "protocol")


def test_what_another_node_has_taken_is_no_gap_and_nobody_elses() -> None:
    """Somebody moves to a node that has not heard of what he and others wrote."""
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        ana.write(0)
        house.send(ana)
        house.post.lying.clear()
        while ana.receive() is not None:
            pass
        house.leave(ana)
        house.join(ana, on=1)
        house.peers.append(ana)
        # All she has, hers and others', and one more.
        ana.write(1)
        house.send(ana, step2(ana.doc.get_update()))
        house.flow()
        assert ana.wire is not None
        assert ana.wire.closed is None
        assert ben.content() == ana.content()
        assert len(house.ledger()) == 3


# -- old copies (W21, B17)


def test_W21_a_vector_with_ids_of_an_earlier_epoch_closes_even_a_reader() -> None:
    with a_house() as house:
        peer = house.peer("a")
        house.leave(peer)
        house.loop.run(house.disk.new_epoch(ROOM, seed("new")))
        house.loop.advance(6)
        house.kind.roles["person-a"] = Access.READ
        peer.events.clear()
        wire = house.join(peer)
        house.send(peer)
        while peer.receive() is not None:
            pass
        assert wire.closed == (4409, "epoch")
        assert peer.events[-1] == {"type": "epoch", "epoch": 2}


def test_W21_an_update_under_an_old_id_closes_too() -> None:
    with a_house() as house:
        peer = house.peer("a")
        peer.write(0)
        house.flow()
        old = peer.doc.get_update()
        house.loop.run(house.nodes[0].engine.replace(ROOM, seed("new")))
        house.flow()
        assert peer.wire is not None
        assert peer.wire.closed == (4409, "epoch")
        fresh = house.peer("f", person="person-a")
        house.send(fresh, update_frame(old))
        assert fresh.wire is not None
        assert fresh.wire.closed == (4409, "epoch")
        assert house.ledger() == ["new"]


def test_a_seed_belongs_to_nobody_and_that_is_written_down_once() -> None:
    with a_house(servers=2) as house:
        house.peer("a")
        house.peer("b", on=1)
        leases = house.loop.run(house.disk.leases(ROOM))
        assert {lease.principal for lease in leases.values()} == {""}
        assert len(house.disk.log()) == 2


def test_a_deleted_room_closes_its_people_4404() -> None:
    with a_house() as house:
        peer = house.peer("a")
        house.loop.run(house.disk.delete(ROOM))
        house.loop.run(house.nodes[0].engine.announce(ROOM))
        house.loop.settle()
        assert peer.wire is not None
        assert peer.wire.closed == (4404, "no_such_room")


def test_an_edit_on_its_way_into_a_replaced_room_is_never_promised() -> None:
    with a_house() as house:
        peer = house.peer("a")
        house.disk.moving.clear()
        peer.write(0)
        peer.save()
        house.send(peer)
        house.loop.run(house.disk.new_epoch(ROOM, seed("new")))
        house.disk.moving.set()
        house.flow()
        assert peer.wire is not None
        assert peer.wire.closed == (4409, "epoch")
        assert peer.marks
        assert house.ledger() == ["new"]


def test_W17_a_replaced_room_promises_nothing_while_it_says_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house() as house:
        ana = house.peer("a")
        real, looked = house.disk.head, asyncio.Event()

        async def head(rooms: Any) -> Any:
            await looked.wait()
            return await real(rooms)

        monkeypatch.setattr(house.disk, "head", head)
        house.loop.run(house.disk.new_epoch(ROOM, seed("another")))
        ana.write(0)
        house.send(ana)
        # The room has found out, and its people are not told yet.
        ana.save()
        house.send(ana)
        assert ana.wire is not None
        assert not [message for message in ana.wire.down if message[0] == 101]
        looked.set()
        house.loop.settle()
        assert ana.wire.closed == (4409, "epoch")


def test_a_head_that_cannot_be_read_still_ends_an_outdated_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house() as house:
        peer = house.peer("a")

        async def broken(names: Any) -> Any:
            raise OSError("the disk is away")

        monkeypatch.setattr(house.disk, "head", broken)

        async def twice() -> None:
            room = house.nodes[0].room
            room.outdated()
            room.outdated()

        house.loop.run(twice())
        house.loop.settle()
        assert peer.wire is not None
        assert peer.wire.closed == (4409, "epoch")


# -- poison (B11, B12)


def panicking(monkeypatch: pytest.MonkeyPatch, word: bytes, method: str = "apply") -> None:
    """The core panics on an update with this word in it, after it has half changed the document."""
    real = getattr(Replica, method)

    def apply(self: Replica, checked: Any) -> Any:
        update = checked if isinstance(checked, bytes) else checked.update
        if word in update:
            from lab.realtime.replica import distrusting

            with distrusting():
                self.doc.apply_update(update)
                raise Panic("called `Option::unwrap()` on a `None` value")
        return real(self, checked)

    monkeypatch.setattr(Replica, method, apply)


def test_a_panic_closes_its_sender_only_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    panicking(monkeypatch, b"wb-1;")
    with a_house() as house:
        ana, ben = house.peer("a"), house.peer("b")
        house.disk.moving.clear()
        ana.write(0)
        ana.save()
        house.send(ana)
        ben.write(0)
        house.send(ben)
        assert ben.wire is not None
        assert ben.wire.closed == (4400, "update_refused:G0")
        # What was under way is still made durable, and what comes meanwhile waits for the new copy.
        ana.write(0)
        ana.save()
        house.send(ana)
        house.disk.moving.set()
        house.flow()
        eve = house.peer("e")
        assert sorted(eve.content()["ledger"]) == ["seed", "wa-1;", "wa-2;"]
        assert not ana.marks
        assert ana.wire is not None
        assert ana.wire.closed is None
        assert house.nodes[0].engine.stats.rooms_rebuilt == 1


def test_a_panic_while_answering_reloads_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Replica.diff
    panics = [True]

    def diff(self: Replica, vector: bytes) -> bytes:
        from lab.realtime.replica import distrusting

        with distrusting():
            if panics:
                panics.pop()
                raise Panic("index out of bounds")
        return real(self, vector)

    monkeypatch.setattr(Replica, "diff", diff)
    with a_house() as house:
        peer = house.peer("a")
        assert peer.wire is not None
        assert peer.wire.closed == (1013, "storage")
        assert house.peer("b").content()["ledger"] == ["seed"]


def test_a_row_of_another_node_that_cannot_be_applied_is_loaded_instead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        panicking(monkeypatch, b"wa-1;", "absorb")
        ana.write(0)
        house.flow()
        assert ben.content() == ana.content()
        assert house.nodes[1].engine.stats.rooms_rebuilt == 1


def test_whatever_else_goes_wrong_closes_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house() as house:
        ana, ben = house.peer("a"), house.peer("b")
        room = house.nodes[0].room

        def broken(*_: Any) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(room, "_hear", broken)
        house.send(ana, awareness(1, 1, {}))
        assert ana.wire is not None
        assert ben.wire is not None
        assert ana.wire.closed == (1011, "error")
        assert ben.wire.closed is None


# -- the store (F3, F7, F8)


def test_when_the_store_is_away_authors_go_readers_stay_and_all_returns_by_itself() -> None:
    with a_house(options=FAST) as house:
        ana, ben = house.peer("a"), house.peer("b")
        ana.write(0)
        house.flow()
        house.disk.down = True
        ana.write(0)
        ana.save()
        house.send(ana)
        house.loop.advance(1)
        house.flow()
        assert ana.wire is not None
        assert ben.wire is not None
        assert ana.wire.closed == (1013, "storage")
        assert ana.events[-1]["type"] == "storage"
        assert ana.events[-1]["ok"] is False
        assert ana.marks, "it was never promised"
        assert ben.wire.closed is None
        house.disk.down = False
        house.loop.advance(6)
        house.flow()
        assert ben.events[-1] == {"type": "storage", "ok": True, "message": "Edits are being stored again."}
        house.peers.remove(ana)
        ana.cut()
        house.join(ana)
        house.peers.append(ana)
        house.flow()
        assert not ana.marks
        assert ben.content()["ledger"].count("wa-2;") == 1


def test_who_writes_while_nothing_can_be_stored_is_told_within_seconds() -> None:
    with a_house(options=FAST) as house:
        ana, ben = house.peer("a"), house.peer("b")
        ana.write(0)
        house.flow()
        house.disk.down = True
        ana.write(0)
        house.send(ana)
        house.loop.advance(1)
        ben.write(0)
        house.send(ben)
        house.loop.advance(6)
        house.flow()
        assert ben.wire is not None
        assert ben.wire.closed == (1013, "storage")
        newcomer = house.peer("n")
        assert newcomer.wire is not None
        house.loop.advance(6)
        assert newcomer.wire.closed == (1013, "storage")


def test_an_answer_that_held_what_was_lost_is_found_out_again() -> None:
    with a_house(options=FAST) as house:
        ana, ben = house.peer("a"), house.peer("b")
        house.disk.moving.clear()
        ana.write(0)
        house.send(ana)
        eve = house.peer("e", flow=False)
        house.send(eve)
        # Asked twice, answered once.
        house.send(eve, step1(b"\0"))
        house.disk.fail_appends = 9
        house.disk.moving.set()
        house.loop.advance(2)
        house.disk.fail_appends = 0
        house.loop.advance(2)
        house.flow()
        if eve.wire is not None and eve.wire.closed is None:
            assert eve.content()["ledger"] == ["seed"]
        assert ben.content()["ledger"] == ["seed"]


def test_a_watcher_who_asks_while_something_is_lost_gets_an_answer_without_it() -> None:
    with a_house(options=FAST) as house:
        ana = house.peer("a")
        house.kind.roles["person-e"] = Access.READ
        house.disk.moving.clear()
        ana.write(0)
        house.send(ana)
        eve = house.peer("e", flow=False)
        house.send(eve)
        house.disk.fail_appends = 3
        house.disk.moving.set()
        house.loop.advance(2)
        house.flow()
        assert eve.content()["ledger"] == ["seed"]
        assert eve.wire is not None
        assert eve.wire.closed is None


def test_W10_what_comes_while_an_answer_waits_follows_it() -> None:
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        house.disk.moving.clear()
        ana.write(0)
        house.send(ana)
        eve = house.peer("e", flow=False)
        house.send(eve)
        # Another server's row, known here before our own is decided.
        ben.write(0)
        entry = Entry(ROOM, 1, ben.doc.get_update(ana.doc.get_state()), "person-b", (ben.doc.client_id,))
        house.loop.run(MemoryStore.append(house.disk, [entry]))
        house.loop.advance(6)
        assert eve.wire is not None
        assert not [message for message in eve.wire.down if message[:2] in (b"\0\1", b"\0\2")]
        house.disk.moving.set()
        house.loop.settle()
        said = [message[1] for message in eve.wire.down if message[:2] in (b"\0\1", b"\0\2")]
        assert said == [1, 2], "ana's edit is in the answer, and ben's comes after it"
        house.flow()
        assert eve.content() == ana.content()


def test_who_waits_for_an_answer_while_too_much_happens_comes_back() -> None:
    with a_house(options=Options(outbox_messages=8)) as house:
        ana = house.peer("a")
        house.disk.moving.clear()
        ana.write(0)
        house.send(ana)
        eve = house.peer("e", flow=False)
        house.send(eve)
        for number in range(9):
            other = Doc(client_id=100 + number)
            other.get("tries", type=Array).append(number)
            entry = Entry(ROOM, 1, other.get_update(), "person-b", (other.client_id,))
            house.loop.run(MemoryStore.append(house.disk, [entry]))
        house.loop.advance(6)
        assert eve.wire is not None
        assert eve.wire.closed == (1013, "storage")
        house.disk.moving.set()


def test_a_room_that_cannot_be_read_is_no_empty_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house() as house:
        house.disk.down = True
        peer = house.peer("a")
        assert peer.wire is not None
        assert peer.wire.closed == (1013, "storage")

        async def broken(room: RoomName) -> StoredRoom:
            raise OSError("input/output error")

        house.disk.down = False
        with monkeypatch.context() as patch:
            patch.setattr(house.disk, "open", broken)
            peer = house.peer("b")
            assert peer.wire is not None
            assert peer.wire.closed == (1013, "storage")
        assert house.disk.log() == [house.disk.log()[0]]
        assert house.peer("c").content()["ledger"] == ["seed"]


def test_a_room_replaced_or_deleted_while_it_was_away() -> None:
    for gone in (False, True):
        with a_house(options=FAST) as house:
            ana, ben = house.peer("a"), house.peer("b")
            ana.write(0)
            house.flow()
            house.disk.down = True
            ana.write(0)
            house.send(ana)
            house.loop.advance(1)
            if gone:
                house.loop.run(house.disk.delete(ROOM))
            else:
                house.loop.run(house.disk.new_epoch(ROOM, seed("new")))
            house.disk.down = False
            house.loop.advance(6)
            assert ben.wire is not None
            assert ben.wire.closed == ((4404, "no_such_room") if gone else (4409, "epoch"))


def test_an_append_that_was_made_but_not_confirmed_is_there_once() -> None:
    with a_house(options=FAST) as house:
        ana, ben = house.peer("a"), house.peer("b")
        house.disk.fail_appends, house.disk.forgetful = 1, True
        ana.write(0)
        ana.save()
        house.send(ana)
        house.loop.advance(2)
        house.flow()
        assert not ana.marks
        assert ben.content()["ledger"].count("wa-1;") == 1
        assert len(house.disk.log()) == 4


# -- opening and closing


def test_joins_at_the_same_time_share_one_load(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house() as house:
        opened = []
        real = house.disk.open

        async def open(room: RoomName) -> Any:
            opened.append(room)
            return await real(room)

        monkeypatch.setattr(house.disk, "open", open)
        peers = [Peer(name) for name in "abcde"]
        wires = []
        for peer in peers:
            wire = house.nodes[0].lines
            from tests.support.peer import Wire

            line = Wire()
            house.nodes[0].connect(peer, line)
            wires.append(line)
        assert wire is house.nodes[0].lines
        house.loop.settle()
        assert opened == [ROOM]
        assert all(wire.down for wire in wires)


def test_an_idle_room_is_closed_and_its_rows_derived_before() -> None:
    with a_house(options=Options(room_idle_seconds=20, saved_seconds=100)) as house:
        ana = house.peer("a")
        ana.write(0)
        house.flow()
        house.leave(ana)
        house.loop.advance(15)
        assert house.nodes[0].engine.rooms_open == 1
        assert house.kind.derived == []
        house.loop.advance(10)
        assert house.nodes[0].engine.rooms_open == 0
        assert house.kind.derived == [frozenset({"person-a"})]


def test_what_came_while_rows_were_being_derived_is_derived_too() -> None:
    with a_house(options=Options(saved_seconds=2)) as house:
        house.kind.broken = True
        ana = house.peer("a")
        for _ in range(3):
            ana.write(0)
            house.flow()
        assert house.kind.derived == []
        house.loop.advance(3)
        assert len(house.kind.derived) == 1
        ana.write(0)
        house.flow()
        house.loop.run(house.nodes[0].stop())
        assert len(house.kind.derived) == 2
        house.loop.run(house.nodes[0].start())


def test_a_room_is_folded_now_and_then_and_loaded_from_the_fold() -> None:
    with a_house(options=Options(compact_updates=5)) as house:
        ana = house.peer("a")
        for _ in range(6):
            ana.write(0)
            house.flow()
        stored = house.loop.run(house.disk.open(ROOM))
        assert stored.snapshot_seq >= 5
        house.loop.run(house.nodes[0].kill())
        house.loop.run(house.nodes[0].start())
        house.peers.clear()
        assert len(house.peer("b").content()["ledger"]) == 7


def test_a_fold_that_fails_costs_nothing() -> None:
    class NoFold(InProcess):
        async def fold(self, *_: Any) -> bytes:
            raise ChildDied("out of memory")

    with a_house(options=Options(compact_updates=2), work=NoFold()) as house:
        ana = house.peer("a")
        for _ in range(6):
            ana.write(0)
            house.flow()
        assert house.nodes[0].engine.stats.compaction_failures >= 1
        assert not ana.marks
        # Replaced meanwhile, there is nothing to fold.
        house.loop.run(house.disk.delete(ROOM))
        house.loop.run(house.nodes[0].room._upkeep._compact())


def test_a_stored_room_of_some_size_is_loaded_by_a_worker() -> None:
    with a_house(options=Options(load_in_process=10)) as house:
        assert house.peer("a").content()["ledger"] == ["seed"]
        assert house.loop.run(house.nodes[0].engine.read(ROOM))


# -- large and full


class Large(InProcess):
    """Workers that say when they were asked, and let something happen meanwhile."""

    def __init__(self) -> None:
        self.asked = 0
        self.meanwhile: Any = None
        self.dies = False

    async def attempt(self, *what: Any) -> Any:
        self.asked += 1
        result = await super().attempt(*what)
        if self.dies:
            raise ChildDied("it killed its process")
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return result


def paste(peer: Peer) -> bytes:
    before = peer.doc.get_state()
    peer._quiet = True
    peer.scrawl(0, "long " * 20_000)
    peer._quiet = False
    return peer.doc.get_update(before)


def test_a_large_update_is_tried_elsewhere_first() -> None:
    work = Large()
    with a_house(work=work) as house:
        ana, ben = house.peer("a"), house.peer("b")
        house.send(ana, update_frame(paste(ana)))
        house.flow()
        assert work.asked == 1
        assert ben.content() == ana.content()


def test_a_large_update_that_kills_the_child_is_refused() -> None:
    work = Large()
    work.dies = True
    with a_house(work=work) as house:
        ana, ben = house.peer("a"), house.peer("b")
        house.send(ana, update_frame(paste(ana)))
        assert ana.wire is not None
        assert ben.wire is not None
        assert ana.wire.closed == (4400, "update_refused:G12")
        assert ben.wire.closed is None


def bombs(house: House, work: Large) -> Peer:
    """Somebody whose last three large updates each killed a child."""
    work.dies = True
    for number in range(3):
        peer = house.peer(f"m{number}", person="mallory")
        house.send(peer, update_frame(paste(peer)))
        house.loop.advance(10)
        assert peer.wire is not None
        assert peer.wire.closed == (4400, "update_refused:G12")
        house.leave(peer)
    work.dies = False
    return house.peer("m", person="mallory")


def test_whose_large_updates_were_refused_waits_and_nobody_else() -> None:
    work = Large()
    with a_house(work=work) as house:
        mallory, ana = bombs(house, work), house.peer("a")
        asked = work.asked
        house.send(mallory, update_frame(paste(mallory)), b"\3")
        house.send(ana, update_frame(paste(ana)))
        assert work.asked == asked + 1
        house.flow()
        assert "long" in str(ana.content())
        house.loop.advance(LARGE.longest)
        assert work.asked == asked + 2
        house.flow()
        assert mallory.content() == ana.content()


@pytest.mark.parametrize("moment", ["while it waits", "while it is tried"])
@pytest.mark.parametrize("what", ["out", "reads", "sign-in ended"])
def test_who_may_no_longer_write_when_a_large_update_has_been_looked_at_has_not_written(
    moment: str, what: str
) -> None:
    work = Large()
    with a_house(work=work) as house:
        mallory = bombs(house, work)
        engine = house.nodes[0].engine
        before = len(house.disk.log())

        async def change() -> None:
            if what == "sign-in ended":
                await engine.end_session("session-m")
                return
            house.kind.roles["mallory"] = Access.NONE if what == "out" else Access.READ
            await engine.recheck()

        if moment == "while it is tried":
            work.meanwhile = change
        house.send(mallory, update_frame(paste(mallory)))
        if moment == "while it waits":
            house.loop.run(change())
        house.loop.advance(LARGE.longest)
        house.flow()
        assert len(house.disk.log()) == before
        assert mallory.wire is not None
        assert mallory.wire.closed == {
            "out": (4403, "not_allowed"), "reads": None, "sign-in ended": (4401, "not_signed_in")
        }[what]  # fmt: skip
        assert ("refused" in types(mallory)) == (what == "reads")


def test_a_large_update_is_checked_again_when_its_author_wrote_meanwhile() -> None:
    """Two tabs of one device share a client's edits: the other may be faster."""
    work = Large()
    with a_house(work=work) as house:
        ana = house.peer("a")
        house.peer("t", person="person-a")
        big = paste(ana)

        async def other_tab() -> None:
            room = house.nodes[0].room
            [connection] = [one for one in room.connections if one.visitor.name == "T"]
            await room.receive(connection, step2(big))

        work.meanwhile = other_tab
        house.send(ana, update_frame(big))
        house.flow()
        assert work.asked == 3
        assert ana.wire is not None
        assert ana.wire.closed is None
        assert house.peer("e").content() == ana.content()
        assert len(house.disk.log()) == 3


def test_a_full_room_refuses_and_keeps_its_people() -> None:
    limits = Limits(room_clients=2)
    with a_house(options=Options(limits=limits)) as house:
        ana = house.peer("a")
        ana.write(0)
        house.flow()
        ben = house.peer("b")
        ben.write(0)
        ben.save()
        house.flow()
        assert ben.events[-1]["type"] == "refused"
        assert ben.events[-1]["reason"] == "too_big"
        assert ben.wire is not None
        assert ben.wire.closed is None
        assert ben.marks
        ana.write(0)
        house.flow()
        assert ben.content() != ana.content()
        assert len(house.ledger()) == 3


def test_somebody_elses_client_id_is_refused() -> None:
    with a_house() as house:
        ana, ben = house.peer("a"), house.peer("b")
        ana.write(0)
        house.flow()
        update = b"\x01\x01" + varuint(ana.doc.client_id) + b"\x01\x04\x01\x08scribble\x01x\x00"
        house.send(ben, update_frame(update))
        while ben.receive() is not None:
            pass
        assert ben.wire is not None
        assert ben.wire.closed == (4400, "update_refused:G15")
        assert ben.events[-1]["type"] == "refused"


def test_refusals_have_a_reason() -> None:
    assert RefusedUpdate("no", rule="G7").reason == "update_refused:G7"
    assert StorageDown("no").reason == "storage"


# -- other nodes (B7, F5, F6)


def test_a_node_that_heard_nothing_reads_the_log_by_itself() -> None:
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        ana.write(0)
        house.send(ana)
        house.post.lying.clear()
        house.loop.advance(6)
        house.flow()
        assert ben.content() == ana.content()


def test_messages_between_nodes_may_be_lost_doubled_late_and_nonsense() -> None:
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        for _ in range(4):
            ana.write(0)
            house.send(ana)
        del house.post.lying[1]
        house.post.lying.extend(list(house.post.lying))
        house.post.lying.rotate(2)
        mailbox, _ = house.post.lying[0]
        for nonsense in (
            b"",
            b"\x00",
            b"\x00\x01\x01\x09",
            b"\x01\x00",
            b"\x04[]",
            b"\x04{",
            b"\x09",
            b"\x03",
        ):
            house.post.lying.append((mailbox, nonsense))
        house.flow()
        assert ben.content() == ana.content()


def test_no_message_is_passed_on_between_nodes_more_than_once() -> None:
    with a_house(servers=3) as house:
        ana = house.peer("a")
        house.peer("b", on=1)
        house.peer("c", on=2)
        before = sum(node.engine.stats.published for node in house.nodes)
        ana.write(0)
        house.flow()
        assert sum(node.engine.stats.published for node in house.nodes) == before + 1


def test_many_rows_are_read_in_portions() -> None:
    with a_house(servers=2) as house:
        ana = house.peer("a")
        house.peer("b", on=1)
        for number in range(1100):
            ana.write(number % 2)
            if number % 60 == 0:
                house.send(ana)
                house.loop.advance(2)
        house.send(ana)
        house.loop.advance(30)
        house.post.lying.clear()
        house.loop.advance(6)
        house.flow()
        assert len(house.peers[1].content()["ledger"]) == 1101


def test_a_broker_that_never_answers_delays_opening_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_house(options=Options(subscribe_seconds=1)) as house:
        broker = house.nodes[0].engine._broker

        class Never:
            async def __aenter__(self) -> None:
                await asyncio.Event().wait()

            async def __aexit__(self, *_: object) -> None:
                return None

        monkeypatch.setattr(broker, "subscribe", lambda room: Never())
        ana = house.peer("a")
        assert ana.content()["ledger"] == []
        house.loop.advance(2)
        house.flow()
        assert ana.content()["ledger"] == ["seed"]


def test_a_broken_subscription_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house(servers=2) as house:
        broker = house.nodes[1].engine._broker
        real, failures = broker.subscribe, [1]

        def subscribe(room: RoomName) -> Any:
            if failures:
                failures.pop()
                raise OSError("connection refused")
            return real(room)

        monkeypatch.setattr(broker, "subscribe", subscribe)
        ana, ben = house.peer("a"), house.peer("b", on=1)
        house.loop.advance(3)
        ana.write(0)
        house.flow()
        assert ben.content() == ana.content()


def test_a_log_that_cannot_be_read_is_read_later(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)

        async def broken(*_: Any) -> Any:
            raise OSError("input/output error")

        ana.write(0)
        house.send(ana)
        house.post.lying.clear()
        with monkeypatch.context() as patch:
            patch.setattr(house.disk, "since", broken)
            house.post.interrupt()
            house.loop.settle()
        house.loop.advance(6)
        house.flow()
        assert ben.content() == ana.content()


def test_events_reach_everyone_in_the_room_on_every_node() -> None:
    with a_house(servers=2) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        house.loop.run(house.nodes[0].engine.tell(ROOM, {"type": "changed", "what": "comments"}))
        house.flow()
        assert ana.events[-1] == ben.events[-1] == {"type": "changed", "what": "comments"}
        house.loop.run(house.nodes[0].engine.tell(RoomName("scratch/other"), {"type": "changed"}))
        assert house.nodes[0].engine.present(ROOM) == [("person-a", "A")]
        assert house.nodes[0].engine.present(RoomName("scratch/other")) == []


def test_what_is_lost_takes_what_waits_in_between_with_it() -> None:
    """Found by chance: a promise between two lost edits was kept when the second was settled."""
    with a_house(options=FAST) as house:
        ana = house.peer("a")
        house.disk.moving.clear()
        ana.write(0)
        ana.save()
        ana.write(0)
        ana.save()
        house.send(ana)
        house.disk.fail_appends = 3
        house.disk.moving.set()
        house.loop.advance(2)
        assert ana.wire is not None
        assert [message for message in ana.wire.down if message[0] == 101] == []
        assert ana.wire.closed == (1013, "storage")


def test_a_row_that_arrives_while_the_room_is_away_is_read_afterwards() -> None:
    with a_house(servers=2, options=FAST) as house:
        ana, ben = house.peer("a"), house.peer("b", on=1)
        ben.write(0)
        house.flow()
        house.disk.down = True
        ben.write(0)
        house.send(ben)
        house.loop.advance(1)
        house.disk.down = False
        ana.write(0)
        house.send(ana)
        house.post.deliver()
        house.loop.settle()
        eve = house.peer("e", on=1, flow=False)
        house.loop.advance(6)
        house.flow()
        assert "wa-1;" in eve.content()["ledger"]
        assert eve.content()["ledger"].count("wb-1;") == 1


def test_looks_at_the_log_that_are_asked_for_together_are_one_look() -> None:
    with a_house() as house:
        house.peer("a")
        following = house.nodes[0].room._following
        before = house.nodes[0].engine.stats.pulls

        async def five() -> None:
            await asyncio.gather(*(following.pull(leases=True) for _ in range(5)))

        house.loop.run(five())
        # The first had begun when the others asked, so they share a second.
        assert house.nodes[0].engine.stats.pulls == before + 2
