"""Entries of root maps by name: what may be written there (G17), and what an update does to them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.realtime.errors import RefusedUpdate
from lab.realtime.guard import Guard, Known
from lab.realtime.ports import Schema, Special, Touch
from lab.realtime.spans import Spans
from tests.support import v1

ANA, BEN = 7, 8
KNOWN = Known("ana", 1, {})


def check_entry(root: str, key: str, value: Any, principal: str) -> str | None:
    return f"{principal} may not put {value} there" if value == "bad" or key == "fixed" else None


SCHEMA = Schema(
    version=1,
    roots={"board": "map", "list": "array"},
    elements=frozenset(),
    attributes={},
    marks=frozenset(),
    check_entry=check_entry,
    most_typed=5,
)
FIRST = v1.one(
    BEN,
    0,
    v1.item(*v1.values(v1.word("one")), parent="board", key="a"),
    v1.item(*v1.TEXT, parent="board", key="t"),
    v1.item(*v1.text("x"), parent=(BEN, 1)),
    v1.item(*v1.MAP, parent="board", key="m"),
    v1.item(*v1.values(v1.word("in")), parent=(BEN, 3), key="k"),
    v1.item(*v1.values(v1.word("first")), parent="list"),
)
A, IN_TEXT, IN_MAP = (BEN, 0), (BEN, 2), (BEN, 4)


def guard() -> Guard:
    made = Guard(SCHEMA)
    made.rebuild(FIRST)
    return made


def word(text: str, **where: Any) -> bytes:
    return v1.item(*v1.values(v1.word(text)), **where)


REFUSED = {
    "a value": word("bad", parent="board", key="new"),
    "a value over another": word("bad", origin=A),
    "a key": word("good", parent="board", key="fixed"),
    "slipped in before": word("good", right=A),
    "two values": v1.item(*v1.values(v1.word("x"), v1.word("y")), parent="board", key="new"),
    "a run of text": v1.item(*v1.text("x"), parent="board", key="new"),
    "bytes": v1.item(*v1.binary(b"x"), parent="board", key="new"),
    "an element": v1.item(*v1.element("p"), parent="board", key="new"),
    "more text than may come at once": v1.item(*v1.text("123456"), origin=IN_TEXT),
    "more text in two pieces": (
        v1.item(*v1.text("123"), origin=IN_TEXT),
        v1.item(*v1.text("456"), parent=(BEN, 1)),
    ),
}


@pytest.mark.parametrize("structs", REFUSED.values(), ids=REFUSED)
def test_G17_what_an_entry_may_not_hold(structs: bytes | tuple[bytes, ...]) -> None:
    with pytest.raises(RefusedUpdate) as refused:
        guard().check(v1.one(ANA, 0, *(structs if isinstance(structs, tuple) else (structs,))), KNOWN)
    assert refused.value.rule == "G17"


def test_G17_what_may_not_be_taken_away() -> None:
    with pytest.raises(RefusedUpdate, match="ana may not put"):
        guard_with_fixed().check(v1.update(deletions={BEN: [(0, 1)]}), KNOWN)


def guard_with_fixed() -> Guard:
    made = Guard(SCHEMA)
    made.rebuild(v1.one(BEN, 0, word("kept", parent="board", key="fixed")))
    return made


def touched(*structs: bytes, deletions: dict[int, list[tuple[int, int]]] | None = None) -> dict[Any, Touch]:
    groups = (v1.group(ANA, 0, *structs),) if structs else ()
    return guard().check(v1.update(*groups, deletions=deletions), KNOWN).touched


def test_what_is_written_over_another_is_known_by_its_key() -> None:
    over = Touch(("two",), removed=False, over=True, inside=False, typed=0)
    assert touched(word("two", origin=A)) == {("board", "a"): over}
    assert touched(word("two", origin=A), deletions={BEN: [(0, 1)]}) == {("board", "a"): over}


def test_what_is_written_and_deleted_at_once_is_removed() -> None:
    gone = Touch((), removed=True, over=False, inside=False, typed=0)
    assert touched(word("two", origin=A), deletions={ANA: [(0, 1)]}) == {("board", "a"): gone}
    assert touched(v1.item(*v1.deleted(1), origin=A)) == {("board", "a"): gone}
    assert touched(deletions={BEN: [(0, 1)]}) == {("board", "a"): gone}


def test_what_happens_within_an_entry_is_told_by_its_key() -> None:
    inside = Touch((), removed=False, over=False, inside=True, typed=0)
    assert touched(v1.item(*v1.text("😀"), origin=IN_TEXT)) == {
        ("board", "t"): Touch((), False, False, True, 2)
    }
    assert touched(word("x", origin=IN_MAP)) == {("board", "m"): inside}
    assert touched(v1.item(*v1.ARRAY, parent=(BEN, 3), key="deeper")) == {("board", "m"): inside}
    assert touched(deletions={BEN: [(2, 1), (4, 1)]}) == {("board", "t"): inside, ("board", "m"): inside}


def test_types_are_told_by_their_names() -> None:
    for kind, special in ((v1.TEXT, Special.TEXT), (v1.MAP, Special.MAP), (v1.ARRAY, Special.ARRAY)):
        assert touched(v1.item(*kind, parent="board", key="n"))["board", "n"].values == (special,)


def test_other_roots_have_no_entries() -> None:
    assert touched(word("x", parent="list"), word("y", origin=(BEN, 5)), deletions={BEN: [(5, 1)]}) == {}


def test_what_was_deleted_before_is_no_news() -> None:
    made = guard()
    deletion = v1.update(deletions={BEN: [(0, 1)]})
    made.commit(made.check(deletion, KNOWN))
    assert made.check(deletion, KNOWN).touched == {}
    wider = v1.update(deletions={BEN: [(0, 2)]})
    assert set(made.check(wider, KNOWN).touched) == {("board", "t")}


ranges = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=12)


@given(ranges, st.tuples(st.integers(0, 40), st.integers(1, 15)))
def test_spans_are_sets_of_clocks(added: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    spans, clocks = Spans(), set()
    for first, length in added:
        spans.add(1, first, first + length)
        clocks |= set(range(first, first + length))
    kept = list(spans)
    assert {clock for _, first, end in kept for clock in range(first, end)} == clocks
    assert all(before[2] < after[1] for before, after in pairwise(kept))
    first, end = asked[0], asked[0] + asked[1]
    beyond = [clock for a, b in spans.beyond(1, first, end) for clock in range(a, b)]
    assert beyond == [clock for clock in range(first, end) if clock not in clocks]
    assert list(spans.beyond(2, 3, 4)) == [(3, 4)]
