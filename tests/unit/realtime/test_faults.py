"""Whoever keeps sending what is refused waits; nobody else does; and it is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.realtime.errors import Full
from lab.realtime.faults import ADDRESS, CREDENTIAL, KEYS, LARGE, Door, Faults, Patience
from tests.support.virtual import VirtualLoop


def test_a_few_refusals_cost_nothing() -> None:
    faults = Faults(CREDENTIAL)
    for _ in range(int(CREDENTIAL.free)):
        faults.note(b"one", 0)
    assert faults.wait(b"one", 0) == 0


def test_more_cost_more_up_to_a_limit_and_only_the_one_who_sent_them() -> None:
    faults = Faults(CREDENTIAL)
    waits = []
    for _ in range(40):
        faults.note(b"one", 0)
        waits.append(faults.wait(b"one", 0))
    free = int(CREDENTIAL.free)
    assert waits == sorted(waits)
    assert 0 < waits[free] < waits[free + 3] <= waits[-1] == CREDENTIAL.longest
    assert faults.wait(b"two", 0) == 0


def test_it_is_forgotten() -> None:
    faults = Faults(CREDENTIAL)
    for _ in range(20):
        faults.note(b"one", 0)
    assert faults.wait(b"one", CREDENTIAL.half_life * 3) == 0


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    faults = Faults(CREDENTIAL)
    for _ in range(8):
        faults.note(b"first", 0)
    for number in range(KEYS):
        faults.note(number.to_bytes(4), 1)
    assert faults.wait(b"first", 1) == 0


@given(
    st.sampled_from([CREDENTIAL, ADDRESS, LARGE]),
    st.lists(st.floats(0, 60), max_size=60),
    st.floats(1, 1000),
)
def test_no_order_of_times_makes_a_wait_negative_or_endless(
    patience: Patience, gaps: list[float], factor: float
) -> None:
    faults, now = Faults(patience, factor), 0.0
    for gap in gaps:
        now += gap
        faults.note(b"one", now)
        assert 0 <= faults.wait(b"one", now) <= patience.longest


# -- the door


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    loop = VirtualLoop()
    yield loop
    loop.close()


def test_at_the_door_nobody_waits_who_did_nothing(loop: VirtualLoop) -> None:
    door = Door()

    async def come() -> None:
        for _ in range(20):
            door.note(b"elsewhere", b"bad", b"mallory")
        assert not await door.by_credential(b"here", b"good")
        assert not await door.by_person(b"ana")

    loop.run(come())
    assert loop.time() == 0


def test_at_the_door_a_credential_waits_and_so_does_its_person_under_another(loop: VirtualLoop) -> None:
    door = Door()

    async def come() -> None:
        for _ in range(20):
            door.note(b"here", b"bad", b"mallory")
        assert await door.by_credential(b"elsewhere", b"bad")
        assert asyncio.get_running_loop().time() == CREDENTIAL.longest
        assert not await door.by_credential(b"elsewhere", b"bad, written differently")
        assert await door.by_person(b"mallory")

    loop.run(come())
    assert CREDENTIAL.longest < loop.time() <= 2 * CREDENTIAL.longest


def test_at_the_door_an_address_waits_a_little_after_very_many(loop: VirtualLoop) -> None:
    door = Door()

    async def come() -> float:
        for number in range(200):
            door.note(b"here", number.to_bytes(2))
        await door.by_credential(b"here", b"somebody new")
        return asyncio.get_running_loop().time()

    assert loop.run(come()) == ADDRESS.longest


def test_at_the_door_only_so_many_wait_and_their_places_are_given_back(loop: VirtualLoop) -> None:
    door = Door(most=3)

    async def come() -> None:
        for _ in range(20):
            door.note(b"here", b"bad")
        waiting = [asyncio.ensure_future(door.by_credential(b"here", b"bad")) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Full):
            await door.by_credential(b"here", b"bad")
        waiting[0].cancel()
        await asyncio.gather(*waiting[:1], return_exceptions=True)
        waiting.append(asyncio.ensure_future(door.by_credential(b"here", b"bad")))
        assert await asyncio.gather(*waiting[1:]) == [True, True, True]

    loop.run(come())
    assert not door._waiting
