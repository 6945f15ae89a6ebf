"""Presence: who speaks for which id, whose clocks count, and who has gone."""

from __future__ import annotations

import json

import pytest

from lab.realtime import presence
from lab.realtime.presence import GONE, Presence, colour, signed
from tests.support.house import House, a_house
from tests.support.peer import Peer, awareness, sized, varuint

ANA, BEN = object(), object()


def test_a_state_is_told_once_and_renewed_silently() -> None:
    here = Presence(30)
    assert here.heard(ANA, 1, 5, "{}", 0) == (1, 5, "{}")
    assert here.heard(ANA, 1, 5, "{}", 20) is None
    assert here.heard(ANA, 1, 4, "{}", 20) is None
    assert here.expire(45) == ()
    assert here.expire(51) == ((1, 6, GONE),)
    assert here.states() == ()


def test_who_comes_back_with_an_old_clock_is_seen_again() -> None:
    here = Presence(30)
    here.heard(ANA, 1, 5, "{}", 0)
    assert here.leave(ANA) == ((1, 6, GONE),)
    assert here.heard(BEN, 1, 5, "{}", 1) == (1, 7, "{}")
    assert here.heard(BEN, 1, 6, '{"x":1}', 1) == (1, 8, '{"x":1}')


def test_a_client_may_say_goodbye_itself() -> None:
    here = Presence(30)
    here.heard(ANA, 1, 5, "{}", 0)
    assert here.heard(ANA, 1, 6, GONE, 0) == (1, 6, GONE)
    assert here.states() == ()
    assert here.heard(ANA, 1, 5, GONE, 0) is not None


def test_an_id_is_its_speakers_unless_the_same_person_is_back() -> None:
    here = Presence(30)
    here.heard(ANA, 1, 5, "{}", 0)
    assert here.may_speak(ANA, 1, same_person=False)
    assert not here.may_speak(BEN, 1, same_person=False)
    assert here.may_speak(BEN, 1, same_person=True)
    here.told([(2, 1, "{}")], 0)
    assert not here.may_speak(BEN, 2, same_person=False)
    assert here.holder(2) is None


def test_other_nodes_are_believed_when_they_know_more() -> None:
    here = Presence(30)
    assert here.told([(1, 5, "{}")], 0) == ((1, 5, "{}"),)
    assert here.told([(1, 5, "{}"), (1, 4, "{}")], 20) == ()
    assert here.expire(45) == ()
    assert here.told([(1, 5, GONE)], 46) == ((1, 5, GONE),)
    assert here.told([(1, 5, GONE)], 46) == ()
    here.heard(ANA, 3, 1, "{}", 50)
    assert here.own() == ((3, 1, "{}"),)


def test_those_who_left_are_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "REMEMBERED", 3)
    here = Presence(30)
    for client in range(9):
        here.heard(ANA, client, 5, "{}", 0)
        here.leave(ANA)
    assert len(here._left) == 3


def test_names_are_the_servers() -> None:
    told = json.loads(signed('{"user":{"name":"Boss"},"cursor":1}', "01J", "Rosa"))
    assert told == {"user": {"id": "01J", "name": "Rosa", "colour": colour("01J")}, "cursor": 1}
    assert signed("null", "01J", "Rosa") == GONE
    assert {colour(str(number)) for number in range(100)} == {"p1", "p2", "p3", "p4", "p5", "p6"}


# -- on the wire


def hello(house: House, peer: Peer, clock: int = 1, **state: object) -> None:
    house.send(peer, awareness(peer.doc.client_id, clock, state))
    house.flow()


def test_W14_nobody_speaks_for_another() -> None:
    with a_house() as house:
        ana, ben = house.peer("a"), house.peer("b")
        hello(house, ana, cursor=1)
        house.send(ben, awareness(ana.doc.client_id, 99, {"cursor": 2}))
        house.send(ben, awareness(ana.doc.client_id, 99, None))
        house.send(ben, awareness(ben.doc.client_id, 1, None))
        hello(house, ben)
        house.send(ben, awareness(12345, 1, {}))
        house.flow()
        clock, state = ben.others[ana.doc.client_id]
        assert (clock, state["cursor"], state["user"]["name"]) == (1, 1, "A")
        assert 12345 not in ana.others


def test_W16_your_own_comes_back_with_your_own_clock() -> None:
    with a_house() as house:
        ana, ben = house.peer("a"), house.peer("b")
        hello(house, ana, clock=7, cursor=1)
        assert ana.others[ana.doc.client_id][0] == 7
        # Back before the loss of the old connection is noticed, as the same person with the same id.
        twin = Peer("t", person="person-a")
        house.join(twin)
        house.peers.append(twin)
        twin.doc = ana.doc
        house.send(twin, awareness(ana.doc.client_id, 7, {"cursor": 2}))
        house.flow()
        assert ben.others[ana.doc.client_id] == (8, ben.others[ana.doc.client_id][1])
        assert ben.others[ana.doc.client_id][1]["cursor"] == 2
        assert twin.others[ana.doc.client_id][0] == 7
        # The old one's end is not the end of it.
        house.leave(ana)
        house.flow()
        assert ben.others[ana.doc.client_id][1] is not None


def test_who_leaves_or_falls_silent_is_gone_on_every_node() -> None:
    with a_house(servers=2) as house:
        ana, ben, eve = house.peer("a"), house.peer("b", on=1), house.peer("e", on=1)
        hello(house, ana)
        hello(house, eve)
        assert ben.others[ana.doc.client_id][1]["user"]["name"] == "A"
        house.leave(ana)
        house.flow()
        assert ben.others[ana.doc.client_id][1] is None
        house.loop.advance(35)
        house.flow()
        assert ben.others[eve.doc.client_id][1] is None


def test_a_newcomer_learns_who_is_here_from_every_node() -> None:
    with a_house(servers=2) as house:
        ana = house.peer("a")
        hello(house, ana)
        ben = house.peer("b", on=1)
        assert ben.others[ana.doc.client_id][1]["user"]["name"] == "A"
        ben.others.clear()
        house.send(ben, b"\3")
        house.flow()
        assert list(ben.others) == [ana.doc.client_id]


def test_an_awareness_state_over_2_KiB_closes() -> None:
    with a_house() as house:
        ana = house.peer("a")
        entry = varuint(1) + varuint(1) + sized(b'{"x":"' + b"y" * 2048 + b'"}')
        house.send(ana, b"\1" + sized(b"\1" + entry))
        assert ana.wire is not None
        assert ana.wire.closed is not None
        assert ana.wire.closed[0] == 4400


def test_something_is_sent_at_least_every_ten_seconds() -> None:
    with a_house() as house:
        ana = house.peer("a")
        assert ana.wire is not None
        house.loop.advance(10.5)
        assert list(ana.wire.down) == [b"\x01\x01\x00"]
        house.loop.advance(10)
        assert len(ana.wire.down) == 2
