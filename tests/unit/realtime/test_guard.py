"""The guard's rules, one by one, against documents of a few items."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace

import pytest

from lab.realtime.errors import ClockGap, Outdated, ProtocolError, RefusedUpdate
from lab.realtime.guard import Checked, Guard, Known, Limits, NeedsChild, RoomFull
from lab.realtime.ports import Lease
from tests.support import v1

ANA, BEN = 7, 8


def known(epoch: int = 1) -> Known:
    """Ana sends, with client ids 7 and 70 to 79; Ben has 8."""
    owned = {ANA: Lease("ana", 1), BEN: Lease("ben", 1)} | dict.fromkeys(range(70, 80), Lease("ana", 1))
    return Known("ana", epoch, owned)


def guard_of(*updates: bytes, limits: Limits | None = None) -> Guard:
    guard = Guard(None, limits)
    for update in updates:
        guard.commit(guard.check(update, None))
    return guard


def refused(guard: Guard, update: bytes, rule: str, *, large: bool = False) -> RefusedUpdate:
    with pytest.raises(RefusedUpdate) as error:
        guard.check(update, known(), large=large)
    assert error.value.rule == rule
    assert isinstance(error.value, ProtocolError)
    return error.value


def accepted(guard: Guard, update: bytes, *, large: bool = False) -> Checked:
    checked = guard.check(update, known(), large=large)
    guard.commit(checked)
    return checked


HELLO = v1.one(BEN, 0, v1.item(*v1.text("hello"), parent="text"))
MAP_IN_LIST = v1.one(
    BEN,
    0,
    v1.item(*v1.ARRAY, parent="root"),
    v1.item(*v1.MAP, parent=(BEN, 0)),
    v1.item(*v1.text("t"), parent="other"),
)


def test_what_passed_is_reported_and_remembered_after_commit_only() -> None:
    guard = guard_of(HELLO)
    update = v1.update(
        v1.group(ANA, 0, v1.item(*v1.text("ab"), origin=(BEN, 4)), v1.gc(3)),
        deletions={BEN: [(0, 2), (3, 2)]},
    )
    checked = guard.check(update, Known("ana", 1, {BEN: Lease("ben", 1)}))
    assert (checked.new_clients, checked.structs, checked.deletions) == ((ANA,), 2, 2)
    assert checked.clocks == {ANA: 5}
    assert guard.clocks == {BEN: 5}
    guard.commit(checked)
    assert guard.clocks == {BEN: 5, ANA: 5}
    assert (guard.items, guard.size) == (3, len(HELLO) + len(update))


def test_a_child_can_check_and_its_parent_commit() -> None:
    guard = guard_of(MAP_IN_LIST)
    update = v1.one(ANA, 0, v1.item(*v1.MAP, parent=(BEN, 1), key="k"))
    child: Guard = pickle.loads(pickle.dumps(guard))
    packed = pickle.dumps(child.check(update, known(), large=True))
    assert len(packed) < 2_000, "the room itself does not travel back"
    guard.commit(pickle.loads(packed))
    assert accepted(guard, v1.one(ANA, 1, v1.item(*v1.text("x"), parent=(ANA, 0), key="deeper")))


def test_what_is_known_already_is_no_news() -> None:
    guard = guard_of(HELLO)
    assert accepted(guard, HELLO).structs == 0
    assert guard.items == 1


def test_a_half_known_item_is_continued() -> None:
    guard = guard_of(v1.one(ANA, 0, v1.item(*v1.text("he"), parent="text")))
    checked = accepted(guard, v1.one(ANA, 0, v1.item(*v1.text("hello"), parent="text")))
    assert (checked.structs, checked.clocks) == (1, {ANA: 5})


def test_the_core_s_half_emoji_does_not_confuse_a_rebuild() -> None:
    guard = Guard(None)
    guard.rebuild(
        v1.one(BEN, 0, v1.item(*v1.text("a😀"), parent="text"), v1.item(*v1.text(""), origin=(BEN, 1)))
    )
    assert guard.clocks == {BEN: 3}


def test_a_state_is_believed_even_where_the_core_lost_count() -> None:
    guard = Guard(None)
    guard.rebuild(
        v1.update(
            v1.group(9, 2, v1.item(*v1.text("a"), parent="text"), v1.item(*v1.text("b"), origin=(9, 9))),
            v1.group(BEN, 0, v1.item(*v1.text("c"), origin=(4, 4)), v1.item(*v1.text("d"), parent=(9, 2))),
            v1.group(ANA, 0, v1.item(*v1.text("e"), origin=(6, 0)), v1.item(*v1.text("f"), origin=(6, 9))),
            v1.group(6, 0, v1.item(*v1.text("g"), right=(ANA, 1))),
            deletions={3: [(0, 9)]},
        )
    )
    assert guard.clocks == {9: 4, BEN: 2, ANA: 2, 6: 1}


def test_rebuilding_forgets_what_was() -> None:
    guard = guard_of(HELLO)
    guard.rebuild(b"\0\0")
    assert (dict(guard.clocks), guard.items, guard.size) == ({}, 0, 2)


@pytest.mark.parametrize(
    "update",
    [
        v1.one(ANA, 3, v1.gc(1)),
        v1.one(ANA, 0, v1.item(*v1.text("x"), origin=(BEN, 5))),
        v1.one(ANA, 0, v1.item(*v1.text("x"), right=(99, 0))),
        v1.one(ANA, 0, v1.item(*v1.text("x"), parent=(BEN, 5))),
        v1.update(deletions={BEN: [(0, 1), (4, 2)]}),
        v1.update(deletions={77: [(0, 1_000_000)]}),
        v1.update(
            v1.group(ANA, 0, v1.item(*v1.text("x"), origin=(70, 1))),
            v1.group(70, 0, v1.item(*v1.text("x"), parent="text")),
        ),
    ],
)
@pytest.mark.parametrize("from_log", [False, True])
def test_something_missing_is_a_gap_and_no_offence(update: bytes, from_log: bool) -> None:
    guard = guard_of(HELLO)
    with pytest.raises(ClockGap):
        guard.check(update, None if from_log else known())


def test_clients_of_one_update_may_build_on_each_other() -> None:
    update = v1.update(
        v1.group(70, 0, v1.item(*v1.text("c"), origin=(71, 0)), v1.item(*v1.text("e"), origin=(71, 1))),
        v1.group(71, 0, v1.item(*v1.text("b"), origin=(72, 0)), v1.item(*v1.text("d"), origin=(70, 0))),
        v1.group(72, 0, v1.item(*v1.text("a"), parent="text")),
        deletions={71: [(0, 2)]},
    )
    assert accepted(guard_of(), update).clocks == {70: 2, 71: 2, 72: 1}


def test_G1_size() -> None:
    limits = Limits(update_bytes=200, in_process_bytes=100)
    guard = guard_of(limits=limits)
    refused(guard, b"", "G1")
    refused(guard, b"\0", "G1")
    refused(guard, bytes(201), "G1", large=True)
    large = v1.one(ANA, 0, v1.item(*v1.text("x" * 150), parent="text"))
    assert isinstance(refused(guard, large, "G1"), NeedsChild)
    accepted(guard, large, large=True)


@pytest.mark.parametrize(
    "struct",
    [
        v1.item(*v1.text("x"), origin=(ANA, 0)),
        v1.item(*v1.text("x"), right=(ANA, 3)),
        v1.item(*v1.text("x"), parent=(ANA, 0)),
    ],
)
def test_G8_nobody_refers_to_their_own_future(struct: bytes) -> None:
    refused(guard_of(HELLO), v1.one(ANA, 0, struct), "G8")


def test_G8_items_do_not_wait_for_each_other() -> None:
    update = v1.update(
        v1.group(70, 0, v1.item(*v1.text("a"), origin=(71, 0))),
        v1.group(71, 0, v1.item(*v1.text("b"), origin=(72, 0))),
        v1.group(72, 0, v1.item(*v1.text("c"), origin=(70, 0))),
    )
    refused(guard_of(), update, "G8")


CROSSED = {
    "a parent that is a letter": v1.item(*v1.text("x"), parent=(BEN, 2)),
    "neighbours in two parents": v1.item(*v1.text("x"), origin=(BEN, 2), right=(BEN, 1)),
    "one neighbour twice": v1.item(*v1.text("x"), origin=(BEN, 2), right=(BEN, 2)),
    "a mark in an array": v1.item(*v1.mark("bold", True), parent=(BEN, 0)),
    "a letter in an array": v1.item(*v1.text("x"), parent=(BEN, 0)),
    "a sequence in a map": v1.item(*v1.values(v1.NULL), parent=(BEN, 1)),
    "a mark in a map": v1.item(*v1.mark("bold", True), parent=(BEN, 1), key="k"),
}


@pytest.mark.parametrize("struct", CROSSED.values(), ids=CROSSED)
def test_G9_what_stands_where(struct: bytes) -> None:
    refused(guard_of(MAP_IN_LIST), v1.one(ANA, 0, struct), "G9")


@pytest.mark.parametrize(
    ("parent", "content", "fits"),
    [
        (v1.element("p"), v1.XML_TEXT, True),
        (v1.element("p"), v1.element("b"), True),
        (v1.FRAGMENT, v1.element("b"), True),
        (v1.FRAGMENT, v1.MAP, False),
        (v1.element("p"), v1.text("x"), False),
        (v1.element("p"), v1.deleted(2), True),
        (v1.XML_TEXT, v1.text("x"), True),
        (v1.XML_TEXT, v1.embed({}), True),
        (v1.TEXT, v1.MAP, True),
        (v1.TEXT, v1.values(v1.NULL), False),
        (v1.TEXT, v1.binary(b"x"), False),
        (v1.ARRAY, v1.binary(b"x"), True),
    ],
)
def test_G9_what_a_type_can_hold(parent: tuple[int, bytes], content: tuple[int, bytes], fits: bool) -> None:
    guard = guard_of(v1.one(BEN, 0, v1.item(*parent, parent="root")))
    update = v1.one(ANA, 0, v1.item(*content, parent=(BEN, 0)))
    if fits:
        accepted(guard, update)
    else:
        refused(guard, update, "G9")


def test_G9_a_half_known_item_continues_where_it_began() -> None:
    guard = guard_of(v1.one(ANA, 0, v1.item(*v1.text("he"), parent="text")))
    refused(guard, v1.one(ANA, 0, v1.item(*v1.text("hello"), parent="elsewhere")), "G9")


def test_G9_a_parent_may_have_been_deleted() -> None:
    guard = Guard(None)
    guard.rebuild(
        v1.one(BEN, 0, v1.item(*v1.deleted(1), parent="root"), v1.gc(2), v1.item(*v1.MAP, origin=(BEN, 1)))
    )
    update = v1.one(
        ANA,
        0,
        v1.item(*v1.MAP, parent=(BEN, 0)),
        v1.item(*v1.MAP, parent=(BEN, 2)),
        v1.item(*v1.text("x"), parent=(ANA, 0), key="k"),
        v1.item(*v1.MAP, origin=(ANA, 2)),
        v1.item(*v1.text("y"), parent=(BEN, 3)),
        v1.item(*v1.text("y"), origin=(ANA, 4), right=(BEN, 1)),
    )
    assert accepted(guard, update).structs == 6
    refused(guard, v1.one(ANA, 6, v1.item(*v1.text("z"), parent=(ANA, 4))), "G9")


def test_G10_nesting_is_counted_over_the_whole_document() -> None:
    guard = guard_of(v1.one(ANA, 0, v1.item(*v1.MAP, parent="root", key="k")))
    for depth in range(1, 32):
        accepted(guard, v1.one(ANA, depth, v1.item(*v1.MAP, parent=(ANA, depth - 1), key="k")))
    deepest = v1.one(70, 0, v1.item(*v1.ARRAY, parent=(ANA, 31), key="k"))
    refused(guard, deepest, "G10")
    accepted(guard, v1.one(70, 0, v1.item(*v1.values(v1.NULL), parent=(ANA, 31), key="k")))
    # A neighbour tells the depth as well as a parent does, also after a restart.
    lists = [v1.item(*v1.ARRAY, parent=(ANA, n - 1) if n else "root") for n in range(32)]
    guard.rebuild(v1.one(ANA, 0, *lists, v1.item(*v1.values(v1.NULL), parent=(ANA, 31))))
    refused(guard, v1.one(70, 0, v1.item(*v1.ARRAY, parent=(ANA, 31))), "G10")
    refused(guard, v1.one(70, 0, v1.item(*v1.ARRAY, origin=(ANA, 32))), "G10")
    accepted(guard, v1.one(70, 0, v1.item(*v1.deleted(1), origin=(ANA, 32))))


def chain(contents: list[tuple[int, bytes]], lengths: list[int]) -> bytes:
    structs, clock = [], 0
    for content, length in zip(contents, lengths, strict=True):
        where = {"origin": (ANA, clock - 1)} if clock else {"parent": "root"}
        structs.append(v1.item(*content, **where))  # type: ignore[arg-type]
        clock += length
    return v1.one(ANA, 0, *structs)


@pytest.mark.parametrize("content", [v1.text("x"), v1.values(v1.NULL)])
def test_G11_a_thousand_items_that_should_be_one(content: tuple[int, bytes]) -> None:
    accepted(guard_of(), chain([content] * 1_000, [1] * 1_000))
    refused(guard_of(), chain([content] * 1_001, [1] * 1_001), "G11")
    refused(guard_of(), chain([content] * 1_001, [1] * 1_001), "G11", large=True)


def test_G11_long_items_cost_more() -> None:
    values = v1.values(*[v1.NULL] * 50)
    accepted(guard_of(), chain([values] * 150, [50] * 150))
    refused(guard_of(), chain([values] * 300, [50] * 300), "G11")
    small = Limits(copied_text=1_000)
    refused(guard_of(limits=small), chain([v1.text("x" * 10)] * 20, [10] * 20), "G11")
    refused(guard_of(limits=small), chain([v1.text("é" * 10)] * 10, [10] * 10), "G11")
    accepted(guard_of(limits=small), chain([v1.text("x" * 10)] * 10, [10] * 10))


def test_G11_items_that_stay_apart_are_no_chain() -> None:
    accepted(guard_of(), chain([v1.embed({}), v1.text("x")] * 900, [1] * 1_800))


def test_G12_much_goes_to_a_child() -> None:
    limits = Limits(structs=3, deletions=2, large=6, spot=2)
    guard = guard_of(HELLO, limits=limits)
    structs = v1.one(ANA, 0, *[v1.gc(1)] * 4)
    assert isinstance(refused(guard, structs, "G12"), NeedsChild)
    assert guard.check(structs, known(), large=True).structs == 4
    assert not isinstance(refused(guard, v1.one(ANA, 0, *[v1.gc(1)] * 7), "G12", large=True), NeedsChild)
    deletions = v1.update(deletions={BEN: [(0, 1), (2, 1), (4, 1)]})
    assert isinstance(refused(guard, deletions, "G12"), NeedsChild)
    assert guard.check(deletions, known(), large=True).deletions == 3
    spot = v1.one(ANA, 0, *[v1.item(*v1.embed({}), origin=(BEN, 2))] * 3)
    assert isinstance(refused(guard, spot, "G12"), NeedsChild)
    assert guard.check(spot, known(), large=True).structs == 3


def test_G13_64_clients_at_once() -> None:
    def crowd(size: int) -> bytes:
        return v1.update(*(v1.group(1_000 + n, 0, v1.gc(1)) for n in range(size)))

    assert len(accepted(guard_of(), crowd(64)).new_clients) == 64
    refused(guard_of(), crowd(65), "G13", large=True)


def test_G15_a_client_id_belongs_to_its_first_user() -> None:
    refused(guard_of(HELLO), v1.one(BEN, 5, v1.gc(1)), "G15")
    refused(guard_of(), v1.one(BEN, 0, v1.gc(1)), "G15")
    # Repeating what others wrote, and deleting it, is what every synchronisation does.
    accepted(guard_of(HELLO), HELLO)
    accepted(guard_of(HELLO), v1.update(deletions={BEN: [(0, 5)]}))


def test_G15_an_id_without_a_lease_is_nobody_s_to_use() -> None:
    guard = guard_of(v1.one(99, 0, v1.item(*v1.text("seed"), parent="text")))
    refused(guard, v1.one(99, 4, v1.gc(1)), "G15")


@pytest.mark.parametrize("update", [v1.one(BEN, 5, v1.gc(1)), v1.update(deletions={BEN: [(0, 1)]})])
def test_an_id_of_an_earlier_epoch_is_outdated(update: bytes) -> None:
    with pytest.raises(Outdated) as outdated:
        guard_of().check(update, known(epoch=2))
    assert (outdated.value.close, outdated.value.reason) == (4409, "epoch")


@pytest.mark.parametrize(
    "limits", [Limits(room_clients=2), Limits(room_items=2), Limits(room_bytes=len(HELLO) + 10)]
)
def test_G16_totals(limits: Limits) -> None:
    guard = guard_of(HELLO, limits=limits)
    two = v1.update(v1.group(ANA, 0, v1.gc(1)), v1.group(70, 0, v1.gc(1)))
    assert isinstance(refused(guard, two, "G16"), RoomFull)
    assert guard.check(two, None).structs == 2, "a row of the log is never refused"
    guard = guard_of(HELLO, limits=replace(limits, room_clients=2, room_items=2, room_bytes=1_000))
    accepted(guard, v1.one(ANA, 0, v1.gc(1)))
    accepted(guard, v1.update(deletions={BEN: [(0, 1)]}))


@pytest.mark.parametrize(
    "make", [lambda: Guard(None), lambda: guard_of(HELLO)], ids=["an empty room", "a room with a text"]
)
def test_rows_of_the_log_are_not_asked_the_rules_again(make: Callable[[], Guard]) -> None:
    deep = [v1.item(*v1.MAP, parent=(99, n - 1) if n else "root") for n in range(40)]
    row = v1.update(
        v1.group(99, 0, *deep), v1.group(100, 0, v1.item(*v1.text("x"), origin=(99, 3), right=(99, 4)))
    )
    assert make().check(row, None).structs == 41
