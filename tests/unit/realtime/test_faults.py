"""Whoever keeps sending what is refused waits; nobody else does; and it is forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lab.realtime.faults import FREE, HALF_LIFE, KEYS, LONGEST, Faults


def test_a_few_refusals_cost_nothing() -> None:
    faults = Faults()
    for _ in range(FREE):
        faults.note(b"one", 0)
    assert faults.wait(b"one", 0) == 0


def test_more_cost_more_up_to_a_limit_and_only_the_one_who_sent_them() -> None:
    faults = Faults()
    waits = []
    for _ in range(40):
        faults.note(b"one", 0)
        waits.append(faults.wait(b"one", 0))
    assert waits == sorted(waits)
    assert 0 < waits[FREE] < waits[FREE + 3] <= waits[-1] == LONGEST
    assert faults.wait(b"two", 0) == 0


def test_it_is_forgotten() -> None:
    faults = Faults()
    for _ in range(20):
        faults.note(b"one", 0)
    assert faults.wait(b"one", HALF_LIFE * 3) == 0


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    faults = Faults()
    for _ in range(FREE + 3):
        faults.note(b"first", 0)
    for number in range(KEYS):
        faults.note(number.to_bytes(4), 1)
    assert faults.wait(b"first", 1) == 0


@given(st.lists(st.floats(0, 60), max_size=60), st.floats(1, 1000))
def test_no_order_of_times_makes_a_wait_negative_or_endless(gaps: list[float], factor: float) -> None:
    faults, now = Faults(factor), 0.0
    for gap in gaps:
        now += gap
        faults.note(b"one", now)
        assert 0 <= faults.wait(b"one", now) <= LONGEST
